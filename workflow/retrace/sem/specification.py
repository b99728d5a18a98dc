"""From a model's syntax to its parameters, with the defaults of lavaan's `sem()`.

The defaults (Rosseel 2012): the first indicator's loading is fixed to 1, or with `std_lv` the
factor's variance; every variable but the exogenous observed ones has a free (residual) variance;
exogenous factors covary; so do variables that are only outcomes; the error variance of a single
indicator is fixed to 0 unless the model says otherwise. Exogenous observed variables keep their
sample variances and covariances (`fixed_x`) unless the model writes one of these itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

from retrace.sem.syntax import Constraint, Definition, ModelSyntax, Term, parse_model

FREE, FIXED, SAMPLE = "free", "fixed", "sample"


@dataclass(frozen=True)
class Parameter:
    """One parameter of a model.

    Attributes
    ----------
    lhs, op, rhs : str
        The relation; `op` is `=~`, `~` or `~~`.
    state : str
        `free`; `fixed` at `value`; or `sample`, fixed at the sample's (co)variance.
    value : float
        The fixed value; 0 for others.
    label : str
        Its label, or empty.
    start : float or None
        Starting value the model gives.
    written : bool
        Whether the model writes it, or the defaults added it.
    """

    lhs: str
    op: str
    rhs: str
    state: str = FREE
    value: float = 0.0
    label: str = ""
    start: float | None = None
    written: bool = True

    @property
    def is_variance(self) -> bool:
        """Whether it is a (residual) variance."""
        return self.op == "~~" and self.lhs == self.rhs

    @property
    def place(self) -> tuple[str, str, str]:
        """What it stands for, however written: `f =~ x` and `x ~ f` are the same effect."""
        if self.op == "~~":
            first, second = sorted((self.lhs, self.rhs))
            return "~~", first, second
        return ("~", self.lhs, self.rhs) if self.op == "~" else ("~", self.rhs, self.lhs)

    @property
    def name(self) -> str:
        """`lhs op rhs`, without blanks."""
        return f"{self.lhs}{self.op}{self.rhs}"


@dataclass(frozen=True)
class Specification:
    """A model's variables and parameters.

    Attributes
    ----------
    observed, latent : tuple of str
        Variables in order of appearance.
    exogenous : tuple of str
        Observed variables whose (co)variances are the sample's.
    parameters : tuple of Parameter
        As written, then those that the defaults add.
    definitions, constraints
        As parsed.
    """

    observed: tuple[str, ...]
    latent: tuple[str, ...]
    exogenous: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    definitions: tuple[Definition, ...] = ()
    constraints: tuple[Constraint, ...] = ()

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """Variables that something in the model explains: indicators and regressed ones."""
        explained = {p.rhs for p in self.parameters if p.op == "=~"}
        explained |= {p.lhs for p in self.parameters if p.op == "~"}
        return tuple(name for name in (*self.observed, *self.latent) if name in explained)


def specify(
    model: str | ModelSyntax,
    *,
    std_lv: bool = False,
    fixed_x: bool = True,
    orthogonal: bool = False,
) -> Specification:
    """Complete a model by the defaults.

    Parameters
    ----------
    model : str or ModelSyntax
        The model.
    std_lv : bool
        Scale factors by a variance of 1 instead of a first loading of 1.
    fixed_x : bool
        Keep exogenous observed variables at their sample (co)variances.
    orthogonal : bool
        Do not add covariances between factors.

    Raises
    ------
    ModelSyntaxError
        For a model that cannot be read, or that contradicts itself; with line and column.
    """
    syntax = parse_model(model) if isinstance(model, str) else model
    roles = _Roles(syntax.terms, fixed_x)
    parameters = {(t.lhs, t.op, t.rhs): _from_term(t) for t in syntax.terms}
    _check_places(syntax.terms, parameters)
    known = {p.place for p in parameters.values()}
    for added in roles.defaults(orthogonal):
        if added.place not in known:
            parameters[(added.lhs, added.op, added.rhs)] = added
    _scale(parameters, syntax.terms, std_lv)
    _fix_single_indicators(parameters, roles)
    parameters = _share_fixed_labels(parameters, syntax.terms)
    _check_labels(syntax, parameters.values())
    return Specification(
        tuple(roles.observed),
        tuple(roles.latent),
        tuple(roles.exogenous),
        tuple(parameters.values()),
        syntax.definitions,
        syntax.constraints,
    )


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


class _Roles:
    """Which part each variable plays in a model."""

    def __init__(self, terms: tuple[Term, ...], fixed_x: bool):
        loadings = [t for t in terms if t.op == "=~"]
        regressions = [t for t in terms if t.op == "~"]
        self.latent = _unique(t.lhs for t in loadings)
        self.indicators = _unique(t.rhs for t in loadings)
        self.regressed = _unique(t.lhs for t in regressions)
        self.predictors = _unique(t.rhs for t in regressions)
        # Order: indicators, outcomes, predictors, then what only covaries.
        others = [name for t in terms if t.op == "~~" for name in (t.lhs, t.rhs)]
        named = [*self.indicators, *self.regressed, *self.predictors, *others]
        self.observed = [name for name in _unique(named) if name not in self.latent]
        self.loadings = loadings
        endogenous = {*self.indicators, *self.regressed}
        covarying = {name for t in terms if t.op == "~~" for name in (t.lhs, t.rhs)}
        source = [n for n in self.predictors if n in self.observed and n not in endogenous]
        self.random_x = [n for n in source if n in covarying or not fixed_x]
        self.exogenous = [n for n in source if n not in self.random_x]
        self.fixed_x = fixed_x

    def defaults(self, orthogonal: bool) -> list[Parameter]:
        """The parameters that are there unless the model says otherwise."""

        def covariance(a: str, b: str, state: str = FREE) -> Parameter:
            return Parameter(a, "~~", b, state=state, written=False)

        random = [n for n in self.observed if n not in self.exogenous]
        added = [covariance(n, n) for n in (*random, *self.latent)]
        endogenous = {*self.indicators, *self.regressed}
        if not orthogonal:
            exogenous_factors = [n for n in self.latent if n not in endogenous]
            added += [covariance(a, b) for a, b in combinations(exogenous_factors, 2)]
        only_outcomes = [
            name
            for name in (*self.latent, *self.observed)
            if name in self.regressed
            and name not in self.predictors
            and name not in self.indicators
        ]
        for a, b in combinations(only_outcomes, 2):
            if not (orthogonal and a in self.latent and b in self.latent):
                added.append(covariance(a, b))
        if not self.fixed_x:
            added += [covariance(a, b) for a, b in combinations(self.random_x, 2)]
        added += [covariance(n, n, SAMPLE) for n in self.exogenous]
        added += [covariance(a, b, SAMPLE) for a, b in combinations(self.exogenous, 2)]
        return added


def _from_term(term: Term) -> Parameter:
    if term.fixed is not None and term.freed:
        raise term.where.error(f"`{term.rhs}` is both fixed at {term.fixed:g} and freed by NA")
    parameter = Parameter(term.lhs, term.op, term.rhs, label=term.label, start=term.start)
    if term.fixed is None:
        return parameter
    if term.start is not None:
        raise term.where.error(f"`{term.rhs}` is fixed at {term.fixed:g}; start() has no meaning")
    return replace(parameter, state=FIXED, value=term.fixed)


def _check_places(terms: Iterable[Term], parameters: dict[tuple[str, str, str], Parameter]) -> None:
    """No effect is written twice, as a loading and as a regression."""
    first: dict[tuple[str, str, str], Parameter] = {}
    for term in terms:
        parameter = parameters[term.lhs, term.op, term.rhs]
        other = first.setdefault(parameter.place, parameter)
        if other is not parameter:
            raise term.where.error(
                f"`{term.lhs} {term.op} {term.rhs}` and `{other.lhs} {other.op} {other.rhs}` are "
                "the same effect, written twice"
            )


def _scale(
    parameters: dict[tuple[str, str, str], Parameter], terms: tuple[Term, ...], std_lv: bool
) -> None:
    """Give every factor its scale, where the model does not give it by NA or a number itself."""
    seen: set[str] = set()
    for term in terms:
        if term.op != "=~" or term.lhs in seen:
            continue
        seen.add(term.lhs)
        if std_lv:
            key = (term.lhs, "~~", term.lhs)
            if not parameters[key].written:
                parameters[key] = replace(parameters[key], state=FIXED, value=1.0)
        elif term.fixed is None and not term.freed:
            if term.start is not None:
                raise term.where.error(
                    f"`{term.rhs}` is the first indicator of `{term.lhs}`, whose loading is fixed "
                    "to 1; free it with NA* before it can start elsewhere"
                )
            key = (term.lhs, "=~", term.rhs)
            parameters[key] = replace(parameters[key], state=FIXED, value=1.0)


def _fix_single_indicators(
    parameters: dict[tuple[str, str, str], Parameter], roles: _Roles
) -> None:
    """A factor's only indicator measures it without error, unless the model says otherwise."""
    measured = [t.rhs for t in roles.loadings]
    by_factor: dict[str, list[str]] = {}
    for term in roles.loadings:
        by_factor.setdefault(term.lhs, []).append(term.rhs)
    for indicators in by_factor.values():
        key = (indicators[0], "~~", indicators[0])
        if len(indicators) == 1 and measured.count(indicators[0]) == 1:
            variance = parameters.get(key)
            if variance is not None and not variance.written:
                parameters[key] = replace(variance, state=FIXED, value=0.0)


def _share_fixed_labels(
    parameters: dict[tuple[str, str, str], Parameter], terms: tuple[Term, ...]
) -> dict[tuple[str, str, str], Parameter]:
    """What shares its label with a fixed parameter is fixed at the same value."""
    fixed: dict[str, float] = {}
    where = {(t.lhs, t.op, t.rhs): t.where for t in terms}
    for key, parameter in parameters.items():
        if parameter.label and parameter.state == FIXED:
            value = fixed.setdefault(parameter.label, parameter.value)
            if value != parameter.value:
                raise where[key].error(
                    f"label `{parameter.label}` makes parameters equal that are fixed at "
                    f"{value:g} and {parameter.value:g}"
                )
    return {
        key: replace(p, state=FIXED, value=fixed[p.label])
        if p.label in fixed and p.state == FREE
        else p
        for key, p in parameters.items()
    }


def _check_labels(syntax: ModelSyntax, parameters: Iterable[Parameter]) -> None:
    """Every label that an expression uses exists, and definitions use earlier ones only."""
    known = {p.label for p in parameters if p.label}
    for definition in syntax.definitions:
        if definition.name in known:
            raise definition.where.error(f"`{definition.name}` is already the label of a parameter")
        if not definition.expression.labels():
            raise definition.where.error(f"`{definition.name}` uses no label")
        for token in definition.expression.labels():
            if token.text not in known:
                raise token.error(
                    f"label `{token.text}` is not given to any parameter or earlier definition"
                )
        known.add(definition.name)
    for constraint in syntax.constraints:
        for token in (*constraint.left.labels(), *constraint.right.labels()):
            if token.text not in known:
                raise token.error(
                    f"label `{token.text}` is given neither to a parameter nor by `:=`"
                )
