"""Printed against recomputed: one verdict a printed number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from retrace.checks.regression.corrections import corrected_ends
from retrace.checks.regression.intervals import Recomputed
from retrace.checks.regression.printed_model import PrintedModel
from retrace.checks.regression.recomputed import LEVEL, recompute
from retrace.checks.regression.tables import Bracket, Compared, Missing
from retrace.matrices.rounding_box import NoMatrixError
from retrace.printed.numbers import Printed
from retrace.printed.reported import INTERVAL, belongs_to_b
from retrace.printed.verdicts import CONTRADICTED, NOT_CHECKABLE, verdict

# In place of `p`: a printed p that fits one-sided, and two-sided does not.
ONE_SIDED_P = "p_one_sided"
# What no correlation says anything of.
ORDER = "durbin_watson"


class Comparison(NamedTuple):
    """A model's printed numbers beside what its correlations imply.

    Attributes
    ----------
    compared : list of Compared
        In the order of `PrintedModel.reports`.
    missing : list of Missing
        The input that each number without a verdict lacks.
    brackets : list of Bracket
        Every recomputed statistic.
    possible : bool
        False where it is proven that no data have correlations that print like the table.
    """

    compared: list[Compared]
    missing: list[Missing]
    brackets: list[Bracket]
    possible: bool


def fits_one_sided(printed: Printed, p: Recomputed) -> bool:
    """Whether a printed p contradicts a two-sided test and not the test on the side of t."""
    half = p.through(lambda value: value / 2)
    return (
        verdict(printed, p.value, *p.safe) == CONTRADICTED
        and verdict(printed, half.value, *half.safe) != CONTRADICTED
    )


def missing_input(model: PrintedModel, term: str, statistic: str) -> str:
    """What a printed statistic would need and the paper does not print; empty if nothing."""
    if statistic == ORDER:
        return "residuals in the order of the observations"
    if model.hangs_on_errors(statistic):
        what = "estimates" if model.errors == "weighted" else "standard errors"
        return f"data: {model.errors} {what} do not follow from correlations or R2"
    if model.missing_correlations and not model.incomplete:
        return "; ".join(model.missing_correlations)
    if term == model.constant:
        return "; ".join(model.missing_moments)
    raw = statistic == "b" or (statistic in INTERVAL and belongs_to_b(model.reported[term]))
    if raw and model.sd_ratio(term) is None:
        return f"standard deviations of {term} and {model.outcome}"
    return ""


def judge_numbers(
    model: PrintedModel, level: float = LEVEL, aside: Sequence[Missing] = ()
) -> Comparison:
    """Judge every printed number of a model by what its correlations imply.

    p is two-sided; where only the one-sided test fits a printed p, its statistic is `ONE_SIDED_P`
    and it is compared with that. A printed b without printed standard deviations can be
    contradicted by its sign alone. `se` and the confidence limits belong to b, unless the paper
    prints beta and no b. The constant is compared where all means and standard deviations are
    printed. `aside` names what is printed and impossible by itself, and so no part of the model:
    it is not checkable.

    Where pairs are missing, bounds are those over every matrix that completes the printed
    correlations; what they leave entirely open is not checkable.

    Without data that have the correlations as printed, recomputed is missing and nothing is
    `reproduced`; where it is proven that none round to them, every number is contradicted, and
    where neither such a matrix nor the proof was found, none can be checked.
    """
    implied, possible, unfound = _implied(model, level)
    if model.correction and implied:
        implied |= _corrected(model, implied)
    compared, missing = [], []
    for term, statistic, printed in model.reports():
        lacks = missing_input(model, term, statistic) or unfound
        if not lacks and possible and model.incomplete:
            lacks = _left_open(model, statistic, implied.get((term, statistic)))
        if not possible and statistic != ORDER:
            row = Compared(model.name, term, statistic, printed.text, *_NOTHING, CONTRADICTED)
        elif not lacks:
            row = _compared(model.name, term, statistic, printed, implied[term, statistic])
        elif _sign_impossible(model, term, statistic, printed, implied):
            row = Compared(model.name, term, statistic, printed.text, *_NOTHING, CONTRADICTED)
        else:
            row = Compared(model.name, term, statistic, printed.text, *_NOTHING, NOT_CHECKABLE)
            missing.append(Missing(model.name, term, statistic, printed.text, lacks))
        compared.append(row)
    compared += [Compared(*each[:4], *_NOTHING, NOT_CHECKABLE) for each in aside]
    missing += aside
    brackets = [
        Bracket._make(
            (model.name, term, statistic, found.value, *found.tight, *found.safe, found.value)
        )
        for (term, statistic), found in implied.items()
    ]
    return Comparison(compared, missing, brackets, possible)


_NOTHING = (np.nan, np.nan, np.nan)
# All that a statistic can be, where that is not every number.
_ANY = {
    **dict.fromkeys(("p", "tolerance", "r2", "f_p"), (0.0, 1.0)),
    **dict.fromkeys(("se", "beta_se", "f"), (0.0, np.inf)),
    "vif": (1.0, np.inf),
    "adjusted_r2": (-np.inf, 1.0),
}
_UNFOUND = "a matrix that rounds to the table, or the proof that there is none: neither was found"


def _implied(model: PrintedModel, level: float) -> tuple[dict, bool, str]:
    """What the correlations imply, whether data can have them, and what was not found."""
    if model.missing_correlations and not model.incomplete:
        return {}, True, ""
    try:
        return recompute(model, level), True, ""
    except NoMatrixError as error:
        return {}, error.certificate is None, _UNFOUND if error.certificate is None else ""


def _left_open(model: PrintedModel, statistic: str, found: Recomputed | None) -> str:
    """The pairs that are missing where some completion gives a statistic any value that it has."""
    if found is not None:
        least, most = _ANY.get(statistic, (-np.inf, np.inf))
        if statistic == "adjusted_r2":
            least = 1.0 - (model.n - 1) / model.df
        if found.safe[0] > least or found.safe[1] < most:
            return ""
    return model.missing_in_words


def _corrected(model: PrintedModel, implied: dict) -> dict:
    """p of all predictors, corrected as one family."""
    terms = list(model.predictors)
    own = [implied[term, "p"] for term in terms]
    if not own:
        return {}
    tight, safe = (
        corrected_ends(
            [(p.value, *ends) for p, ends in zip(own, both, strict=True)], model.correction
        )
        for both in ([p.tight for p in own], [p.safe for p in own])
    )
    return {
        (term, "p"): Recomputed(face, (least, most), (low, high))
        for term, (face, least, most), (_, low, high) in zip(terms, tight, safe, strict=True)
    }


def _compared(
    name: str, term: str, statistic: str, printed: Printed, found: Recomputed
) -> Compared:
    if statistic == "p" and fits_one_sided(printed, found):
        statistic, found = ONE_SIDED_P, found.through(lambda value: value / 2)
    word = verdict(printed, found.value, *found.safe)
    return Compared(name, term, statistic, printed.text, found.value, *found.safe, word)


def _sign_impossible(
    model: PrintedModel,
    term: str,
    statistic: str,
    printed: Printed,
    implied: Mapping[tuple[str, str], Recomputed],
) -> bool:
    """Whether a printed b of a predictor has the sign that its beta cannot have."""
    if statistic != "b" or term == model.constant or not implied or model.errors == "weighted":
        return False
    (low, high), beta = printed.interval, implied[term, "beta"]
    return (low > 0.0 and beta.safe[1] < 0.0) or (high < 0.0 and beta.safe[0] > 0.0)
