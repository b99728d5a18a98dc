"""The regressions and hypotheses of a study, from its checked record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from retrace.checks.regression.corrections import DECLARED
from retrace.checks.regression.printed_model import (
    WHOLE_MODEL,
    PrintedModel,
    Sample,
    printed_model,
)
from retrace.checks.regression.tables import Missing
from retrace.decisions import (
    SIGNS,
    EffectHypothesis,
    Hypothesis,
    PrintedCorrelation,
    Product,
    Stated,
    effects_of,
    terms_of,
)
from retrace.papers.study import EffectHypothesis as StudyEffect
from retrace.papers.study import Hypothesis as TermHypothesis
from retrace.papers.study import Lack, Model, NoMatrix, Study, in_sample
from retrace.printed.numbers import Printed


def models_of(study: Study) -> dict[str, PrintedModel]:
    """Every model of a study with the printed numbers that belong to it, by name."""
    described = study.constructs.items()
    means = {name: each.mean for name, each in described if each.mean}
    # No data have a negative deviation: what rests on it is not checkable.
    sds = {name: each.sd for name, each in described if each.sd and each.sd.interval[1] > 0}
    sample = Sample(
        n=study.n,
        correlations={(row, column): cell for row, column, cell in study.correlations},
        means=means,
        sds=sds,
        stand_in={(row, column): value for row, column, value in study.stand_in},
    )
    models, unsigned = {}, _without_sign(study)
    products = frozenset(study.constructs) - set(study.drawn)
    for each in study.regressions:
        model = study.models[each.name]
        without = _no_matrix(study, model)
        rows = _with_signs(each.reported) if each.name in unsigned else each.reported
        own = sample if model.n is None else replace(sample, n=model.n)
        found = printed_model(each.name, each.outcome, each.predictors, own, rows, each.overall)
        models[each.name] = replace(
            found,
            no_matrix=without.why if without else "",
            lack=without.lack if without else None,
            completable=_completable(study, model),
            unprinted=model.unprinted,
            printed_df1=model.df1,
            printed_df=model.df2,
            errors=model.errors,
            level=model.level,
            absolute_t=each.name in unsigned,
            # Of pairwise n, a model without one of its own has fewer, who knows how many.
            n_open=study.pairwise and model.n is None and model.df2 is None,
            correction=DECLARED[model.corrected] if model.corrected else "",
            products=products,
        )
    return models


def _without_sign(study: Study) -> set[str]:
    """Models of tables whose every t is positive, and some coefficient is negative."""
    found = set()
    tables: dict[str, list[str]] = {}
    for name, model in study.models.items():
        tables.setdefault(model.file or name, []).append(name)
    for names in tables.values():
        rows = [row for name in names for row in study.models[name].reported.values()]
        tested = [(row["t"], _coefficient(row)) for row in rows if "t" in row]
        signed = any(t.number.is_signed() for t, _ in tested)
        # `-.0` is negative too.
        if not signed and any(b is not None and b.number.is_signed() for _, b in tested):
            found.update(names)
    return found


def _coefficient(row: Mapping[str, Printed]) -> Printed | None:
    return row.get("b", row.get("beta"))


def _with_signs(reported: Mapping[str, Mapping[str, Printed]]) -> dict[str, dict[str, Printed]]:
    """Rows whose t has the sign of the coefficient; without t where that prints as zero."""
    rows = {}
    for term, row in reported.items():
        own, b = dict(row), _coefficient(row)
        if "t" in row and b is not None:
            if b.number.is_signed():
                own["t"] = replace(row["t"], number=row["t"].number.copy_negate())
            elif b.interval[0] < 0.0:
                del own["t"]
        rows[term] = own
    return rows


def _no_matrix(study: Study, model: Model) -> NoMatrix | None:
    """Why nothing follows from the correlations of a model's variables; None where it does."""
    found = study.no_matrix_of([*model.predictors, model.outcome])
    also = []
    if model.unprinted:
        names = ", ".join(model.unprinted)
        also.append(f"in the model, and their correlations not printed: {names}")
    if model.n is not None and model.n != (study.correlation_n or study.n):
        also.append(f"correlations of the {model.n} observations of the model are not printed")
    elif (n := _other_n(study, model)) is not None:
        of = f"{n} observations, whose correlations are not printed"
        also.append(f"its printed df is that of {of}")
    if not also:
        return found
    few = found is not None and found.lack == Lack.OBSERVATIONS
    why = "; ".join([*([found.why] if found else []), *also])
    return NoMatrix(why, Lack.OBSERVATIONS if few else Lack.PRINT)


def _completable(study: Study, model: Model) -> bool:
    """Whether the printed correlations of a model's variables are those of its own data."""
    return (
        study.of_one_sample([*model.predictors, model.outcome])
        and not model.unprinted
        and model.n in (None, study.correlation_n or study.n)
        and _other_n(study, model) is None
    )


def _other_n(study: Study, model: Model) -> int | None:
    """How many observations a printed df is of, where these are not the study's."""
    df, k = model.df2, model.df1 or len(model.predictors)
    if df is None or model.n is not None or model.unprinted:
        return None
    n = df + 1 if _is_of_all(study, model) else df + k + 1
    return None if n == study.n or df == study.n - 1 else n


def _is_of_all(study: Study, model: Model) -> bool:
    """Whether a model of the table with other predictors prints the same df: the total one."""
    return any(
        other.file == model.file
        and other.df2 == model.df2
        and len(other.predictors) != len(model.predictors)
        for other in study.models.values()
    )


def set_aside(study: Study, model: str) -> list[Missing]:
    """The statistics of a model that are printed and impossible, as what cannot be checked."""
    return [
        Missing(
            model, each.row or WHOLE_MODEL, each.column, each.printed, f"impossible: {each.why}"
        )
        for each in study.impossible
        if each.model == model
    ]


def hypotheses_of(study: Study) -> list[Stated]:
    """The hypotheses of a study, in its order, those of several parts as their parts."""
    found: list[Stated] = []
    for name, h in study.hypotheses.items():
        sign = SIGNS[h.direction]
        if isinstance(h, TermHypothesis):
            found.append(Hypothesis(name, h.term, h.model, sign, h.reported))
            continue
        products = tuple(Product(each.factor, tuple(each.coefficients)) for each in h.products)
        told = (name, h.kind, h.about, products, sign, h.reported, h.alternative, h.parameter)
        row = None if h.between else study.printed_effect(h)
        found.append(
            EffectHypothesis(
                *told,
                row.reported if row else {},
                row.level if row else None,
                _correlations(study, h),
            )
        )
    return found


def effects_on_data(study: Study) -> list[EffectHypothesis]:
    """Hypotheses about effects of several coefficients that data of the study have."""
    return [
        h
        for h in effects_of(hypotheses_of(study))
        if h.products and all(model in study.models for model, _ in h.coefficients)
    ]


def _correlations(study: Study, h: StudyEffect) -> tuple[PrintedCorrelation, ...]:
    """What two samples print of the correlation that a hypothesis compares; else nothing."""
    if not h.correlation:
        return ()
    pair = set(h.correlation)
    studies = (study, study.compared[h.between[1]])
    return tuple(
        PrintedCorrelation(
            each.sample,
            next((cell for *names, cell in each.correlations if set(names) == pair), None),
            each.pair_n(*h.correlation),
        )
        for each in studies
    )


def models_compared(study: Study) -> dict[str, PrintedModel]:
    """`models_of`, and those of the samples that its hypotheses compare it with."""
    found = models_of(study)
    for name, other in study.compared.items():
        found |= {in_sample(name, key): model for key, model in models_of(other).items()}
    return found


def signs_of(study: Study) -> dict[str, int]:
    """The hypothesised sign of each hypothesis, 1 or -1, by name."""
    return {hypothesis.name: hypothesis.sign for hypothesis in hypotheses_of(study)}


def term_signs_of(study: Study) -> dict[str, int]:
    """The same of the hypotheses that are about one term of one model."""
    return {hypothesis.name: hypothesis.sign for hypothesis in terms_of(hypotheses_of(study))}


def levels_of(study: Study, level: float) -> tuple[float, ...]:
    """The level of the configuration and those of the printed legend, strictest first."""
    return tuple(sorted({level, *study.stars.values()}))
