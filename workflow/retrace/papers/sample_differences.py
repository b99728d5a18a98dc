"""Hypotheses about two samples of a paper: what one of them has more of than the other.

Such a hypothesis is one of the first of the two samples, whose record holds the other beside it.
Its effect is that of the first sample less that of the second, coefficient by coefficient.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from retrace.decisions import CORRELATIONS, GROUPS
from retrace.papers.hypotheses import (
    HypothesisError,
    Place,
    direction_of,
    find_in_models,
    reported_of,
)
from retrace.papers.reading import Folder
from retrace.papers.samples import Sample
from retrace.papers.schema import HypothesisEntry
from retrace.papers.study import EffectHypothesis, Product, Study, in_sample
from retrace.untrusted.nearest import did_you_mean


def compare_samples(
    folder: Folder, samples: Sequence[Sample], studies: Mapping[str, Study], place: Place
) -> dict[str, Study]:
    """The studies of a paper's samples, each with what it is said to have more of than another.

    Parameters
    ----------
    folder : Folder
        Where problems are noted.
    samples : sequence of Sample
    studies : mapping
        Those of samples without a problem, by name.
    place : callable
        What names a field of the description by its path.
    """
    found, seen = dict(studies), set()
    by_name = {sample.name: sample for sample in samples}
    for sample in samples:
        for name, stated in sample.entry.hypotheses.items():
            where = sample.place(place)("study", "hypotheses", name, "between")
            # What all samples share is said once.
            if stated.between is None or where in seen:
                continue
            seen.add(where)
            try:
                _add(found, _pair(stated, by_name), name, stated)
            except HypothesisError as error:
                folder.problem("paper.yaml", where, str(error))
    return found


def _pair(stated: HypothesisEntry, by_name: Mapping[str, Sample]) -> tuple[Sample, Sample]:
    """The two samples that a hypothesis is about."""
    one, other = stated.between or ("", "")
    for name in (one, other):
        if name not in by_name or not name:
            there = ", ".join(filter(None, by_name)) or "none"
            like = did_you_mean(name, by_name)
            raise HypothesisError(f"there is no sample {name!r}; there are {there}{like}")
    if one == other:
        raise HypothesisError(f"{one!r} less itself")
    return by_name[one], by_name[other]


def _add(
    studies: dict[str, Study], pair: tuple[Sample, Sample], name: str, stated: HypothesisEntry
) -> None:
    """Add a hypothesis to the study of the first sample, and the second's study beside it."""
    if any(sample.name not in studies for sample in pair):
        return  # what is wrong with one has been said
    one, other = (studies[sample.name] for sample in pair)
    if name in one.hypotheses or name in one.compounds:
        raise HypothesisError(f"sample {one.sample} has another hypothesis {name!r}")
    hypothesis = _resolve(pair, (one, other), stated)
    hypotheses = {**one.hypotheses, name: hypothesis}
    order = [*pair[0].entry.hypotheses, *hypotheses]
    studies[one.sample] = one.model_copy(
        update={
            # Parts of other hypotheses stand under names of their own, after their whole.
            "hypotheses": dict(sorted(hypotheses.items(), key=lambda each: _at(order, each[0]))),
            "compared": {
                **one.compared,
                other.sample: other.model_copy(update={"hypotheses": {}, "compared": {}}),
            },
        }
    )


def _at(order: Sequence[str], name: str) -> int:
    """The place of a hypothesis in the description, or of the one that it is a part of."""
    whole = name.rpartition(" (")[0]
    return order.index(whole if whole in order else name)


def _resolve(
    pair: tuple[Sample, Sample], studies: tuple[Study, Study], stated: HypothesisEntry
) -> EffectHypothesis:
    """The difference of an effect between two samples, found in the models of both."""
    said: dict[str, Any] = {
        "direction": direction_of(stated),
        "reported": reported_of(stated, stated),
        "between": [sample.name for sample in pair],
    }
    less = f"{pair[0].name} less {pair[1].name}"
    found = [
        find_in_models(sample.entry, study.models, study.effects, stated)
        for sample, study in zip(pair, studies, strict=True)
    ]
    words = dict.fromkeys(effect.about for effect in found)
    about = f"{' and '.join(words)}, {less}"
    if found[0].kind == CORRELATIONS:
        said["kind"] = CORRELATIONS
        return EffectHypothesis(**said, about=about, correlation=list(found[0].of))
    products: list[Product] = []
    for sign, sample, effect in zip((1.0, -1.0), pair, found, strict=True):
        if not effect.products:
            message = f"no printed regressions of {sample.name} have the paths of {effect.about}"
            raise HypothesisError(message)
        name = "" if sign > 0 else sample.name
        products += [
            Product(
                factor=sign * each.factor,
                coefficients=[(in_sample(name, model), term) for model, term in each.coefficients],
            )
            for each in effect.products
        ]
    said["kind"] = GROUPS
    return EffectHypothesis(**said, about=about, products=products)
