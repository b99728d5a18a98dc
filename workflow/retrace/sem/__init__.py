"""Structural equation models on covariance matrices: maximum likelihood, many matrices at once.

    from retrace.sem import fit
    solution = fit("readiness ~ customer + risk", R, n=300, names=names)
    solution["readiness ~ risk"].std, solution.measures.cfi, solution.problems

Conventions are those of lavaan's defaults, named where they apply. Importing this needs NumPy
alone.
"""

from retrace.sem.estimator import Estimates, estimate
from retrace.sem.fit_measures import FitMeasures
from retrace.sem.fitting import Estimate, Fit, compile_model, fit, fit_data, select
from retrace.sem.specification import Specification, specify
from retrace.sem.structure import Structure
from retrace.sem.syntax import ModelSyntaxError, parse_model

__all__ = [
    "Estimate",
    "Estimates",
    "Fit",
    "FitMeasures",
    "ModelSyntaxError",
    "Specification",
    "Structure",
    "compile_model",
    "estimate",
    "fit",
    "fit_data",
    "parse_model",
    "select",
    "specify",
]
