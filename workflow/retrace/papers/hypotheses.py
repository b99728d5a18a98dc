"""Hypotheses of a study: what they are about, found in its models.

A hypothesis is about one term of a model (`term`, or `product` for the product of variables), or
about an effect that several coefficients have together: the `difference` of two terms, the slope
of a term `at` values of its moderators, an `indirect` or a `total` effect over several models; or
about a `path` of a structural model. All but the last are sums of products of coefficients. What
is said `between` two samples is found here in each of them, and put together by
`retrace.papers.sample_differences`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from retrace.decisions import (
    CORRELATIONS,
    DIFFERENCE,
    INDIRECT,
    PARTLY,
    PATH,
    SLOPE,
    SUPPORTED,
    TOTAL,
)
from retrace.papers.reading import Folder, Place
from retrace.papers.schema import EffectEntry, HypothesisEntry, StudyEntry
from retrace.papers.study import (
    CompoundHypothesis,
    EffectHypothesis,
    Hypothesis,
    Model,
    PrintedEffect,
    Product,
    find_effect,
)
from retrace.printed.listing import listed
from retrace.untrusted.nearest import did_you_mean

Resolved = Hypothesis | EffectHypothesis

# Keys that say what a hypothesis is about.
ABOUT = ("term", "product", "difference", "indirect", "total", "path", "correlation")
# Keys that go with one of these alone.
BESIDE = {"at": ("term",), "alternative": ("path",), "models": ("indirect", "total")}
# What is in no one model.
WITHOUT_MODEL = ("indirect", "total", "path", "correlation")
# Ways from one variable to another that an effect is the sum of.
MOST_WAYS = 64


class HypothesisError(ValueError):
    """What is wrong with one hypothesis; `key` is the key to which it belongs, or empty."""

    def __init__(self, message: str, key: str = ""):
        super().__init__(message)
        self.key = key


class Effect(NamedTuple):
    """What a hypothesis is about, whatever is said of it; a term alone has no kind."""

    kind: str
    about: str
    products: list[Product]
    alternative: str = ""
    parameter: str = ""
    of: Sequence[str] = ()


def undeclared(name: str, entry: StudyEntry, more: str = "") -> str:
    """What is said of a name that is no construct of the study, with the one that it is like."""
    return f"construct {name!r} is not declared{more}{did_you_mean(name, entry.constructs)}"


def resolve_hypotheses(
    folder: Folder,
    entry: StudyEntry,
    models: Mapping[str, Model],
    effects: Sequence[PrintedEffect],
    place: Place,
) -> tuple[dict[str, Resolved], dict[str, CompoundHypothesis]]:
    """The hypotheses of a study with the models that test them; problems are noted in `folder`.

    An indirect or a total effect may also be a row of a table of effects alone.

    Returns
    -------
    hypotheses : dict
        By name; parts of a hypothesis are `H1 (1)`, `H1 (2)`, ...
    compounds : dict
        Of those of several parts, by name.
    """
    resolved: dict[str, Resolved] = {}
    compounds: dict[str, CompoundHypothesis] = {}
    finder = _Finder(entry, models, effects)
    for name, hypothesis in entry.hypotheses.items():
        if hypothesis.between is not None and not hypothesis.parts:
            continue  # it is of two samples
        parts = _parts(name, hypothesis)
        for own, part, at in parts:
            where = ("study", "hypotheses", name, *at)
            try:
                reported = reported_of(hypothesis, part)
                if own in resolved or (at and own in entry.hypotheses):
                    raise HypothesisError(f"{own!r} is the name of another hypothesis")
                resolved[own] = finder.resolve(_completed(hypothesis, part), reported)
            except HypothesisError as error:
                key = (error.key,) if error.key else ()
                folder.problem("paper.yaml", place(*where, *key), str(error))
        if hypothesis.parts:
            names = [own for own, *_ in parts]
            compounds[name] = CompoundHypothesis(parts=names, reported=hypothesis.reported)
            if problem := _unlike_its_parts(compounds[name], resolved):
                folder.problem("paper.yaml", place("study", "hypotheses", name), problem)
    return resolved, compounds


def _parts(name: str, hypothesis: HypothesisEntry) -> list[tuple[str, EffectEntry, tuple]]:
    """Each part with its name and its place in the entry; a hypothesis without is its own."""
    if not hypothesis.parts:
        return [(name, hypothesis, ())]
    numbered = enumerate(hypothesis.parts)
    return [(f"{name} ({k + 1})", part, ("parts", k)) for k, part in numbered]


def _completed(hypothesis: HypothesisEntry, part: EffectEntry) -> EffectEntry:
    """A part with what its whole says, where it says nothing itself."""
    if part is hypothesis:
        return part
    if part.between or hypothesis.between:
        raise HypothesisError(
            "parts are of one sample; what is between two is a hypothesis of its own", "between"
        )
    given = [key for key in ABOUT if getattr(hypothesis, key) is not None]
    if given or hypothesis.at:
        raise HypothesisError(f"has parts, and {given[0] if given else 'at'!r} beside them")
    common = {
        key: getattr(part, key) or getattr(hypothesis, key)
        for key in ("direction", "model", "alternative")
    }
    return part.model_copy(update=common)


def reported_of(hypothesis: HypothesisEntry, part: EffectEntry) -> str:
    """What the paper reports of a part, or of a hypothesis that has none."""
    own = str(getattr(part, "reported", None) or hypothesis.reported)
    if own == PARTLY:
        raise HypothesisError(
            "partly supported: say what it has under `parts:`, and of each of them `reported:`"
        )
    return own


def _unlike_its_parts(whole: CompoundHypothesis, resolved: Mapping[str, Resolved]) -> str:
    """Why what is reported of a hypothesis is not what is reported of its parts; else empty."""
    known = [resolved[part].reported for part in whole.parts if part in resolved]
    if len(known) < len(whole.parts):
        return ""
    counted = sum(word == SUPPORTED for word in known)
    fits = {0: whole.reported == "not supported", len(known): whole.reported == SUPPORTED}
    if fits.get(counted, whole.reported == PARTLY):
        return ""
    return f"reported {whole.reported!r}, and {counted} of its {len(known)} parts supported"


def find_in_models(
    entry: StudyEntry,
    models: Mapping[str, Model],
    effects: Sequence[PrintedEffect],
    stated: EffectEntry,
) -> Effect:
    """What a hypothesis is about in the models of one sample.

    Raises
    ------
    HypothesisError
    """
    return _Finder(entry, models, effects).find(stated)


def direction_of(stated: EffectEntry) -> str:
    """The direction of a hypothesis, which it has to have."""
    if stated.direction is None:
        raise HypothesisError("missing; it is required", "direction")
    return stated.direction


class _Finder:
    """Finds what hypotheses are about among the models of a study."""

    def __init__(
        self,
        entry: StudyEntry,
        models: Mapping[str, Model],
        effects: Sequence[PrintedEffect],
    ):
        self.entry, self.models, self.effects = entry, models, effects

    def resolve(self, stated: EffectEntry, reported: str) -> Resolved:
        """One hypothesis, or part of one.

        Raises
        ------
        HypothesisError
        """
        effect = self.find(stated)
        said: dict[str, Any] = {"direction": direction_of(stated), "reported": reported}
        if not effect.kind:
            [(model, term)] = effect.products[0].coefficients
            return Hypothesis(term=term, model=model, **said)
        return EffectHypothesis(**effect._asdict(), **said)

    def find(self, stated: EffectEntry) -> Effect:
        """What one is about."""
        key = self._about(stated)
        finders = {
            "term": self._term,
            "product": self._term,
            "difference": self._difference,
            "indirect": self._over_models,
            "total": self._over_models,
            "path": self._path,
            "correlation": self._correlation,
        }
        return finders[key](stated)

    def _correlation(self, stated: EffectEntry) -> Effect:
        if stated.between is None:
            raise HypothesisError("goes with `between: [sample, sample]`", "correlation")
        pair = stated.correlation or []
        for name in pair:
            self._declared(name)
        if pair[0] == pair[1]:
            raise HypothesisError("names a variable twice")
        return Effect(CORRELATIONS, f"correlation of {' and '.join(pair)}", [], of=pair)

    def _about(self, stated: EffectEntry) -> str:
        """The one key that says what a hypothesis is about, with what goes with it alone."""
        given = [key for key in ABOUT if getattr(stated, key) is not None]
        if len(given) != 1:
            found = f"found {' and '.join(given)}" if given else "found none"
            raise HypothesisError(f"is about exactly one of {', '.join(ABOUT)}; {found}")
        for key, among in BESIDE.items():
            if getattr(stated, key) and given[0] not in among:
                raise HypothesisError(f"{key!r} goes with {' or '.join(among)}", key)
        if stated.model is not None and given[0] in WITHOUT_MODEL:
            other = "alternative" if given[0] == "path" else "models"
            raise HypothesisError(f"{given[0]!r} goes with {other!r}, not 'model'", "model")
        direction_of(stated)
        return given[0]

    def _term(self, stated: EffectEntry) -> Effect:
        term = stated.term if stated.product is None else self._product(stated.product)
        assert term is not None
        model = self._model([term], stated.model)
        own = Product(coefficients=[(model, term)])
        if not stated.at:
            return Effect("", term, [own])
        added = []
        for moderator, value in stated.at.items():
            name = self._product([term, moderator])
            if name not in self.models[model].predictors:
                raise HypothesisError(f"model {model!r} has no term {name!r}", "at")
            added.append(Product(factor=value, coefficients=[(model, name)]))
        values = ", ".join(f"{name} = {value:g}" for name, value in stated.at.items())
        return Effect(SLOPE, f"slope of {term} at {values} in {model}", [own, *added])

    def _difference(self, stated: EffectEntry) -> Effect:
        one, other = stated.difference or []
        if one == other:
            raise HypothesisError(f"{one!r} less itself", "difference")
        model = self._model([one, other], stated.model)
        products = [
            Product(factor=factor, coefficients=[(model, term)])
            for factor, term in ((1.0, one), (-1.0, other))
        ]
        return Effect(DIFFERENCE, f"{one} less {other} in {model}", products)

    def _path(self, stated: EffectEntry) -> Effect:
        name, there = stated.alternative, self.entry.alternatives
        if name is None and len(there) == 1:
            [name] = there
        if name is None or name not in there:
            what = "say which `alternative:` it is of" if name is None else f"no {name!r}"
            message = f"{what}; there are {listed(there) or 'none'}{did_you_mean(name, there)}"
            raise HypothesisError(message, "alternative")
        parameter = " ".join(str(stated.path).split())
        return Effect(PATH, f"{parameter} in {name}", [], name, parameter)

    def _over_models(self, stated: EffectEntry) -> Effect:
        stops = stated.indirect or stated.total or []
        for name in stops:
            self._declared(name)
        if len(set(stops)) < len(stops):
            raise HypothesisError("names a variable twice")
        kind = INDIRECT if stated.indirect else TOTAL
        try:
            about, ways = self._ways(stated, stops)
        except HypothesisError:
            if stated.models or find_effect(self.effects, kind, stops) is None:
                raise
            return Effect(kind, f"the {kind} of {stops[0]} on {stops[-1]}", [], of=stops)
        used = {model for way in ways for model, _ in way}
        for name in stated.models:
            if name not in self.models:
                raise HypothesisError(self._no_model(name), "models")
            if name not in used:
                raise HypothesisError(f"model {name!r} has no part in this effect", "models")
        return Effect(kind, about, [Product(coefficients=way) for way in ways], of=stops)

    def _ways(
        self, stated: EffectEntry, stops: Sequence[str]
    ) -> tuple[str, list[list[tuple[str, str]]]]:
        """An effect over models in words, and the ways that it goes."""
        first, *between, last = stops
        if stated.indirect and between:
            ways = [
                [self._step(pair, stated.models) for pair in zip(stops[1:], stops, strict=False)]
            ]
            about = f"{first} on {last} through {', '.join(between)}"
        else:
            ways = list(_Ways(self, stated.models).between(first, last))
            about = f"{first} on {last}, {'by all ways' if stated.total else 'by all mediators'}"
            if stated.indirect:
                ways = [way for way in ways if len(way) > 1]
            if not ways:
                what = "by a mediator " if stated.indirect else ""
                raise HypothesisError(f"no models lead from {first!r} {what}to {last!r}")
        return about, ways

    def _step(self, pair: tuple[str, str], models: Sequence[str]) -> tuple[str, str]:
        """The coefficient of one variable in the model of the next."""
        outcome, term = pair
        able = [
            name
            for name, model in self.models.items()
            if model.outcome == outcome and term in model.predictors
        ]
        chosen = [name for name in able if name in models] or able
        if len(chosen) == 1:
            return chosen[0], term
        if not able:
            raise HypothesisError(f"no model of {outcome!r} has the term {term!r}")
        message = f"say which `models:` it goes by; {outcome} on {term}: {listed(chosen)}"
        raise HypothesisError(message, "models")

    def _declared(self, name: str) -> None:
        if name not in self.entry.constructs:
            raise HypothesisError(undeclared(name, self.entry, " under constructs"))

    def _product(self, factors: Sequence[str]) -> str:
        """The variable that is the product of some."""
        for name in factors:
            self._declared(name)
        for key, construct in self.entry.constructs.items():
            if construct.product is not None and sorted(construct.product) == sorted(factors):
                return key
        what = " and ".join(factors)
        raise HypothesisError(
            f"no construct is the product of {what}; one says it by "
            f"`product: [{', '.join(factors)}]`"
        )

    def _model(self, terms: Sequence[str], stated: str | None) -> str:
        """The model that has some terms: the one that is stated, or the only one."""
        for term in terms:
            self._declared(term)
        named = " and ".join(map(repr, terms))
        able = [m for m, model in self.models.items() if set(terms) <= set(model.predictors)]
        model = stated or (able[0] if len(able) == 1 else None)
        if stated is not None and stated not in self.models:
            raise HypothesisError(self._no_model(stated))
        if not able:
            raise HypothesisError(f"no model has the term {named}")
        if model is None:
            raise HypothesisError(f"say which `model:` tests it: {listed(able)}")
        if model not in able:
            raise HypothesisError(f"model {model!r} has no term {named}")
        return model

    def _no_model(self, name: str) -> str:
        there = listed(self.models)
        return f"there is no model {name!r}; there are {there}{did_you_mean(name, self.models)}"


class _Ways:
    """All ways from one variable to another, over one model an outcome."""

    def __init__(self, finder: _Finder, models: Sequence[str]):
        self.finder, self.models = finder, models
        self.found = 0

    def between(self, first: str, last: str) -> Iterator[list[tuple[str, str]]]:
        """Each way as the coefficients that it multiplies, from the first variable on."""
        for way in self._to(last, first, (last,)):
            self.found += 1
            if self.found > MOST_WAYS:
                raise HypothesisError(f"more than {MOST_WAYS} ways; name them by `indirect:`")
            yield way

    def _to(
        self, outcome: str, first: str, behind: tuple[str, ...]
    ) -> Iterator[list[tuple[str, str]]]:
        model = self._model_of(outcome)
        for term in self.finder.models[model].predictors:
            if term == first:
                yield [(model, term)]
            elif term in behind:
                raise HypothesisError(f"{term} is an effect of itself by these models", "models")
            elif self._leads(term, first, set()):
                for way in self._to(term, first, (*behind, term)):
                    yield [*way, (model, term)]

    def _leads(self, outcome: str, first: str, seen: set[str]) -> bool:
        """Whether any way goes from the first variable to this one."""
        seen.add(outcome)
        model = self._model_of(outcome, needed=False)
        terms = self.finder.models[model].predictors if model else []
        return first in terms or any(
            term not in seen and self._leads(term, first, seen) for term in terms
        )

    def _model_of(self, outcome: str, *, needed: bool = True) -> str:
        able = [name for name, model in self.finder.models.items() if model.outcome == outcome]
        chosen = [name for name in able if name in self.models] if self.models else able
        if len(chosen) == 1:
            return chosen[0]
        if not chosen and not needed:
            return ""
        if not chosen:
            raise HypothesisError(f"no model has the outcome {outcome!r}")
        message = f"say which `models:` it goes by; of {outcome} there are {listed(chosen)}"
        raise HypothesisError(message, "models")
