"""semopy's opinion on a fitted model: the same matrix, the same parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping

from retrace.robustness.other_programs import TOLERANCES, Answer, Opinion
from retrace.sem.fitting import Fit
from retrace.sem.problems import ProblemCode, first_of
from retrace.sem.specification import FIXED, FREE, SAMPLE, Parameter, Specification

# semopy minimises by SLSQP until the objective changes by less than this. Its own default, 1e-6,
# leaves estimates that are good to two digits.
FTOL, ITERATIONS = 1e-13, 300


def ask_semopy(solution: Fit) -> Answer:
    """Fit the model of a solution to its matrix with semopy.

    Whatever semopy raises is the reason why it has no opinion: it is asked about models of a user's
    own, and its failures say nothing about these.
    """
    reason = why_not_semopy(solution)
    if reason:
        return Answer(why_not=reason)
    import pandas as pd
    import semopy

    specification = solution.structure.specification
    names = list(specification.observed)
    matrix = pd.DataFrame(solution.sample, index=names, columns=names)
    try:
        model = semopy.Model(semopy_syntax(specification))
        options = {"ftol": FTOL, "maxiter": ITERATIONS}
        result = model.fit(cov=matrix, n_samples=solution.n, options=options)
        rows = list(model.inspect().itertuples(index=False))
    except Exception as error:
        told = " ".join(str(error).split())
        return Answer(why_not=f"semopy failed: {type(error).__name__}: {told}")
    short = how_short(result.fun - solution.discrepancy, solution.n, confirmed=result.success)
    if short:
        return Answer(why_not=f"semopy {short}")
    # semopy writes a loading as the indicator's regression on the factor.
    found = {
        f"{lhs}{op}{rhs}": Opinion(float(est), float(se) if se != "-" else math.nan)
        for lhs, op, rhs, est, se, *_ in rows
    }
    return Answer(
        {
            p.name: opinion
            for p in specification.parameters
            if p.state == FREE
            for opinion in [_find(found, p)]
            if opinion is not None
        }
    )


def how_short(gap: float, n: int, *, confirmed: bool) -> str:
    """What kept a program from the minimum; empty where it is as near as opinions have to be.

    An objective that is `gap` above the minimum leaves estimates about `sqrt(n gap)` standard
    errors away from it, whether or not the program says that it has converged.

    Parameters
    ----------
    gap : float
        The program's objective less the smallest known; not finite where it has none.
    n : int
        Observations.
    confirmed : bool
        Whether the program says that it has converged.
    """
    distance = math.sqrt(n * max(gap, 0.0))
    if not math.isfinite(distance):
        return "" if confirmed else "did not converge"
    if distance <= TOLERANCES["semopy"]:
        return ""
    said = "stopped early" if confirmed else "did not converge"
    return f"{said}, about {distance:.2g} standard errors from the minimum"


def _find(found: Mapping[str, Opinion], p: Parameter) -> Opinion | None:
    if p.op == "=~":
        return found.get(f"{p.rhs}~{p.lhs}")
    if p.op == "~~":
        return found.get(p.name) or found.get(f"{p.rhs}~~{p.lhs}")
    return found.get(p.name)


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
    return first_of(solution.coded_problems, [ProblemCode.NEGATIVE_VARIANCE])


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
