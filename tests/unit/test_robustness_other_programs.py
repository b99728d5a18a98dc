"""Three opinions on a model: who is asked, what is compared, and what is said of a difference."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sem_reference import MAGNI, MAGNI_NAMES, published_cases, why_no_lavaan

from retrace.papers import read_paper
from retrace.robustness.asked_programs import ask_programs
from retrace.robustness.lavaan_estimates import (
    ask_lavaan,
    lavaan_request,
    lavaan_syntax,
    lavaan_version,
    read_answers,
)
from retrace.robustness.other_programs import (
    Answer,
    Opinion,
    Opinions,
    compare,
    opinion_rows,
    why_not_comparable,
)
from retrace.robustness.semopy_estimates import ask_semopy, how_short, why_not_semopy
from retrace.robustness.structural_models import errors_in_variables_models
from retrace.robustness.structural_tables import fit_study
from retrace.sem import Fit, fit
from retrace.sem.problems import Problem, ProblemCode

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "workflow" / "retrace" / "robustness" / "ask_lavaan.R"
MAGNI_PAPER = ROOT / "resources" / "papers" / "magni2022"
HEYWOOD = np.array([[1, 0.9, 0.9], [0.9, 1, 0.65], [0.9, 0.65, 1]])
NOT_ASKED = Answer(why_not="not asked")


def path_model(name: str = "readiness") -> Fit:
    return fit(f"{name} ~ customer + market + economic + risk", MAGNI, 300, MAGNI_NAMES)


def published(name: str) -> Fit:
    case = published_cases()[name]
    return fit(
        case.model, case.matrix, case.n, case.names, std_lv=case.std_lv, rescale=case.rescale
    )


def echo(solution: Fit) -> Answer:
    """The opinion of a program that finds the same."""
    return Answer({e.lhs + e.op + e.rhs: Opinion(e.est, e.se) for e in solution.estimates})


def test_semopy_has_the_coefficients_of_least_squares_and_standard_errors_by_n():
    solution = path_model()
    rows = compare(solution, "semopy", ask_semopy(solution))
    assert len(rows) == 5
    assert all(row.agrees for row in rows)
    r = np.array(MAGNI)
    inverse = np.linalg.inv(r[:4, :4])
    beta = inverse @ r[:4, 4]
    se = np.sqrt((1 - r[4, :4] @ beta) * np.diag(inverse) / 300)
    for row, b, s in zip(rows, beta, se, strict=False):
        assert row.other.est == pytest.approx(b, abs=1e-6)
        assert row.other.se == pytest.approx(s, rel=1e-6)


@pytest.mark.parametrize("name", ["wheaton", "second_order", "political_democracy_equal"])
def test_semopy_agrees_on_published_models(name):
    solution = published(name)
    compared = compare(solution, "semopy", ask_semopy(solution))
    assert compared
    assert [str(row) for row in compared if not row.agrees] == []


def test_semopy_agrees_on_errors_in_variables_and_so_does_the_closed_form():
    study = read_paper(MAGNI_PAPER).study
    models = errors_in_variables_models(study)
    assert [model.name for model in models] == ["full_reliability_0.80"]
    solution = fit_study(study, models)["full_reliability_0.80"]
    compared = compare(solution, "semopy", ask_semopy(solution))
    assert len(compared) == 15
    assert [str(row) for row in compared if not row.agrees] == []
    # Fuller (1987), equation 2.2.12: coefficients among true scores.
    r = np.array(MAGNI)
    beta = np.linalg.solve(r[:4, :4] - 0.2 * np.eye(4), r[:4, 4])
    own = [solution[f"true.readiness ~ true.{name}"].est for name in MAGNI_NAMES[:4]]
    np.testing.assert_allclose(own, beta, atol=1e-8)


def test_opinions_stand_side_by_side_and_an_empty_one_says_why():
    fits = {"full": path_model(), "other": path_model("readiness")}
    answers = {
        "semopy": {"full": echo(fits["full"]), "other": Answer(why_not="semopy failed: odd")},
        "lavaan": dict.fromkeys(fits, NOT_ASKED),
    }
    rows, differing = opinion_rows(fits, answers)
    assert differing == []
    first, last = rows[0], rows[-1]
    assert (first.est_semopy, first.agrees, first.difference) == (*(first.est_retrace, True, 0.0),)
    assert (first.why_not_semopy, first.why_not_lavaan) == ("", "not asked")
    assert np.isnan(last.est_semopy)
    assert (last.agrees, last.why_not_semopy) == ("", "semopy failed: odd")


def test_a_difference_is_told_with_model_parameter_values_and_tolerance():
    solution = path_model()
    opinions = dict(echo(solution).opinions)
    est, se = opinions["readiness~risk"]
    opinions["readiness~risk"] = Opinion(est + 0.1 * se, se)
    del opinions["readiness~market"]
    answers = {"semopy": {"full": Answer(opinions)}, "lavaan": {"full": echo(solution)}}
    rows, differing = opinion_rows({"full": solution}, answers)
    assert [line.split(": ")[1] for line in differing] == [
        *("readiness ~ market", "readiness ~ risk"),
    ]
    assert "full: readiness ~ risk: -0.162099 (SE 0.0626775), semopy -0.155831" in differing[1]
    assert "0.1 standard errors apart, tolerance 0.001" in differing[1]
    by_name = {row.rhs: row for row in rows}
    assert (by_name["risk"].agrees, by_name["customer"].agrees) == (False, True)
    assert by_name["risk"].difference == pytest.approx(0.1)
    # lavaan agrees; the parameter that semopy does not report stays in disagreement all the same.
    assert by_name["market"].agrees is False
    assert np.isnan(by_name["market"].difference)


def test_a_difference_in_standard_errors_alone_is_one_and_at_the_tolerance_none():
    solution = path_model()
    opinions = dict(echo(solution).opinions)
    est, se = opinions["readiness~risk"]
    opinions["readiness~risk"] = Opinion(est, 1.01 * se)
    differing = [c for c in compare(solution, "semopy", Answer(opinions)) if not c.agrees]
    assert [c.parameter.name for c in differing] == ["readiness~risk"]
    assert differing[0].difference == pytest.approx(0.01)
    assert replace(differing[0], tolerance=differing[0].difference).agrees


def test_a_solution_that_is_none_or_one_of_many_is_listed_with_its_name_and_not_compared():
    solution = fit("f =~ customer + risk", MAGNI, 300, MAGNI_NAMES)
    assert why_not_comparable(solution).startswith("under-identified")
    rows, differing = opinion_rows({"f": solution}, {"semopy": {}, "lavaan": {}})
    assert differing == []
    assert len(rows) == 4
    assert {row.why_not_lavaan for row in rows} == {why_not_comparable(solution)}


def test_what_an_equality_fixes_is_no_free_parameter():
    solution = fit("c ~ p*a + q*b\np == 0.3", HEYWOOD, 200, list("abc"))
    compared = compare(solution, "lavaan", echo(solution))
    assert [row.parameter.name for row in compared] == ["c~b", "c~~c"]


# semopy ---------------------------------------------------------------------------------------


def test_semopy_is_not_asked_where_it_cannot_agree():
    heywood = fit("f =~ a + b + c", HEYWOOD, 200, list("abc"))
    assert "negative variance" in why_not_semopy(heywood)
    equal = fit("c ~ p*a + q*b\np == q", HEYWOOD, 200, list("abc"))
    assert "==" in ask_semopy(equal).why_not
    unscaled = fit("f =~ a + b + c", np.eye(3) * 0.5 + 0.5, 200, list("abc"), std_lv=True)
    assert why_not_semopy(unscaled) == "no loading of f is fixed"
    assert why_not_semopy(fit("c ~ a + b", HEYWOOD, 200, list("abc"))) == ""


def test_a_failure_of_semopy_is_the_reason_why_it_has_no_opinion():
    # R's names may start with a dot; semopy 2.3.11 cannot read them.
    solution = fit("y ~ .x", [[1, 0.4], [0.4, 1]], 80, [".x", "y"])
    assert ask_semopy(solution).why_not == (
        "semopy failed: SyntaxError: Syntax error for line: y ~ .x"
    )


def test_a_program_that_stops_early_has_no_opinion_though_it_says_that_it_has_converged(
    monkeypatch,
):
    # r = .999: with some linear algebra semopy 2.3.11 ends with an objective of .92, where the
    # minimum is .00017, with other it reaches the minimum; here it always ends there.
    import semopy

    fit_whole = semopy.Model.fit

    def fit_in_part(model, **options):
        result = fit_whole(model, **options)
        result.fun = solution.discrepancy + 0.92
        return result

    monkeypatch.setattr(semopy.Model, "fit", fit_in_part)
    matrix = [[1, 0.999, 0.5], [0.999, 1, 0.5], [0.5, 0.5, 1]]
    solution = fit("b ~ p*a\nc ~ q*b", matrix, 100, list("abc"))
    # Algebra: of a chain of regressions each is least squares.
    assert solution["b ~ a"].est == pytest.approx(0.999, abs=1e-9)
    assert solution["c ~ b"].est == pytest.approx(0.5, abs=1e-9)
    answer = ask_semopy(solution)
    # Algebra: the root of 100 * 0.92.
    assert answer.why_not.startswith("semopy stopped early, about 9.6 standard errors")
    rows, differing = opinion_rows(
        {"chain": solution}, {"semopy": {"chain": answer}, "lavaan": {"chain": NOT_ASKED}}
    )
    assert len(rows) == 4
    assert {row.why_not_semopy for row in rows} == {answer.why_not}
    assert differing == []


@pytest.mark.parametrize(
    ("gap", "n", "confirmed", "told"),
    [
        (1e-13, 300, True, ""),
        (1e-13, 300, False, ""),  # rounding alone kept it from confirming
        (-1e-13, 300, False, ""),
        (-1e-3, 300, True, ""),  # below what is known here: its estimates are compared
        (1e-8, 300, True, "stopped early, about 0.0017 standard errors"),
        (1e-8, 300, False, "did not converge, about 0.0017 standard errors"),
        (1e-8, 50, True, ""),
        (float("inf"), 50, True, ""),
        (float("inf"), 50, False, "did not converge"),
        (float("nan"), 50, False, "did not converge"),
    ],
)
def test_how_short_of_the_minimum_a_program_may_stop(gap, n, confirmed, told):
    # Algebra: F is n times a quadratic form of estimates in standard errors, near its minimum.
    found = how_short(gap, n, confirmed=confirmed)
    assert found.startswith(told)
    assert bool(found) == bool(told)


# lavaan ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["equal_loadings", "linear_equality", "wheaton"])
def test_the_syntax_written_for_lavaan_reads_back_as_the_same_model(name):
    solution, case = published(name), published_cases()[name]
    syntax = lavaan_syntax(solution.structure.specification)
    again = fit(syntax, case.matrix, case.n, case.names, rescale=case.rescale)
    assert again.measures.chi2 == pytest.approx(solution.measures.chi2, abs=1e-8)
    assert again.structure.df == solution.structure.df


def test_answers_of_lavaan_are_read_by_model_and_a_failure_with_its_reason():
    text = (
        '"index","lhs","op","rhs","est","se","why_not"\n'
        '"0","y","~","x",0.25,0.0625,""\n'
        '"1","","","",NA,NA,"did not converge"\n'
    )
    found = read_answers(text, ["first", "second"])
    assert found["first"] == Answer({"y~x": Opinion(0.25, 0.0625)})
    assert found["second"] == Answer({}, "lavaan did not converge")


def test_an_r_that_ends_with_an_error_has_no_opinion_and_stops_nothing(tmp_path, monkeypatch):
    program = tmp_path / "Rscript"
    program.write_text("#!/bin/sh\nexit 139\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    found = ask_lavaan({"full": path_model()}, tmp_path / "ask_lavaan.R")
    assert found == {"full": Answer(why_not="R ended with status 139: without a word")}


def test_lavaan_agrees_and_what_it_cannot_fit_has_a_reason():
    reason = why_no_lavaan()
    if reason:
        pytest.skip(reason)
    # R reads `if` as its own word.
    fits = {"wheaton": published("wheaton"), "full": path_model()}
    broken = fit("y ~ if", [[1, 0.4], [0.4, 1]], 80, ["if", "y"])
    answers = ask_lavaan({**fits, "broken": broken}, SCRIPT)
    for name, solution in fits.items():
        compared = compare(solution, "lavaan", answers[name])
        assert compared
        assert [str(row) for row in compared if not row.agrees] == []
    assert answers["broken"].why_not.startswith("lavaan ")
    assert "\n" not in answers["broken"].why_not
    assert lavaan_request({"broken": broken}).count("\n") == 2


def test_an_r_without_lavaan_is_said_to_be_one(monkeypatch):
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed")
    for variable in ("R_LIBS", "R_LIBS_SITE", "R_LIBS_USER"):
        monkeypatch.setenv(variable, "/nowhere")
    found = ask_lavaan({"full": path_model()}, SCRIPT)
    if not found["full"].why_not:
        pytest.skip("lavaan is part of R's own library")
    assert found["full"].why_not == "R has no lavaan"


def install_r(folder: Path, script: str, monkeypatch) -> None:
    (folder / "Rscript").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "Rscript").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@pytest.mark.parametrize(
    ("script", "version"),
    [
        ('echo "R version 4.3.1 lavaan 0.6.17"', "R version 4.3.1 lavaan 0.6.17"),
        ("exit 1", None),
        ('echo "R version 4.3.1"; echo "there is no package called lavaan" >&2; exit 1', None),
        ("true", None),
    ],
)
def test_lavaan_has_a_version_where_r_runs_and_has_it(tmp_path, monkeypatch, script, version):
    install_r(tmp_path, script, monkeypatch)
    assert lavaan_version() == version
    (tmp_path / "Rscript").unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert lavaan_version() is None


def test_an_r_that_breaks_off_has_no_opinion_and_says_why(tmp_path, monkeypatch):
    install_r(tmp_path, "cat >/dev/null; echo out of memory >&2; exit 7", monkeypatch)
    answers = ask_lavaan({"full": path_model()}, tmp_path / "ask.R")
    assert answers["full"].why_not == "R ended with status 7: out of memory"
    assert not answers["full"].opinions


def test_lavaan_is_asked_and_has_its_table_where_that_is_wanted_alone(tmp_path, monkeypatch):
    improper = replace(path_model(), coded_problems=(Problem(ProblemCode.NOT_CONVERGED),))
    fits = {"path": path_model(), "none": improper}
    asked = ask_programs(fits, ["opinions"], SCRIPT)
    assert list(asked.tables) == ["opinions"]
    two = asked.tables["opinions"]
    assert not any("lavaan" in column for column in two.columns)
    assert two[two.model == "path"]["agrees"].all()
    assert set(two[two.model == "none"]["why_not_semopy"]) == {"not converged"}
    assert asked.answered == [
        "path: semopy: has an opinion",
        "path: lavaan: lavaan was not asked",
    ]
    assert asked.differing == []
    (tmp_path / "Rscript").write_text("#!/bin/sh\ncat >/dev/null; exit 9\n")
    (tmp_path / "Rscript").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    more = ask_programs(fits, ["opinions", "lavaan"], SCRIPT)
    pd.testing.assert_frame_equal(more.tables["opinions"], two)
    three = more.tables["lavaan"]
    assert tuple(three.columns) == Opinions._fields
    assert three[three.model == "path"]["why_not_lavaan"].str.startswith("R ended").all()
