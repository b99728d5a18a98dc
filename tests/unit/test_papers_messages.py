"""What is said of a table that is typed in a way that cannot be read: where, what, and the mend."""

import json

import pytest

from retrace.papers import read_paper
from retrace.papers.reading import PaperError

STUDY = {
    "n": 200,
    "stars": {"*": 0.05},
    "constructs": {
        key: {"label": label, "unit": "score"}
        for key, label in (("trust", "Trust"), ("hope", "Hope"), ("y", "Outcome"))
    },
}


def said(folder, tables, **study):
    """The problems of a paper with some tables, each as one line."""
    folder.mkdir(exist_ok=True)
    for name, text in tables.items():
        (folder / name).write_text(text, encoding="utf-8")
    description = {"title": "T", "authors": [{"family": "N"}], "licence": {"name": "none"}}
    text = json.dumps(description | {"study": STUDY | study}, indent=1)
    (folder / "paper.yaml").write_text(text)
    try:
        read_paper(folder)
    except PaperError as error:
        return [str(each).removeprefix(f"{folder.as_posix()}/") for each in error.problems]
    return []


def regressions(text, **entry):
    return {
        "tables": {"t.csv": text},
        "regressions": {"t": {"file": "t.csv", "outcome": "y", **entry}},
    }


def correlations(text, **entry):
    return {"tables": {"c.csv": text}, "correlations": {"file": "c.csv", **entry}}


@pytest.mark.parametrize(
    ("study", "message"),
    [
        (
            correlations("v,trust,hope\ntrust,,\nhope,.1,\n", diag="alpha"),
            "study.correlations.diag: unknown key; did you mean 'diagonal'?",
        ),
        (
            regressions(",Model 1\nTrust,.21\n", estimat="b"),
            "study.regressions.t.estimat: unknown key; did you mean 'estimate'?",
        ),
        (
            regressions("term,b,ci\nTrust,.21,[0.11, 0.31]\n"),
            "t.csv, line 2: 4 cells, the header has 3; write a cell with a comma in quotes: "
            '"[0.11, 0.31]"',
        ),
        (
            regressions("term,b,ci\nTrust,.21,0.31\n"),
            "t.csv, line 2, column ci: '0.31' is no interval, such as [0.11, 0.31]",
        ),
        (
            regressions(",Model 1\nTrust,.21 (.05)\n", estimate="b"),
            "t.csv, line 2, column Model 1: '.21 (.05)': say what stands in brackets, "
            "`brackets:` se, t or p",
        ),
        (
            correlations("v,trust,hope,y\ntrust,,,\nhope,.1,,\n,(.05),,\ny,.2,.3,\n"),
            "c.csv, line 4, column trust: '(.05)' stands in a row without a name",
        ),
        (
            correlations("v,Spread,trust,hope\ntrust,.9,,\nhope,.8,.1,\n"),
            "column: construct 'Spread' is not declared, and is no number of a row and no "
            "statistic; say under `rows:` which it is, a variable (trust, hope, y), a statistic "
            "(mean, sd,",
        ),
        (
            correlations("v,trust,hope,y\ntrust,.9,.4,.5\nhope,.1,.8,.6\ny,.2,.3,.8\n"),
            "say what it is, `above: htmt` or `above: other`",
        ),
    ],
)
def test_a_message_names_place_and_mend(tmp_path, study, message):
    tables = study.pop("tables")
    found = said(tmp_path / "paper", tables, **study)
    assert any(message in each for each in found), found


@pytest.mark.parametrize(
    "heading", ["or", "OR", "Model 1 OR (95% CI)", "Odds ratio", "Exp(B)", "HR"]
)
def test_ratios_are_said_to_be_none_of_a_linear_regression(tmp_path, heading):
    found = said(tmp_path / "p", **regressions(f"term,{heading},p\nTrust,1.35,.004\nNo,1,.2\n"))
    assert len(found) == 1
    assert found[0].startswith(f"t.csv, line 1, column {heading}: ratios of a logistic")


@pytest.mark.parametrize("heading", ["Control or support", "Orientation", "For"])
def test_a_word_is_no_ratio(tmp_path, heading):
    found = said(tmp_path / "p", **regressions(f",{heading}\nTrust,.2\n", estimate="b"))
    assert found == []


def test_dashes_and_means_among_correlations_are_read(tmp_path):
    table = "v,M,SD,trust,hope\ntrust,3.1,.8,–,\nhope,3.2,.7,.1,—\n"
    assert said(tmp_path / "p", **correlations(table)) == []
    model = ",Model 1,Model 2\nTrust,.21,–\nHope,—,.1\n"
    assert said(tmp_path / "q", **regressions(model, estimate="b")) == []
