"""Tables of claims: every claim of a paper, how many hold, and the crosswalk of the papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from retrace.claims.crosswalk import RELATIONS, Relation, Statement
from retrace.claims.verdicts import FAILS, HOLDS, NOT_CHECKABLE, VERDICTS, Verdict
from retrace.reporting.table import Column, Table, decimal_comma_notes

if TYPE_CHECKING:
    import pandas as pd

# Widths leave a fifth of the line to the space between columns.

NO_SENTENCE = "no sentence yet"
SIGNS = {"positive": "+", "negative": "−", "mixed": "±", "none": "0"}


class ClaimSummary(NamedTuple):
    """A claim and its verdict, a row of `claims.csv`; fields as those of `CheckedClaim`."""

    paper: str
    claim: str
    where: str
    reported: str
    computed: str
    verdict: str


class CheckedClaim(NamedTuple):
    """A claim and its verdict in full, a row of a paper's own file.

    `paper` is a key, `claim` an id; `computed` and `verdict` are as in `claims.verdicts.Verdict`,
    all else as in `claims.claim.Claim`. `fair` is empty unless the claim fails.
    """

    paper: str
    claim: str
    where: str
    reported: str
    computed: str
    verdict: str
    statement: str
    alternative: str
    fair: str


class ComparedStatement(NamedTuple):
    """A statement of a paper, and how the papers stand to one another on its pair."""

    relation: str
    paper: str
    statement: Statement


# Columns of the table of all papers' statements: the fields of a `Statement` beside the other two.
CROSSWALK = ("relation", "paper", *Statement._fields)


def crosswalk_cells(rows: Iterable[ComparedStatement]) -> list[tuple[str, ...]]:
    """Compared statements as rows of the columns of `CROSSWALK`."""
    return [(*row[:2], *row.statement) for row in rows]


def claim_rows(paper: str, verdicts: Sequence[Verdict]) -> list[CheckedClaim]:
    """The verdicts on a paper's claims as rows."""
    return [
        CheckedClaim(
            paper,
            entry.claim.id,
            entry.claim.where,
            entry.claim.reported,
            entry.computed,
            entry.verdict,
            entry.claim.statement,
            entry.claim.alternative,
            entry.claim.fair if entry.verdict == FAILS else "",
        )
        for entry in verdicts
    ]


def claims_table(
    paper: str,
    called: str,
    rows: Sequence[CheckedClaim],
    decimal_commas: Sequence[str] = (),
) -> Table:
    """Every claim of a paper with what its tables give; those that fail come first.

    Parameters
    ----------
    paper, called : str
        Key of the paper, and what to call it.
    rows : sequence of CheckedClaim
    decimal_commas : sequence of str
        The tables that were read with decimal commas.
    """
    order = {FAILS: 0, NOT_CHECKABLE: 1, HOLDS: 2}
    ordered = sorted(rows, key=lambda row: order[row.verdict])
    notes = [f"{row.claim}: {row.alternative}" for row in ordered if row.alternative]
    if notes:
        notes.insert(0, "Where a statement can be read in two ways, the other reading:")
    notes += decimal_comma_notes(decimal_commas)
    return Table(
        title=f"Statements of {called}, checked against the paper's own tables",
        columns=[
            Column("Claim", width=0.13),
            Column("Statement", width=0.16),
            Column("Where", width=0.09),
            Column("Reported", "right", width=0.07),
            Column("Computed, or rows that break the rule", width=0.14),
            Column("Verdict", width=0.07),
            Column("In fairness", width=0.14),
        ],
        rows=[
            [
                row.claim,
                row.statement,
                row.where,
                row.reported,
                row.computed,
                row.verdict,
                row.fair or (NO_SENTENCE if row.verdict == FAILS else ""),
            ]
            for row in ordered
        ],
        notes=notes,
        label=f"{paper}-claims",
    )


def missing_papers(
    labels: Mapping[str, str], called: Mapping[str, str], refused: Iterable[str], what: str
) -> list[str]:
    """Notes on the papers that a table of several lacks, and why; none where it has all.

    Parameters
    ----------
    labels, called : mapping
        What to call the papers that can be read, and those that the table has, by their keys.
    refused : iterable of str
        Papers that cannot be read, each as often as it has problems.
    what : str
        What a paper may be without: `claims`, `statements`.
    """
    without = [name for key, name in labels.items() if key not in called]
    unread = list(dict.fromkeys(refused))
    return [
        f"{said}: {', '.join(names)}."
        for said, names in ((f"Without {what}", without), ("Refused, and not counted", unread))
        if names
    ]


def claims_summary(
    claims: pd.DataFrame, called: Mapping[str, str], missing: Sequence[str] = ()
) -> Table:
    """How many claims of each paper hold, fail and cannot be checked, with a row for all.

    Parameters
    ----------
    claims : DataFrame
        The columns of `claims.csv`.
    called : mapping
        What to call each paper, by its key; the rows, in this order.
    missing : sequence of str
        Notes on the papers that it lacks, as `missing_papers` writes them.
    """
    counts = {
        name: [int(((claims["paper"] == key) & (claims["verdict"] == v)).sum()) for v in VERDICTS]
        for key, name in called.items()
    }
    counts["All papers"] = [sum(column) for column in zip(*counts.values(), strict=True)]
    return Table(
        title="Claims that the papers' own tables confirm or refute",
        columns=[
            Column("Paper"),
            Column("Claims", "right"),
            *(Column(verdict.capitalize(), "right") for verdict in VERDICTS),
        ],
        rows=[[name, str(sum(row)), *map(str, row)] for name, row in counts.items()],
        notes=list(missing),
        label="claims",
    )


def crosswalk_rows(relations: Sequence[Relation]) -> list[ComparedStatement]:
    """Every statement with its pair and how the papers stand to one another on it."""
    return [
        ComparedStatement(relation.relation, paper, entry)
        for relation in relations
        for paper, entries in relation.statements.items()
        for entry in entries
    ]


def crosswalk_table(
    relations: Sequence[Relation], called: Mapping[str, str], missing: Sequence[str] = ()
) -> Table:
    """Pairs of cause and effect on which several papers speak, with direction and sources.

    Parameters
    ----------
    relations : sequence of Relation
        As `compare` gives them.
    called : mapping
        What to call each paper, by its key; the columns, in this order.
    missing : sequence of str
        Notes on the papers that it lacks, as `missing_papers` writes them.
    """
    shared = [relation for relation in relations if len(relation.statements) > 1]
    counts = [(name, sum(entry.relation == name for entry in relations)) for name in RELATIONS]
    return Table(
        title="What several papers say drives what",
        columns=[
            Column("Cause", width=0.13),
            Column("Effect", width=0.11),
            Column("Papers", width=0.07),
            *(Column(name, width=0.44 / len(called)) for name in called.values()),
        ],
        rows=[
            [
                relation.cause,
                relation.effect,
                relation.relation,
                *(_cell(relation, paper) for paper in called),
            ]
            for relation in shared
        ],
        notes=[
            "+ positive, − negative, ± mixed or conditional, 0 none; H hypotheses, P propositions, "
            "F findings that the paper does not number, each with where it is printed.",
            "Pairs in all: " + "; ".join(f"{name} {count}" for name, count in counts) + ".",
            *missing,
        ],
        label="crosswalk",
    )


def _cell(relation: Relation, paper: str) -> str:
    direction = relation.direction(paper)
    if not direction:
        return ""
    sources = dict.fromkeys((entry.id, entry.where) for entry in relation.statements[paper])
    return f"{SIGNS[direction]} " + "; ".join(f"{name} ({where})" for name, where in sources)
