"""The power of a study's design as a figure, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrace.papers.study import Study
from retrace.power.plans import left_out
from retrace.power.tables import TARGETS
from retrace.reporting.nothing_figure import nothing_figure
from retrace.reporting.regression_figures import power_curves

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def power_figure(study: Study, power: pd.DataFrame, level: float) -> Figure:
    """Draw power against sample size; the title names hypotheses that are left out.

    Parameters
    ----------
    study : Study
    power : DataFrame
        Columns of `power.csv`; no rows where no samples can be drawn.
    level : float
        Level to draw.
    """
    title = f"Power of the design of {study.called}, effects as printed{study.proviso}"
    aside = left_out(study)
    if aside.keys() == study.hypotheses.keys():
        why = "; ".join(dict.fromkeys(aside.values()))
        return nothing_figure(title, f"no samples are simulated: {why}")
    if aside:
        effects = [name for name in aside if name not in study.term_hypotheses]
        unlike = [name for name in aside if name in study.term_hypotheses]
        if unlike:
            title += f"\n(without {', '.join(unlike)}, whose correlations no data have)"
        if effects:
            title += f"\n(without {', '.join(effects)}, about no single term)"
    return power_curves(power, study.n, level, TARGETS, title)
