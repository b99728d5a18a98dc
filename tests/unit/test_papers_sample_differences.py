"""Hypotheses that one sample has more of something than another: how they are read and decided.

The data of `two_samples.draw(5)` were given to lavaan 0.6.14 (R 4.2.2), as one model of two groups
with `d := a1 - a2`; statsmodels has the errors of least squares, Fisher's z is algebra.
"""

import math

import numpy as np
import pytest
import statsmodels.api as sm
import yaml
from scipy.stats import norm
from two_samples import NAMES, SAMPLES, draw, write_description, write_paper

from retrace.checks.regression.from_study import (
    hypotheses_of,
    levels_of,
    models_compared,
    models_of,
)
from retrace.decisions import CORRELATIONS, GROUPS, PRINTED, effects_of
from retrace.papers import PaperError, read_paper
from retrace.papers.check_study import read_study
from retrace.papers.samples import read_with, samples_of
from retrace.papers.study import Study
from retrace.robustness.effect_tests import Effects, NoEffectError
from retrace.robustness.effect_verdicts import effect_rows
from retrace.robustness.verdict import at_level

SEED = 5
SAID = {"direction": "negative", "reported": "supported"}
WOMEN_LESS_MEN = {"between": ["women", "men"], **SAID}
# lavaan's z of women less men, by the errors of maximum likelihood.
LAVAAN = {"trust": -7.812, "skill": -0.530, "size": -8.694}


@pytest.fixture
def folder(tmp_path):
    write_paper(tmp_path / "papers" / "mine", draw(SEED))
    return tmp_path / "papers" / "mine"


def stating(folder, change=lambda study: None, **hypotheses):
    """The paper with hypotheses under `study:`, and its description changed."""
    description = yaml.safe_load((folder / "paper.yaml").read_text(encoding="utf-8"))
    description["study"]["hypotheses"] |= hypotheses
    change(description["study"])
    write_description(folder, description)
    return read_paper(folder)


def problems(folder, change=lambda study: None, **hypotheses):
    with pytest.raises(PaperError) as error:
        stating(folder, change, **hypotheses)
    return [str(problem).partition("papers/mine/")[2] for problem in error.value.problems]


def effect(study, name="H2"):
    return next(h for h in effects_of(hypotheses_of(study)) if h.name == name)


def statistic_of_print(tests, study):
    return tests.printed(effect(study)).effect.statistic.value


def fits():
    """Least squares of each sample by statsmodels."""
    return [
        sm.OLS(data[:, 3], sm.add_constant(data[:, :3])).fit()
        for data in (draw(SEED)[sample] for sample in SAMPLES)
    ]


def test_a_difference_is_of_the_first_sample_and_has_the_second_beside_it(folder):
    paper = stating(folder, H2={"term": "trust", **WOMEN_LESS_MEN})
    women, men = (paper.studies[f"mine.{sample}"] for sample in SAMPLES)
    assert list(women.hypotheses) == ["H1", "H2"]
    assert list(men.hypotheses) == ["H1"]
    assert (list(women.compared), list(men.compared)) == (["men"], [])
    found = women.hypotheses["H2"]
    [own], [model] = women.models, men.models
    assert (found.kind, found.about) == (GROUPS, "trust, women less men")
    assert [each.coefficients for each in found.products] == [
        [(own, "trust")],
        [(f"men: {model}", "trust")],
    ]
    assert [each.factor for each in found.products] == [1.0, -1.0]
    # The record is read back as it was, and one sample is read like all of them.
    assert Study.model_validate_json(women.model_dump_json()) == women
    assert read_study(folder, "women") == women
    assert read_study(folder, "men") == men
    samples = samples_of(paper.facts.study)
    assert read_with(samples, "women") == samples


@pytest.mark.parametrize("place", NAMES[:3])
def test_coefficients_differ_by_the_z_of_independent_samples(folder, place):
    study = stating(folder, H2={"term": place, **WOMEN_LESS_MEN}).studies["mine.women"]
    tests = Effects(models_compared(study))
    at = 1 + NAMES.index(place)
    one, other = fits()
    z = (one.params[at] - other.params[at]) / math.hypot(one.bse[at], other.bse[at])
    for tested in (tests.printed(effect(study)), tests.recomputed(effect(study))):
        statistic = tested.effect.statistic
        assert tested.df == math.inf
        assert statistic.low <= z <= statistic.high
        assert tested.effect.how.startswith("z of independent samples")
    assert statistic_of_print(tests, study) == pytest.approx(z, abs=0.03)
    # lavaan's errors are smaller by the root of (n - 4) / n.
    assert statistic_of_print(tests, study) == pytest.approx(LAVAAN[place], rel=0.03)


def test_decisions_follow_the_one_rule(folder):
    study = stating(
        folder,
        H2={"term": "trust", **WOMEN_LESS_MEN},
        H3={"term": "skill", **WOMEN_LESS_MEN},
        H4={"term": "trust", "between": ["men", "women"], **SAID},
    ).studies
    decided = {}
    for key in study:
        one = study[key]
        effects = effects_of(hypotheses_of(one))
        rows = effect_rows(models_compared(one), effects, levels_of(one, 0.05)[-1:])
        decided |= {(row.hypothesis, row.analysis): row for row in rows}
    words = {name: decided[name, at_level(PRINTED, 0.05)] for name in ("H2", "H3", "H4")}
    assert [row.decision for row in words.values()] == [
        "supported",
        "not supported",
        "not supported",
    ]
    assert words["H3"].p == pytest.approx(0.596, abs=0.02)


def test_correlations_differ_by_fishers_z(folder):
    stated = {"correlation": ["trust", "success"], **WOMEN_LESS_MEN}
    study = stating(folder, H2=stated).studies["mine.women"]
    found = effect(study)
    assert found.kind == CORRELATIONS
    assert found.about == "correlation of trust and success, women less men"
    tests = Effects(models_compared(study))
    tested = tests.printed(found)
    # Fisher (1921): the printed -.33 and .42 of 288 women and 333 men.
    z = (math.atanh(-0.33) - math.atanh(0.42)) / math.sqrt(1 / 285 + 1 / 330)
    assert tested.effect.statistic.value == pytest.approx(z)
    exact = [np.corrcoef(draw(SEED)[sample].T)[0, 3] for sample in SAMPLES]
    true = (math.atanh(exact[0]) - math.atanh(exact[1])) / math.sqrt(1 / 285 + 1 / 330)
    assert tested.effect.statistic.low < true < tested.effect.statistic.high
    with pytest.raises(NoEffectError, match="follow from nothing else"):
        tests.recomputed(found)
    rows = effect_rows(models_of(study), [found], (0.05,))
    assert rows[0].decision == "supported"
    assert rows[0].p == pytest.approx(2 * norm.cdf(z))
    assert rows[1].because == "correlations are printed, and follow from nothing else"


def test_a_correlation_that_is_not_printed_is_named(folder):
    stated = {"correlation": ["trust", "success"], **WOMEN_LESS_MEN}
    study = stating(folder, H2=stated).studies["mine.women"]
    men = study.compared["men"]
    fewer = [cell for cell in men.correlations if set(cell[:2]) != {"trust", "success"}]
    men = men.model_copy(update={"correlations": fewer})
    study = study.model_copy(update={"compared": {"men": men}})
    with pytest.raises(NoEffectError, match="the correlation in men"):
        Effects(models_compared(study)).printed(effect(study))


@pytest.mark.parametrize(
    ("stated", "problem"),
    [
        ({"term": "trust", "between": ["women", "boys"]}, "no sample 'boys'; there are women, men"),
        ({"term": "trust", "between": ["women", "women"]}, "'women' less itself"),
        ({"between": ["women", "men"]}, "about exactly one of term"),
        ({"term": "luck", "between": ["women", "men"]}, "'luck' is not declared"),
        ({"correlation": ["trust", "luck"], "between": ["women", "men"]}, "'luck' is not"),
        ({"correlation": ["trust", "trust"], "between": ["women", "men"]}, "variable twice"),
        ({"term": "trust", "correlation": ["trust", "size"], "between": ["women", "men"]}, "found"),
        ({"path": "success ~ trust", "between": ["women", "men"]}, "alternative"),
        ({"indirect": ["trust", "success"], "between": ["women", "men"]}, "no models lead"),
    ],
)
def test_what_cannot_be_between_samples_is_named_once(folder, stated, problem):
    found = problems(folder, H2={**stated, **SAID})
    assert len(found) == 1
    assert "study.hypotheses.H2.between" in found[0]
    assert problem in found[0]


def test_a_correlation_alone_and_parts_between_samples_are_refused(folder):
    [found] = problems(folder, H2={"correlation": ["trust", "success"], **SAID})
    assert "goes with `between: [sample, sample]`" in found
    partly = {**SAID, "reported": "partly supported"}
    [found] = problems(folder, H2={"term": "trust", "between": ["women", "men"], **partly})
    assert "say what it has under `parts:`" in found
    part = {"term": "trust", "between": ["women", "men"]}
    [found] = problems(folder, H2={"parts": [part], **SAID})
    assert "parts are of one sample" in found
