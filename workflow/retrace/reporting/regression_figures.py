"""Figures of the regression stage. Every function returns a matplotlib figure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from retrace.decisions import (
    ALL,
    CONFOUNDER,
    DECISIONS,
    NOT_ATTAINABLE,
    NOT_SUPPORTED,
    PARTLY,
    PRINTED,
    RECOMPUTED,
    REPLICATION,
    REPORTED,
    SUPPORTED,
    UNDETERMINED,
)
from retrace.estimators.least_squares import critical_t
from retrace.power.simulation import LIKERT, NORMAL
from retrace.reporting.palette import (
    BLUE,
    GREEN,
    GREY,
    INK,
    PALE,
    SERIES,
    VERMILION,
    WHITE,
    YELLOW,
)
from retrace.robustness.specifications import (
    ALL_FAMILIES,
    FAMILIES,
    PREDICTORS,
    Company,
    robustness_table,
)
from retrace.robustness.verdict import at_level

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

# Marks carry the same message.
COLOURS = {SUPPORTED: BLUE, PARTLY: GREEN, NOT_SUPPORTED: VERMILION, UNDETERMINED: YELLOW}
# Panels of the specification curve beside each other.
ABREAST = 4
MARKS = {NOT_ATTAINABLE: "x"}
# Marks what rests on something that the paper does not print.
DAGGER = "†"
FOOTNOTE = f"{DAGGER} rests on assumed or synthetic data; the table says which"
TICKS = (25, 50, 100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600)
DASHES = ("-", "--", ":")


def _figure(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _plain(axes: Axes) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def verdict_matrix(verdicts: pd.DataFrame, title: str, levels: Iterable[float]) -> Figure:
    """Hypotheses by analyses, one tile a decision, and how many of those that decide support each.

    Kinds of analyses stand apart; the paper's own conclusion is not counted. A dagger marks
    analyses that rest on something assumed.

    Parameters
    ----------
    verdicts : DataFrame
        Columns of `verdicts.csv`.
    title : str
    levels : iterable of float
        Of printed and recomputed numbers.
    """
    from matplotlib.patches import Rectangle

    hypotheses = list(dict.fromkeys(verdicts.hypothesis))
    analyses = _merged(verdicts.groupby("hypothesis", sort=False).analysis.agg(list))
    found = verdicts.set_index(["hypothesis", "analysis"]).decision
    assumed = set(verdicts.analysis[verdicts.assumed != ""])
    labels = [_marked(analysis, analysis in assumed) for analysis in analyses]
    tops = _tops(analyses, levels)
    many = len(hypotheses) > 8
    long = max(len(name) for name in hypotheses) > (4 if many else 8)
    width = 2.6 + (0.55 if many else 0.85) * len(hypotheses)
    figure = _figure(max(width, 4.6), 1.7 + 0.36 * tops[-1] + long * 0.4)
    axes = figure.add_subplot()
    shown = set()
    for column, hypothesis in enumerate(hypotheses):
        for top, analysis in zip(tops, analyses, strict=True):
            decision = found.get((hypothesis, analysis))
            if decision is None:
                continue
            shown.add(decision)
            colour = COLOURS.get(decision, PALE)
            axes.add_patch(Rectangle((column, top), 0.94, 0.9, facecolor=colour, linewidth=0))
            if decision in COLOURS:
                _mark(axes, column + 0.47, top + 0.45, decision)
    judged = verdicts[(verdicts.analysis != REPORTED) & verdicts.decision.isin(COLOURS)]
    bottom = tops[-1] + 1.5
    for column, hypothesis in enumerate(hypotheses):
        decisions = judged[judged.hypothesis == hypothesis].decision
        text = f"{(decisions == SUPPORTED).sum()} of {len(decisions)}"
        axes.text(column + 0.47, bottom, text, ha="center", va="center", fontsize=8)
    axes.set_xlim(0, len(hypotheses))
    axes.set_ylim(bottom + 0.4, 0)
    rotation: dict[str, Any] = {"rotation": 40, "ha": "left"} if long else {}
    axes.set_xticks(np.arange(len(hypotheses)) + 0.47, hypotheses, fontsize=10, **rotation)
    axes.set_yticks([*(tops + 0.45), bottom], [*labels, "analyses that support"], fontsize=9)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    figure.suptitle(title, fontsize=10)
    words = [*DECISIONS, *sorted(shown - set(DECISIONS))]
    handles = [Rectangle((0, 0), 1, 1, facecolor=COLOURS.get(word, PALE)) for word in words]
    style: dict[str, Any] = {"loc": "outside lower center", "fontsize": 8, "frameon": False}
    columns = len(words) if width > 7 else 3
    figure.legend(handles, words, ncols=columns, **_footnote(bool(assumed)), **style)
    return figure


def _merged(orders: Sequence[Sequence[str]]) -> list[str]:
    """One order of everything that occurs, each item after what it follows where it first does."""
    merged: list[str] = []
    for order in orders:
        place = -1
        for item in order:
            if item not in merged:
                merged.insert(place + 1, item)
            place = merged.index(item)
    return merged


def _tops(analyses: Sequence[str], levels: Iterable[float]) -> np.ndarray:
    """Where the row of each analysis begins; kinds of them stand apart."""
    numbers = {at_level(label, level) for level in levels for label in (PRINTED, RECOMPUTED)}
    groups = np.array([_group(analysis, numbers) for analysis in analyses])
    return np.arange(len(analyses)) + 0.3 * np.cumsum(np.diff(groups, prepend=groups[0]) != 0)


def _group(analysis: str, numbers: Collection[str]) -> int:
    """What kind of analysis it is: as reported, the numbers, the model, the sample, structure."""
    if analysis == REPORTED:
        return 0
    if analysis in numbers:
        return 1
    if analysis in FAMILIES:
        return 2
    return 3 if analysis in (CONFOUNDER, REPLICATION) else 4


def _mark(axes: Axes, x: float, y: float, decision: str) -> None:
    """A filled, empty or half-filled dot: readable without colour."""
    fill = {SUPPORTED: "full", PARTLY: "top", NOT_SUPPORTED: "none", UNDETERMINED: "left"}[decision]
    ink = INK if decision == UNDETERMINED else WHITE
    axes.plot(x, y, "o", fillstyle=fill, color=ink, markersize=6, markerfacecoloralt="none")


def specification_curve(specifications: pd.DataFrame, level: float, title: str) -> Figure:
    """Estimates of all specifications in order of size, with the family of each below.

    What repeats another specification is left out; a dagger marks families that rest on something
    assumed. Intervals are those of t at each specification's own degrees of freedom, of confidence
    1 - level. What is not attainable stands at the right end, without an estimate.

    Parameters
    ----------
    specifications : DataFrame
        Columns of `specifications.csv`.
    level : float
    title : str
    """
    hypotheses = list(dict.fromkeys(specifications.hypothesis))
    families = [family for family in FAMILIES if family in set(specifications.family)]
    robustness = robustness_table(specifications).set_index(["hypothesis", "family"])
    drawn = specifications[specifications.repeats == ""]
    assumed = set(specifications.family[specifications.assumed != ""])
    abreast, lines = min(len(hypotheses), ABREAST), -(-len(hypotheses) // ABREAST)
    figure = _figure(2.2 + 2.5 * abreast, 0.6 + 4.8 * lines)
    grid = figure.subplots(2 * lines, abreast, height_ratios=(2.2, 1) * lines, squeeze=False)
    for place, hypothesis in enumerate(hypotheses):
        line, column = divmod(place, abreast)
        above, below = grid[2 * line][column], grid[2 * line + 1][column]
        own = drawn[drawn.hypothesis == hypothesis]
        own = own.sort_values(["estimate", "family", "specification"], kind="stable")
        counts = robustness.loc[hypothesis]
        _curve(above, below, own, counts.reindex(families), level)
        whole = counts.loc[ALL_FAMILIES]
        share = "nothing decides"
        if whole.specifications:
            share = f"{100 * whole.share:.0f} % support, mean of families"
        counted = f"{whole.supported:.0f} of {whole.specifications:.0f} specifications"
        above.set_title(f"{hypothesis}\n{share}\n{counted}", fontsize=9)
        below.set_yticks(range(len(families)), [_marked(f, f in assumed) for f in families])
        if column:
            below.set_yticklabels([])
        else:
            above.set_ylabel(f"estimate, {100 * (1 - level):g} % interval", fontsize=8)
    for axes in grid.flat[2 * abreast * (lines - 1) :]:
        axes.set_visible(bool(axes.lines))
    shown = [d for d in (*DECISIONS, NOT_ATTAINABLE) if d in set(specifications.decision)]
    marks = [figure_line(COLOURS.get(d, GREY), ls="", marker=MARKS.get(d, "|")) for d in shown]
    style: dict[str, Any] = {"loc": "outside lower center", "fontsize": 8, "frameon": False}
    figure.legend(marks, shown, ncols=len(shown), **_footnote(bool(assumed)), **style)
    figure.suptitle(title, fontsize=10)
    return figure


def _footnote(assumed: bool) -> dict:
    """What a legend says of the dagger, where there is one."""
    return {"title": FOOTNOTE, "title_fontsize": 8} if assumed else {}


def _marked(label: str, assumed: bool) -> str:
    return f"{label} {DAGGER}" if assumed else label


def _curve(above: Axes, below: Axes, own: pd.DataFrame, counts: pd.DataFrame, level: float) -> None:
    """Estimates of one hypothesis in order above, and below each one's family.

    `counts` are the rows of `robustness.csv` of every family, in the order to draw them.
    """
    families = counts.index.tolist()
    x, thin = np.arange(len(own)), min(1.0, 120 / len(own))
    decisions, reach = own.decision.to_numpy(), critical_t(level, own.df.to_numpy()) * own.se
    estimate, reach = own.estimate.to_numpy(), reach.to_numpy()
    rows = np.array([families.index(family) for family in own.family])
    for decision in (SUPPORTED, NOT_SUPPORTED, NOT_ATTAINABLE):
        at, colour = decisions == decision, COLOURS.get(decision, GREY)
        y = estimate[at]
        above.vlines(x[at], y - reach[at], y + reach[at], color=colour, alpha=0.25, lw=thin)
        above.plot(x[at], y, ".", color=colour, markersize=3)
        below.plot(x[at], rows[at], MARKS.get(decision, "|"), color=colour, markersize=5)
    for row in np.unique(rows):
        supported, deciding = counts.iloc[row][["supported", "specifications"]]
        at = (1.01, row)
        frame = below.get_yaxis_transform()
        below.text(*at, f"{supported:.0f}/{deciding:.0f}", transform=frame, fontsize=7, va="center")
    above.axhline(0, color=GREY, lw=0.8)
    above.set_xticks([])
    below.set_xticks([])
    for axes in (above, below):
        axes.set_xlim(-0.04 * len(own) - 1, 1.04 * len(own))
    below.set_ylim(len(families) - 0.5, -0.5)
    below.set_xlabel("specifications, by estimate", fontsize=8)
    for axes in (above, below):
        axes.tick_params(labelsize=8)
        _plain(axes)


def figure_line(colour: str, **style: Any) -> Line2D:
    """A line for a legend."""
    from matplotlib.lines import Line2D

    return Line2D([], [], color=colour, **style)


def power_curves(
    power: pd.DataFrame, n: int, level: float, targets: Sequence[float], title: str
) -> Figure:
    """Power against sample size, for each hypothesis and for all at once, normal population.

    Open diamonds are power on response scales, where that was simulated.

    Parameters
    ----------
    power : DataFrame
        Columns of `power.csv`.
    n : int
        The paper's sample size.
    level : float
        Level to draw.
    targets : sequence of float
        Powers to draw a line at.
    title : str
    """
    figure = _figure(7.2, 4.0)
    axes = figure.add_subplot()
    own = power[(power.level == level) & (power.population == NORMAL)]
    scores = power[(power.level == level) & (power.population == LIKERT)]
    names = [name for name in dict.fromkeys(own.hypothesis) if name != ALL]
    for place, name in enumerate([*names, ALL]):
        curve = own[own.hypothesis == name].sort_values("n")
        colour, dashes = SERIES[place % len(SERIES)], DASHES[place // len(SERIES) % len(DASHES)]
        style = {"color": colour, "ls": dashes, "lw": 1.2, "label": name}
        if name == ALL:
            style = {"color": INK, "lw": 2, "label": "all hypotheses"}
        axes.plot(curve.n, curve.power, marker=".", **style)
        on_scales = scores[scores.hypothesis == name]
        axes.plot(on_scales.n, on_scales.power, "D", mfc="none", mec=style["color"], ms=6)
    if len(scores):
        label = "on response scales"
        axes.plot([], [], "D", mfc="none", mec=GREY, ms=6, label=label)
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
    axes.set_ylabel(f"power at {100 * level:g} %, two-sided")
    figure.legend(fontsize=8, frameon=False, loc="outside right center")
    _plain(axes)
    axes.set_title(title, fontsize=10)
    return figure


def _company(
    hypothesis: str, own: pd.DataFrame, suppression: pd.DataFrame
) -> tuple[np.ndarray, str]:
    """Which sets of predictors hold the one without which |t| falls most, and what is said."""
    beside = suppression[suppression.hypothesis == hypothesis]
    if beside.empty:
        return np.ones(len(own), dtype=bool), f"{hypothesis}\none predictor"
    loss = beside.t_with.abs() - beside.t_without.abs()
    partner = beside.loc[loss.idxmax()]
    held = np.array([partner.other in Company.read(label).others for label in own.specification])
    mutual = "\neach needs the other" if partner.mutual else ""
    return held, f"{hypothesis} {partner.term}\n● with, ○ without {partner.other}{mutual}"


def company_figure(
    specifications: pd.DataFrame,
    suppression: pd.DataFrame,
    signs: Mapping[str, int],
    level: float,
    title: str,
) -> Figure:
    """Each hypothesis in every set of predictors: which company it needs (suppression).

    Filled dots are regressions that hold the predictor without which |t| falls most, empty dots
    below them leave it out; colours are decisions. The bar spans the critical values of t, which
    depend on how many predictors a set has.

    Parameters
    ----------
    specifications : DataFrame
        Columns of `specifications.csv`; the family of predictors is drawn.
    suppression : DataFrame
        Columns of `suppression.csv`.
    signs : mapping
        Hypothesis to its sign, 1 or -1.
    level : float
        Two-sided level of decisions.
    title : str
    """
    drawn = specifications[specifications.family == PREDICTORS]
    figure = _figure(6.8, 1.6 + 0.62 * len(signs))
    axes = figure.add_subplot()
    labels = []
    for row, (hypothesis, sign) in enumerate(signs.items()):
        own = drawn[drawn.hypothesis == hypothesis]
        held, label = _company(hypothesis, own, suppression)
        labels.append(label)
        critical = critical_t(level, own.df.to_numpy())
        ends = [row - 0.35, row + 0.35]
        axes.fill_betweenx(ends, critical.min(), critical.max(), color=PALE, ec=GREY, zorder=0)
        t = (sign * own.estimate / own.se).to_numpy()
        size = 6 if len(own) <= 16 else 3
        for decision in (SUPPORTED, NOT_SUPPORTED):
            for company, fill, shift in ((held, "full", -0.12), (~held, "none", 0.12)):
                at = company & (own.decision == decision).to_numpy()
                y = np.full(at.sum(), row + shift)
                axes.plot(t[at], y, "o", fillstyle=fill, color=COLOURS[decision], ms=size)
    axes.set_yticks(range(len(signs)), labels, fontsize=8)
    axes.set_ylim(len(signs) - 0.5, -0.6)
    axes.margins(x=0.12)
    axes.set_xlabel("t in the hypothesised direction; bar: critical value")
    _plain(axes)
    axes.set_title(title, fontsize=10)
    handles = [figure_line(COLOURS[d], ls="", marker="o") for d in (SUPPORTED, NOT_SUPPORTED)]
    figure.legend(
        handles,
        [SUPPORTED, NOT_SUPPORTED],
        loc="outside lower center",
        ncols=2,
        fontsize=8,
        frameon=False,
    )
    return figure
