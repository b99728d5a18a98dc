"""Figures of the synthesis stage. Every function returns a matplotlib figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from retrace.printed.numbers import Printed
from retrace.printed.regression import PrintedRegression
from retrace.reporting.palette import BLUE, GREEN, INK, PALE, VERMILION
from retrace.synthetic.ensemble import DRAW
from retrace.synthetic.fidelity import term_in_words
from retrace.synthetic.target import LikertTarget

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Smaller p values are drawn here.
LEAST_P = 1e-4

# Bars of a distribution that can be told apart.
MOST_BARS = 200

# Characters of a line over a panel.
WIDTH = 38

# Deviations beyond this many half widths are drawn at the edge.
EDGE = 4.0

NAMES = {
    "sd": "SD",
    "b": "B",
    "beta": "β",
    "se": "SE",
    "ci_low": "lower limit",
    "ci_high": "upper limit",
    "vif": "VIF",
    "r2": "R²",
    "adjusted_r2": "adjusted R²",
    "f": "F",
    "f_p": "p of F",
    "durbin_watson": "Durbin-Watson",
}


def _figure(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _plain(axes: Axes) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def response_distributions(
    target: LikertTarget, scores: np.ndarray, labels: Mapping[str, str], title: str
) -> Figure:
    """Distribution of each construct's scores on its lattice.

    Parameters
    ----------
    target : LikertTarget
    scores : numpy.ndarray, shape (n, k)
    labels : mapping
        Name of a construct to its label.
    title : str
    """
    columns = min(3, target.k)
    rows = -(-target.k // columns)
    figure = _figure(3.1 * columns, 2.3 * rows + 0.4)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    shared = len({(each.low, each.high) for each in target.measures}) == 1
    axes = np.atleast_1d(figure.subplots(rows, columns, sharex=shared, squeeze=False)).ravel()
    for i, (name, measure) in enumerate(zip(target.names, target.measures, strict=True)):
        low, high, m = measure.low, measure.high, measure.steps
        totals = np.rint(m * scores[:, i]).astype(np.int64) - m * low
        # A bar a score, or as many scores a bar as leave no more bars than can be told apart.
        wide = m * (high - low) // MOST_BARS + 1
        counts = np.bincount(totals // wide, minlength=m * (high - low) // wide + 1)
        middles = low + (np.arange(len(counts)) * wide + (wide - 1) / 2) / m
        axes[i].bar(middles, counts, width=0.85 * wide / m, color=BLUE)
        axes[i].set_title("\n".join(_wrap(labels.get(name, name))), fontsize=8, loc="left")
        printed = isinstance(target.means[i], Printed), isinstance(target.sds[i], Printed)
        stated = [
            f"{what} {value:.2f}, {'printed' if is_printed else 'not printed'}"
            for what, value, is_printed in zip(
                ("mean", "SD"),
                (scores[:, i].mean(), scores[:, i].std(ddof=1)),
                printed,
                strict=True,
            )
        ]
        axes[i].text(
            0.02, 0.97, "\n".join(stated), transform=axes[i].transAxes, fontsize=7, va="top"
        )
        axes[i].set_ylim(0, counts.max() * 1.3)
        axes[i].tick_params(labelsize=7)
        _plain(axes[i])
    for spare in axes[target.k :]:
        spare.set_visible(False)
    for lowest in axes[max(target.k - columns, 0) : target.k]:
        lowest.tick_params(labelbottom=True)  # hidden where the place below it is spare
    figure.supxlabel("score", fontsize=8)
    figure.supylabel("respondents", fontsize=8)
    return figure


def target_against_achieved(
    fidelity: pd.DataFrame, title: str, models: Iterable[PrintedRegression] = ()
) -> Figure:
    """Deviation of every achieved statistic from the printed one, in half widths.

    Parameters
    ----------
    fidelity : DataFrame
        Columns data, statistic, term, printed (text), achieved.
    title : str
    models : iterable of PrintedRegression
        Those that the data are to print.
    """
    terms = _short(fidelity["term"], models)
    printed = fidelity["printed"].map(Printed.parse)
    frame = fidelity.assign(
        deviation=[
            _deviation(value, cell)
            for value, cell in zip(fidelity["achieved"], printed, strict=True)
        ],
        label=[
            f"{NAMES.get(kind, kind)}  {term}"
            for kind, term in zip(fidelity["statistic"], terms, strict=True)
        ],
    )
    labels = list(dict.fromkeys(frame["label"]))
    place = {label: len(labels) - 1 - i for i, label in enumerate(labels)}
    figure = _figure(7.2, 0.19 * len(labels) + 1.3)
    axes = figure.subplots()
    axes.axvspan(-1, 1, color=PALE, zorder=0, label="prints the same")
    marks = {"continuous": (VERMILION, "s"), "likert": (BLUE, "o"), "items": (GREEN, "^")}
    for data, (colour, mark) in marks.items():
        part = frame[frame["data"] == data]
        if part.empty:
            continue
        x, y = part["deviation"].clip(-EDGE, EDGE), part["label"].map(place)
        axes.scatter(x, y, s=16, color=colour, marker=mark, label=data, zorder=3)
    axes.set_yticks(list(place.values()), list(place), fontsize=7)
    axes.set_ylim(-1, len(labels))
    axes.set_xlim(-EDGE * 1.06, EDGE * 1.06)
    axes.set_xlabel(
        f"achieved less printed, in half widths of print (beyond {EDGE:.0f}: at the edge)",
        fontsize=8,
    )
    axes.tick_params(axis="x", labelsize=7)
    axes.set_title(title, fontsize=11, loc="left")
    axes.legend(fontsize=7, loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    _plain(axes)
    return figure


def _deviation(achieved: float, printed: Printed) -> float:
    """By how many half widths an achieved value is off; a bound has no middle, only two sides."""
    if not printed.bound:
        return (achieved - printed.value) / printed.half_width
    return 0.0 if printed.admits(achieved) else np.copysign(np.inf, achieved - printed.value)


def _short(terms: Iterable[str], models: Iterable[PrintedRegression]) -> list[str]:
    """Terms without their model, which goes without saying where there is one."""
    terms = list(terms)
    of_models = {
        term_in_words(model.name, (term,)): (model.name, term)
        for model in models
        for term in model.reported
    }
    used = {of_models[term][0] for term in terms if term in of_models}
    return [of_models.get(term, ("", term))[1] for term in terms] if len(used) == 1 else terms


def ensemble_spread(
    target: LikertTarget,
    described: pd.DataFrame,
    estimates: pd.DataFrame,
    level: float,
    title: str,
) -> Figure:
    """What data sets that print the same tables say of statistics the tables do not print.

    Parameters
    ----------
    target : LikertTarget
    described : DataFrame
        Columns draw, statistic, term, value.
    estimates : DataFrame
        Of the same data sets, from `retrace.synthetic.ensemble.analyse_ensemble`.
    level : float
        Level that p values are held against.
    title : str
    """
    pairs = [f"{row}, {column}" for row, column, _ in target.correlations]
    printed = {f"{row}, {column}": cell for row, column, cell in target.correlations}
    strips = _p_strips(estimates)
    height = max(0.24 * len(pairs), 0.15 * len(strips)) + 1.4
    figure = _figure(12.5 if strips else 6, height)
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    left, *right = figure.subplots(1, 2 if strips else 1, squeeze=False)[0]
    for i, pair in enumerate(reversed(pairs)):
        for kind, offset, colour in (("polychoric", 0.15, BLUE), ("spearman", -0.15, VERMILION)):
            chosen = (described["statistic"] == kind) & (described["term"] == pair)
            values = described.loc[chosen, "value"]
            _strip(left, values, i + offset, colour, kind if i == 0 else None)
    values = [printed[pair].value for pair in reversed(pairs)]
    left.scatter(values, range(len(pairs)), marker="|", s=90, color=INK, label="printed r")
    left.set_yticks(range(len(pairs)), list(reversed(pairs)), fontsize=7)
    left.set_xlabel("correlation", fontsize=8)
    above = {"loc": "lower center", "bbox_to_anchor": (0.5, 1.0)}
    left.legend(fontsize=7, frameon=False, ncols=3, **above)
    for axes in right:
        for i, values in enumerate(reversed(strips.values())):
            one_sided = (values <= level).all() or (values > level).all()
            _strip(axes, np.maximum(values, LEAST_P), i, GREEN if one_sided else VERMILION)
        axes.plot([], [], color=VERMILION, label="data sets on both sides of the level")
        axes.plot([], [], color=GREEN, label="all on one side")
        axes.legend(fontsize=7, frameon=False, ncols=2, **above)
        axes.axvline(level, color=INK, lw=0.8, ls="--")
        axes.set_xscale("log")
        axes.set_yticks(range(len(strips)), list(reversed(strips)), fontsize=7)
        axes.set_xlabel(f"p (dashed: {level:g}; below {LEAST_P:g}: at the edge)", fontsize=8)
    for axes in (left, *right):
        axes.tick_params(axis="x", labelsize=7)
        _plain(axes)
    return figure


def _p_strips(estimates: pd.DataFrame) -> dict[str, pd.Series]:
    """p values of all data sets by what they are of: term by term, and each estimator's below."""
    chosen = estimates[estimates["p"].notna()].sort_values(DRAW, kind="stable")
    found = dict(tuple(chosen.groupby(["model", "term", "specification"], sort=False)["p"]))
    # The model goes without saying where there is one.
    several = len({model for model, *_ in found}) > 1
    return {
        f"{model}: {term}, {estimator}" if several else f"{term}, {estimator}": values
        for one in dict.fromkeys(key[:2] for key in found)
        for (model, term, estimator), values in found.items()
        if (model, term) == one
    }


def _strip(
    axes: Axes, values: np.ndarray | pd.Series, height: float, colour: str, label: str | None = None
) -> None:
    """All values as a thin line, the middle 90 % as a thick one, the median as a dot."""
    if not len(values):
        return
    smallest, low, middle, high, largest = np.quantile(values, [0, 0.05, 0.5, 0.95, 1])
    axes.plot([smallest, largest], [height, height], color=colour, lw=0.7)
    axes.plot([low, high], [height, height], color=colour, lw=2.2)
    axes.scatter([middle], [height], s=18, color=colour, zorder=5, label=label)


def _wrap(text: str) -> list[str]:
    import textwrap

    return textwrap.wrap(text, WIDTH)
