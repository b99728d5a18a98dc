"""Three opinions on every model: this estimator, semopy, and lavaan where R is installed.

All three get the same rescaled matrix and the same list of parameters, written out in full, so that
no program's defaults are compared with another's. Estimates and standard errors should then agree:
all three take the expected information and divide by `n`. (Ordinary least squares divides by the
residual degrees of freedom instead: its standard errors are larger by `sqrt(n / (n - k - 1))`.)

What remains is how far each optimiser goes. Differences are measured in standard errors, because
that is what decides whether they matter:

- An objective within `d` of its minimum leaves estimates within `sqrt(n d)` standard errors. semopy
  stops when a step changes the objective by less than 1e-13, which would be 6e-6 for n = 300; the
  last change is not the distance, so the tolerance is 1e-3 standard errors.
- lavaan minimises by NLMINB to a relative change of 1e-10, which leaves up to 2e-4 standard errors
  where the objective is flat. Tolerance: 1e-3 standard errors.

A program that cannot read or fit a model, or stops further from the minimum than that, has no
opinion on it, and the table says why. So near singular matrices stop semopy, whose objective there
ends above the one found here. Where two opinions differ, the table says that too; no run stops.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrace.sem.fitting import Estimate, Fit
from retrace.sem.problems import ProblemCode, first_of
from retrace.sem.specification import FREE, Parameter

# In standard errors of the estimate.
TOLERANCES = {"semopy": 1e-3, "lavaan": 1e-3}
# What a solution that other programs may find elsewhere has: it is none, or one of many.
NO_MINIMUM = (
    ProblemCode.NOT_CONVERGED,
    ProblemCode.UNDER_IDENTIFIED,
    ProblemCode.SINGULAR_INFORMATION,
)


class Opinion(NamedTuple):
    """A parameter's estimate and standard error according to one program."""

    est: float = math.nan
    se: float = math.nan


class Opinions(NamedTuple):
    """A free parameter according to every program, a row of the table of opinions.

    Estimates and standard errors of a program without opinion are NaN, and `why_not` says why.
    `difference`, the largest one, `tolerance` and `agrees` are those of `Comparison`, NaN and empty
    where no other program has an opinion. `est` and `estimate` are the same.
    """

    model: str
    lhs: str
    op: str
    rhs: str
    est_retrace: float
    est_semopy: float
    est_lavaan: float
    se_retrace: float
    se_semopy: float
    se_lavaan: float
    difference: float
    tolerance: float
    agrees: bool | str
    why_not_semopy: str
    why_not_lavaan: str
    estimate_retrace: float
    estimate_semopy: float
    estimate_lavaan: float


@dataclass(frozen=True)
class Answer:
    """What one program says about one model: its free parameters by name, or why nothing."""

    opinions: Mapping[str, Opinion] = field(default_factory=dict)
    why_not: str = ""


@dataclass(frozen=True)
class Comparison:
    """One free parameter according to one other program.

    `difference` is the larger of those of estimate and standard error, in standard errors; `agrees`
    is whether it is within `tolerance`.
    """

    parameter: Parameter
    program: str
    own: Estimate
    other: Opinion
    difference: float
    tolerance: float

    @property
    def agrees(self) -> bool:
        """Whether the opinions are within tolerance; a parameter that is not reported is not."""
        return self.difference <= self.tolerance

    def __str__(self) -> str:
        p = self.parameter
        return (
            f"{p.lhs} {p.op} {p.rhs}: {self.own.est:.6g} (SE {self.own.se:.6g}), {self.program} "
            f"{self.other.est:.6g} (SE {self.other.se:.6g}): {self.difference:.2g} standard errors "
            f"apart, tolerance {self.tolerance:g}"
        )


def why_not_comparable(solution: Fit) -> str:
    """Why a solution cannot be compared: it is none, or one of many; empty where it can."""
    return first_of(solution.coded_problems, NO_MINIMUM)


def free_estimates(solution: Fit) -> list[tuple[Parameter, Estimate]]:
    """The free parameters of a solution with their estimates.

    Those that `==` fixes at a number have no standard error, and are not free.
    """
    structure = solution.structure
    estimated: NDArray[np.bool_] = np.any(structure.basis, axis=1)
    return [
        (p, e)
        for k, (p, e) in enumerate(
            zip(structure.specification.parameters, solution.estimates, strict=False)
        )
        if p.state == FREE and estimated[structure.free_of_row[k]]
    ]


def compare(solution: Fit, program: str, answer: Answer) -> list[Comparison]:
    """Compare a solution's free parameters with another program's; nothing if it has no opinion."""
    if answer.why_not:
        return []
    rows = []
    for p, own in free_estimates(solution):
        other = answer.opinions.get(p.name, Opinion())
        apart = [abs(own.est - other.est) / own.se, abs(own.se - other.se) / own.se]
        difference = math.nan if any(map(math.isnan, apart)) else max(apart)
        rows.append(Comparison(p, program, own, other, difference, TOLERANCES[program]))
    return rows


def opinion_rows(
    fits: Mapping[str, Fit], answers: Mapping[str, Mapping[str, Answer]]
) -> tuple[list[Opinions], list[str]]:
    """The three opinions side by side.

    Parameters
    ----------
    fits : mapping
        Solutions by model.
    answers : mapping
        By program (of `TOLERANCES`), then by model; of solutions that can be compared.

    Returns
    -------
    rows : list of Opinions
    disagreements : list of str
        A line for each opinion that differs by more than its tolerance.
    """
    rows: list[Opinions] = []
    differing: list[str] = []
    for model, solution in fits.items():
        reason = why_not_comparable(solution)
        why_not, compared = {}, {}
        for program in TOLERANCES:
            answer = Answer(why_not=reason) if reason else answers[program][model]
            found = compare(solution, program, answer)
            differing += [f"{model}: {c}" for c in found if not c.agrees]
            why_not[program] = answer.why_not
            compared[program] = {c.parameter.name: c for c in found}
        rows += [
            _opinions(model, p, e, {key: own.get(p.name) for key, own in compared.items()}, why_not)
            for p, e in free_estimates(solution)
        ]
    return rows, differing


def _opinions(
    model: str,
    p: Parameter,
    own: Estimate,
    compared: Mapping[str, Comparison | None],
    why_not: Mapping[str, str],
) -> Opinions:
    """One parameter by all programs; of one without opinion there is no comparison."""
    known = [c for c in compared.values() if c]
    said = {program: c.other if c else Opinion() for program, c in compared.items()}
    semopy, lavaan = said["semopy"], said["lavaan"]
    return Opinions(
        *(model, p.lhs, p.op, p.rhs),
        *(own.est, semopy.est, lavaan.est),
        *(own.se, semopy.se, lavaan.se),
        # Not `max`: what a program does not report stays NaN.
        difference=float(np.max([c.difference for c in known])) if known else math.nan,
        tolerance=known[-1].tolerance if known else math.nan,
        agrees=all(c.agrees for c in known) if known else "",
        why_not_semopy=why_not["semopy"],
        why_not_lavaan=why_not["lavaan"],
        estimate_retrace=own.est,
        estimate_semopy=semopy.est,
        estimate_lavaan=lavaan.est,
    )
