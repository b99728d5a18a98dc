"""A figure of what data decide under each combination of assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from retrace.assumptions.dependence import DEPENDS, DOES_NOT, LEFT_OPEN
from retrace.decisions import AGAIN, ALL, REPLICATION
from retrace.reporting.nothing_figure import nothing_figure
from retrace.reporting.palette import BLUE, INK, MIDDLE, VERMILION, WHITE
from retrace.robustness.specifications import ERRORS, LIKERT, OnData

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.collections import QuadMesh
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

# From none to all, the colours of decisions elsewhere. Where no data set decides the page stays
# blank.
SHARES = [VERMILION, MIDDLE, BLUE]
ACROSS = 2  # panels
NOTHING = (
    "No responses decide a hypothesis: the study has none, or responses can have no combination\n"
    "of assumptions, or are too many to draw."
)
MARKS = {DEPENDS: "yes", DOES_NOT: "no", LEFT_OPEN: "left open"}
KINDS = ["mean", "sd", "items"]
# Families of which each analysis says by itself what it is.
PLAIN = (ERRORS, REPLICATION)


class _Grid(NamedTuple):
    """What panels have in common: analyses down, combinations of assumptions across."""

    analyses: list[tuple[str, str]]
    labels: list[tuple[str, ...]]
    colours: Colormap


def decisions_by_assumption(
    decisions: pd.DataFrame, answers: pd.DataFrame, combinations: pd.DataFrame, title: str
) -> Figure:
    """Share of data sets that support, analyses by combinations, one panel a hypothesis.

    Parameters
    ----------
    decisions, answers, combinations : DataFrame
        As `decision_table`, `dependence_table` and `combination_table` make them, in
        `retrace.assumptions.tables` and `retrace.assumptions.dependence`.
    title : str
    """
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    # Of several hypotheses together there are new samples alone, which would leave a panel blank.
    decisions = decisions[~decisions.hypothesis.isin((ALL, AGAIN))]
    if decisions.empty:
        return nothing_figure(title, NOTHING)
    hypotheses = list(dict.fromkeys(decisions.hypothesis))
    analyses = list(dict.fromkeys(zip(decisions.family, decisions.analysis, strict=True)))
    labels = list(combinations[KINDS].itertuples(index=False, name=None))
    across = min(ACROSS, len(hypotheses))
    down = -(-len(hypotheses) // across)
    height = 0.2 * len(analyses) + 0.4
    figure = Figure(figsize=(4.2 + 4.1 * across, 1.7 + height * down), layout="constrained")
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    panels = figure.subplots(down, across, sharex=True, sharey=True, squeeze=False)
    colours = LinearSegmentedColormap.from_list("share", SHARES).with_extremes(bad=WHITE)
    own, grid = np.flatnonzero(combinations.own), _Grid(analyses, labels, colours)
    for axes, hypothesis in zip(panels.ravel(), hypotheses, strict=False):
        mesh = _panel(axes, hypothesis, grid, decisions, answers)
        for place in own:
            frame: dict[str, Any] = {
                "fill": False,
                "edgecolor": INK,
                "linewidth": 0.9,
                "clip_on": False,
            }
            axes.add_patch(Rectangle((float(place), 0.0), 1, len(analyses), **frame))
    for spare in panels.ravel()[len(hypotheses) :]:
        spare.set_visible(False)
    first = panels[0, 0]
    first.set_yticks(np.arange(len(analyses)) + 0.5, [_label(*analysis) for analysis in analyses])
    first.invert_yaxis()
    first.set_xticks(np.arange(len(labels)) + 0.5, [" · ".join(label) for label in labels])
    for axes in panels.ravel():
        axes.tick_params(axis="both", labelsize=6.5)
        axes.tick_params(axis="x", rotation=90)
    for axes in panels[-1]:
        axes.set_xlabel("assumed mean · SD · items (framed: the study's own)", fontsize=7.5)
    bar = figure.colorbar(mesh, ax=panels, shrink=0.5, pad=0.02)
    bar.set_label("share of data sets that support", fontsize=7.5)
    bar.ax.tick_params(labelsize=6.5)
    bar.outline.set_visible(False)
    return figure


def _panel(
    axes: Axes, hypothesis: str, grid: _Grid, decisions: pd.DataFrame, answers: pd.DataFrame
) -> QuadMesh:
    """One hypothesis; what the colours are of."""
    analyses, labels, colours = grid
    rows = {analysis: place for place, analysis in enumerate(analyses)}
    columns = {label: place for place, label in enumerate(labels)}
    counts = np.zeros((len(analyses), len(labels)), dtype=int)
    shares = np.full(counts.shape, np.nan)
    for row in decisions[decisions.hypothesis == hypothesis].itertuples():
        at = rows[row.family, row.analysis], columns[row.mean, row.sd, row.items]
        counts[at] = row.data_sets
        if row.data_sets:
            shares[at] = row.supported / row.data_sets
    mesh = axes.pcolormesh(shares, cmap=colours, vmin=0, vmax=1, edgecolors="white", linewidth=0.5)
    axes.set_title(hypothesis, fontsize=9, loc="left")
    # Beside the panel, in columns.
    data_sets, mark = len(labels) + 0.4, len(labels) + 4.4
    small: dict[str, Any] = {"fontsize": 6, "va": "center"}
    axes.text(data_sets, -0.4, "in a cell", style="italic", **small)
    axes.text(mark, -0.4, "depends?", style="italic", **small)
    for place, cells in enumerate(counts):
        ends = dict.fromkeys((cells[cells > 0].min(), cells.max())) if cells.any() else (0,)
        axes.text(data_sets, place + 0.5, " to ".join(map(str, ends)), **small)
    for row in answers[answers.hypothesis == hypothesis].itertuples():
        if (row.family, row.analysis) in rows:
            said = MARKS.get(row.dependence, row.dependence)
            axes.text(mark, rows[row.family, row.analysis] + 0.5, said, **small)
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    return mesh


def _label(family: str, analysis: str) -> str:
    estimator, data = OnData.read(analysis)
    if family == ERRORS and data == LIKERT:
        return estimator
    return analysis if family in PLAIN else f"{family}: {analysis}"
