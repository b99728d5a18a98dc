"""Figures of the robustness suite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from retrace.reporting.palette import INK, QUIET, SERIES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from retrace.robustness.measurement_error import AtReliability

STYLES: dict[str, Any] = {"ml": "-", "ols": "--"}
WORDS = {"ml": "p by the normal distribution", "ols": "p by Student's t"}
TICKS = [step * 10.0**power for power in range(-8, 0) for step in (1, 2, 5)] + [1.0]


def draw_reliability(grid: Sequence[AtReliability], level: float) -> Figure:
    """p of each hypothesis over the common reliability of the predictors.

    Parameters
    ----------
    grid : sequence of AtReliability
        As `retrace.robustness.measurement_error.reliability_rows` returns it.
    level : float
        Level, drawn as a line.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter

    figure = Figure(figsize=(7.0, 4.2), layout="constrained")
    axes = figure.add_subplot()
    _curves(axes, grid)
    axes.axhline(level, color=QUIET, linewidth=0.8)
    axes.annotate(
        f"level {level:g}",
        (0.995, level),
        xycoords=("axes fraction", "data"),
        ha="right",
        va="top",
        color=QUIET,
        fontsize=9,
    )
    if grid:
        axes.set_xlim(max(r.reliability for r in grid), min(r.reliability for r in grid))
        _legend(axes)
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(FixedLocator(TICKS))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("Reliability of every predictor (assumed)")
    axes.set_ylabel("Two-sided p")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure


def _curves(axes: Axes, grid: Sequence[AtReliability]) -> None:
    hypotheses = list(dict.fromkeys(row.hypothesis for row in grid))
    for k, hypothesis in enumerate(hypotheses):
        for convention, style in STYLES.items():
            rows = [r for r in grid if (r.hypothesis, r.convention) == (hypothesis, convention)]
            axes.plot(
                [r.reliability for r in rows],
                [r.p for r in rows],
                style,
                color=SERIES[k % len(SERIES)],
                linewidth=1.6 if convention == "ml" else 1.1,
                label=f"{hypothesis}: {rows[0].term}" if convention == "ml" else None,
            )


def _legend(axes: Axes) -> None:
    from matplotlib.lines import Line2D

    handles, _ = axes.get_legend_handles_labels()
    for convention, style in STYLES.items():
        handles.append(Line2D([], [], color=INK, linestyle=style, label=WORDS[convention]))
    axes.legend(handles=handles, frameon=False, fontsize=9)
