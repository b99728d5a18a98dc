"""Figures of the regression stage. Every function returns a matplotlib figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from retrace.regression.decisions import ALL, NOT_SUPPORTED, SUPPORTED, UNDETERMINED
from retrace.regression.specifications import FAMILIES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

# Okabe and Ito's colours, told apart by colour-blind readers; marks carry the same message.
COLOURS = {SUPPORTED: "#0072B2", NOT_SUPPORTED: "#D55E00", UNDETERMINED: "#E3C44F"}
GREY = "#777777"
TICKS = (25, 50, 100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600)
LINES = ("#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8B5A2B", "#5D3A9B", "#A0A000")


def _figure(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _plain(axes) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def verdict_matrix(verdicts: pd.DataFrame, title: str) -> Figure:
    """Hypotheses by analyses, one tile a decision.

    Parameters
    ----------
    verdicts : DataFrame
        Columns of `verdicts.csv`.
    title : str
    """
    from matplotlib.patches import Rectangle

    hypotheses = list(dict.fromkeys(verdicts.hypothesis))
    analyses = list(dict.fromkeys(verdicts.analysis))
    found = verdicts.set_index(["hypothesis", "analysis"]).decision
    figure = _figure(2.6 + 0.85 * len(hypotheses), 1.3 + 0.36 * len(analyses))
    axes = figure.add_subplot()
    for column, hypothesis in enumerate(hypotheses):
        for row, analysis in enumerate(analyses):
            decision = found.get((hypothesis, analysis), "")
            colour = COLOURS.get(decision, "#EEEEEE")
            axes.add_patch(Rectangle((column, row), 0.94, 0.9, facecolor=colour, linewidth=0))
            if decision in COLOURS:
                _mark(axes, column + 0.47, row + 0.45, decision)
    axes.set_xlim(0, len(hypotheses))
    axes.set_ylim(len(analyses), 0)
    axes.set_xticks([i + 0.47 for i in range(len(hypotheses))], hypotheses, fontsize=10)
    axes.set_yticks([i + 0.45 for i in range(len(analyses))], analyses, fontsize=9)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    figure.suptitle(title, fontsize=10)
    handles = [Rectangle((0, 0), 1, 1, facecolor=colour) for colour in COLOURS.values()]
    figure.legend(
        handles, list(COLOURS), loc="outside lower center", ncols=3, fontsize=8, frameon=False
    )
    return figure


def _mark(axes, x, y, decision) -> None:
    """A filled, empty or half-filled dot: readable without colour."""
    fill = {SUPPORTED: "full", NOT_SUPPORTED: "none", UNDETERMINED: "left"}[decision]
    ink = "black" if decision == UNDETERMINED else "white"
    axes.plot(x, y, "o", fillstyle=fill, color=ink, markersize=6, markerfacecoloralt="none")


def specification_curve(specifications: pd.DataFrame, title: str) -> Figure:
    """Estimates of all specifications in order of size, with the family of each below.

    Parameters
    ----------
    specifications : DataFrame
        Columns of `specifications.csv`.
    title : str
    """
    hypotheses = list(dict.fromkeys(specifications.hypothesis))
    families = [family for family in FAMILIES if family in set(specifications.family)]
    figure = _figure(1.6 + 2.4 * len(hypotheses), 5.4)
    grid = figure.subplots(
        2, len(hypotheses), sharex="col", sharey="row", height_ratios=(2.2, 1), squeeze=False
    )
    for column, hypothesis in enumerate(hypotheses):
        own = specifications[specifications.hypothesis == hypothesis]
        own = own.sort_values(["estimate", "family", "specification"], kind="stable")
        x = np.arange(len(own))
        above, below = grid[0][column], grid[1][column]
        for decision in (SUPPORTED, NOT_SUPPORTED):
            at = (own.decision == decision).to_numpy()
            y, reach = own.estimate.to_numpy()[at], 1.96 * own.se.to_numpy()[at]
            above.vlines(x[at], y - reach, y + reach, color=COLOURS[decision], alpha=0.25, lw=1)
            above.plot(x[at], y, ".", color=COLOURS[decision], markersize=3)
            rows = [families.index(family) for family in own.family[at]]
            below.plot(x[at], rows, "|", color=COLOURS[decision], markersize=6)
        above.axhline(0, color=GREY, lw=0.8)
        share = (own.decision == SUPPORTED).mean()
        above.set_title(f"{hypothesis}: {100 * share:.0f} % of {len(own)} support", fontsize=9)
        below.set_xticks([])
        below.set_xlabel("specifications, by estimate", fontsize=8)
        for axes in (above, below):
            axes.tick_params(labelsize=8)
            _plain(axes)
    grid[0][0].set_ylabel("estimate, ± 1.96 SE", fontsize=8)
    grid[1][0].set_yticks(range(len(families)), families, fontsize=8)
    grid[1][0].set_ylim(len(families) - 0.5, -0.5)
    handles = [figure_line(COLOURS[decision]) for decision in (SUPPORTED, NOT_SUPPORTED)]
    figure.legend(
        handles,
        [SUPPORTED, NOT_SUPPORTED],
        loc="outside lower center",
        ncols=2,
        fontsize=8,
        frameon=False,
    )
    figure.suptitle(title, fontsize=10)
    return figure


def figure_line(colour: str, **style):
    """A line for a legend."""
    from matplotlib.lines import Line2D

    return Line2D([], [], color=colour, **style)


def power_curves(
    power: pd.DataFrame, n: int, alpha: float, targets: Sequence[float], title: str
) -> Figure:
    """Power against sample size, for each hypothesis and for all at once.

    Parameters
    ----------
    power : DataFrame
        Columns of `power.csv`.
    n : int
        The paper's sample size.
    alpha : float
        Level to draw.
    targets : sequence of float
        Powers to draw a line at.
    title : str
    """
    figure = _figure(6.2, 4.0)
    axes = figure.add_subplot()
    own = power[power.alpha == alpha]
    names = [name for name in dict.fromkeys(own.hypothesis) if name != ALL]
    for name, colour in zip([*names, ALL], _cycle(len(names)), strict=True):
        curve = own[own.hypothesis == name].sort_values("n")
        label = "all hypotheses" if name == ALL else name
        axes.plot(
            curve.n, curve.power, ".-", color=colour, lw=2 if name == ALL else 1.2, label=label
        )
    for target in targets:
        axes.axhline(target, color=GREY, lw=0.6, ls=":")
    axes.axvline(n, color=GREY, lw=1, ls="--")
    axes.annotate(f"n = {n}", (n, 0.02), xytext=(4, 0), textcoords="offset points", fontsize=8)
    axes.set_xscale("log")
    ticks = [t for t in TICKS if own.n.min() <= t <= own.n.max()]
    axes.set_xticks(ticks, [str(t) for t in ticks], minor=False)
    axes.set_xticks([], minor=True)
    axes.set_ylim(0, 1.02)
    axes.set_xlabel("sample size")
    axes.set_ylabel(f"power at {100 * alpha:g} %, two-sided")
    axes.legend(fontsize=8, frameon=False, loc="lower right")
    _plain(axes)
    axes.set_title(title, fontsize=10)
    return figure


def _cycle(count: int) -> list[str]:
    return [LINES[i % len(LINES)] for i in range(count)] + ["black"]


def company_figure(
    specifications: pd.DataFrame,
    suppression: pd.DataFrame,
    thresholds: dict[str, float],
    title: str,
) -> Figure:
    """Each hypothesis in every set of predictors: which company it needs.

    Filled dots are regressions that hold the predictor without which the coefficient shrinks
    most, empty dots those that leave it out.

    Parameters
    ----------
    specifications : DataFrame
        Columns of `specifications.csv`; the family of predictors is drawn.
    suppression : DataFrame
        Columns of `suppression.csv`.
    thresholds : dict
        Hypothesis to critical t, negative for a hypothesised negative effect.
    title : str
    """
    hypotheses = list(dict.fromkeys(suppression.hypothesis))
    figure = _figure(6.8, 1.4 + 0.62 * len(hypotheses))
    axes = figure.add_subplot()
    labels = []
    for row, hypothesis in enumerate(hypotheses):
        own = specifications[
            (specifications.hypothesis == hypothesis) & (specifications.family == "predictors")
        ]
        beside = suppression[suppression.hypothesis == hypothesis].copy()
        beside["loss"] = beside.t_with.abs() - beside.t_without.abs()
        partner = beside.loc[beside.loss.idxmax()]
        t = np.sign(thresholds[hypothesis]) * own.estimate / own.se
        held = own.specification.map(
            lambda text, other=partner.other: other in text.removeprefix("with ").split(", ")
        )
        axes.plot(t[held], np.full(held.sum(), row), "o", color=COLOURS[SUPPORTED], ms=6)
        axes.plot(
            t[~held],
            np.full((~held).sum(), row),
            "o",
            mfc="none",
            color=COLOURS[NOT_SUPPORTED],
            ms=6,
        )
        bar = [abs(thresholds[hypothesis])] * 2
        axes.plot(bar, [row - 0.35, row + 0.35], color="black", lw=1)
        note = f"filled: with {partner.other}" + (", mutual" if partner.mutual else "")
        labels.append(f"{hypothesis} {partner.term}\n{note}")
    axes.set_yticks(range(len(hypotheses)), labels, fontsize=9)
    axes.set_ylim(len(hypotheses) - 0.5, -0.6)
    axes.margins(x=0.12)
    axes.set_xlabel("t in the hypothesised direction; bar: critical value")
    _plain(axes)
    axes.set_title(title, fontsize=10)
    return figure
