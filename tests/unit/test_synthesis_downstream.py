"""Latent models and simulated samples are decided again under other assumptions."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from retrace.papers import read_paper
from retrace.printed import Printed
from retrace.streams import random_stream
from retrace.synthesis.downstream import (
    MC_ERROR,
    assuming,
    decide_latent_models,
    decide_new_samples,
)
from retrace.synthesis.from_study import likert_target
from retrace.synthesis.sensitivity import vary_assumptions

MAGNI = Path(__file__).parents[2] / "resources/papers/magni2022"
stream = partial(random_stream, 1, "tests", "downstream")


@pytest.fixture(scope="module")
def study():
    return read_paper(MAGNI).study


@pytest.fixture(scope="module")
def variations(study):
    drawn = vary_assumptions(likert_target(study), 1, stream, means=(3.0, 5.0), items=(1, 4))
    return list(drawn)


def test_assumed_values_change_and_printed_ones_stay(study):
    constructs = dict(study.constructs)
    constructs["risk"] = constructs["risk"].model_copy(update={"mean": Printed.parse("4.12")})
    target = likert_target(assuming(study.model_copy(update={"constructs": constructs}), 3.0, 2))
    assert [float(getattr(mean, "value", mean)) for mean in target.means] == [3, 3, 3, 4.12, 3]
    assert target.items == (2,) * 5


def test_latent_models_decide_for_every_assumption_but_single_items(study, variations):
    table = decide_latent_models(study, variations, ["0.90"], 0.05, stream)
    plain = table[table["analysis"] == "sem: full_alpha_0.90"]
    assert set(zip(plain["mean"], plain["items"], strict=True)) == {(3.0, 4), (5.0, 4)}
    assert set(plain["hypothesis"]) == {"H1", "H2", "H3", "H4"}
    assert (plain["supported"] == (plain["largest_p"] < 0.05)).all()
    # Factors of reliable items decide about as Table 5 does: p of H1 is 0.015, of H4 0.011.
    firm = plain[plain["hypothesis"].isin(["H1", "H4"])]
    assert (firm["largest_p"] < 0.05).all()


def test_new_samples_support_as_often_as_the_normal_theory_of_t_says(study, variations):
    from scipy.stats import nct, t

    table = decide_new_samples(study, variations, 0.05, stream)
    assert len(table) == 4 * 4
    assert table["smallest_p"].isna().all()
    share = table["supported"] / table["data_sets"]
    assert np.sqrt(0.25 / table["data_sets"].min()) <= MC_ERROR
    # Table 5: t of H1 and H4; the noncentral t distribution has the power at that effect.
    for name, printed in (("H1", 2.451), ("H4", 2.566)):
        power = nct.sf(t.isf(0.025, 295), 295, printed)
        assert share[table["hypothesis"] == name].between(power - 0.07, power + 0.07).all()


def test_a_study_without_a_scale_has_no_new_samples(study, variations):
    unscaled = study.model_copy(
        update={"scale": None, "assumptions": study.assumptions.model_copy(update={"scale": None})}
    )
    assert decide_new_samples(unscaled, variations, 0.05, stream).empty
