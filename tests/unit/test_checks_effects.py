"""Tables of effects: honest by statsmodels and textbook formulas, and with one digit changed."""

import csv
import json
import math
import re

import numpy as np
import pytest
import statsmodels.api as sm
from mediation_papers import LABELS, Printing, survey, write_effects, write_paper

from retrace.checks import check_paper
from retrace.checks.effects import CHECK, MOST_READINGS, Path, _Effects
from retrace.checks.shared.coefficients import UNKNOWN
from retrace.checks.shared.effects import Coefficient
from retrace.checks.shared.record import Record
from retrace.papers.check_study import read_study
from retrace.papers.reading import PaperError
from retrace.papers.study import Model
from retrace.printed.verdicts import CONTRADICTED, IMPOSSIBLE, NOT_CHECKABLE

TESTS = ("sobel", "aroian", "goodman", "bootstrap")


def printed_paper(folder, seed, how, n=120, **paths):
    found = survey(seed, n, **paths)
    effects = write_effects(folder, found, how)
    return write_paper(folder, found, how.decimals, effects=effects)


def rows_of(folder):
    study = read_study(folder)
    return list(CHECK.judge(Record("made_up", study)))


def change(file, row, column, place):
    """Change one digit of a cell by 5; the digit is counted from behind."""
    rows = list(csv.reader(file.open()))
    at, line = rows[0].index(column), next(each for each in rows if each[0] == row)
    cell, back = line[at], -1 - place
    digit = cell[back]
    line[at] = cell[:back] + str((int(digit) + 5) % 10) + cell[back:][1:]
    file.write_text("".join(",".join(each) + "\n" for each in rows))


def test_no_honest_effect_is_contradicted(tmp_path):
    judged = total = 0
    for seed in range(24):
        how = Printing(
            decimals=1 + seed % 4,
            test=TESTS[(seed // 4) % 4],
            one_sided=seed % 5 == 0,
            standardised=seed % 7 == 0,
        )
        rows = rows_of(printed_paper(tmp_path / str(seed), seed, how, n=30 + 15 * seed))
        wrong = [row for row in rows if row.verdict == CONTRADICTED]
        assert wrong == [], (seed, how)
        total += len(rows)
        judged += sum(row.verdict != NOT_CHECKABLE for row in rows)
    assert judged > 0.9 * total


@pytest.mark.parametrize(
    ("table", "row", "column", "place"),
    [
        ("indirect", "ab", "Effect", 1),
        ("indirect", "ab", "SE", 1),
        ("indirect", "ab", "z", 1),
        ("indirect", "ab", "p", 1),
        ("indirect", "ab", "LLCI", 1),
        ("indirect", "ab", "ULCI", 1),
        ("paths", "a", "t", 1),
        ("paths", "a", "LLCI", 1),
        ("paths", "Total effect", "b", 1),
        ("paths", "Direct effect", "SE", 1),
        ("slopes", "Low", "b", 1),
        ("slopes", "High", "SE", 1),
        ("slopes", "Low", "t", 1),
        ("slopes", "High", "ULCI", 1),
    ],
)
def test_a_changed_digit_is_found(tmp_path, table, row, column, place):
    folder = printed_paper(tmp_path, 3, Printing(3, "sobel"), a=0.25, b=0.2)
    change(folder / f"tables/{table}.csv", row, column, place)
    assert [each for each in rows_of(folder) if each.verdict == CONTRADICTED]


# One table as papers print it --------------------------------------------------------------------

WORKAHOLISM = """path,h4_b_se,h4_ci,h5_b_se,h5_ci
a,0.85 (0.06)***,"[0.73, 0.96]",-0.75 (0.06)***,"[-0.87, -0.63]"
b,0.41 (0.07)***,"[0.27, 0.55]",-0.38 (0.07)***,"[-0.52, -0.25]"
c total,0.75 (0.06)***,"[0.63, 0.88]",0.75 (0.06)***,"[0.63, 0.88]"
c' direct,0.41 (0.08)***,"[0.24, 0.57]",0.47 (0.08)***,"[0.31, 0.62]"
ab indirect,0.35,"[0.23, 0.47]",0.29,"[0.19, 0.40]"
R2 mediator model,.535,,.450,
"""
GROUPS = {
    f"{name}_{kind}": {"group": name, "through": chain, "holds": holds}
    for name, chain in (("h4", ["x", "m", "y"]), ("h5", ["x", "z", "y"]))
    for kind, holds in (("b_se", ["estimate", "se"]), ("ci", ["ci"]))
}


def workaholism(tmp_path, text=WORKAHOLISM, **entry):
    """Table 3 of a student's report on workaholism, in a study of three variables."""
    folder = tmp_path / "p"
    (folder / "tables").mkdir(parents=True)
    (folder / "tables/table3.csv").write_text(text, encoding="utf-8")
    table = {"file": "tables/table3.csv", "columns": GROUPS, "rows": {"R2 mediator model": None}}
    described = {
        "title": "T",
        "authors": [{"family": "A student"}],
        "licence": {"name": "public"},
        "study": {
            "n": 203,
            "constructs": {name: {"label": label} for name, label in LABELS.items()},
            "effects": {"table3": {**table, **entry}},
        },
    }
    (folder / "paper.yaml").write_text(json.dumps(described), encoding="utf-8")
    return folder


def test_a_table_of_two_mediations_side_by_side_fits(tmp_path):
    rows = rows_of(workaholism(tmp_path))
    assert {row.verdict for row in rows} <= {"reproduced", "within rounding", NOT_CHECKABLE}
    by = {(row.row, row.column): row for row in rows}
    # .85 x .41 = .3485 and -.75 x -.38 = .285; .41 + .35 = .76 and .47 + .29 = .76.
    assert by["ab indirect", "h4, estimate"].verdict == "reproduced"
    assert by["ab indirect", "h5, estimate"].recomputed == pytest.approx(0.285)
    assert by["c total", "h4, estimate"].verdict == "within rounding"
    assert by["ab indirect", "h4, ci_low"].verdict == "within rounding"
    # .75 +- 1.97 x .06
    assert by["c total", "h4, ci_low"].recomputed == pytest.approx(0.75 - 1.96 * 0.06, abs=2e-3)


@pytest.mark.parametrize(
    ("old", "new", "row", "statistic"),
    [
        ("0.35,", "0.45,", "ab indirect", "indirect: estimate"),
        ("c total,0.75 (0.06)***,", "c total,0.95 (0.06)***,", "c total", "total: estimate"),
        ("[0.23, 0.47]", "[0.38, 0.47]", "ab indirect", "indirect: ci_low"),
        ("[0.24, 0.57]", "[0.24, 0.67]", "c' direct", "direct: ci_high"),
    ],
)
def test_one_wrong_number_of_it_is_found(tmp_path, old, new, row, statistic):
    rows = rows_of(workaholism(tmp_path, WORKAHOLISM.replace(old, new, 1)))
    wrong = [(each.row, each.statistic) for each in rows if each.verdict == CONTRADICTED]
    assert (row, statistic) in wrong


@pytest.mark.parametrize(
    ("text", "entry", "message"),
    [
        (
            WORKAHOLISM.replace("R2 mediator model", "Dummies"),
            {"rows": {}},
            "row 'Dummies': say what it is, `rows:",
        ),
        (WORKAHOLISM, {"controls": ["agee"]}, "construct 'agee' is not declared"),
        (WORKAHOLISM.replace(".535", "1.535"), {"rows": {}}, "line 7: R2 1.535 is outside [0, 1]"),
        (WORKAHOLISM.replace(".535", ".535 (.02)"), {"rows": {}}, "line 7: R2 '.02' stands beside"),
        (WORKAHOLISM, {"rows": {"ab indirct": "indirect"}}, "no row 'ab indirct'; did you mean"),
        (WORKAHOLISM, {"columns": {}}, "column 'h4_ci': say what it holds, `columns:"),
        ("effect,b\na,.85\n", {"columns": {}, "rows": {}}, "line 2: row 'a' is 'a' of a chain"),
        (WORKAHOLISM.replace("h4_ci", "h4"), {}, "the table has no column 'h4_ci'"),
        (WORKAHOLISM.replace("h4_ci", "h4"), {}, "column 'h4': say what it holds, `columns:"),
        (WORKAHOLISM, {"through": ["x", "mm", "y"]}, "construct 'mm' is not declared; did you"),
        (WORKAHOLISM.replace("0.35,", "0.35x,"), {}, "line 6, column h4_b_se"),
        (
            WORKAHOLISM,
            {"rows": {"R2 mediator model": {"indirect": ["x", "y"]}}},
            "an indirect effect goes through a mediator",
        ),
        (
            WORKAHOLISM,
            {"rows": {"R2 mediator model": {"slope": ["x", "y"]}}},
            "`at` goes with a slope, and a slope with `at`",
        ),
        (
            WORKAHOLISM,
            {"rows": {"R2 mediator model": {"total": ["x", "y"], "path": ["x", "y"]}}},
            "is exactly one of path, direct, total",
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(tmp_path, text, entry, message):
    folder = workaholism(tmp_path, text, **entry)
    with pytest.raises(PaperError, match=re.escape(message)):
        read_study(folder)


def test_a_mediator_that_is_not_in_the_table_leaves_the_total_open(tmp_path):
    """With z as another mediator in the models, direct and one indirect effect are not all."""
    folder = workaholism(tmp_path, WORKAHOLISM.replace("c total,0.75", "c total,0.95"))
    study = read_study(folder)
    models = {
        "z": Model(outcome="z", predictors=["x"]),
        "y": Model(outcome="y", predictors=["x", "m", "z"]),
    }
    rows = list(CHECK.judge(Record("p", study.model_copy(update={"models": models}))))
    [total] = [row for row in rows if (row.row, row.column) == ("c total", "h4, estimate")]
    assert total.verdict == NOT_CHECKABLE
    assert total.needs == "the indirect effect through z"


def test_whatever_stands_in_an_entry_is_read_or_told(tmp_path):
    """Every key of the entry of a table, with values of another kind: a message and no more."""
    folder = workaholism(tmp_path)
    described = json.loads((folder / "paper.yaml").read_text(encoding="utf-8"))
    table = described["study"]["effects"]["table3"]
    table["rows"]["ab indirect"] = {"indirect": ["x", "m", "y"], "standardised": False}

    def places(node, at=()):
        for key in node if isinstance(node, dict) else ():
            yield (*at, key)
            yield from places(node[key], (*at, key))

    told = []
    for at in list(places(table)):
        for value in ({"at": {"w": "1"}, "slop": ["x"]}, ["x", "nobody"], 7, "<.5"):
            changed = json.loads(json.dumps(described))
            node = changed["study"]["effects"]["table3"]
            for key in at[:-1]:
                node = node[key]
            node[at[-1]] = value
            (folder / "paper.yaml").write_text(json.dumps(changed), encoding="utf-8")
            try:
                list(CHECK.judge(Record("p", read_study(folder))))
            except PaperError as error:
                told.append(str(error))
    assert len(told) > 60
    assert all("table3" in each for each in told)


# Several mediators -------------------------------------------------------------------------------


def serial_table(seed, decimals, n=150):
    """Effects of x on y through m, through z, and through both, by statsmodels."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(n)
    m = 0.5 * x + rng.standard_normal(n)
    z = 0.3 * x + 0.4 * m + rng.standard_normal(n)
    y = 0.2 * x + 0.3 * m - 0.3 * z + rng.standard_normal(n)

    def slopes(outcome, *predictors):
        return sm.OLS(outcome, sm.add_constant(np.column_stack(predictors))).fit().params[1:]

    [a], (c2, d), (direct, b1, b2) = slopes(m, x), slopes(z, x, m), slopes(y, x, m, z)
    [total] = slopes(y, x)
    paths = {"x-m": a, "x-z": c2, "m-z": d, "m-y": b1, "z-y": b2}
    indirect = {"x-m-y": a * b1, "x-z-y": c2 * b2, "x-m-z-y": a * d * b2}
    others = {"direct": direct, "total indirect": sum(indirect.values()), "total": total}
    numbers = {**paths, **indirect, **others}
    return "effect,b\n" + "".join(f"{k},{v:.{decimals}f}\n" for k, v in numbers.items())


SERIAL = {
    **{f"{a}-{b}": {"path": [a, b]} for a, b in ("xm", "xz", "mz", "my", "zy")},
    **{"-".join(chain): {"indirect": list(chain)} for chain in ("xmy", "xzy", "xmzy")},
    **{kind: {kind: ["x", "y"]} for kind in ("direct", "total")},
    "total indirect": {"total_indirect": ["x", "y"]},
}


@pytest.mark.parametrize("decimals", [1, 2, 3, 4])
def test_effects_over_several_mediators_add_up(tmp_path, decimals):
    for seed in range(6):
        text = serial_table(seed, decimals)
        folder = workaholism(tmp_path / str(seed), text, columns={}, rows=SERIAL)
        rows = {row.row: row for row in rows_of(folder) if row.statistic.endswith("estimate")}
        assert {row.verdict for row in rows.values()} <= {
            *("reproduced", "within rounding"),
            NOT_CHECKABLE,
        }, (seed, text)
        named = ("x-m-y", "x-m-z-y", "direct", "total", "total indirect")
        assert NOT_CHECKABLE not in {rows[name].verdict for name in named}


@pytest.mark.parametrize("name", ["x-m-y", "x-m-z-y", "total indirect", "total"])
def test_a_wrong_one_of_them_is_found(tmp_path, name):
    text = serial_table(1, 3)
    [line] = [each for each in text.splitlines() if each.startswith(f"{name},")]
    place = -2
    digit = str((int(line[place]) + 5) % 10)
    changed = text.replace(line, line[:place] + digit + line[place + 1 :])
    folder = workaholism(tmp_path, changed, columns={}, rows=SERIAL)
    assert name in {row.row for row in rows_of(folder) if row.verdict == CONTRADICTED}


def test_tests_that_may_be_of_a_bootstrap_are_not_contradicted(tmp_path):
    """z and p beside paths that give others, with no error and no word on how they were made."""
    text = "effect,b,SE,z,p\na,.50,.10,,\nb,.40,.10,,\nab,.20,,2.00,.046\n"
    for test, wrong in ((None, set()), ("bootstrap", set()), ("sobel", {"z"})):
        own = {"test": test} if test else {}
        folder = workaholism(
            tmp_path / str(test), text, columns={}, rows={}, through=["x", "m", "y"], **own
        )
        rows = rows_of(folder)
        # Sobel: .2 / sqrt(.25 x .01 + .16 x .01) = 3.12.
        [z] = [row for row in rows if row.column == "z"]
        assert z.recomputed == pytest.approx(0.2 / math.sqrt(0.25 * 0.01 + 0.16 * 0.01))
        assert {row.column for row in rows if row.verdict == CONTRADICTED} == wrong


def test_what_no_effect_has_is_set_aside_at_its_address_and_refuses_nothing(tmp_path):
    """No error is negative and no p above 1; the numbers beside them are judged all the same."""
    text = "effect,h4_b,h4_se,h4_p\na,.50,-.10,\nb,.40,.10,1.30\nab,.20,,\n"
    columns = {
        f"h4_{column}": {"group": "h4", "through": ["x", "m", "y"], "holds": [statistic]}
        for column, statistic in (("b", "estimate"), ("se", "se"), ("p", "p"))
    }
    study = read_study(workaholism(tmp_path, text, columns=columns, rows={}))
    rows = check_paper(Record("p", study))
    found = [row for row in rows if row.verdict == IMPOSSIBLE]
    assert [(row.row, row.column, row.because) for row in found] == [
        ("a", "h4, se", "standard error -.10 is negative"),
        ("b", "h4, p", "p 1.30 is outside [0, 1]"),
    ]
    assert found[0].cause == "sign: 0.10"
    # .50 x .40 = .20
    [ab] = [row for row in rows if (row.check, row.row) == ("effects", "ab")]
    assert (ab.verdict, ab.recomputed) == ("reproduced", pytest.approx(0.2))


def test_more_chains_of_paths_than_are_tried_contradict_nothing_and_are_told(tmp_path):
    """Two models of each step are four chains; ten of each are a hundred."""
    folder = printed_paper(tmp_path / "p", 1, Printing(decimals=3, test="sobel"))
    study = read_study(folder)
    [ab] = [each for each in study.effects if each.kind == "indirect"]
    other = ab.reported["z"].parse("99.00")
    wrong = ab.model_copy(update={"reported": {"z": other}, "test": "sobel"})

    def row_beside(copies: int):
        models = {
            f"{name}{k}": model for name, model in study.models.items() for k in range(copies)
        }
        told = study.model_copy(update={"models": models, "effects": [wrong]})
        [row] = CHECK.judge(Record("made_up", told))
        return row

    few, many = row_beside(2), row_beside(10)
    assert few.verdict == CONTRADICTED
    assert "were tried" not in few.because
    assert many.verdict == NOT_CHECKABLE
    assert f"only {MOST_READINGS} chains of paths were tried" in many.because


def test_chains_without_a_common_unit_are_not_searched_for(tmp_path, monkeypatch):
    """Raw coefficients of the first step, standardised ones of the last, either between: none of
    200^8 products is of one unit."""
    study = read_study(printed_paper(tmp_path / "p", 1, Printing(decimals=3, test="sobel")))
    [ab] = [each for each in study.effects if each.kind == "indirect"]
    wrong = ab.model_copy(update={"reported": {"z": ab.reported["z"]}, "of": list("abcdefghijk")})

    def paths(effects, effect, step):
        units = {"a": ["b"], "j": ["beta"]}.get(step[0], ["b", "beta"] * 100)
        return [Path(Coefficient(UNKNOWN, UNKNOWN, UNKNOWN), unit, "", True) for unit in units]

    monkeypatch.setattr(_Effects, "_paths", paths)
    told = study.model_copy(update={"effects": [wrong]})
    [row] = CHECK.judge(Record("made_up", told))
    assert (row.verdict, row.because) == (NOT_CHECKABLE, "nothing that is printed gives this z")
