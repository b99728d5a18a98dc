"""The workflow in places that nobody chose for it: awkward paths, no home, within another one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from checkouts import ROOT, Checkout, copy

pytestmark = pytest.mark.xdist_group("workflow")

AWKWARD = "My 'Papers' \"&\" $HOME (a) [b]; `c` * ünï"
# Two papers' jobs, one of them a figure: what matplotlib and its fonts need is asked for.
RESULTS = (
    "results/papers.csv",
    "results/tables/shared_works.md",
    "results/bibliography/network.svg",
)


def environment_in(folder: Path) -> str:
    """A Python in a folder of its own that has what this one has."""
    venv.create(folder, symlinks=True)
    (site,) = (folder / "lib").glob("python*/site-packages")
    own = next(path for path in sys.path if path.endswith("site-packages"))
    (site / "own.pth").write_text(own)
    # A program that is no module.
    program = Path(sys.executable).with_name("graphviz-pure")
    (folder / "bin" / program.name).symlink_to(program)
    return str(folder / "bin/python")


def contents(checkout: Checkout, below: str = "") -> dict[str, bytes]:
    return {name: (checkout.root / below / name).read_bytes() for name in RESULTS}


@pytest.fixture(scope="module")
def expected(tmp_path_factory) -> dict[str, bytes]:
    """What a run in a plain place makes."""
    plain = copy(ROOT, tmp_path_factory.mktemp("plain") / "retrace")
    plain.snakemake("--cores", "2", *RESULTS)
    return contents(plain)


def test_a_path_that_a_shell_would_split_a_foreign_module_no_home_and_litter(tmp_path, expected):
    """All at once; each part of the name alone is tested where the path is made plain."""
    checkout = copy(ROOT, tmp_path / AWKWARD / "retrace")
    checkout.python = environment_in(checkout.root / ".venv")
    for name in ("adapter", "retrace"):
        for folder in (checkout.root, tmp_path / "foreign"):
            folder.mkdir(exist_ok=True)
            (folder / f"{name}.py").write_text("raise SystemExit('a foreign module')")
    checkout.environment |= {"PYTHONPATH": str(tmp_path / "foreign"), "HOME": "/dev/null"}
    for name in ("__MACOSX", ".ipynb_checkpoints", "@eaDir"):
        (checkout.root / "resources/papers" / name).mkdir()
    (checkout.root / "resources/papers/.DS_Store").touch()
    checkout.snakemake("--cores", "2", *RESULTS)
    assert contents(checkout) == expected
    logs = "".join(log.read_text() for log in (checkout.root / "results/logs").rglob("*.log"))
    assert "temporary cache" not in logs


@pytest.mark.long
def test_a_whole_run_on_one_core_in_an_awkward_place_makes_the_same_bytes(tmp_path, finished):
    checkout = copy(ROOT, tmp_path / AWKWARD / "retrace")
    checkout.python = environment_in(checkout.root / ".venv")
    checkout.environment["HOME"] = str(tmp_path / "nobody")
    checkout.make_quick()
    checkout.snakemake("--cores", "1")
    assert checkout.checksums() == finished.checksums()
    assert (checkout.root / "results/report.html").exists()


def test_braces_in_the_path_are_refused_with_what_to_do(tmp_path):
    checkout = copy(ROOT, tmp_path / "a{b}" / "retrace")
    done = checkout.snakemake("--cores", "1", "papers", check=False)
    assert done.returncode != 0
    assert (
        "a{b}/retrace, and Snakemake takes braces in its path for wildcards: move it" in done.stdout
    )
    assert "Traceback" not in done.stdout


def read_only(checkout: Checkout, runner: Checkout) -> None:
    """Let nobody write into a checkout, root neither."""
    for path in [checkout.root, *checkout.root.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o222)
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root ignores the mode of files, and there is no setpriv to change that")
        runner.prefix = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")


@pytest.mark.long
@pytest.mark.parametrize("how", ["from another folder", "--directory"])
def test_a_checkout_that_cannot_be_written_to_is_run_elsewhere(tmp_path, checkout, expected, how):
    """With a part of the settings in a file, and another on the command line."""
    out = Checkout(tmp_path / "out")
    out.root.mkdir()
    (out.root / "own.yaml").write_text("seed: 3\npower: {chunks: 1}\n")
    given = ("--configfile", "own.yaml", "--config", "sem={lavaan: false, draws: 200}")
    runner = out if how == "from another folder" else Checkout(tmp_path)
    read_only(checkout, runner)
    if runner is out:
        where = ("--snakefile", "../fresh/Snakefile")
    else:
        where = ("--snakefile", "fresh/Snakefile", "--directory", "out")
        (tmp_path / "own.yaml").write_text((out.root / "own.yaml").read_text())
    runner.snakemake(*where, *given, "--cores", "2", *RESULTS)
    assert contents(out) == expected
    plan = runner.snakemake(*where, *given, "--dry-run", "sem", "estimation").stdout
    assert "simulate_power               1\n" in plan
    assert "results/lavaan" not in plan
    assert not (checkout.root / "results").exists()


def test_a_path_with_dots_is_no_module_of_another_workflow(tmp_path, checkout):
    """Settings of a run's own file are read strictly; a module's come from its workflow."""
    out = Checkout(tmp_path / "out")
    out.root.mkdir()
    (out.root / "own.yaml").write_text("seed: 0300\n")
    given = ("--snakefile", "../fresh/Snakefile", "--configfile", "own.yaml")
    done = out.snakemake(*given, "--dry-run", "papers", check=False)
    assert done.returncode != 0
    assert "own.yaml, line 1" in done.stdout


def test_a_folder_of_papers_is_looked_for_where_it_is_given(tmp_path, checkout):
    out = Checkout(tmp_path / "out")
    mine = out.root / "mine/mine2026"
    shutil.copytree(checkout.root / "resources/papers/magni2022", mine)
    where = ("--snakefile", "../fresh/Snakefile", "--cores", "2")
    plan = out.snakemake(*where, "--config", "papers=[mine]", "--dry-run", "papers").stdout
    assert "results/studies/mine2026/study.json" in plan
    assert "hu2024" not in plan
    done = out.snakemake("papers", *where, "--config", "papers=[yours]", check=False)
    assert "yours: there is no such folder of papers" in done.stdout


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("sem={lavaan: no}", "sem.lavaan: found 'no', allowed is true or false"),
        ("sem=no", "sem: found 'no', allowed is a group of settings, as {name: value}"),
        ("papers=mine", "papers: found 'mine', allowed is a list, as [a, b]"),
    ],
)
def test_a_wrong_setting_of_the_command_line_is_refused(checkout, setting, message):
    done = checkout.snakemake("papers", "--cores", "1", "--config", setting, check=False)
    assert done.returncode != 0
    assert message in done.stdout
    assert "Traceback" not in done.stdout


MODULES = {
    "plain": ("use rule * from retrace", "", ""),
    "renamed, with a prefix and settings": (
        "use rule * from retrace as retrace_*",
        'prefix: "survey"\n    config: {"seed": 3}',
        "survey",
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("how", MODULES)
def test_retrace_is_a_module_of_another_workflow(tmp_path, checkout, expected, how):
    """Its jobs run, those that ask Snakemake about the workflow among them."""
    use, more, below = MODULES[how]
    other = Checkout(tmp_path / "other")
    other.root.mkdir()
    wanted = [f"{below}/{name}".lstrip("/") for name in (*RESULTS, GRAPH)]
    (other.root / "Snakefile").write_text(
        f'module retrace:\n    snakefile: "../fresh/Snakefile"\n    {more}\n\n{use}\n\n'
        f"rule mine:\n    default_target: True\n    input: {wanted}\n"
    )
    other.snakemake("--cores", "2", "mine")
    assert contents(other, below) == expected
    assert (other.root / below / GRAPH).read_bytes() == (
        ROOT / "docs/images/rulegraph.svg"
    ).read_bytes()
    assert "Nothing to be done" in other.snakemake("--cores", "2", "mine").stdout


GRAPH = "results/provenance/rulegraph.svg"


@pytest.mark.long
@pytest.mark.parametrize("how", MODULES)
def test_the_report_of_a_module_finds_its_results(tmp_path, finished, how):
    use, more, below = MODULES[how]
    other = Checkout(tmp_path / "other")
    (other.root / below).mkdir(parents=True)
    shutil.copytree(finished.root / "results", other.root / below / "results")
    (other.root / "Snakefile").write_text(
        f'module retrace:\n    snakefile: "../finished/Snakefile"\n    {more}\n\n{use}\n'
    )
    target = "retrace_all" if below else "all"
    other.snakemake("--touch", "--cores", "1", target)
    report = other.root / below / "results/report.html"
    report.unlink()
    other.snakemake("--cores", "1", target)
    assert report.stat().st_size > 1_000_000


def test_make_run_starts_python_by_its_path():
    """The first line of an installed command cannot hold every path; a path in quotes can."""
    plan = subprocess.check_output(["make", "--dry-run", "run"], cwd=ROOT, text=True)
    assert ".venv/bin/python -m snakemake" in plan
