"""The first page of the report: what it is about, and the findings to look at first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrace.findings import TALLY, WEIGHTS, count

if TYPE_CHECKING:
    import pandas as pd

# A comment of reStructuredText, where the findings go.
PLACE = ".. findings\n"
MOST_ROWS = 10
LONGEST = 180
# What means anything to reStructuredText, or to Jinja, which Snakemake reads the page with.
_MARK = re.compile(r"([!-/:-@\[-`{-~])")
# Where a report is asked for without the findings, there is nothing to link to.
_LINK = (
    '{% for file in files if file.target == "findings.csv" %}findings.csv_'
    "{% else %}``findings.csv``{% endfor %}"
)


def overview(text: str, findings: pd.DataFrame) -> str:
    """The page with the heaviest findings in it, as reStructuredText with Jinja's marks.

    Parameters
    ----------
    text : str
        The page, with `PLACE` where the findings go.
    findings : DataFrame
        The columns of `findings.csv`, all as text, in its order.

    Raises
    ------
    ValueError
        If the page has no place for findings, or several.
    """
    before, *after = text.split(PLACE)
    if len(after) != 1:
        raise ValueError(f"a page has one line {PLACE.strip()!r}, this one has {len(after)}")
    return "".join([before, _findings(findings), after[0]])


def _findings(findings: pd.DataFrame) -> str:
    """At most ten findings, heaviest first, as a table, with a link to all."""
    kinds = [weight for weight in WEIGHTS if weight != TALLY]
    asking = findings[findings["weight"].isin(kinds)]
    if asking.empty:
        return f"Nothing was found that asks for a look; what was counted is in {_LINK}.\n"
    order = asking["weight"].map(kinds.index).sort_values(kind="stable").index
    rows = [("Weight", "Paper", "Finding")]
    rows += list(
        asking.loc[order[:MOST_ROWS], ["weight", "paper", "finding"]].itertuples(index=False)
    )
    cells = [
        f"   {'*' if not column else ' '} - {_plain(cell)}"
        for row in rows
        for column, cell in enumerate(row)
    ]
    heavy = asking["weight"].value_counts()
    counted = ", ".join(f"{heavy[kind]} {kind}" for kind in kinds if kind in heavy)
    head = [
        "**To look at first**",
        "",
        ".. list-table::",
        "   :header-rows: 1",
        "   :widths: 2 3 12",
    ]
    foot = f"All {count(len(asking), 'finding')} ({counted}), with their evidence: {_LINK}."
    return "\n".join([*head, "", *cells, "", foot, ""])


def _plain(text: str) -> str:
    """The beginning of a paper's text on one line, whatever it means to those who read marks."""
    line = " ".join(text.split())
    if len(line) > LONGEST:
        line = f"{line[:LONGEST].rpartition(' ')[0] or line[:LONGEST]} …"
    return _MARK.sub(r"\\\1", line)
