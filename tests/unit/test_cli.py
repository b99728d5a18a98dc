"""The command `retrace`: it answers, refuses with a reason, and starts in a moment."""

import json
import os
import pty
import resource
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from retrace import __version__, cli
from retrace.cli import Commands, as_json, as_text, main, wants_colours

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "workflow" / "retrace"
PAPERS = ROOT / "resources" / "papers"
TABLE_4 = str(PAPERS / "magni2022" / "tables" / "table4.csv")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "workflow")}
COMMAND = [sys.executable, "-m", "retrace"]


def names(commands: Commands) -> set[str]:
    return set(commands._commands.choices)


def answer(capsys, *arguments: str) -> tuple[int, list[dict]]:
    status = main([*arguments, "--json"])
    return status, json.loads(capsys.readouterr().out)


def refusal(capsys, *arguments: str) -> str:
    """What is said where a question cannot be asked: one message, no traceback, status 2."""
    try:
        status = main(arguments)
    except SystemExit as end:
        status = end.code
    captured = capsys.readouterr()
    assert status == 2
    assert captured.out == ""
    assert "Traceback" not in captured.err
    return captured.err


def test_every_room_with_commands_is_found_by_itself():
    files = {path.parent.name for path in PACKAGE.glob("*/commands.py")}
    assert files >= {"bibliography", "checks", "preflight", "printed", "running"}
    found = Commands(PACKAGE)
    assert not found.broken
    assert names(found) >= {"check", "grim", "ref", "regression", "run"}


def test_a_room_that_cannot_be_read_is_named_and_takes_no_other_down(tmp_path):
    for room, text in {
        "a": "import no_such_package",
        "b": (
            "from __future__ import annotations\nfrom dataclasses import dataclass\n\n\n"
            "@dataclass\nclass Row:\n    b: int\n\n\n"
            "def add_commands(add):\n    add('b', 'what is b?', lambda options: (0, [], ''))\n"
        ),
        "c": "def add_commands(add:\n",
        "d": "VALUE = 1\n",
    }.items():
        (tmp_path / room).mkdir()
        (tmp_path / room / "commands.py").write_text(text)
    found = Commands(tmp_path)
    assert names(found) == {"b"}
    said = "\n".join(found.broken)
    assert "room a are missing (ModuleNotFoundError: No module named 'no_such_package')" in said
    assert "room c are missing (SyntaxError" in said
    assert "room d are missing (AttributeError" in said
    shown = " ".join(found.parser.format_help().split())
    assert "room a are missing" in shown
    assert "retrace.b.commands" in sys.modules
    assert not {f"retrace.{room}.commands" for room in "acd"} & set(sys.modules)


def test_what_is_broken_is_said_with_every_answer(monkeypatch, capsys, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "commands.py").write_text("1 / 0")
    monkeypatch.setattr(cli, "__file__", str(tmp_path / "cli.py"))
    assert main([]) == 2
    captured = capsys.readouterr()
    assert captured.err == (
        "retrace: The commands of the room a are missing (ZeroDivisionError: division by zero).\n"
    )


def test_a_room_that_lacks_a_package_refuses_its_own_question(monkeypatch, capsys):
    def run(options):
        import no_such_package  # noqa: F401

    monkeypatch.setattr(cli, "Commands", lambda package: FakeCommands(run))
    assert main(["b"]) == 2
    assert capsys.readouterr().err == "retrace b: No module named 'no_such_package'\n"


class FakeCommands:
    broken = ()

    def __init__(self, run):
        self.run = run

    def parse(self, arguments):
        import argparse

        return argparse.Namespace(command="b", run=self.run, json=False)


def processor_seconds(command: list[str]) -> float:
    """What a command takes of a processor, the least of five times."""

    def so_far() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    times = []
    for _ in range(5):
        before = so_far()
        subprocess.run(command, env=ENVIRONMENT, check=True, capture_output=True)
        times.append(so_far() - before)
    return min(times)


def test_help_and_version_come_at_once_and_load_no_room():
    assert processor_seconds([*COMMAND, "--help"]) < 0.2
    shown = subprocess.check_output([*COMMAND, "--help"], env=ENVIRONMENT, text=True)
    for name in names(Commands(PACKAGE)):
        assert f"\n    {name} " in shown
    version = subprocess.check_output([*COMMAND, "--version"], env=ENVIRONMENT, text=True)
    assert version == f"retrace {__version__}\n"
    code = """
import sys
from retrace.cli import main
try:
    main(["--help"])
except SystemExit:
    heavy = ("numpy", "pandas", "pydantic", "scipy", "snakemake")
    print(*(name for name in sys.modules if name.partition(".")[0] in ("retrace", *heavy)))
"""
    said = subprocess.check_output([sys.executable, "-c", code], env=ENVIRONMENT, text=True)
    found = said.splitlines()[-1].split()
    assert [name for name in found if not name.endswith(".commands")] == ["retrace", "retrace.cli"]


@pytest.mark.parametrize("name", ["check", "grim", "ref", "regression", "run"])
def test_every_command_has_help_with_an_example(capsys, name):
    with pytest.raises(SystemExit) as end:
        main([name, "--help"])
    assert end.value.code == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert f"Example: retrace {name} " in shown
    assert "Exit status: " in shown


def test_the_help_has_the_commands_by_name_and_what_their_status_means(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    places = [shown.index(f"\n    {name} ") for name in sorted(names(Commands(PACKAGE)))]
    assert places == sorted(places)
    paragraphs = [" ".join(part.split()) for part in shown.split("\n\n")]
    status = next(part for part in paragraphs if part.startswith("Exit status: "))
    for meaning in ("0, nothing is wrong", "1, something is", "2, it could not be asked"):
        assert meaning in status


def test_a_command_that_there_is_not_is_refused_with_the_nearest(capsys):
    assert "there is no command 'chek'; did you mean 'check'?" in refusal(capsys, "chek", "x")
    assert "there is no command 'xyz' (see retrace --help)" in refusal(capsys, "xyz")


def test_nothing_asked_is_answered_with_the_help(capsys):
    assert main([]) == 2
    assert "commands:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "status", "verdicts"),
    [
        # Brown and Heathers (2017): of 28 whole numbers no mean is 5.19.
        (["5.19", "28"], 1, ["impossible"]),
        (["5.18", "28"], 0, ["possible"]),
        # 1, 2, 3, 4, 5: mean 3, SD sqrt(2.5) = 1.58.
        (["3.00", "5", "--sd", "1.58"], 0, ["possible", "possible"]),
        (["3.00", "5", "--sd", "1.50"], 1, ["possible", "impossible"]),
        # Five ones of ten: SD sqrt(10 / 9 * 0.25) = 0.527.
        (["0.5", "10", "--sd", "0.53", "--binary"], 0, ["possible", "possible"]),
        (["0.5", "10", "--sd", "0.43", "--binary"], 1, ["possible", "impossible"]),
        # Halves of one answer to two items.
        (["2.5", "1", "--items", "2"], 0, ["possible"]),
        (["-0.31", "100"], 0, ["possible"]),
    ],
)
def test_grim_says_what_whole_numbers_can_have(capsys, arguments, status, verdicts):
    found, rows = answer(capsys, "grim", *arguments)
    assert (found, [row["verdict"] for row in rows]) == (status, verdicts)


def test_grim_shows_the_means_beside_an_impossible_one(capsys):
    _, rows = answer(capsys, "grim", "5.19", "28")
    assert rows[0]["because"] == "next to it are 145/28 = 5.1786 and 146/28 = 5.2143"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["abc", "28"], "'abc' is not a printed number"),
        (["<0.05", "28"], "is a bound"),
        (["5.19", "0"], "'0' is no whole number from 1"),
        (["5.19", "9" * 400], "is no whole number from 1"),
        (["3.00", "1", "--sd", "1"], "n = 1 is too small"),
        (["3.00", "5", "--sd", "1", "--binary"], "is outside [0, 1]"),
    ],
)
def test_grim_refuses_what_it_cannot_be_asked(capsys, arguments, said):
    assert said in refusal(capsys, "grim", *arguments)


def test_regression_agrees_with_what_the_paper_prints(capsys):
    """Magni et al., Table 5: t and VIF, which follow from Table 4 and n = 300."""
    arguments = ["--r", TABLE_4, "--n", "300", "--outcome", "readiness"]
    status, rows = answer(capsys, "regression", *arguments)
    assert status == 0
    found = {(row["term"], row["statistic"]): row for row in rows}
    assert [row["term"] for row in rows[::5]][:4] == ["customer", "market", "economic", "risk"]
    printed = {"customer": (2.451, 1.234), "market": (1.950, 1.005), "economic": (1.968, 1.027)}
    printed["risk"] = (-2.566, 1.244)
    for term, (t, vif) in printed.items():
        for statistic, value in (("t", t), ("vif", vif)):
            row = found[term, statistic]
            assert row["low"] - 0.0005 <= value <= row["high"] + 0.0005, (term, statistic)
    # Alone, the slope is the correlation: 0.130 as printed, with its rounding interval.
    _, rows = answer(capsys, "regression", *arguments, "--predictors", "market")
    beta = rows[0]
    cell = next(
        line.split(",")[2]
        for line in Path(TABLE_4).read_text().splitlines()
        if line.startswith("readiness")
    )
    assert beta["value"] == pytest.approx(float(cell.strip("*")), abs=1e-12)
    assert (beta["low"], beta["high"]) == pytest.approx(
        (beta["value"] - 0.0005, beta["value"] + 0.0005), abs=1e-8
    )


def test_regression_says_where_no_sample_has_the_table(capsys, tmp_path):
    table = tmp_path / "r.csv"
    table.write_text("x,a,b,y\na,1,,\nb,0.90,1,\ny,0.90,-0.90,1\n")
    status, rows = answer(capsys, "regression", "--r", str(table), "--n", "50", "--outcome", "y")
    assert status == 1
    assert [row["verdict"] for row in rows] == ["impossible"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x,a,y\na,1,\ny,1.30,1\n", "line 3, a: 1.30 is no correlation"),
        ("x,a,y\na,1,0.20\ny,0.30,1\n", "0.30, and 0.20 across"),
        ("x,a,y\na,1,\ny,abc,1\n", "'abc' is not a printed number"),
        ("x,a,y\na,1,\ny,0.2\n", "2 cells, the header has 3"),
        ("x,a,y\na,1,\ny,,1\n", "not printed: correlation of a and y"),
        ("x,a,z\na,1,\nz,0.2,1\n", "no y in it; the table has a, z"),
    ],
)
def test_regression_names_what_is_wrong_with_a_table(capsys, tmp_path, text, said):
    table = tmp_path / "r.csv"
    table.write_text(text)
    arguments = ["--r", str(table), "--n", "50", "--outcome", "y"]
    assert said in refusal(capsys, "regression", *arguments)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--n", "4", "--outcome", "readiness"],
            "the correlations of 5 variables are singular in 4 observations",
        ),
        (["--n", "300", "--outcome", "readiness", "--predictors", "nobody"], "no nobody in it"),
        (["--n", "300", "--outcome", "risk", "--predictors", "risk"], "a variable is named twice"),
    ],
)
def test_regression_refuses_what_the_table_cannot_answer(capsys, arguments, said):
    assert said in refusal(capsys, "regression", "--r", TABLE_4, *arguments)


KESSLER = (
    "Kessler, M. M. (1963). Bibliographic coupling between scientific papers. "
    "American Documentation, 14(1), 10–25."
)


def test_ref_reads_a_reference(capsys):
    status, rows = answer(capsys, "ref", KESSLER)
    assert status == 0
    wanted = {"authors": "Kessler, M. M.", "year": "1963", "type": "article", "volume": "14"}
    wanted |= {"issue": "1", "first_page": "10", "last_page": "25", "raw": KESSLER}
    wanted |= {"container": "American Documentation", "problems": []}
    assert {key: rows[0][key] for key in wanted} == wanted


def test_ref_reads_a_list_from_standard_input_and_says_what_to_look_at():
    done = subprocess.run(
        [*COMMAND, "ref", "-", "--json"],
        env=ENVIRONMENT,
        input=f"{KESSLER}\n\nno reference at all\n",
        capture_output=True,
        text=True,
        check=False,
    )
    rows = json.loads(done.stdout)
    assert done.returncode == 1
    assert [bool(row["problems"]) for row in rows] == [False, True]


def test_ref_refuses_a_style_that_is_not_known(capsys):
    assert "style 'mla' is not known; allowed are auto" in refusal(
        capsys, "ref", "x", "--style", "mla"
    )


def test_check_reads_a_papers_folder_and_names_every_problem(capsys, tmp_path):
    assert answer(capsys, "check", str(PAPERS / "magni2022")) == (0, [])
    folder = tmp_path / "bad2024"
    folder.mkdir()
    (folder / "paper.yaml").write_text("title: A\nyear: 2021\nwhatever: 1\n")
    status, rows = answer(capsys, "check", str(folder))
    assert status == 1
    assert {row["paper"] for row in rows} == {"bad2024"}
    assert all(row["where"].startswith("bad2024/paper.yaml") for row in rows)
    said = "\n".join(f"{row['where']}: {row['problem']}" for row in rows)
    assert "whatever" in said
    assert "authors" in said
    assert {path.name for path in tmp_path.rglob("*")} == {"bad2024", "paper.yaml"}


def test_check_says_where_there_is_something_to_look_at(capsys, tmp_path):
    """A correlation above 1 is likelier a slip, and refuses nothing."""
    folder = Path(shutil.copytree(PAPERS / "magni2022", tmp_path / "magni2022"))
    table = folder / "tables" / "table4.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("0.067", "1.067"), encoding="utf-8")
    status, rows = answer(capsys, "check", str(folder))
    assert status == 0
    assert {row["verdict"] for row in rows} == {"look at"}
    where = "magni2022/tables/table4.csv, line 4, column market"
    (found,) = [row for row in rows if row["where"] == where]
    assert found["problem"].startswith("correlation 1.067 is outside [-1, 1]")


def test_check_looks_into_each_of_a_folder_of_papers(capsys):
    assert main(["check", str(PAPERS)]) == 0
    assert capsys.readouterr().out == "4 papers checked, 0 refused\n"
    assert "there is no folder" in refusal(capsys, "check", str(PAPERS / "nobody"))


def test_run_hands_everything_to_snakemake(tmp_path):
    """From a folder of its own, with options that look like ours."""
    done = subprocess.run(
        [*COMMAND, "run", "--cores", "1", "--dry-run", "papers", "--directory", "."],
        cwd=tmp_path,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "check_study" in said
    done = subprocess.run(
        [*COMMAND, "run", "--no-such-option"],
        cwd=tmp_path,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "--no-such-option" in done.stderr
    assert "retrace" not in done.stderr.partition("usage: ")[2].partition(" ")[0]


def test_run_finds_the_checkout_it_is_in_before_another(tmp_path):
    import argparse
    import importlib.util

    spec = importlib.util.spec_from_file_location("c", PACKAGE / "running" / "commands.py")
    commands = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(commands)
    (tmp_path / "mine/workflow/rules").mkdir(parents=True)
    (tmp_path / "mine/workflow/rules/common.smk").touch()
    own = tmp_path / "mine" / "Snakefile"
    own.touch()
    inside = tmp_path / "mine/workflow"
    assert commands.find_snakefile(inside, None) == own
    assert commands.find_snakefile(tmp_path, None) == ROOT / "Snakefile"
    assert commands.find_snakefile(tmp_path, str(tmp_path / "mine")) == own
    with pytest.raises(argparse.ArgumentTypeError, match="no checkout of Retrace"):
        commands.find_snakefile(tmp_path, str(tmp_path / "other"))


def test_numbers_that_json_lacks_are_null_and_controls_are_codes():
    rows = [{"a": float("inf"), "b": float("nan"), "c": "x\x9b31m\u202e\x1b", "d": "ü", "e": 1.5}]
    text = as_json(rows)
    assert json.loads(text) == [{**rows[0], "a": None, "b": None}]
    assert "\\u009b31m\\u202e\\u001b" in text
    assert "ü" in text


def test_no_character_of_a_paper_is_obeyed_by_a_terminal():
    rows = [{"title": "a\x1b[31mb\nc\x9b"}, {"title": "\u202eabc"}]
    text = as_text(rows)
    assert text.splitlines() == ["title", r"a\x1b[31mb\nc\x9b", r"\u202eabc"]


def test_rows_are_set_in_columns_without_empty_ones():
    rows = [
        {"term": "trust", "empty": "", "value": 0.25, "verdict": "possible"},
        {"term": "a", "empty": None, "value": -1.0, "verdict": "impossible"},
    ]
    assert as_text(rows).splitlines() == [
        "term     value  verdict",
        "trust   0.2500  possible",
        "a      -1.0000  impossible",
    ]
    assert as_text(rows[:1]).splitlines() == [
        "term     trust",
        "value    0.2500",
        "verdict  possible",
    ]
    coloured = as_text(rows, coloured=True)
    assert "\x1b[32mpossible" in coloured
    assert "\x1b[31mimpossible\x1b[0m" in coloured


class Stream:
    def __init__(self, terminal: bool):
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize(
    ("terminal", "environment", "expected"),
    [
        (True, {"TERM": "xterm"}, True),
        (False, {"TERM": "xterm"}, False),
        (True, {"TERM": "dumb"}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
    ],
)
def test_colours_are_for_terminals_that_want_them(terminal, environment, expected):
    assert wants_colours(Stream(terminal), environment) is expected


def test_a_terminal_gets_colours_and_a_pipe_gets_none():
    plain = subprocess.run(
        [*COMMAND, "grim", "5.19", "28"], env=ENVIRONMENT, capture_output=True, check=False
    )
    assert b"\x1b" not in plain.stdout
    parent, child = pty.openpty()
    environment = {k: v for k, v in ENVIRONMENT.items() if k != "NO_COLOR"} | {"TERM": "xterm"}
    subprocess.run([*COMMAND, "grim", "5.19", "28"], env=environment, stdout=child, check=False)
    os.close(child)
    assert b"\x1b[31mimpossible" in os.read(parent, 10_000)
    os.close(parent)


def test_a_reader_that_has_seen_enough_ends_it_quietly():
    line = f"{KESSLER}\n" * 3000
    done = subprocess.run(
        f"{shlex.quote(sys.executable)} -m retrace ref - | head -1",
        shell=True,
        env=ENVIRONMENT,
        input=line,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
