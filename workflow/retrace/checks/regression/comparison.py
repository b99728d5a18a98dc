"""Printed against recomputed: one verdict a printed number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retrace.checks.regression.intervals import Recomputed
from retrace.checks.regression.printed_model import PrintedModel
from retrace.checks.regression.recomputed import LEVEL, recompute
from retrace.matrices.rounding_box import NoMatrixError
from retrace.printed.numbers import Printed
from retrace.printed.reported import INTERVAL, belongs_to_b

REPRODUCED = "reproduced"
WITHIN_ROUNDING = "within rounding"
CONTRADICTED = "contradicted"
NOT_CHECKABLE = "not checkable"
# In place of `p`: a printed p that fits one-sided, and two-sided does not.
ONE_SIDED_P = "p_one_sided"
VERDICTS = (REPRODUCED, WITHIN_ROUNDING, CONTRADICTED, NOT_CHECKABLE)

COMPARISON_COLUMNS = (
    "model",
    "term",
    "statistic",
    "printed",
    "recomputed",
    "low",
    "high",
    "verdict",
)
MISSING_COLUMNS = ("model", "term", "statistic", "printed", "missing")
ENVELOPE_COLUMNS = (
    "model",
    "term",
    "statistic",
    "recomputed",
    "tight_low",
    "tight_high",
    "safe_low",
    "safe_high",
)


def verdict(printed: Printed, recomputed: float, low: float, high: float) -> str:
    """The verdict on a printed number, given its recomputed value and safe envelope."""
    if printed.admits(recomputed):
        return REPRODUCED
    return WITHIN_ROUNDING if printed.meets(low, high) else CONTRADICTED


def fits_one_sided(printed: Printed, p: Recomputed) -> bool:
    """Whether a printed p contradicts a two-sided test and not the test on the side of t."""
    half = p.through(lambda value: value / 2)
    return (
        verdict(printed, p.value, *p.safe) == CONTRADICTED
        and verdict(printed, half.value, *half.safe) != CONTRADICTED
    )


def missing_input(model: PrintedModel, term: str, statistic: str) -> str:
    """What a printed statistic would need and the paper does not print; empty if nothing."""
    if statistic == "durbin_watson":
        return "residuals in the order of the observations"
    if model.missing_correlations:
        return "; ".join(model.missing_correlations)
    if term == model.constant:
        return "; ".join(model.missing_moments)
    raw = statistic == "b" or (statistic in INTERVAL and belongs_to_b(model.reported[term]))
    if raw and model.sd_ratio(term) is None:
        return f"standard deviations of {term} and {model.outcome}"
    return ""


def compare(model: PrintedModel, level: float = LEVEL, aside: Sequence[tuple] = ()):
    """Compare every printed number of a model with what its correlations imply.

    p is two-sided; where only the one-sided test fits a printed p, its statistic is `ONE_SIDED_P`
    and it is compared with that. A printed b without printed standard deviations can be
    contradicted by its sign alone. `se` and the confidence limits belong to b, unless the paper
    prints beta and no b. The constant is compared where all means and standard deviations are
    printed. `aside` has rows of `MISSING_COLUMNS` for what is printed and impossible by itself,
    and so no part of the model: it is not checkable.

    Returns
    -------
    comparison, missing, envelopes : pandas.DataFrame
        Columns `COMPARISON_COLUMNS` (low and high are the safe envelope), `MISSING_COLUMNS` (the
        input that each number without a verdict lacks) and `ENVELOPE_COLUMNS`. Without data that
        have the correlations as printed, recomputed is missing and nothing is `reproduced`.

    Raises
    ------
    NoMatrixError
        If no matrix was found that prints like the table, nor a proof that there is none; with
        the proof every number is contradicted.
    """
    import pandas as pd

    implied: dict[tuple[str, str], Recomputed] = {}
    possible = True
    if not model.missing_correlations:
        try:
            implied = recompute(model, level)
        except NoMatrixError as error:
            if error.certificate is None:
                raise
            possible = False
    rows, missing = [], []
    for term, statistic, printed in model.reports():
        lacks = missing_input(model, term, statistic)
        value = low = high = np.nan
        if not possible and statistic != "durbin_watson":
            word = CONTRADICTED
        elif lacks:
            word = NOT_CHECKABLE
            slope = statistic == "b" and term != model.constant
            if slope and implied and _sign_impossible(printed, implied[term, "beta"]):
                word = CONTRADICTED
            else:
                missing.append((model.name, term, statistic, printed.text, lacks))
        else:
            found = implied[term, statistic]
            if statistic == "p" and fits_one_sided(printed, found):
                statistic, found = ONE_SIDED_P, found.through(lambda value: value / 2)
            value, (low, high) = found.value, found.safe
            word = verdict(printed, value, low, high)
        rows.append((model.name, term, statistic, printed.text, value, low, high, word))
    rows += [(*row[:4], np.nan, np.nan, np.nan, NOT_CHECKABLE) for row in aside]
    missing += aside
    brackets = [
        (model.name, term, statistic, found.value, *found.tight, *found.safe)
        for (term, statistic), found in implied.items()
    ]
    return (
        pd.DataFrame(rows, columns=list(COMPARISON_COLUMNS)),
        pd.DataFrame(missing, columns=list(MISSING_COLUMNS)),
        pd.DataFrame(brackets, columns=list(ENVELOPE_COLUMNS)),
    )


def _sign_impossible(printed: Printed, beta: Recomputed) -> bool:
    low, high = printed.interval
    return (low > 0.0 and beta.safe[1] < 0.0) or (high < 0.0 and beta.safe[0] > 0.0)
