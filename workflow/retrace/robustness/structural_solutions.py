"""Solutions as plain values: a model is fitted once, and what draws or compares it reads the fit.

Each record has the model, the matrix and the solution, to the last bit, so that any other program
can be asked about the very same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from retrace.robustness.structural_models import StudyModel
from retrace.sem.fitting import Fit, compile_model
from retrace.sem.problems import Problem, ProblemCode

Record = dict[str, Any]


def solution_records(fits: Mapping[str, Fit], models: Sequence[StudyModel]) -> dict[str, Record]:
    """Records of fitted models, by name, made of strings, numbers, lists and None.

    Parameters
    ----------
    fits : mapping
        By model; each of a model's syntax with the defaults of `retrace.sem.fit`.
    models : sequence of StudyModel
        These models, and others that were not fitted.

    Returns
    -------
    dict
        For each model: `syntax`; `n`; `variables`; `covariances`, the matrix that was fitted (not
        rescaled again), a list of rows in the order of the variables; `estimated`, the parameters
        in the order of the syntax, None where no start implies a matrix; `discrepancy`, None where
        there is none; `converged`; `iterations`; `problems`, as sentences; `coded_problems`, as
        pairs of a kind and what it is about.
    """
    return {
        model.name: {
            "syntax": model.syntax,
            "n": solution.n,
            "variables": list(solution.structure.specification.observed),
            "covariances": solution.sample.tolist(),
            "estimated": [_or_none(value) for value in solution.x.tolist()],
            "discrepancy": _or_none(solution.discrepancy),
            "converged": solution.converged,
            "iterations": solution.iterations,
            "problems": list(solution.problems),
            "coded_problems": [list(problem) for problem in solution.coded_problems],
        }
        for model in models
        if (solution := fits.get(model.name)) is not None
    }


def read_solutions(records: Mapping[str, Record]) -> dict[str, Fit]:
    """The fitted models of records, by name."""
    return {
        name: Fit(
            structure=compile_model(record["syntax"]),
            n=record["n"],
            sample=np.array(record["covariances"], float),
            # None becomes NaN.
            x=np.array(record["estimated"], float),
            discrepancy=float(np.array(record["discrepancy"], float)),
            converged=record["converged"],
            iterations=record["iterations"],
            coded_problems=tuple(
                Problem(ProblemCode(code), about) for code, about in record["coded_problems"]
            ),
        )
        for name, record in records.items()
    }


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value
