"""Tables of the bibliography."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrace.tables.table import Column, Table

if TYPE_CHECKING:
    import pandas as pd


def shared_works_table(works: pd.DataFrame) -> Table:
    """The works that more than one paper refers to, the most shared first.

    Parameters
    ----------
    works : DataFrame
        The columns of `works.csv`, all as text.
    """
    shared = works[works["n_papers"].astype(int) > 1].copy()
    shared["n_papers"] = shared["n_papers"].astype(int)
    shared = shared.sort_values(
        ["n_papers", "first_author", "year", "work"], ascending=[False, True, True, True]
    )
    return Table(
        title=f"Works that more than one paper refers to ({len(shared)} of {len(works)})",
        columns=[
            Column("First author"),
            Column("Year", "right"),
            Column("Title"),
            Column("Papers"),
            Column("DOI"),
        ],
        rows=[
            [
                row["first_author"],
                row["year"],
                row["title"],
                row["papers"].replace(";", ", "),
                row["doi"],
            ]
            for row in shared.to_dict("records")
        ],
        notes=[
            "Works are matched by DOI, else by title, first author and year. A paper without a "
            "reference list takes part with its author-year citations."
        ],
        label="shared-works",
    )
