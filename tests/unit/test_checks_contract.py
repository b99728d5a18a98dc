"""The contract of checks: found by being there, never silent, never wrong."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from checked_studies import checked_study, with_cell, with_construct
from extreme_studies import extreme_study
from hypothesis import given, settings
from hypothesis import strategies as st
from timing import seconds

from retrace.checks import NO_CHECK, check_paper, find_checks, gather_papers, table_of
from retrace.checks.contract import COLUMNS
from retrace.checks.finding import READING
from retrace.checks.shared.addresses import printed_numbers
from retrace.checks.shared.findings import check_findings
from retrace.checks.shared.record import Record
from retrace.papers import read_paper
from retrace.papers.check_study import find_stand_in
from retrace.papers.study import Study
from retrace.printed.numbers import Printed
from retrace.printed.verdicts import CONTRADICTED, IMPOSSIBLE, NOT_CHECKABLE, VERDICTS, WRONG

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "workflow" / "retrace"


def rows_of(study: Study) -> list:
    return check_paper(Record(study.paper, study))


def wrong_in(study: Study, check: str) -> list:
    return [row for row in rows_of(study) if row.check == check and row.verdict in WRONG]


@pytest.fixture(scope="module")
def magni():
    return read_paper(ROOT / "resources/papers/magni2022").study


def printed_at(level: float) -> Study:
    """Three predictors, 250 people, 2 decimals."""
    return next(
        study
        for study in (checked_study(seed, n=250, constructs=4, level=level) for seed in range(100))
        if study and study.constructs["x0"].sd.decimals == 2 and study.constructs["x0"].alpha
    )


@pytest.fixture(scope="module")
def honest():
    """A study with limits of 95 %."""
    return printed_at(0.95)


def test_the_columns_are_those_of_the_contract():
    assert (
        *("paper", "check", "where", "row", "column", "statistic", "printed", "recomputed"),
        *("low", "high", "verdict", "because", "needs", "cause"),
    ) == COLUMNS


def test_every_module_beside_the_contract_is_a_check_of_its_name():
    modules = {path.stem for path in (LIBRARY / "checks").glob("*.py")}
    found = find_checks()
    assert [check.name for check in found] == sorted(
        modules - {"__init__", "commands", "contract", "finding"}
    )
    for check in found:
        assert check.question.endswith("?")
        assert check.needs
        assert check.source


def test_the_documentation_has_one_line_for_each_check():
    text = (ROOT / "docs/reference/checks.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \| (.*?) \|$", text, re.MULTILINE)
    assert [tuple(line) for line in lines] == [
        (check.name, check.question, check.needs, check.source) for check in find_checks()
    ]


def test_adding_a_check_is_adding_a_module(tmp_path):
    shutil.copytree(LIBRARY, tmp_path / "retrace", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "retrace/checks/added.py").write_text(
        "from retrace.checks.contract import Check, Row\n"
        "CHECK = Check('added', 'Is it?', 'nothing', 'none', lambda record: [Row(where='here')])\n"
    )
    program = (
        "from retrace.checks import check_paper, find_checks\n"
        "from retrace.checks.shared.record import Record\n"
        "print(*(row.check for row in check_paper(Record('key', None))))\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == sorted(["added", *(check.name for check in find_checks())])


def assert_never_silent(study: Study) -> None:
    """Every printed number has a row, and every row says why, or what it would need."""
    rows = rows_of(study)
    seen = {row[2:5] for row in rows}
    for number in printed_numbers(study):
        assert tuple(number.address) in seen, number
    assert {check.name for check in find_checks()} <= {row.check for row in rows}
    for row in rows:
        assert row.paper == study.paper
        assert row.verdict in VERDICTS, row
        assert row.because, row
        assert bool(row.needs) == (row.verdict == NOT_CHECKABLE), row
        assert row.verdict in WRONG or not row.cause, row


@settings(deadline=None, max_examples=8)
@given(seed=st.integers(0, 2**31))
def test_an_honest_study_is_never_called_wrong_and_no_number_is_passed_over(seed):
    study = checked_study(seed)
    if study is None:
        return
    assert_never_silent(study)
    wrong = [row for row in rows_of(study) if row.verdict in WRONG]
    assert not wrong, table_of(wrong).to_string()


def test_no_number_of_the_paper_is_passed_over(magni):
    assert_never_silent(magni)
    wrong = [(row.check, row.statistic) for row in rows_of(magni) if row.verdict in WRONG]
    # As legends.csv has it: no cell of Table 4 contradicts ** 1 %, * 5 %.
    assert wrong == [("stars", "legend")]


def test_a_printed_alpha_is_not_passed_over(honest):
    own = [row for row in rows_of(honest) if row.check == NO_CHECK]
    assert {row.statistic for row in own} == {"alpha"}
    assert all("items" in row.needs for row in own)


def test_a_paper_without_a_study_has_a_row_of_each_check():
    rows = check_paper(Record("essay", None))
    assert [row.check for row in rows] == [check.name for check in find_checks()]
    assert {row.verdict for row in rows} == {NOT_CHECKABLE}
    assert {row.because for row in rows} == {"the paper has no study"}
    assert all(row.needs for row in rows)


@pytest.mark.parametrize(
    ("triangle", "n"),
    [(["0.3"], 12), (["0.95", "0.95 0.95"], 30), ([".9", ".9 .99", ".9 .99 .99"], 60)],
)
def test_models_without_printed_numbers_say_so(triangle, n):
    study = extreme_study(triangle, n)
    assert_never_silent(study)
    assert not [row for row in rows_of(study) if row.verdict in WRONG]


def test_an_impossible_table_is_a_finding_and_what_rests_on_it_is_not_checkable():
    # Three correlations of -0.9: the eigenvalue of (1, 1, 1) is 1 - 2 * 0.9 = -0.8.
    study = extreme_study(["0.9", "0.9 0.9"], 50)
    cells = [(row, column, Printed.parse("-0.9")) for row, column, _ in study.correlations]
    model = study.models["full"].model_copy(
        update={"reported": {"a": {"t": Printed.parse("2.0")}}, "file": "results.csv"}
    )
    entry = SimpleNamespace(constructs=study.constructs, correlations="correlations.csv")
    _, aside = find_stand_in(entry, cells)
    read = {"correlations": cells, "impossible": [aside], "no_matrix": aside.why}
    study = study.model_copy(update={**read, "models": {"full": model}})
    assert_never_silent(study)
    rows = rows_of(study)
    found, again = [row for row in rows if row.verdict in WRONG]
    assert (found.check, found.verdict) == ("correlations", IMPOSSIBLE)
    assert (again.check, again.because) == (READING, found.because)
    assert found.recomputed == pytest.approx(-0.8)
    assert found.cause == "sign: 0.9 for b and a"  # -0.9, -0.9 and 0.9 have determinant 0.028
    (t,) = [row for row in rows if row.check == "regressions"]
    assert (t.verdict, t.needs) == (NOT_CHECKABLE, "correlations that data can have")


def test_two_hundred_constructs_are_checked_in_time_with_their_pairs():
    rows = [" ".join(["0.1"] * k) for k in range(1, 26)]
    usual = extreme_study(rows, 400)
    model = usual.models["full"].model_copy(update={"outcome": "c9", "predictors": ["c0", "c1"]})
    construct = usual.constructs["a"].model_copy(update={"mean": Printed.parse("3.20")})

    def check(count: int) -> None:
        names = [f"c{k}" for k in range(count)]
        r = Printed.parse("0.10")
        study = usual.model_copy(
            update={
                "constructs": dict.fromkeys(names, construct),
                "correlations": [(names[a], names[b], r) for a in range(count) for b in range(a)],
                "models": {"m": model},
                "hypotheses": {},
            }
        )
        found = rows_of(study)
        pairs = count * (count - 1) // 2
        assert sum(row.check == "correlations" for row in found) == 1 + pairs
        assert not [row for row in found if row.verdict in WRONG]

    # Sixteen times the pairs; with each pair a look at the whole matrix took 256 times as long.
    assert seconds(lambda: check(200), times=1) < 64 * seconds(lambda: check(50))


def test_a_changed_sign_is_found_where_it_is_printed(honest):
    row = honest.models["m"].reported
    term = max(("x0", "x1", "x2"), key=lambda name: abs(row[name]["t"].value))
    b = row[term]["b"].text
    changed = b.removeprefix("-") if b.startswith("-") else f"-{b}"
    (found,) = wrong_in(with_cell(honest, "m", term, b=changed), "regressions")
    assert tuple(found[2:7]) == ("tables/regression.csv", term, "b", "b", changed)
    assert found.cause == f"sign: {b}"
    assert found.low <= float(b) <= found.high


def test_a_number_says_what_it_rests_on(honest, magni):
    said = {row.column: row for row in rows_of(honest) if row.check == "regressions"}
    # Limits of 95 % are what limits are.
    assert not any("%" in row.because or "one-sided" in row.because for row in said.values())
    lacking = [row for row in rows_of(magni) if row.check == "regressions" and row.column == "b"]
    assert [(row.because, row.needs) for row in lacking] == [
        (
            "model full: the paper prints too little",
            f"standard deviations of {term} and readiness",
        )
        for term in magni.models["full"].predictors
    ]


def test_a_sign_alone_is_said_to_be_wrong_and_its_other_sign_mends_it(magni):
    # Without standard deviations B has a sign, and nothing else to be held against.
    study = with_cell(magni, "full", "customer", b="-0.182")
    (found,) = wrong_in(study, "regressions")
    assert found.because == (
        "model full: the correlations give it the other sign, whatever the deviations"
    )
    assert found.cause == "sign: 0.182"
    wrong = wrong_in(with_cell(magni, "full", "customer", t="9.99"), "regressions")
    assert [row.because for row in wrong] == [
        "model full: no correlations that round to the table give it"
    ]


def test_a_p_that_fits_one_sided_alone_is_read_so(magni):
    # Table 5: t = 2.451 has p = .0148 on two sides, .0074 on one.
    study = with_cell(magni, "full", "customer", p="0.007")
    rows = [row for row in rows_of(study) if row.check == "regressions" and row.column == "p"]
    read = {row.row: row.because.endswith("; read one-sided") for row in rows}
    assert read == {term: term == "customer" for term in magni.models["full"].predictors}
    assert not [row for row in rows if row.verdict in WRONG]


def test_exchanged_rows_are_named(honest):
    row = honest.models["m"].reported
    a, b = row["x0"]["t"].text, row["x1"]["t"].text
    swapped = with_cell(with_cell(honest, "m", "x0", t=b), "m", "x1", t=a)
    causes = {row.row: row.cause for row in wrong_in(swapped, "regressions")}
    assert causes == {
        "x0": f"exchanged with the one of x1: {a}",
        "x1": f"exchanged with the one of x0: {b}",
    }


def test_a_p_that_its_t_does_not_have_is_found_in_its_row(honest):
    # R: 2 * pt(-1.5, 246) = 0.1349, one-sided 0.0674.
    study = with_cell(honest, "m", "x0", t="1.50", p="0.31")
    (found,) = [row for row in wrong_in(study, "rows") if row.statistic == "p from t"]
    assert found.recomputed == pytest.approx(0.1349, abs=2e-4)
    assert found.cause == "digits exchanged: 0.13"
    one_sided = with_cell(honest, "m", "x0", t="1.50", p="0.07")
    assert not [row for row in wrong_in(one_sided, "rows") if row.statistic == "p from t"]


def test_stars_left_out_are_found():
    # r = .30 of 100: t = .30 sqrt(98 / .91) = 3.11, p = .0024.
    study = extreme_study(["0.30**", "0.10 0.30"], 100).model_copy(
        update={"stars": {"**": 0.01, "*": 0.05}}
    )
    found = wrong_in(study, "stars")
    assert [(row.row, row.column, row.printed, row.cause) for row in found] == [
        ("c", "b", "0.30", "stars left out: **")
    ]


def test_a_legend_that_does_not_fit_its_table_is_the_finding(magni):
    legends = [row for row in rows_of(magni) if row.statistic == "legend"]
    assert [row.verdict for row in legends] == [CONTRADICTED, "reproduced"]
    assert "0 contradict ** 0.01, * 0.05" in legends[0].because
    assert [row[2:5] for row in legends] == [
        ("paper.yaml, study.stars", "correlations", ""),
        ("paper.yaml, study.stars", "full", ""),
    ]
    assert legends[0].because.startswith("the correlations: 5 of 10 cells contradict it; ")
    assert legends[1].because == "model full: 0 of 4 cells contradict it"


def test_what_a_check_says_of_a_number_has_an_address_of_its_own(magni, honest):
    for study in (magni, honest):
        rows = [row for row in rows_of(study) if row.check == "stars"]
        assert len({(*row[2:5], row.statistic) for row in rows}) == len(rows) > 0


@pytest.mark.parametrize(
    ("triangle", "legend", "wrong", "best"),
    [
        # p at n = 102: 0.18 .070, 0.20 .044, 0.22 .026, 0.24 .015, 0.29 .0031 (test of relations).
        (["0.22*", "0.18 0.29**"], (0.05, 0.10), 2, "** 0.01, * 0.05"),
        (["0.22*", "0.10 0.29**"], (0.05, 0.10), 1, "** 0.01, * 0.1"),
        (["0.22*", "0.18 0.29**"], (0.01, 0.05), 0, ""),
        # One-sided p is half of that; of other legends that fit, the laxest.
        (["0.18*", "0.20* 0.24**"], (0.005, 0.05), 2, "** 0.01, * 0.1 one-sided"),
    ],
)
def test_two_cells_speak_against_the_legend_and_one_against_itself(triangle, legend, wrong, best):
    stars = dict(zip(("**", "*"), legend, strict=True))
    study = extreme_study(triangle, 102).model_copy(update={"stars": stars})
    (row,) = [row for row in rows_of(study) if row.statistic == "legend"]
    other = f"; 0 contradict {best}" if wrong else ""
    assert row.because == f"the correlations: {wrong} of 3 cells contradict it{other}"
    assert row.verdict == (CONTRADICTED if wrong == 2 else "reproduced")
    assert row.cause == ("the legend of another table" if wrong == 2 else "")


def test_numbers_in_conflict_name_each_other(magni):
    # Table 5 with a t that no matrix gives.
    study = with_cell(magni, "full", "customer", t="2.541")
    (found,) = wrong_in(study, "joint_feasibility")
    assert (found.where, found.row, found.column) == ("tables/table5.csv", "customer", "t")
    assert found.because == "model full: no matrix that rounds to the table gives it"
    # Each t is inside its own envelope, at opposite ends (test of feasibility).
    rows = {"customer": {"t": "2.441"}, "risk": {"t": "-2.584"}}
    reported = {
        term: {name: Printed.parse(text) for name, text in row.items()}
        for term, row in rows.items()
    }
    model = magni.models["full"].model_copy(update={"reported": reported, "durbin_watson": None})
    study = magni.model_copy(update={"models": {"full": model}})
    customer, risk = wrong_in(study, "joint_feasibility")
    assert customer.because.endswith(
        "gives it together with t of risk -2.584 (the smallest set that does not hold)"
    )
    assert "t of customer 2.441" in risk.because


def test_two_models_that_cannot_share_standard_deviations_are_found(honest):
    model = honest.models["m"]
    b = model.reported["x0"]["b"]
    other = model.model_copy(
        update={
            "reported": {"x0": {"b": Printed.parse(f"{3 * b.value + 1:.2f}")}},
            "file": "tables/other.csv",
            "r2": None,
            "adjusted_r2": None,
            "f": None,
            "f_p": None,
        }
    )
    study = honest.model_copy(update={"models": {"m": model, "other": other}})
    found = wrong_in(study, "standard_deviations")
    assert "tables/other.csv" in {row.where for row in found}
    assert all("together with" in row.because for row in found)


def test_a_table_of_all_papers_has_each_of_them(magni):
    from io import StringIO

    text = table_of(rows_of(magni)).to_csv(index=False)
    tables = {"magni2022": pd.read_csv(StringIO(text), dtype=str, keep_default_na=False)}
    gathered = gather_papers(["hu2024", "magni2022"], tables)
    assert gathered.paper.unique().tolist() == ["hu2024", "magni2022"]
    assert gathered[gathered.paper == "magni2022"].to_csv(index=False) == text
    assert len(gathered[gathered.paper == "hu2024"]) == len(find_checks())


def test_models_of_one_table_and_a_model_named_like_the_correlations_keep_their_rows(honest):
    model = honest.models["m"]
    study = honest.model_copy(update={"models": {"m": model, "correlations": model}})
    assert_never_silent(study)
    starred = [row for row in rows_of(study) if row.check == "stars" and row.statistic == "stars"]
    places = [(row.where, row.row, row.column) for row in starred]
    assert places.count(("tables/regression.csv", "x0", "p")) == 2
    assert sum(where == "tables/correlations.csv" for where, *_ in places) == 6


def test_without_items_or_scale_a_mean_says_what_it_needs(honest):
    bare = honest.model_copy(update={"scale": None})
    needs = {row.needs for row in rows_of(bare) if row.check == "granularity"}
    assert needs == {"the response scale"}
    mean = with_construct(honest, "x0", mean="9.99")
    assert [row.verdict for row in wrong_in(mean, "granularity")] == [IMPOSSIBLE]


@pytest.fixture(scope="module")
def at_90():
    """The same table with limits of 90 %."""
    return printed_at(0.90)


def test_limits_of_another_level_are_read_so(at_90):
    rows = [row for row in rows_of(at_90) if row.column in ("ci_low", "ci_high")]
    assert not [row for row in rows if row.verdict in WRONG]
    limits = [row for row in rows if row.check in ("regressions", "rows")]
    assert len(limits) == 2 * 2 * 4
    assert all("90 %" in row.because for row in limits)
    others = [row for row in rows_of(at_90) if row.check in ("regressions", "rows")]
    others = [row for row in others if row.column not in ("ci_low", "ci_high", "se", "b")]
    assert not any("90 %" in row.because for row in others)


def test_a_limit_that_fits_no_level_of_its_table_is_contradicted(at_90):
    high = at_90.models["m"].reported["x1"]["ci_high"]
    study = with_cell(at_90, "m", "x1", ci_high=f"{high.value + 1:.2f}")
    (found,) = [row for row in wrong_in(study, "regressions") if row.column == "ci_high"]
    assert found.row == "x1" or "exchanged" in found.cause


def test_a_reason_of_many_numbers_is_one_finding_that_names_six():
    row = {"check": "rows", "where": "t.csv", "row": "x", "statistic": "p", "printed": "0.1"}
    row |= {"verdict": NOT_CHECKABLE, "because": "too little", "needs": "t", "cause": ""}
    for number, more in ((6, ""), (8, " and 2 more")):
        table = pd.DataFrame([row | {"column": f"c{i}"} for i in range(number)])
        found, tally = check_findings("key", table, "checks.csv")
        named = ", ".join(f"p of x, c{i} in t.csv, printed as 0.1" for i in range(6))
        assert found.finding == f"not checkable: {named}{more} (too little; needs t)"
        assert tally.finding.startswith(f"{number} printed numbers: 0 reproduced")


def test_a_mark_that_no_legend_explains_is_not_checkable_and_stops_nothing(tmp_path):
    folder = tmp_path / "magni2022"
    shutil.copytree(Path(__file__).parents[2] / "resources/papers/magni2022", folder)
    table = folder / "tables/table4.csv"
    table.write_text(table.read_text().replace("0.433**", "0.433†"))
    rows = [row for row in rows_of(read_paper(folder).study) if row.check == "stars"]
    (unknown,) = [row for row in rows if row.printed == "0.433†"]
    assert (unknown.verdict, unknown.because) == (NOT_CHECKABLE, "no legend explains †")
    assert (unknown.row, unknown.column) == ("risk", "customer")
    # All other cells are judged as before.
    judged = [row for row in rows if row.statistic == "stars" and row.printed]
    assert len({(row.where, row.row, row.column) for row in judged}) == 14


def test_reasons_come_in_the_order_of_the_table():
    row = {"where": "t.csv", "row": "x", "column": "t", "statistic": "t", "printed": "0.1"}
    row |= {"check": "rows", "verdict": NOT_CHECKABLE, "because": "b", "cause": ""}
    table = pd.DataFrame([row | {"needs": needs} for needs in ("z", "a", "z")])
    found = [finding.finding[-8:] for finding in check_findings("key", table, "checks.csv")]
    assert found[:2] == ["needs z)", "needs a)"]
