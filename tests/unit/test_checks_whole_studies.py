"""Studies of every shape through all of the stage: small, wide, several models, either sign."""

import io

import numpy as np
import pandas as pd
import pytest
from regression_examples import printed_model

from retrace.decisions import DECISIONS, NOT_ATTAINABLE, NOT_SUPPORTED, SUPPORTED, Hypothesis
from retrace.estimators.estimators_on_data import (
    ESTIMATE_COLUMNS,
    estimate_models,
    resampling_counts,
)
from retrace.power.plans import stream_of
from retrace.power.simulation import Population, plan, simulate_block
from retrace.power.tables import TARGETS, tables
from retrace.printed.numbers import Printed
from retrace.provenance.streams import random_stream
from retrace.reporting.regression_figures import (
    company_figure,
    power_curves,
    specification_curve,
    verdict_matrix,
)
from retrace.robustness.tables import analyse
from retrace.robustness.verdicts import Analyses, decide_all
from retrace.synthetic.ensemble import DRAW, MISSED, OpenStatistic
from retrace.synthetic.ensemble_summary import decide_ensemble

NOTHING = pd.DataFrame(columns=["hypothesis", "family", "estimate", "p", "decision", "assumed"])


def survey(seed, n, k, outcomes=("y",)):
    """Correlated predictors x0 ... and outcomes, each of which depends on all before it."""
    stream = np.random.default_rng(seed)
    data = stream.normal(size=(n, k)) + 0.4 * stream.normal(size=(n, 1))
    for _ in outcomes:
        slopes = stream.normal(scale=0.3, size=data.shape[1])
        data = np.column_stack([data, data @ slopes + stream.normal(size=n)])
    return pd.DataFrame(data, columns=[*(f"x{j}" for j in range(k)), *outcomes])


def run(data, models, hypotheses):
    """Every table and figure of the stage from data printed at two decimals."""
    names, n = list(data), len(data)
    printed = data.corr().round(2).to_numpy()
    cells = {
        (names[i], names[j]): Printed.parse(f"{printed[i, j]:.2f}")
        for i in range(len(names))
        for j in range(i)
    }
    regressions = {
        name: printed_model(name, outcome, predictors, n, cells)
        for name, (predictors, outcome) in models.items()
    }
    likert = data.rank(method="dense").apply(lambda ranks: np.ceil(7 * ranks / ranks.max()))
    found = analyse(
        regressions,
        hypotheses,
        data,
        likert,
        0.05,
        random_stream(1, "test", "whole"),
    )
    counts = resampling_counts(n, random_stream(1, "test", "whole"))
    tested = {h.model: regressions[h.model] for h in hypotheses}
    estimates = [
        (0, model, *row)
        for model, rows in estimate_models(likert, tested, counts).items()
        for row in rows
    ]
    ensemble = decide_ensemble(
        pd.DataFrame([(0, MISSED, "", 0.0)], columns=list(OpenStatistic._fields)),
        pd.DataFrame(estimates, columns=[DRAW, "model", *ESTIMATE_COLUMNS]),
        hypotheses,
        0.05,
    )
    design = plan(Population(printed, n, names), models, hypotheses, (0.05,), 0.02)
    streams = stream_of(1, "test")
    power = tables(design, [simulate_block(design, task, streams(task)) for task in design.tasks()])
    verdicts = decide_all(
        regressions,
        hypotheses,
        (0.05,),
        0.05,
        Analyses(
            found.specifications,
            ensemble,
            found.confounding,
            power["replication"],
            NOTHING,
            NOTHING,
        ),
    )
    signs = {h.name: h.sign for h in hypotheses}
    for figure in (
        specification_curve(found.specifications, 0.05, "title"),
        company_figure(found.specifications, found.suppression, signs, 0.05, "title"),
        power_curves(power["power"], n, 0.05, TARGETS, "title"),
        verdict_matrix(verdicts, "title", (0.05,)),
    ):
        figure.savefig(io.BytesIO(), format="svg")
    return found, power, verdicts


@pytest.fixture(scope="module")
def smallest():
    only = Hypothesis("H1", "x0", "m", -1, NOT_SUPPORTED)
    return run(survey(1, 12, 1), {"m": (("x0",), "y")}, [only])


@pytest.fixture(scope="module")
def wide():
    """Ten predictors in one model, three in another, and a model of the second outcome."""
    data = survey(2, 140, 10, ("y", "z"))
    names = tuple(data)[:10]
    models = {"ten": (names, "y"), "three": (names[:3], "y"), "chain": (("y", "x0"), "z")}
    hypotheses = [
        Hypothesis(f"H{j + 1}", f"x{j}", "ten", 1 if j % 2 else -1, SUPPORTED) for j in range(4)
    ]
    hypotheses += [
        Hypothesis("H10", "y", "chain", 1, SUPPORTED),
        Hypothesis("H11", "x1", "three", -1, NOT_SUPPORTED),
        Hypothesis("H12 of a name that is long", "x0", "chain", 1, NOT_SUPPORTED),
    ]
    return hypotheses, *run(data, models, hypotheses)


def test_one_predictor_and_twelve_observations_have_every_table(smallest):
    found, power, verdicts = smallest
    assert set(found.specifications.hypothesis) == {"H1"}
    # n - k - 1 throughout; one degree less with a marker.
    assert set(found.specifications.df) == {10, 9}
    assert found.suppression.empty
    assert (found.confounding.problem == "no other predictor").all()
    assert power["power"].power.between(0, 1).all()
    by_analysis = verdicts.set_index("analysis").decision
    assert by_analysis["confounder like the strongest predictor"] == NOT_ATTAINABLE


def test_several_models_and_either_sign_have_every_table(wide):
    hypotheses, found, power, verdicts = wide
    names = [h.name for h in hypotheses]
    for table in (found.specifications, found.overturning, found.confounding, verdicts):
        assert list(dict.fromkeys(table.hypothesis)) == names  # in the order of the study
    assert list(dict.fromkeys(power["replication"].hypothesis)) == [
        *names,
        "all",
        "all that the paper supports",
    ]
    full = found.specifications[found.specifications.specification == "marker 0.00"]
    assert full.df.tolist() == [129] * 4 + [137, 136, 137]
    # x1 is a predictor of y in two of the models: each is the other's equation as written.
    equations = found.specifications[found.specifications.family == "equation as written"]
    assert equations.set_index("hypothesis").specification.to_dict() == {
        "H1": "three",
        "H2": "three",
        "H3": "three",
        "H11": "ten",
    }


@pytest.mark.parametrize("study", ["smallest", "wide"])
def test_every_specification_decides_or_says_why_not(study, request):
    *_, found, _, _ = request.getfixturevalue(study)
    table = found.specifications
    idle = table.decision == NOT_ATTAINABLE
    assert set(table.decision[~idle]) <= set(DECISIONS)
    assert (table.problem[idle] != "").all()
    assert (table.problem[~idle] == "").all()
    assert table[["estimate", "se", "p"]].notna().all(axis=1).equals(~idle)


def test_every_share_is_that_of_the_analyses_that_decide(wide):
    _, found, _, _ = wide
    table = found.specifications
    counted = table[(table.decision != NOT_ATTAINABLE) & (table.repeats == "")]
    supports = counted.decision == SUPPORTED
    by_family = supports.groupby([counted.hypothesis, counted.family]).mean()
    total = found.robustness[found.robustness.family == "all"].set_index("hypothesis")
    # Each family weighs the same; pooled, each specification does.
    for column, shares in (
        ("share", by_family.groupby("hypothesis").mean()),
        ("pooled_share", supports.groupby(counted.hypothesis).mean()),
    ):
        pd.testing.assert_series_equal(
            total[column].sort_index(), shares.sort_index(), check_names=False, rtol=1e-12
        )
    families = found.robustness[found.robustness.family != "all"].groupby("hypothesis")
    for column in ("specifications", "supported", "not_attainable", "repeats"):
        assert families[column].sum().to_dict() == total[column].to_dict()


def test_the_reported_regression_counts_once(wide, smallest):
    # By algebra: no marker, perfect reliability, and least squares on data with the printed
    # correlations are the reported regression; so is an equation of the same predictors.
    for *_, found, _, _ in (wide, smallest):
        table = found.specifications.set_index(["hypothesis", "specification"])
        for hypothesis in dict.fromkeys(found.specifications.hypothesis):
            own = found.specifications[found.specifications.hypothesis == hypothesis]
            full = own[own.family == "predictors"].specification.iloc[-1]
            for name in ("marker 0.00", "all 1.00"):
                assert table.repeats[hypothesis, name] == f"predictors: {full}"
    _, found, _, _ = wide
    table = found.specifications.set_index(["hypothesis", "family"])
    assert (table.repeats.xs("equation as written", level=1) == "").all()
    subset = found.specifications[found.specifications.repeats == "equation as written: three"]
    assert subset.set_index("hypothesis").specification.to_dict() == {
        "H1": "with x1, x2",
        "H2": "with x0, x2",
        "H3": "with x0, x1",
    }
