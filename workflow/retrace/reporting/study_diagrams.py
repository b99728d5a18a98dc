"""The path diagram of one model of a study, fitted or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from retrace.papers.study import Study
from retrace.reporting.path_diagram import draw_nothing, draw_path_diagram
from retrace.robustness.structural_models import study_models
from retrace.robustness.structural_solutions import Record, read_solutions
from retrace.robustness.structural_tables import unfit_models


class Diagram(NamedTuple):
    """A drawing as SVG, and what is to be said of the model's solution."""

    svg: str
    remark: str


def draw_study_model(
    study: Study,
    name: str,
    records: Mapping[str, Record],
    method_shares: Sequence[float],
    level: float,
) -> Diagram:
    """Draw a model of a study, or say why it is not fitted.

    Parameters
    ----------
    study : Study
    name : str
        Of the model.
    records : mapping
        Solutions, as `retrace.robustness.structural_solutions.solution_records` records them.
    method_shares : sequence of float
        Shares of a method factor that models are made with.
    level : float
        Level at which an effect counts as different from 0.
    """
    if name not in records:
        unfit = unfit_models(study, study_models(study, method_shares))
        return Diagram(draw_nothing(name, unfit[name]), f"not fitted: {unfit[name]}")
    labels = {key: construct.label for key, construct in study.constructs.items()}
    (fit,) = read_solutions({name: records[name]}).values()
    svg = draw_path_diagram(fit, labels, title=name, level=level)
    return Diagram(svg, "; ".join(fit.problems) or "converged, proper")
