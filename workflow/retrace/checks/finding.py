"""What all checks say of a paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from retrace.checks.contract import Row
    from retrace.checks.shared.record import Record
    from retrace.papers.study import Study

# In place of a check: a printed number that none of them looks at.
NO_CHECK = "(no check)"
# What reading found impossible, and set aside before any check.
READING = "(reading)"


def check_paper(record: Record) -> list[Row]:
    """What every check says of a paper, by check and then in the order of the paper.

    A check that had nothing to look at has one row that says so. A printed number that no check
    has a row for has one of `NO_CHECK`; what reading set aside has one of `READING`.

    Parameters
    ----------
    record : Record
        Of a paper with or without a study.
    """
    from retrace.checks.contract import find_checks, nothing_to_look_at
    from retrace.checks.shared.addresses import unseen, whole_sample

    record = record.by_convention
    rows = []
    for check in find_checks():
        if record.study is None:
            own = [nothing_to_look_at(check, "the paper has no study")]
        else:
            own = list(check.judge(record)) or [
                nothing_to_look_at(check, "the paper prints nothing of the kind")
            ]
        rows += [row._replace(check=check.name) for row in own]
    if record.study is not None:
        rows += [row._replace(check=READING) for row in _set_aside(record.study)]
        rows += [row._replace(check=NO_CHECK) for row in unseen(record.study, rows)]
    # Of several samples, what is said of a whole study is said of one of them.
    of_study = whole_sample(record.study) if record.study else ""
    return [row._replace(paper=record.paper, where=row.where or of_study) for row in rows]


def _set_aside(study: Study) -> list[Row]:
    """What is printed and impossible by itself, and so no part of the study that checks see."""
    from retrace.checks.shared.addresses import address_of
    from retrace.checks.shared.limits import cause_of, needs_of
    from retrace.printed.verdicts import IMPOSSIBLE, NOT_CHECKABLE

    return [
        address_of(study, each).says(
            statistic=each.statistic,
            printed=each.printed,
            verdict=IMPOSSIBLE if each.proven else NOT_CHECKABLE,
            because=each.why,
            needs=needs_of(study, each),
            cause=cause_of(each),
        )
        for each in study.impossible
    ]


def table_of(rows: Iterable[Row]) -> pd.DataFrame:
    """Rows as a table with the columns of the contract."""
    import pandas as pd

    from retrace.checks.contract import COLUMNS

    return pd.DataFrame(list(rows), columns=list(COLUMNS))


def gather_papers(papers: Iterable[str], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The rows of all papers in their order; of a paper without a table, that it has no study.

    Parameters
    ----------
    papers : iterable of str
        Their keys.
    tables : mapping
        Key to `table_of` what was checked, all cells as text, of every study. A paper with several
        samples has several.
    """
    import pandas as pd

    from retrace.checks.contract import COLUMNS
    from retrace.checks.shared.record import Record
    from retrace.papers.keys import split_key

    own: dict[str, list[pd.DataFrame]] = {paper: [] for paper in papers}
    for key, table in tables.items():
        own[split_key(key)[0]].append(table.astype(object))
    for paper, studies in own.items():
        if not studies:
            studies.append(table_of(check_paper(Record(paper, None))).astype(object).fillna(""))
    return pd.concat([table for studies in own.values() for table in studies])[list(COLUMNS)]
