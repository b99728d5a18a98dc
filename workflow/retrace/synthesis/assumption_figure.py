"""A figure of what data decide under each combination of assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrace.regression.decisions import AGAIN, ALL
from retrace.synthesis.dependence import DEPENDS, DOES_NOT, LEFT_OPEN

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

# From none to all: Okabe and Ito's orange and blue, the colours of decisions elsewhere. Where no
# data set decides the page stays blank.
NONE, HALF, EVERY = "#D55E00", "#EFEBE0", "#0072B2"
BLANK = "#FFFFFF"

ACROSS = 2  # panels
MARKS = {DEPENDS: "yes", DOES_NOT: "no", LEFT_OPEN: "left open"}
KINDS = ["mean", "sd", "items"]


def decisions_by_assumption(decisions: pd.DataFrame, answers: pd.DataFrame, title: str) -> Figure:
    """Share of data sets that support, analyses by combinations, one panel a hypothesis.

    Parameters
    ----------
    decisions, answers : DataFrame
        As `retrace.synthesis.dependence.decision_table` and `dependence_table` make them.
    title : str
    """
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure

    # Of several hypotheses together there are new samples alone, which would leave a panel blank.
    hypotheses = [name for name in dict.fromkeys(decisions.hypothesis) if name not in (ALL, AGAIN)]
    analyses = list(dict.fromkeys(zip(decisions.family, decisions.analysis, strict=True)))
    combinations = list(dict.fromkeys(decisions[KINDS].itertuples(index=False, name=None)))
    across = min(ACROSS, max(len(hypotheses), 1))
    down = max(-(-len(hypotheses) // across), 1)
    height = 0.2 * len(analyses) + 0.4
    figure = Figure(figsize=(3.2 + 3.6 * across, 1.7 + height * down), layout="constrained")
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    panels = figure.subplots(down, across, sharex=True, sharey=True, squeeze=False)
    colours = LinearSegmentedColormap.from_list("share", [NONE, HALF, EVERY]).with_extremes(
        bad=BLANK
    )
    places = {analysis: place for place, analysis in enumerate(analyses)}
    columns = {combination: place for place, combination in enumerate(combinations)}
    mesh = None
    for axes, hypothesis in zip(panels.ravel(), hypotheses, strict=False):
        own = decisions[(decisions.hypothesis == hypothesis) & (decisions.data_sets > 0)]
        shares = np.full((len(analyses), len(combinations)), np.nan)
        for row in own.itertuples():
            at = places[row.family, row.analysis], columns[row.mean, row.sd, row.items]
            shares[at] = row.supported / row.data_sets
        lines = {"edgecolors": "white", "linewidth": 0.5}
        mesh = axes.pcolormesh(shares, cmap=colours, vmin=0, vmax=1, **lines)
        axes.text(len(combinations) + 0.3, -0.15, "depends?", fontsize=6, style="italic")
        axes.set_title(hypothesis, fontsize=9, loc="left")
        answered = answers[answers.hypothesis == hypothesis]
        for row in answered.itertuples():
            place = places.get((row.family, row.analysis))
            if place is not None:
                mark = MARKS.get(row.dependence, row.dependence)
                axes.text(len(combinations) + 0.3, place + 0.5, mark, fontsize=6, va="center")
        axes.tick_params(length=0)
        for side in axes.spines.values():
            side.set_visible(False)
    for spare in panels.ravel()[len(hypotheses) :]:
        spare.set_visible(False)
    first = panels[0, 0]
    labels = [analysis.removesuffix(", Likert data") for _, analysis in analyses]
    first.set_yticks(np.arange(len(analyses)) + 0.5, labels)
    first.invert_yaxis()
    first.set_xticks(np.arange(len(combinations)) + 0.5, [" · ".join(c) for c in combinations])
    for axes in panels.ravel():
        axes.tick_params(axis="both", labelsize=6.5)
        axes.tick_params(axis="x", rotation=90)
    for axes in panels[-1]:
        axes.set_xlabel("assumed mean · SD · items", fontsize=7.5)
    if mesh is not None:
        bar = figure.colorbar(mesh, ax=panels, shrink=0.5, pad=0.02)
        bar.set_label("share of data sets that support", fontsize=7.5)
        bar.ax.tick_params(labelsize=6.5)
        bar.outline.set_visible(False)
    return figure
