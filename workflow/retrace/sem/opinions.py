"""Three opinions on every model: this estimator, semopy, and lavaan where R is installed.

All three get the same rescaled matrix and the same list of parameters, written out in full, so that
no program's defaults are compared with another's. Estimates and standard errors should then agree:
all three take the expected information and divide by `n`. (Ordinary least squares divides by the
residual degrees of freedom instead: its standard errors are larger by `sqrt(n / (n - k - 1))`.)

What remains is how far each optimiser goes. Differences are measured in standard errors, because
that is what decides whether they matter:

- semopy minimises by SLSQP until the objective changes by less than `SEMOPY_FTOL`; its own default,
  1e-6, leaves estimates that are good to two digits. An objective within `d` of its minimum leaves
  estimates within `sqrt(n d)` standard errors, 6e-6 for n = 300; the last change is not the
  distance, so the tolerance is 1e-3 standard errors.
- lavaan minimises by NLMINB to a relative change of 1e-10, which leaves up to 2e-4 standard errors
  where the objective is flat. Tolerance: 1e-3 standard errors.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from retrace.sem.fitting import Fit
from retrace.sem.specification import FIXED, FREE, SAMPLE, Parameter, Specification

SEMOPY_FTOL, SEMOPY_ITERATIONS = 1e-13, 300
# An objective this far above ours is not a minimum that rounding alone kept semopy from confirming.
SEMOPY_SHORT = 1e-7
PROGRAMS = ("retrace", "semopy", "lavaan")
OPINION_COLUMNS = (
    *("model", "lhs", "op", "rhs", "est_retrace", "est_semopy", "est_lavaan"),
    *("se_retrace", "se_semopy", "se_lavaan", "difference", "tolerance", "agrees"),
)
# In standard errors of the estimate.
TOLERANCES = {"semopy": 1e-3, "lavaan": 1e-3}


class Opinion(NamedTuple):
    """A parameter's estimate and standard error according to one program."""

    est: float
    se: float


@dataclass(frozen=True)
class Comparison:
    """One free parameter according to one other program.

    `est_difference` and `se_difference` are in standard errors; `agrees` is whether both are within
    `tolerance`.
    """

    lhs: str
    op: str
    rhs: str
    program: str
    est: float
    se: float
    other_est: float
    other_se: float
    est_difference: float
    se_difference: float
    tolerance: float
    agrees: bool


def semopy_opinion(solution: Fit) -> dict[str, Opinion] | None:
    """Fit the same model to the same matrix with semopy.

    Returns
    -------
    dict or None
        By parameter name, for the free parameters. None where semopy says that it did not converge
        and has not come as low as `solution` has.

    Raises
    ------
    ValueError
        For a solution on which `why_not_semopy` says that it has no opinion.
    """
    import pandas as pd
    import semopy

    reason = why_not_semopy(solution)
    if reason:
        raise ValueError(f"semopy has no opinion: {reason}")
    specification = solution.structure.specification
    names = list(specification.observed)
    matrix = pd.DataFrame(solution.sample, index=names, columns=names)
    model = semopy.Model(semopy_syntax(specification))
    options = {"ftol": SEMOPY_FTOL, "maxiter": SEMOPY_ITERATIONS}
    result = model.fit(cov=matrix, n_samples=solution.n, options=options)
    if not result.success and result.fun > solution.discrepancy + SEMOPY_SHORT:
        return None
    found: dict[str, Opinion] = {}
    for row in model.inspect().itertuples(index=False):
        # semopy writes a loading as the indicator's regression on the factor.
        lhs, op, rhs = row[0], row[1], row[2]
        se = float(row[4]) if row[4] != "-" else math.nan
        found[f"{lhs}{op}{rhs}"] = Opinion(float(row[3]), se)
    return {
        p.name: opinion
        for p in specification.parameters
        if p.state == FREE
        for opinion in [_find(found, p)]
        if opinion is not None
    }


def _find(found: Mapping[str, Opinion], p: Parameter) -> Opinion | None:
    if p.op == "=~":
        return found.get(f"{p.rhs}~{p.lhs}")
    if p.op == "~~":
        return found.get(p.name) or found.get(f"{p.rhs}~~{p.lhs}")
    return found.get(p.name)


def semopy_syntax(specification: Specification) -> str:
    """The model in semopy's syntax, every parameter written out.

    Fixed exogenous variables are left to semopy, which keeps their sample covariances too.
    """
    lines = []
    for p in specification.parameters:
        if p.state == SAMPLE:
            continue
        # semopy frees a first loading that no number fixes only under a name.
        label = p.label or ("free_" + _identifier(p) if p.op == "=~" else "")
        modifier = f"{p.value!r}*" if p.state == FIXED else (f"{label}*" if label else "")
        lines.append(f"{p.lhs} {p.op} {modifier}{p.rhs}")
    return "\n".join(lines)


def _identifier(p: Parameter) -> str:
    return "".join(c if c.isalnum() else "_" for c in f"{p.lhs}_{p.rhs}")


def lavaan_syntax(specification: Specification) -> str:
    """The model in lavaan's syntax, every parameter written out, for `lavaan::lavaan()`."""
    lines = []
    for p in specification.parameters:
        if p.state == SAMPLE:
            continue
        terms = [f"{p.value!r}*{p.rhs}"] if p.state == FIXED else []
        if p.state == FREE and p.op == "=~":
            terms.append(f"NA*{p.rhs}")
        if p.state == FREE and p.label:
            terms.append(f"{p.label}*{p.rhs}")
        lines.append(f"{p.lhs} {p.op} {' + '.join(terms) or p.rhs}")
    lines += [f"{c.left} == {c.right}" for c in specification.constraints]
    return "\n".join(lines)


def compare(solution: Fit, program: str, opinions: Mapping[str, Opinion]) -> list[Comparison]:
    """Compare a solution's free parameters with another program's.

    A parameter that the other program does not report disagrees.
    """
    tolerance = TOLERANCES[program]
    rows = []
    for p, own in zip(
        solution.structure.specification.parameters, solution.estimates, strict=False
    ):
        if p.state != FREE or not own.se > 0:
            continue
        other = opinions.get(p.name, Opinion(math.nan, math.nan))
        est_difference = abs(own.est - other.est) / own.se
        se_difference = abs(own.se - other.se) / own.se
        rows.append(
            Comparison(
                p.lhs,
                p.op,
                p.rhs,
                program,
                own.est,
                own.se,
                other.est,
                other.se,
                est_difference,
                se_difference,
                tolerance,
                est_difference <= tolerance and se_difference <= tolerance,
            )
        )
    return rows


def opinion_rows(
    fits: Mapping[str, Fit], comparisons: Mapping[str, Sequence[Comparison]]
) -> list[dict]:
    """The three opinions side by side, a row a free parameter, from each model's comparisons.

    Columns of a program that was not asked are empty.
    """
    blank = {f"{what}_{program}": math.nan for what in ("est", "se") for program in PROGRAMS[1:]}
    rows = []
    for model, solution in fits.items():
        found: dict[str, dict] = {}
        for p, e in zip(
            solution.structure.specification.parameters, solution.estimates, strict=False
        ):
            if p.state == FREE:
                found[p.name] = {
                    "model": model,
                    **{"lhs": p.lhs, "op": p.op, "rhs": p.rhs},
                    **{"est_retrace": e.est, "se_retrace": e.se, **blank},
                    **{"difference": math.nan, "tolerance": math.nan, "agrees": ""},
                }
        for c in comparisons.get(model, ()):
            row = found[f"{c.lhs}{c.op}{c.rhs}"]
            row[f"est_{c.program}"], row[f"se_{c.program}"] = c.other_est, c.other_se
            largest = max(c.est_difference, c.se_difference)
            row["difference"] = max(largest, row["difference"]) if row["agrees"] != "" else largest
            row["agrees"] = c.agrees and row["agrees"] is not False
            row["tolerance"] = c.tolerance
        rows += found.values()
    return rows


def why_not_semopy(solution: Fit) -> str:
    """Why semopy has no opinion on a solution; empty where it has.

    It knows no `==`, keeps variances from becoming negative, so that it never finds a solution in
    which one is, and searches for starting values forever where a factor has no fixed loading
    (2.3.11, `startingvalues.start_lambda`).
    """
    specification = solution.structure.specification
    if specification.constraints:
        return "the model has `==`"
    if all(p.op == "~~" for p in specification.parameters):
        return "the model explains no variable"
    odd = [p.label for p in specification.parameters if p.label and not p.label.isidentifier()]
    if odd:
        return f"label {odd[0]!r} is no identifier"
    scaled = {p.lhs for p in specification.parameters if p.op == "=~" and p.state == FIXED}
    unscaled = [name for name in specification.latent if name not in scaled]
    if unscaled:
        return f"no loading of {unscaled[0]} is fixed"
    return next((p for p in solution.problems if p.startswith("negative variance")), "")


def disagreements(comparisons: Sequence[Comparison]) -> list[str]:
    """What to tell the reader when opinions differ: one line a parameter."""
    return [
        f"{c.lhs} {c.op} {c.rhs}: {c.est:.6g} (SE {c.se:.6g}), {c.program} "
        f"{c.other_est:.6g} (SE {c.other_se:.6g}): more than {c.tolerance:g} standard errors apart"
        for c in comparisons
        if not c.agrees
    ]
