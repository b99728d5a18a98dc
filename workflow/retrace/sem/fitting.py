"""Fit one model to one covariance matrix, with everything a report needs.

Conventions are lavaan's defaults: normal-theory maximum likelihood, the sample matrix rescaled by
`(n - 1) / n`, standard errors from the expected information, fixed exogenous observed variables;
see `retrace.sem.fit_measures` for the measures of fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from retrace.sem import inference
from retrace.sem.estimator import (
    MAX_ITERATIONS_SINGLE,
    STARTS,
    Estimates,
    estimate,
    estimate_together,
)
from retrace.sem.fit_measures import FitMeasures, fit_measures
from retrace.sem.modification import ModificationIndex, modification_indices
from retrace.sem.problems import Problem, ProblemCode
from retrace.sem.specification import Parameter, specify
from retrace.sem.starts import Starts
from retrace.sem.structure import Structure
from retrace.sem.units import typical_information

Array = NDArray[np.floating]
# How far two halves of a matrix may differ by rounding alone, in standard deviations.
ASYMMETRY = 1e-10
# Variance of a defined parameter, as a share of the most it could be, that is rounding alone.
FIXED_BY_EQUALITY = 1e-14
# Shares of variances that factors explain in other starts, and by how much F must then be lower.
OTHER_SHARES, SAME_MINIMUM = (0.8, 0.2), 1e-10


@dataclass(frozen=True)
class Estimate:
    """One row of a solution; NaN where a value does not exist (the SE of a fixed parameter)."""

    lhs: str
    op: str
    rhs: str
    label: str
    est: float
    se: float
    z: float
    p: float
    std: float


@dataclass(frozen=True)
class Fit:
    """A model fitted to one matrix.

    Attributes
    ----------
    structure : Structure
    n : int
        Observations.
    sample : array (p, p)
        The matrix that was fitted: rescaled, in the order of `structure.variables`.
    x : array (q,)
        Estimated parameters.
    discrepancy : float
        F at the optimum.
    converged : bool
    iterations : int
    coded_problems : tuple of Problem
        What is wrong with the solution; what is not finite is a `:=`.
    """

    structure: Structure
    n: int
    sample: Array
    x: Array
    discrepancy: float
    converged: bool
    iterations: int
    coded_problems: tuple[Problem, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """Sentences: `not converged`, `negative variance: x1~~x1`."""
        return tuple(map(str, self.coded_problems))

    @property
    def proper(self) -> bool:
        """Whether nothing is wrong with the estimates, whatever a `:=` makes of them."""
        return all(problem.code is ProblemCode.NOT_FINITE for problem in self.coded_problems)

    @cached_property
    def implied(self) -> Array:
        """Implied covariance matrix (p, p)."""
        return self.structure.moments(self.x[None], self.sample[None]).sigma[0]

    @cached_property
    def residuals(self) -> Array:
        """Sample minus implied covariances (p, p)."""
        return self.sample - self.implied

    @cached_property
    def correlation_residuals(self) -> Array:
        """Residuals in units of the sample's standard deviations (p, p)."""
        sd = np.sqrt(np.diag(self.sample))
        return self.residuals / np.outer(sd, sd)

    @cached_property
    def parameter_covariance(self) -> Array:
        """Covariance matrix of the free parameters (f, f); NaN if not identified."""
        return inference.parameter_covariance(
            self.structure, self.x[None], self.sample[None], self.n
        )[0]

    @cached_property
    def free_values(self) -> Array:
        """Free parameters (f,)."""
        return self.structure.free_values(self.x[None])[0]

    @cached_property
    def measures(self) -> FitMeasures:
        """Measures of fit."""
        return fit_measures(self.structure, self.sample, self.implied, self.discrepancy, self.n)

    @cached_property
    def r_squared(self) -> dict[str, float]:
        """Explained share of variance of every explained variable."""
        found = inference.r_squared(self.structure, self.x[None], self.sample[None])
        return {name: float(value[0]) for name, value in found.items()}

    @cached_property
    def estimates(self) -> list[Estimate]:
        """All parameters, in the order of the specification, then the defined ones."""
        structure = self.structure
        x, sample = self.x[None], self.sample[None]
        rows = structure.row_values(x, sample)[0]
        standardised = inference.standardise(structure, x, sample)
        se = np.sqrt(np.diag(self.parameter_covariance))
        parameters = list(structure.specification.parameters)
        free = [structure.free_of_row.get(k) for k in range(len(parameters))]
        errors = [np.nan if f is None else se[f] for f in free]
        values, stds = rows.tolist(), standardised[0].tolist()
        defined = inference.defined_parameters(structure, self.free_values)
        defined_std = inference.defined_from_rows(structure, standardised)
        for name, (value, gradient) in defined.items():
            parameters.append(Parameter(name, ":=", name, label=name))
            errors.append(_defined_error(gradient, self.parameter_covariance))
            values.append(float(value))
            stds.append(float(defined_std[name][0]))
        return _tested(parameters, values, errors, stds)

    def __getitem__(self, name: str) -> Estimate:
        """The estimate of a parameter by `lhs op rhs` (blanks do not matter) or by its label."""
        wanted = "".join(name.split())
        for row in self.estimates:
            mirrored = f"{row.rhs}{row.op}{row.lhs}" if row.op == "~~" else ""
            if wanted in (f"{row.lhs}{row.op}{row.rhs}", mirrored, row.label):
                return row
        raise KeyError(f"the model has no parameter {name!r}")

    def modification_indices(self) -> list[ModificationIndex]:
        """Modification indices of parameters that are not free, largest first.

        None where the solution did not converge.
        """
        if not self.converged:
            return []
        return modification_indices(self.structure, self.x, self.sample, self.n)


def _defined_error(gradient: Array, covariance: Array) -> float:
    """Standard error of a defined parameter (delta method); NaN where `==` leaves it none."""
    variance = gradient @ covariance @ gradient
    largest = (np.abs(gradient) @ np.sqrt(np.abs(np.diag(covariance)))) ** 2
    return float(np.sqrt(variance)) if variance > FIXED_BY_EQUALITY * largest else np.nan


def _tested(
    parameters: Sequence[Parameter],
    values: Sequence[float],
    errors: Sequence[float],
    stds: Sequence[float],
) -> list[Estimate]:
    """Parameters' estimates, standard errors and standardised values, with their tests."""
    # As everywhere in this package: SciPy is imported where it is used.
    from scipy.special import ndtr

    est, se = np.array(values), np.array(errors)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(se > 0, est / se, np.nan)
    # Two-sided, normal; by SciPy's own code, for that of C libraries differs in the last digit.
    p_values = 2.0 * ndtr(-np.abs(z))
    numbers = zip(values, se.tolist(), z.tolist(), p_values.tolist(), stds, strict=True)
    return [
        Estimate(p.lhs, p.op, p.rhs, p.label, *row)
        for p, row in zip(parameters, numbers, strict=True)
    ]


def fit(
    model: str | Structure,
    covariance: ArrayLike,
    n: int,
    names: Sequence[str],
    *,
    std_lv: bool = False,
    rescale: bool = True,
) -> Fit:
    """Fit a model by maximum likelihood: with factors, the best minimum from three starts.

    Parameters
    ----------
    model : str or Structure
        Model syntax, or a compiled model: `compile_model` has more choices.
    covariance : array (k, k)
        Covariance or correlation matrix, with denominator `n - 1`.
    n : int
        Observations.
    names : sequence of str (k,)
        Its variables; those that the model does not use are left out.
    std_lv : bool
        As in `specify`; without effect where `model` is compiled.
    rescale : bool
        Multiply the matrix by `(n - 1) / n`, as lavaan does; False for a matrix with denominator
        `n`.

    Raises
    ------
    ModelSyntaxError
        For a model that cannot be read.
    ValueError
        For a variable that the matrix does not have, a matrix that is not square, symmetric and
        positive definite, an `n` that is not larger than the number of variables, or a model
        without anything to estimate.
    """
    structure = compile_model(model, std_lv=std_lv)
    sample = select(structure, covariance, names)
    if not np.isfinite(sample).all():
        raise ValueError("the covariance matrix has missing or infinite values")
    if n <= structure.p:
        raise ValueError(f"{n} observations are too few for {structure.p} variables")
    if rescale:
        sample = sample * ((n - 1) / n)
    found, best = _best_minimum(structure, sample)
    x, converged = found.x[best], bool(found.converged[best])
    return Fit(
        structure,
        n,
        sample,
        x,
        float(found.discrepancy[best]),
        converged,
        int(found.iterations[best]),
        _problems(structure, x[None], sample[None], converged),
    )


def _best_minimum(structure: Structure, sample: Array) -> tuple[Estimates, int]:
    """Estimates for one matrix (p, p), and which of them is the best."""
    if not structure.specification.latent:
        return _patient(structure, sample), 0
    # The discrepancy of a model with factors may have several minima.
    starts, (share, damping) = Starts(structure, sample[None]), STARTS[0]
    start = np.concatenate([starts.at(other) for other in (share, *OTHER_SHARES)])
    dampings = np.array([damping, *(0.0 for _ in OTHER_SHARES)])
    # With `==`, sums over parameters may round otherwise in company.
    if not structure.is_constrained:
        found = estimate_together(structure, sample, start, dampings)
        if found.usable[0] and found.converged.all():
            best = 1 + int(found.discrepancy[1:].argmin())
            better = found.discrepancy[best] < found.discrepancy[0] - SAME_MINIMUM
            return found, best if better else 0
    # From one start after the other, with more patience.
    found = _patient(structure, sample)
    if not found.converged[0]:
        return found, 0
    start = start[1:]
    again = estimate(structure, np.repeat(sample[None], len(start), axis=0), start=start)
    reached = np.where(again.converged, again.discrepancy, np.inf)
    if reached.min() < found.discrepancy[0] - SAME_MINIMUM:
        return again, int(reached.argmin())
    return found, 0


def _patient(structure: Structure, sample: Array) -> Estimates:
    """Estimates for one matrix (p, p) from one start after the other, the first with patience."""
    found = estimate(structure, sample[None], max_iterations=MAX_ITERATIONS_SINGLE)
    if not found.usable[0]:
        raise ValueError("the covariance matrix is not positive definite")
    return found


def fit_data(
    model: str | Structure,
    data: ArrayLike,
    names: Sequence[str],
    *,
    std_lv: bool = False,
    fixed_x: bool = True,
) -> Fit:
    """Fit a model to observations (n, k) of the variables `names`; see `fit`."""
    values = np.asarray(data, float)
    if values.ndim != 2 or values.shape[1] != len(names):
        raise ValueError(f"data of shape {values.shape} do not have {len(names)} columns")
    if not np.isfinite(values).all():
        raise ValueError("data have missing or infinite values; only complete data are supported")
    covariance = np.cov(values, rowvar=False, bias=True).reshape(len(names), len(names))
    structure = compile_model(model, std_lv=std_lv, fixed_x=fixed_x)
    return fit(structure, covariance, len(values), names, rescale=False)


def compile_model(
    model: str | Structure, *, std_lv: bool = False, fixed_x: bool = True
) -> Structure:
    """Compile a model's syntax; a compiled model is returned as it is."""
    return model if isinstance(model, Structure) else _compiled(model, std_lv, fixed_x)


# The same few models are fitted to many data sets.
@lru_cache(maxsize=16)
def _compiled(syntax: str, std_lv: bool, fixed_x: bool) -> Structure:
    return Structure(specify(syntax, std_lv=std_lv, fixed_x=fixed_x))


def select(structure: Structure, covariance: ArrayLike, names: Sequence[str]) -> Array:
    """The part of matrices (..., k, k) that a model is about, in its order (..., p, p)."""
    matrix = np.asarray(covariance, float)
    k = len(names)
    if matrix.shape[-2:] != (k, k):
        raise ValueError(f"a matrix of shape {matrix.shape} does not fit {k} names")
    missing = [n for n in structure.specification.observed if n not in names]
    if missing:
        raise ValueError(
            f"the model's variable {missing[0]!r} is not in the matrix, which has "
            f"{', '.join(names)}"
        )
    if len(set(names)) < k:
        raise ValueError("a name occurs twice in the matrix")
    index = [list(names).index(n) for n in structure.specification.observed]
    part = matrix[..., index, :][..., index]
    sd = np.sqrt(np.abs(np.diagonal(part, axis1=-2, axis2=-1)))
    apart = np.abs(part - np.swapaxes(part, -1, -2))
    if (apart > ASYMMETRY * sd[..., :, None] * sd[..., None, :]).any():
        raise ValueError("the covariance matrix is not symmetric")
    return part


def _problems(
    structure: Structure, x: Array, sample: Array, converged: bool
) -> tuple[Problem, ...]:
    """What is wrong with one solution."""
    if not np.isfinite(x).all():
        why = "no starting values imply a positive definite matrix"
        return (Problem(ProblemCode.NOT_CONVERGED, why),)
    found = []
    if not converged:
        found.append(Problem(ProblemCode.NOT_CONVERGED))
    if structure.df < 0:
        counts = f"{structure.q} parameters for {structure.n_moments} moments"
        found.append(Problem(ProblemCode.UNDER_IDENTIFIED, counts))
    info = inference.information(structure, x, sample)
    singular, direction = inference.singular_directions(structure, info, sample)
    if singular[0]:
        away = _generic_point(structure, x, sample)
        info = inference.information(structure, away, sample)
        everywhere, generic = inference.singular_directions(structure, info, sample)
        code = ProblemCode.UNDER_IDENTIFIED if everywhere[0] else ProblemCode.SINGULAR_INFORMATION
        lost = structure.basis @ (generic if everywhere[0] else direction)[0]
        names = [
            name
            for name, share in zip(inference.parameter_names(structure), lost, strict=True)
            if abs(share) > 0.05
        ]
        found.append(Problem(code, ", ".join(names)))
    negative = [n for n, flags in inference.negative_variances(structure, x, sample) if flags[0]]
    if negative:
        found.append(Problem(ProblemCode.NEGATIVE_VARIANCE, ", ".join(negative)))
    beyond = [n for n, flags in inference.impossible_correlations(structure, x, sample) if flags[0]]
    if beyond:
        found.append(Problem(ProblemCode.IMPOSSIBLE_CORRELATION, ", ".join(beyond)))
    values = structure.free_values(x)[0]
    defined = inference.defined_parameters(structure, values)
    infinite = [name for name, (value, _) in defined.items() if not np.isfinite(value)]
    if infinite:
        found.append(Problem(ProblemCode.NOT_FINITE, ", ".join(infinite)))
    return tuple(found)


def _generic_point(structure: Structure, x: Array, sample: Array) -> Array:
    """A point near `x` at which nothing is zero or equal by accident, and that implies a matrix."""
    k = np.arange(1, x.shape[1] + 1)
    size = typical_information(structure, sample) ** -0.5
    for step in (1.0, 0.1, 0.01, 0.001):
        away = x * (1.0 + 0.05 * step * np.sin(k)) + 0.03 * step * np.cos(k) * size
        if np.linalg.eigvalsh(structure.moments(away, sample).sigma)[0, 0] > 0:
            return away
    return x
