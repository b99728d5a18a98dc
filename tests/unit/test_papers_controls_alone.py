"""Models of controls alone, whose coefficients a table leaves out, stop nothing and are judged.

F of R2 = .17, of 212 observations, is (.17 / k) / (.83 / (211 - k)): 5.2 of 8 predictors, and
43.0 of one.
"""

import numpy as np
import pytest
import yaml

from retrace.assumptions.sensitivity import statistics_of
from retrace.checks import check_paper
from retrace.checks.shared.record import Record
from retrace.papers import read_paper
from retrace.printed.verdicts import CONTRADICTED, NOT_CHECKABLE, REPRODUCED
from retrace.robustness.structural_models import study_models
from retrace.robustness.structural_tables import fit_study
from retrace.synthetic.continuous import continuous
from retrace.synthetic.from_study import likert_target

CORRELATIONS = "variable,trust,risk,export\ntrust,1,,\nrisk,-.31,1,\nexport,.42,-.28,1\n"
TABLE = ",Model 1,Model 2\n{dummies}trust,,.37\nrisk,,-.17\nR2,.17,.20\nF,{f},26.1\n"


def study_of(folder, dummies, f, table=TABLE, **entry):
    (folder / "table1.csv").write_text(CORRELATIONS)
    (folder / "table2.csv").write_text(table.format(dummies=dummies, f=f))
    told = {
        "title": "T",
        "authors": [{"family": "A"}],
        "licence": {"name": "CC0"},
        "study": {
            "n": 212,
            "scale": {"min": 1, "max": 7},
            "constructs": {
                name: {"label": name, "mean": "4.00", "sd": "1.00", "items": 4}
                for name in ("trust", "risk", "export")
            },
            "correlations": {"file": "table1.csv"},
            "regressions": {
                "t": {"file": "table2.csv", "outcome": "export", "estimate": "beta", **entry}
            },
        },
    }
    (folder / "paper.yaml").write_text(yaml.safe_dump(told))
    (study,) = read_paper(folder).studies.values()
    return study


@pytest.mark.parametrize(
    ("dummies", "entry", "f", "verdict"),
    [
        ("industry,Yes,\n", {"unprinted": {"industry": 8}}, "5.20", REPRODUCED),
        ("industry,Yes,\n", {"unprinted": {"industry": 8}}, "43.0", CONTRADICTED),
        ("industry,Yes,\n", {"unprinted": {"industry": None}}, "43.0", REPRODUCED),
        ("", {}, "43.0", REPRODUCED),
    ],
)
def test_a_model_of_controls_alone_is_judged_and_stops_nothing(
    tmp_path, dummies, entry, f, verdict
):
    study = study_of(tmp_path, dummies, f, **entry)
    rows = [row for row in check_paper(Record("p", study)) if row.column == "Model_1"]
    assert {row.verdict for row in rows if (row.check, row.row) == ("rows", "f")} == {verdict}
    assert {row.verdict for row in rows if row.check == "regressions"} == {NOT_CHECKABLE}
    # No regression on nothing is fitted, drawn or varied.
    models = study_models(study)
    assert [model.name for model in models] == ["Model_2"]
    assert list(fit_study(study, models)) == ["Model_2"]
    target = likert_target(study)
    scores = continuous(target.R, study.n, np.random.default_rng(1))
    varied = statistics_of(study, target, scores, {})
    assert {term.partition(":")[0] for _, term, *_ in varied if "Model" in term} == {"Model_2"}


def test_steps_of_new_terms_have_what_the_first_does_not_name(tmp_path):
    """A step that prints its new terms has those of the step before, named or not."""
    step = "Step 1,\nR2,.17\nStep 2,\ntrust,.37\nR2,.20\n"
    study = study_of(tmp_path, "", "43.0", steps="new", table=f",export\n{step}")
    assert [model.after for model in study.models.values()] == ["", "export_step1"]
    assert study.models["export_step2"].unprinted == study.models["export_step1"].unprinted != {}
