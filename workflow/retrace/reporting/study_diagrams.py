"""The path diagrams of a study's models, fitted or not."""

from __future__ import annotations

from collections.abc import Mapping

from retrace.papers.study import Study
from retrace.reporting.path_diagram import no_diagram, path_diagram
from retrace.sem.fitting import Fit


def describe_diagrams(
    study: Study, fits: Mapping[str, Fit], unfit: Mapping[str, str], level: float
) -> dict[str, str]:
    """Describe the diagram of every model in Graphviz's language, or why there is none.

    Parameters
    ----------
    study : Study
    fits : mapping
        Solutions by model, as of `retrace.robustness.structural_tables.fit_study`.
    unfit : mapping
        Why the other models are not fitted, as of
        `retrace.robustness.structural_tables.unfit_models`.
    level : float
        Level at which an effect counts as different from 0.
    """
    labels = {key: construct.label for key, construct in study.constructs.items()}
    drawn = {name: path_diagram(fit, labels, title=name, level=level) for name, fit in fits.items()}
    return drawn | {name: no_diagram(name, why) for name, why in unfit.items()}
