"""Several samples in a paper: what each of them has, where its numbers stand, what is refused.

Cells of the two schools are computed by R's `cor`, `sd` and `lm` from the data of Holzinger and
Swineford (1939), as lavaan has them; those of other papers are made by `two_samples`.
"""

import copy
import json
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import two_samples
import yaml
from two_samples import NAMES, SAMPLES, describe, draw, write_description, write_paper

from retrace.checks import check_paper, gather_papers, table_of
from retrace.checks.shared.record import Record
from retrace.papers import PaperError, read_paper
from retrace.papers.check_study import read_study
from retrace.papers.keys import split_key, study_key
from retrace.papers.overview import describe as describe_paper
from retrace.preflight.commands import check as run_check
from retrace.preflight.papers import check_papers
from retrace.preflight.refusals import describe_refusals
from retrace.printed.verdicts import CONTRADICTED, IMPOSSIBLE, WRONG
from retrace.reporting.all_findings import OF_ALL_PAPERS, OF_ONE_PAPER, gather_findings

SEED = 5


@pytest.fixture
def folder(tmp_path):
    """The folder of a paper with two samples, to be spoilt."""
    write_paper(tmp_path / "papers" / "mine", draw(SEED))
    return tmp_path / "papers" / "mine"


def rewrite(folder, change):
    """Change the description of a folder by a function of its `study:` section."""
    description = yaml.safe_load((folder / "paper.yaml").read_text(encoding="utf-8"))
    change(description["study"])
    write_description(folder, description)


def edit(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file.name}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def problems(folder):
    with pytest.raises(PaperError) as error:
        read_paper(folder)
    return [str(problem).partition("papers/mine/")[2] for problem in error.value.problems]


def rows_of(paper):
    records = [Record(paper.key, study) for study in paper.studies.values()]
    return [row for record in records for row in check_paper(record)]


def test_keys_of_studies():
    assert study_key("mine") == "mine"
    assert study_key("mine", "women-1") == "mine.women-1"
    assert split_key("mine.women-1") == ("mine", "women-1")
    assert split_key("mine") == ("mine", "")


def test_each_sample_has_its_own_and_what_all_have(folder):
    data = draw(SEED)
    paper = read_paper(folder)
    assert list(paper.studies) == ["mine.women", "mine.men"]
    for sample in SAMPLES:
        study = paper.studies[f"mine.{sample}"]
        assert (study.paper, study.sample, study.key) == ("mine", sample, f"mine.{sample}")
        assert study.called == f"mine, {sample}"
        assert study.n == len(data[sample])
        assert study.names == list(NAMES)
        np.testing.assert_allclose(study.printed_matrix, np.corrcoef(data[sample].T), atol=0.005001)
        means = [study.constructs[name].mean.value for name in NAMES]
        np.testing.assert_allclose(means, data[sample].mean(axis=0), atol=0.005001)
        (model,) = study.models.values()
        assert model.r2.value == pytest.approx(
            two_samples.least_squares(data[sample])["r2"], abs=0.000501
        )
        assert study.hypotheses["H1"].model == sample
        assert study.stars == two_samples.STARS
        assert read_study(folder, sample) == study
    with pytest.raises(ValueError, match=r"several samples: studies has mine\.women, mine\.men"):
        _ = paper.study


def test_files_of_a_sample_are_its_own(folder):
    (folder / "tables/table3.csv").write_text((folder / "tables/table2.csv").read_text())

    def apart(study):
        study["samples"]["men"]["regressions"]["table2"]["file"] = "tables/table3.csv"

    rewrite(folder, apart)
    paper = read_paper(folder)
    names = [file.rpartition("/")[2] for file in paper.study_files("men")]
    assert names == ["paper.yaml", "table1.csv", "table3.csv"]
    assert paper.study_files("women")[-1].endswith("table2.csv")
    assert paper.study_files() == []
    assert paper.studies["mine.men"].shared == [
        *("paper.yaml, study.assumptions", "paper.yaml, study.constructs"),
        *("paper.yaml, study.hypotheses", "paper.yaml, study.stars", "tables/table1.csv"),
    ]


def test_a_paper_of_one_study_has_its_own_key(folder):
    description = describe(draw(SEED))
    study = description["study"]
    study |= study.pop("samples")["women"]
    study["correlations"] |= {"triangle": None, "above": "other"}
    write_description(folder, description)
    paper = read_paper(folder)
    assert list(paper.studies) == ["mine"]
    assert (paper.study.key, paper.study.called, paper.study.shared) == ("mine", "mine", [])
    assert "tables/table1.csv" in {row.where for row in rows_of(paper)}
    assert len(paper.study_files()) == 3


@pytest.mark.parametrize("seed", range(8))
def test_no_number_of_an_honest_paper_is_called_wrong_and_each_has_one_address(tmp_path, seed):
    write_paper(tmp_path / "honest", draw(seed))
    rows = rows_of(read_paper(tmp_path / "honest"))
    assert not [row for row in rows if row.verdict in WRONG]
    addresses = Counter((row.check, row.where, row.row, row.column, row.statistic) for row in rows)
    assert not [address for address, count in addresses.items() if count > 1]
    # 6 correlations, 4 means and SDs, 3 coefficients with errors, and R2, of each sample.
    printed = {(row.where, row.row, row.column) for row in rows if row.printed}
    assert len(printed) == 2 * (6 + 8 + 6 + 1)
    assert {row.paper for row in rows} == {"honest"}


@pytest.mark.parametrize(("sample", "place"), [("women", (3, 5)), ("men", (0, 8))])
def test_a_changed_correlation_of_one_sample_is_found_in_that_one(folder, sample, place):
    """The outcome's with the first predictor, below or above the diagonal."""
    file = folder / "tables/table1.csv"
    lines = [line.split(",") for line in file.read_text(encoding="utf-8").splitlines()]
    row, column = place[0] + 1, place[1]
    value = float(lines[row][column])
    lines[row][column] = f"{value - 0.3:.2f}"
    file.write_text("\n".join(map(",".join, lines)) + "\n", encoding="utf-8")
    wrong = [row for row in rows_of(read_paper(folder)) if row.verdict in WRONG]
    assert wrong
    assert all(row.where.endswith((f", {sample}", f".{sample}.models")) for row in wrong)


def test_a_cell_above_the_diagonal_has_the_row_and_column_that_it_stands_in(folder):
    edit(folder / "tables/table1.csv", ",–\n", ",0.99\n")
    lines = (folder / "tables/table1.csv").read_text(encoding="utf-8").splitlines()
    cells = lines[1].split(",")
    cells[-1] = "1.40"  # of trust with success, among men
    lines[1] = ",".join(cells)
    (folder / "tables/table1.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    paper = read_paper(folder)
    (found,) = paper.impossible
    assert (found.place, found.printed) == ("line 2, column 4", "1.40")
    assert [study.impossible for study in paper.studies.values()] == [[], [found]]
    (row,) = (row for row in rows_of(paper) if row.verdict == IMPOSSIBLE)
    assert (row.where, row.row, row.column) == ("tables/table1.csv, men", "trust", "success")


def test_numbers_of_paper_yaml_have_the_sample_in_their_place(folder):
    """A mean of `study:` itself is of every sample, one of a sample's own variables is its own."""

    def typed(study):
        study.pop("hypotheses")
        study["constructs"]["size"]["alpha"] = "1.30"
        own = copy.deepcopy(study["constructs"])
        own["trust"]["alpha"] = "1.20"
        study["samples"]["men"]["constructs"] = own
        study["samples"]["men"]["models"] = {
            "own": {"outcome": "success", "predictors": ["trust"], "r2": "1.50"}
        }

    rewrite(folder, typed)
    paper = read_paper(folder)
    assert [(each.place, each.printed) for each in paper.impossible][-3:] == [
        ("study.samples.men.models.own.r2", "1.50"),
        ("study.samples.men.constructs.trust.alpha", "1.20"),
        ("study.samples.men.constructs.size.alpha", "1.30"),
    ]
    assert paper.impossible[0].place == "study.constructs.size.alpha"
    places = {(row.where, row.row) for row in rows_of(paper) if row.verdict == IMPOSSIBLE}
    assert places == {
        ("paper.yaml, study.constructs, women", "size"),
        ("paper.yaml, study.samples.men.constructs", "size"),
        ("paper.yaml, study.samples.men.constructs", "trust"),
        ("paper.yaml, study.samples.men.models", "own"),
    }


SCHOOLS = """\
Variable,M,SD,M (Grant-White),SD (Grant-White),x1,x4,x7,x9
x1,4.94,1.19,4.93,1.15,1,.34,.10,.49
x4,2.82,1.15,3.32,1.13,.42,1,.21,.31
x7,4.43,1.09,3.92,1.03,.04,.26,1,.42
x9,5.42,0.99,5.33,1.03,.30,.14,.27,1
"""
LM = """\
term,b,se,t,p
(Constant),{}
x1,{}
x4,{}
x7,{}
"""
PASTEUR = ("3.150,.430,7.332,<.001", "0.267,.069,3.888,<.001", "-0.059,.073,-0.801,.424")
GRANT_WHITE = ("1.814,.383,4.741,<.001", "0.372,.063,5.906,<.001", "0.090,.066,1.369,.173")


def schools(folder):
    """Two schools of Holzinger and Swineford: tests 1, 4, 7 and 9, the last by the others."""
    folder.mkdir()
    (folder / "table1.csv").write_text(SCHOOLS, encoding="utf-8")
    for name, rows in (
        ("pasteur", (*PASTEUR, "0.251,.071,3.558,<.001")),
        ("grant", (*GRANT_WHITE, "0.353,.067,5.231,<.001")),
    ):
        (folder / f"{name}.csv").write_text(LM.format(*rows), encoding="utf-8")

    def school(name, n, triangle, rows, **whole):
        model = {"outcome": "x9", "predictors": ["x1", "x4", "x7"], "reported": f"{name}.csv"}
        table = {"file": "table1.csv", "triangle": triangle, "rows": rows}
        return {"n": n, "correlations": table, "models": {"lm": model | whole}}

    other = ("M (Grant-White)", "SD (Grant-White)")
    whole = ({"r2": ".160", "adjusted_r2": ".144", "f": "9.68"}, {"r2": ".382", "f": "29.03"})
    samples = {
        "pasteur": school("pasteur", 156, "lower", dict.fromkeys(other), **whole[0]),
        "grant": school(
            "grant",
            145,
            "upper",
            {"M": None, "SD": None} | dict(zip(other, ("mean", "sd"), strict=True)),
            **whole[1],
        ),
    }
    description = describe(draw(0)) | {"title": "A study in factor analysis", "year": "1939"}
    constructs = {name: {"label": name, "unit": "score"} for name in ("x1", "x4", "x7", "x9")}
    description["study"] = {"constructs": constructs, "samples": samples}
    write_description(folder, description)
    return folder


def test_two_schools_of_holzinger_and_swineford(tmp_path):
    paper = read_paper(schools(tmp_path / "schools"))
    rows = rows_of(paper)
    assert not [row for row in rows if row.verdict in WRONG]
    judged = {
        (row.where, row.row, row.column)
        for row in rows
        if row.check == "regressions" and row.verdict in ("reproduced", "within rounding")
    }
    for file, count in (("pasteur.csv", 16), ("grant.csv", 16)):
        assert sum(where == file for where, *_ in judged) == count
    edit(tmp_path / "schools/grant.csv", "0.372,", "0.272,")
    wrong = [r for r in rows_of(read_paper(tmp_path / "schools")) if r.verdict == CONTRADICTED]
    assert {row.where for row in wrong} == {"grant.csv", "table1.csv, grant"}


def samples(study):
    return study["samples"]


WRONG_SECTIONS = {
    "an unknown key within a sample": (
        lambda study: samples(study)["men"].update(constructz={}),
        "study.samples.men.constructz: unknown key; did you mean 'constructs'?",
    ),
    "an unknown key beside the samples": (
        lambda study: study.update(sampels={}),
        "study.sampels: unknown key; did you mean 'samples'?",
    ),
    "one sample alone": (
        lambda study: samples(study).pop("men"),
        "study.samples: 'women' alone; where a paper has one sample, its keys stand under `study:`",
    ),
    "no sample": (lambda study: samples(study).clear(), "study.samples: none; where a paper has"),
    "a name that is no key": (
        lambda study: samples(study).update({"a.b": samples(study)["men"]}),
        "study.samples.a.b: 'a.b' is no key of a sample: letters, digits, - and _, 64 at most",
    ),
    "two names that are one to some file systems": (
        lambda study: samples(study).update({"Men": samples(study)["men"]}),
        "study.samples.Men: 'Men' and 'men' are one name to some file systems",
    ),
    "a sample without n": (
        lambda study: samples(study)["men"].pop("n"),
        "study.samples.men.n: missing; it is required; sample men has none, nor has `study:`",
    ),
    "no variables": (
        lambda study: study.pop("constructs"),
        "study.samples.women.constructs: missing; it is required; sample women has none",
    ),
    "a key that every sample replaces": (
        lambda study: study.update(n=100),
        "study.n: read by no sample: each has its own",
    ),
    "an n in quotes": (
        lambda study: samples(study)["men"].update(n="12"),
        "study.samples.men.n: input should be a valid integer without quotes, found '12'",
    ),
    "a sample that is too small": (
        lambda study: samples(study)["men"].update(n=1),
        "study.samples.men.n: input should be greater than 1, found 1",
    ),
    "a term that is no variable, in what all have": (
        lambda study: study["hypotheses"]["H1"].update(term="trusst"),
        "study.hypotheses.H1: samples women, men: construct 'trusst' is not declared under "
        "constructs; did you mean 'trust'?",
    ),
    "a term that is in no model of one": (
        lambda study: samples(study)["men"].pop("regressions"),
        "study.hypotheses.H1: sample men: no model has the term 'trust'",
    ),
    "half of a table that no sample reads": (
        lambda study: samples(study)["men"].pop("correlations"),
        "study.samples.women.correlations: no sample reads what stands above the diagonal of "
        "tables/table1.csv: another has `triangle: upper`; where that is no sample, `above: other`",
    ),
    "a half and something else on the other side": (
        lambda study: samples(study)["men"]["correlations"].update(above="htmt"),
        "triangle: upper says that another sample stands on the other side of the diagonal, "
        "above: htmt that something else does; leave one of them out",
    ),
    "two samples read as one table": (
        lambda study: [each["correlations"].pop("triangle") for each in samples(study).values()],
        "tables/table1.csv: samples women, men: what stands above the diagonal is not what stands "
        "below it, in 6 of 6 pairs; say what it is, `above: htmt` or `above: other`; of two "
        "samples one has `triangle: lower` and the other `triangle: upper`",
    ),
    "a column of another sample": (
        lambda study: samples(study)["men"]["regressions"]["table2"].update(columns=OTHER),
        "tables/table2.csv, line 1: sample men: column 'men B (SE)' is not among the table's "
        "`columns:`; `men B (SE): null` leaves it unread",
    ),
}
MODEL = {"outcome": "success", "predictors": ["trust", "skill", "size"]}
OTHER = {"women B (SE)": "success"}


@pytest.mark.parametrize("kind", WRONG_SECTIONS)
def test_what_is_wrong_is_named_with_its_sample(folder, kind):
    change, expected = WRONG_SECTIONS[kind]
    rewrite(folder, change)
    found = problems(folder)
    assert any(expected in problem for problem in found), found
    assert len(found) <= 2, found


def test_problems_of_all_samples_come_at_once_and_beside_others(folder):
    def spoil(study):
        samples(study)["men"].pop("n")
        samples(study)["women"]["n"] = "many"
        samples(study)["women"]["assumptions"] = {"alpha": "7"}

    rewrite(folder, spoil)
    edit(folder / "tables/table1.csv", "3. Size", "3. Sice")
    found = problems(folder)
    assert [text.partition(", ")[2].partition(",")[0] for text in found if "yaml" in text]
    for expected in (
        "study.samples.women.n: input should be",
        "study.samples.men.n: missing",
        "study.samples.women.assumptions.alpha: alpha of every construct: 7 is above 1",
        "line 4: samples women, men: row: construct '3. Sice' is not declared",
    ):
        assert any(expected in text for text in found), found


def test_a_shared_table_that_is_no_table_is_wrong_once(folder):
    edit(folder / "tables/table2.csv", "R²,", "R²,,")
    found = [text for text in problems(folder) if text.startswith("tables")]
    assert found == ["tables/table2.csv, line 5: 4 cells, the header has 3"]


@pytest.mark.parametrize(
    ("count", "constructs", "message"),
    [
        (51, 4, "study.samples: dictionary should have at most 50 items"),
        (50, 21, "study.samples: 1050 constructs of all samples together; at most 1000"),
    ],
)
def test_sizes_are_bounded(folder, count, constructs, message):
    def enlarge(study):
        for number in range(constructs - len(study["constructs"])):
            study["constructs"][f"more{number}"] = {"label": f"More {number}"}
        one = {key: samples(study)["women"][key] for key in ("n", "regressions")}
        study["samples"] = {f"s{number}": one for number in range(count)}

    rewrite(folder, enlarge)
    (found,) = problems(folder)
    assert message in found


def test_cells_that_samples_read_of_one_table_are_bounded(folder, monkeypatch):
    """9 columns by 4 rows, read for each of the samples and once before: 108 cells."""
    rewrite(folder, lambda study: [each.pop("regressions") for each in samples(study).values()])
    rewrite(folder, lambda study: study.pop("hypotheses"))
    monkeypatch.setattr("retrace.papers.reading.MAX_CELLS_READ", 108)
    assert len(read_paper(folder).studies) == 2
    monkeypatch.setattr("retrace.papers.reading.MAX_CELLS_READ", 107)
    (found,) = problems(folder)
    assert found == (
        "tables/table1.csv: sample men: with it samples and models read more than 107 cells, of "
        "the same tables several times"
    )


def test_alternatives_of_all_samples_are_bounded(folder):
    def enlarge(study):
        study["alternatives"] = {f"A{i}": {"model": "success ~ trust"} for i in range(1300)}

    rewrite(folder, enlarge)
    (found,) = problems(folder)
    assert "study.samples: 2600 alternatives of all samples together; at most 2500" in found


def test_papers_csv_counts_a_paper_once(folder):
    own = describe_paper("mine", read_paper(folder).facts)
    women, men = (len(data) for data in draw(SEED).values())
    assert own.n == f"{women} + {men}"
    assert (own.constructs, own.models, own.hypotheses) == (4, 0, 1)


def test_a_run_and_the_command_look_at_every_sample(folder):
    """A mean off the scale, an impossible cell and a wrong alternative, each of one sample."""

    def spoil(study):
        men = samples(study)["men"]
        men["assumptions"] = {"scale": {"min": 1, "max": 3}, "items": 4}
        samples(study)["women"]["alternatives"] = {"own": {"model": "success ~ trusst"}}
        study["alternatives"] = {"all": {"model": "success ~ skil"}}
        men["alternatives"] = {}

    rewrite(folder, spoil)
    options = SimpleNamespace(folders=[folder])
    status, rows, summary = run_check(options)
    assert status == 1
    assert summary == "1 paper checked, 1 refused"
    refused = [row for row in rows if row["verdict"] == "refused"]
    assert [(row["where"], row["problem"].partition(":")[0]) for row in refused] == [
        ("mine/paper.yaml, line 73, study.alternatives", "read by no sample")
    ]

    def mend(study):
        study.pop("alternatives")

    rewrite(folder, mend)
    status, rows, _ = run_check(options)
    assert status == 1
    assert [(row["where"], row["verdict"]) for row in rows if row["verdict"] == "refused"] == [
        ("mine/paper.yaml, study.samples.women.alternatives.own", "refused")
    ]
    looked = [row for row in rows if row["verdict"] == "look at"]
    assert looked
    assert {row["where"] for row in looked} == {"mine/paper.yaml, study.samples.men"}
    assert any("off the scale from 1 to 3" in row["problem"] for row in looked)


def test_what_is_impossible_in_common_is_told_once(folder):
    def spoil(study):
        study["constructs"]["size"]["alpha"] = "1.30"

    rewrite(folder, spoil)
    told = []
    check_papers([folder.parent], warn=lambda problem: told.append(str(problem)))
    (found,) = (text for text in told if "1.30" in text)
    assert "paper.yaml, study.constructs.size.alpha: alpha of size: 1.30 is above 1" in found


def test_variables_of_every_sample_are_looked_at_where_another_is_faulty(folder):
    """What else is wrong comes to light at once, and not only when the fault is mended."""

    def spoil(study):
        samples(study)["women"].pop("n")
        own = copy.deepcopy(study["constructs"])
        own["trust"] |= {"mean": "9.00", "sd": "1.00"}
        samples(study)["men"]["constructs"] = own

    rewrite(folder, spoil)
    edit(folder / "tables/table1.csv", "M men", "M of men")
    told = []
    with pytest.raises(PaperError):
        check_papers([folder.parent], warn=lambda problem: told.append(str(problem)))
    assert any("study.samples.men: mean of trust: 9.00 is off the scale" in text for text in told)


def test_checks_of_all_papers_have_every_sample_under_its_paper(folder):
    paper = read_paper(folder)
    tables = {
        key: table_of(check_paper(Record("mine", study))).astype(str)
        for key, study in paper.studies.items()
    }
    found = gather_papers(["another", "mine"], tables)
    assert found["paper"].value_counts()["mine"] == sum(map(len, tables.values()))
    none = found[found["paper"] == "another"]
    assert (none["because"] == "the paper has no study").all()
    assert list(found["paper"]) == sorted(found["paper"])


def test_findings_say_the_sample(monkeypatch):
    """And stand under their paper, whose literature has one row and no sample."""
    unmet = pd.DataFrame({"statistic": ["mean"], "term": ["x"], "why": ["no"], "proven": ["True"]})
    empty = pd.DataFrame(columns=["paper", "file", "place", "problem"])
    tables = {
        "papers": {"papers.csv": pd.DataFrame({"paper": ["mine", "one"]})},
        "refused": {"refused.csv": empty},
        "unmet": {f"studies/{key}/unmet.csv": unmet for key in ("mine.women", "mine.men", "one")},
    }
    monkeypatch.setitem(OF_ONE_PAPER, "studies", {"unmet": OF_ONE_PAPER["studies"]["unmet"]})
    for kind in OF_ALL_PAPERS:
        monkeypatch.setitem(OF_ALL_PAPERS, kind, lambda *about: [])
    groups = {"studies": ["mine.women", "mine.men", "one"], "testing": []}
    found = gather_findings(tables, groups | {"listing": [], "claimants": []})
    said = found[found["question"] == "numbers"]
    assert list(said[["paper", "finding", "evidence"]].itertuples(index=False, name=None)) == [
        ("mine", "women: synthetic data miss mean of x: no", "studies/mine.women/unmet.csv, row 1"),
        ("mine", "men: synthetic data miss mean of x: no", "studies/mine.men/unmet.csv, row 1"),
        ("one", "synthetic data miss mean of x: no", "studies/one/unmet.csv, row 1"),
    ]
    literature = found[found["question"] == "literature"]
    assert list(literature["paper"]) == ["mine", "one"]


def test_results_of_samples_of_an_earlier_run_are_told_of_a_refused_paper(folder, tmp_path):
    results = tmp_path / "results"
    (results / "studies/mine.women").mkdir(parents=True)
    rewrite(folder, lambda study: samples(study).pop("men"))
    write_paper(folder.parent / "other", draw(1))
    found = check_papers([folder.parent])
    assert list(found.read) == ["other"]
    assert "has of mine is of an earlier run" in describe_refusals(found.refused, results)


def test_a_sample_survives_being_written_and_read(folder):
    from retrace.papers.study import Study

    for study in read_paper(folder).studies.values():
        again = Study.model_validate_json(json.dumps(json.loads(study.model_dump_json())))
        assert again == study
