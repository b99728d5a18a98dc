"""Effects of several coefficients, tested from what a paper prints of them and of its moments.

From a table: coefficients with their errors, or their t or p. From correlations: coefficients and
errors over every matrix that prints alike. Both with the correlation of two estimates that the
correlations of the predictors give, which is the negative of their partial correlation; where no
data have these, it may be anything from -1 to 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from retrace.checks.regression.printed_model import PrintedModel
from retrace.checks.regression.recomputed import recompute
from retrace.checks.shared.coefficients import (
    ANY_CORRELATION,
    UNKNOWN,
    Correlations,
    printed_coefficient,
)
from retrace.checks.shared.effects import (
    Coefficient,
    EstimatedEffect,
    Place,
    Ranged,
    estimate_effect,
)
from retrace.decisions import GROUPS, SLOPE, EffectHypothesis, PrintedCorrelation
from retrace.printed.listing import pairs_in_words


class NoEffectError(ValueError):
    """Why what is printed does not give an effect."""


class Tested(NamedTuple):
    """An effect and the degrees of freedom of its test; infinite for the normal distribution."""

    effect: EstimatedEffect
    df: float


def fisher_difference(correlations: Sequence[PrintedCorrelation]) -> Tested:
    """The difference of the correlations of two samples, by Fisher's (1921) z.

    z = (atanh r - atanh r') / sqrt(1 / (n - 3) + 1 / (n' - 3)); over all that prints alike.

    Raises
    ------
    NoEffectError
        If one is not printed, or of fewer than four observations.
    """
    ends, variances, faces = [], [], []
    for sample, cell, (least, most) in correlations:
        if cell is None:
            raise NoEffectError(f"not printed: the correlation in {sample}")
        if least < 4:
            raise NoEffectError(f"the correlation in {sample} may be of {least} observations")
        r = [min(max(end, -1.0), 1.0) for end in (cell.value, *cell.interval)]
        with np.errstate(divide="ignore"):
            ends.append(Ranged(*np.arctanh(r).tolist()))
        variances.append(Ranged(1.0 / (most - 3), 1.0 / (most - 3), 1.0 / (least - 3)))
        faces.append(Ranged.of(cell))
    difference = ends[0].plus(ends[1].scaled(-1.0))
    se = variances[0].plus(variances[1]).root
    estimate = faces[0].plus(faces[1].scaled(-1.0))
    how = "Fisher's z of independent samples"
    return Tested(EstimatedEffect(estimate, se, difference.over(se), how), math.inf)


class Effects:
    """Tests of effects over the models of a study, each computed once.

    Parameters
    ----------
    models : mapping
        All models of the study, by name.
    """

    def __init__(self, models: Mapping[str, PrintedModel]):
        self.models = models
        self._implied = cache(lambda name: recompute(models[name]))
        self._correlations = Correlations(models)

    def printed(self, hypothesis: EffectHypothesis) -> Tested:
        """From the printed coefficients.

        Raises
        ------
        NoEffectError
        """
        if hypothesis.correlations:
            return fisher_difference(hypothesis.correlations)
        return self._by(hypothesis, self._printed_coefficient)

    def recomputed(self, hypothesis: EffectHypothesis) -> Tested:
        """From the printed correlations.

        Raises
        ------
        NoEffectError
        """
        if hypothesis.correlations:
            raise NoEffectError("correlations are printed, and follow from nothing else")
        return self._by(hypothesis, self._implied_coefficient)

    def _by(
        self,
        hypothesis: EffectHypothesis,
        coefficient: Callable[[EffectHypothesis, Place, str], Coefficient],
    ) -> Tested:
        """The test by coefficients that one of two functions finds."""
        if not hypothesis.products:
            raise NoEffectError(f"no printed regressions have the paths of {hypothesis.about}")
        unit = self._unit(hypothesis)
        found = {each: coefficient(hypothesis, each, unit) for each in hypothesis.coefficients}
        return self._tested(hypothesis, found)

    def _printed_coefficient(
        self, hypothesis: EffectHypothesis, place: Place, unit: str
    ) -> Coefficient:
        """A printed coefficient, if it says enough for the test."""
        model, term = place
        row = self.models[model].reported.get(term, {})
        own = printed_coefficient(row, unit, self.models[model].test_dfs)
        single = len(hypothesis.products) == 1
        if any(each is UNKNOWN for each in ((own.t,) if single else (own.estimate, own.se))):
            what = "sign and t, error or p" if single else f"{unit} with its error, t or p"
            raise NoEffectError(f"not printed of {term} in {model}: {what}")
        return own

    def _implied_coefficient(self, _: EffectHypothesis, place: Place, unit: str) -> Coefficient:
        """A coefficient that the printed correlations imply."""
        model, term = place
        if why := self.models[model].missing_correlations:
            raise NoEffectError(f"model {model}: not printed: {'; '.join(why)}")
        implied = self._implied(model)
        if (term, unit) not in implied:
            raise NoEffectError(f"standard deviations of {term} or its outcome are not printed")
        own = [implied[term, name] for name in (unit, "beta_se", "t")]
        estimate, se, t = (Ranged(each.value, *each.safe) for each in own)
        ratio = self.models[model].sd_ratio(term)
        if unit == "b" and ratio is not None:
            se = se.times(Ranged(*ratio))
        return Coefficient(estimate, se, t)

    def _unit(self, hypothesis: EffectHypothesis) -> str:
        """Whether the effect is of raw or of standardised coefficients.

        As the paper prints all of them; a slope at a value of a moderator is of raw ones alone.
        """
        if hypothesis.kind == SLOPE or any(abs(each.factor) != 1.0 for each in hypothesis.products):
            return "b"
        rows = [self.models[m].reported.get(term, {}) for m, term in hypothesis.coefficients]
        return "b" if all("b" in row for row in rows) else "beta"

    def _tested(self, hypothesis: EffectHypothesis, found: Mapping[Place, Coefficient]) -> Tested:
        unknown = []

        def correlation(one: Place, other: Place) -> Ranged:
            between = self.correlation(one, other)
            if between == ANY_CORRELATION:
                unknown.append((one[1], other[1]))
            return between

        effect = estimate_effect(hypothesis.products, found, correlation)
        if unknown and len(hypothesis.products) > 1:
            pairs = pairs_in_words(unknown, 1)
            how = f"{effect.how}, with any correlation of the estimates of {pairs}"
            effect = effect._replace(how=how)
        if hypothesis.kind == GROUPS:
            effect = effect._replace(how=f"z of independent samples, {effect.how}")
        models = {model for model, _ in found}
        straight = all(len(each.coefficients) == 1 for each in hypothesis.products)
        one = self.models[models.pop()] if straight and len(models) == 1 else None
        return Tested(effect, one.test_df if one else math.inf)

    def correlation(self, one: Place, other: Place) -> Ranged:
        """Of the estimates of two coefficients; none of two models."""
        if one[0] != other[0]:
            return Ranged(0.0, 0.0, 0.0)
        return self._correlations.of(one[0], one[1], other[1])
