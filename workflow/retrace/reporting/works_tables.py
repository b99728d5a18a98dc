"""Tables of the bibliography."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrace.reporting.table import Column, Table

if TYPE_CHECKING:
    import pandas as pd


def shared_works_table(shared: pd.DataFrame, total: int) -> Table:
    """The works that more than one paper refers to.

    Parameters
    ----------
    shared : DataFrame
        The columns of `shared_works.csv`, all as text, in its order.
    total : int
        Number of all works.
    """
    return Table(
        title=f"Works that more than one paper refers to ({len(shared)} of {total})",
        columns=[
            Column("First author", width=0.11),
            Column("Year", "right", width=0.05),
            Column("Title", width=0.25),
            Column("Papers", width=0.17),
            Column("DOI", width=0.27),
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
