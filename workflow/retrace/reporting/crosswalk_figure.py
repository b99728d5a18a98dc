"""The crosswalk as a figure: pairs of cause and effect by paper, coloured by direction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from retrace.claims.crosswalk import ONE_PAPER, RELATIONS, Relation
from retrace.reporting.palette import (
    BAND,
    INK,
    PALE,
    QUIET,
    SOFT_BLUE,
    SOFT_ORANGE,
    SOFT_VIOLET,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Distinct in hue and in lightness; the sign in the cell says the same without colour.
COLOURS = {"positive": SOFT_BLUE, "negative": SOFT_ORANGE, "mixed": SOFT_VIOLET, "none": PALE}
SIGNS = {"positive": "+", "negative": "−", "mixed": "±", "none": "0"}
HEADINGS = {
    "contradict": "Papers contradict one another",
    "qualify": "Papers qualify one another",
    "agree": "Papers agree",
    "one paper": "One paper alone",
}

ROW_HEIGHT = 0.25  # inches
LABEL_WIDTH, CELL_WIDTH = 5.2, 1.45  # inches
MOST_IDS = 4


def draw_crosswalk(relations: Sequence[Relation], papers: Mapping[str, str]) -> Figure:
    """Draw what the papers say of each pair of cause and effect.

    Parameters
    ----------
    relations : sequence of Relation
        As `compare` orders them; pairs of which one paper alone speaks are drawn last.
    papers : mapping
        What to call each paper, by its key; the columns, in this order.

    Returns
    -------
    matplotlib.figure.Figure
        Rows under a heading for each relation; cells with sign and ids of the statements.
    """
    from matplotlib.figure import Figure

    rows: list[str | Relation] = []
    for relation in RELATIONS:
        group = [entry for entry in relations if entry.relation == relation]
        rows += [HEADINGS[relation], *group] if group else []
    height = ROW_HEIGHT * (len(rows) + 4)
    figure = Figure(figsize=(LABEL_WIDTH + CELL_WIDTH * len(papers), height), layout="constrained")
    axes = figure.add_subplot()
    axes.set_xlim(-LABEL_WIDTH / CELL_WIDTH, len(papers))
    axes.set_ylim(len(rows) + 1.6, -1.6)
    axes.axis("off")
    for column, name in enumerate(papers.values()):
        axes.text(
            column + 0.5, -0.5, name.replace(" et al.", "\net al."), ha="center", va="center",
            fontsize=8.5, color=INK,
        )  # fmt: skip
    for line, row in enumerate(rows):
        if isinstance(row, str):
            axes.text(
                -LABEL_WIDTH / CELL_WIDTH, line + 0.55, row, weight="bold", fontsize=9,
                va="center", color=INK,
            )  # fmt: skip
            continue
        _draw_row(axes, line, row, list(papers))
    _draw_legend(axes, len(rows) + 0.6)
    return figure


def _draw_row(axes: Axes, line: int, row: Relation, papers: Sequence[str]) -> None:
    from matplotlib.patches import Rectangle

    axes.text(
        -0.08, line + 0.5, f"{row.cause} → {row.effect}", ha="right", va="center",
        fontsize=8, color=INK if row.relation != ONE_PAPER else QUIET,
    )  # fmt: skip
    for column, paper in enumerate(papers):
        direction = row.direction(paper)
        colour = COLOURS.get(direction, BAND)
        axes.add_patch(
            Rectangle((column + 0.02, line + 0.06), 0.96, 0.88, facecolor=colour, linewidth=0)
        )
        if direction:
            ids = list(dict.fromkeys(entry.id for entry in row.statements[paper]))
            more = "…" if len(ids) > MOST_IDS else ""
            text = f"{SIGNS[direction]}  {', '.join(ids[:MOST_IDS])}{more}"
            axes.text(column + 0.5, line + 0.52, text, ha="center", va="center", fontsize=8)


def _draw_legend(axes: Axes, line: float) -> None:
    from matplotlib.patches import Rectangle

    for place, (direction, colour) in enumerate(COLOURS.items()):
        left = -2.6 + 1.2 * place
        axes.add_patch(Rectangle((left, line), 0.2, 0.8, facecolor=colour, linewidth=0))
        axes.text(
            left + 0.26, line + 0.42, f"{SIGNS[direction]}  {direction}", va="center",
            fontsize=8, color=INK,
        )  # fmt: skip
