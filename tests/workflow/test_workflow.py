"""The whole workflow, run as a user runs it: complete, idle when done, fresh when changed."""

import csv
import json
import os
import re
import shutil
from pathlib import Path

import pytest
import yaml
from checkouts import STAGES

# Downstream of everything.
LAST = {"write_report", "all"}


def test_a_run_makes_every_result_and_a_second_run_nothing(finished):
    assert finished.pending() == {}
    again = finished.snakemake("--cores", "2")
    assert "Nothing to be done" in again.stdout


def test_every_result_is_whole(finished):
    for path in (finished.root / "results").rglob("*"):
        assert not path.name.startswith(".part-"), f"{path} was left behind"
        if path.is_file() and path.suffix != ".log" and not path.name.startswith(".snakemake"):
            assert path.stat().st_size > 0, f"{path} is empty"


def test_the_report_opens_on_an_overview_and_captions_every_result(finished):
    report = (finished.root / "results/report.html").read_text(encoding="utf-8")
    assert "Retrace re-derives" in report
    with (finished.root / "workflow/report/contents.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            # Without R there is no opinion of lavaan.
            if "{" not in row["table"] + row["figure"] and "lavaan" not in row["file"]:
                assert json.dumps(row["table"] or row["figure"]) in report, row["file"]


# A module of each stage, and the rules that use it or read what those make.
USERS = {
    "reporting/rule_graph.py": {"draw_rule_graph"},
    "bibliography/works/coupling.py": {"compute_coupling", "render_shared_works"},
    "synthetic/ensemble.py": {
        "synthesise_ensemble",
        "summarise_ensemble",
        "vary_assumptions",
        "compare_assumptions",
        "fit_latent_models",
        "compare_opinions",
        "decide_hypotheses",
        "gather_findings",
        "summarise_findings",
    },
    "assumptions/dependence.py": {"compare_assumptions", "gather_findings", "summarise_findings"},
    "reporting/summary.py": {"summarise_findings"},
    # Found by being there: no import names it.
    "checks/skewness_kurtosis.py": {
        "compare_printed",
        "gather_checks",
        "gather_findings",
        "render_study_tables",
        "summarise_findings",
    },
    "claims/database.py": {
        "check_claims",
        "summarise_claims",
        "gather_findings",
        "summarise_findings",
    },
    "power/simulation.py": {
        "simulate_power",
        "summarise_power",
        "run_specifications",
        "vary_assumptions",
        "compare_assumptions",
        "decide_hypotheses",
        "gather_findings",
        "summarise_findings",
    },
}


# One near the start of the graph, one at its end, and one that no import names.
SOON = ("synthetic/ensemble.py", "reporting/summary.py", "checks/skewness_kurtosis.py")


@pytest.mark.parametrize(
    "name", [name if name in SOON else pytest.param(name, marks=pytest.mark.long) for name in USERS]
)
def test_a_changed_module_re_runs_the_rules_that_use_it_and_no_other(finished, name):
    with (finished.root / "workflow/retrace" / name).open("a") as module:
        module.write("# changed\n")
    pending = set(finished.pending().values()) - LAST
    assert pending == USERS[name]


# Files of the package that are no modules, and the rules that read them, with those behind these.
READERS = {
    "reporting/templates/page.html.j2": {
        "render_study_tables",
        "render_shared_works",
        "summarise_findings",
        "check_claims",
        "summarise_claims",
        "compare_statements",
        "gather_findings",
    },
    "robustness/ask_lavaan.R": {"compare_opinions", "gather_findings", "summarise_findings"},
    # No input of a rule: digests see that a module reads it.
    "bibliography/printed_lists/imprints.yaml": {
        "parse_references",
        "match_works",
        "resolve_citations",
        "find_conflicts",
        "compute_coupling",
        "draw_network",
        "render_shared_works",
        "gather_findings",
        "summarise_findings",
    },
}
READERS["reporting/templates/style.css"] = READERS["reporting/templates/page.html.j2"]


@pytest.mark.parametrize("name", READERS)
def test_a_changed_template_or_script_of_another_language_re_runs_its_readers(finished, name):
    with (finished.root / "workflow/retrace" / name).open("a") as file:
        file.write("\n")
    assert set(finished.pending().values()) - LAST == READERS[name]


@pytest.mark.long
def test_a_changed_library_function_changes_its_results_and_no_others(finished):
    before = finished.checksums()
    finished.edit(
        "workflow/retrace/reporting/study_tables.py", "EXTRA_DECIMALS = 1", "EXTRA_DECIMALS = 2"
    )
    finished.snakemake("--cores", "2")
    after = finished.checksums()
    changed = {name for name in after if after[name] != before.get(name)}
    kinds = ("csv", "html", "md", "tex")
    assert changed == {f"tables/magni2022_comparison.{kind}" for kind in kinds}


def test_a_changed_lock_re_runs_every_rule(finished):
    # No paper is refused here.
    before = scripted_rules(finished) - {"refuse_paper"}
    finished.edit("envs/requirements.txt", "numpy==", "numpy==9.")
    assert before <= set(finished.pending().values())


def scripted_rules(checkout) -> set[str]:
    """Names of the rules that run a script; the others are targets."""
    rules = "".join(path.read_text() for path in (checkout.root / "workflow/rules").glob("*.smk"))
    blocks = re.split(r"^rule ", rules, flags=re.MULTILINE)[1:]
    return {
        block.partition(":")[0]
        for block in blocks
        if re.search(r"^    script:", block, flags=re.MULTILINE)
    }


def test_a_changed_cell_re_runs_its_papers_stages_only(finished):
    finished.edit("resources/papers/magni2022/tables/table4.csv", "0.067", "0.068")
    pending = finished.pending()
    assert "results/studies/magni2022/study.json" in pending
    others = [f for f in pending if re.search(r"hu2024|osarenkhoe2024|puthusserry2020", f)]
    assert others == []
    assert not any(name.startswith("results/bibliography/") for name in pending)


def test_a_second_study_does_not_touch_the_first(finished):
    """A fifth paper is a folder that the user adds."""
    mine = finished.root / "resources/papers/mine2026"
    shutil.copytree(finished.root / "resources/papers/magni2022", mine)
    pending = finished.pending()
    assert "results/studies/mine2026/study.json" in pending
    assert not any(name.startswith("results/studies/magni2022/") for name in pending)


DESCRIPTION = "resources/papers/magni2022/paper.yaml"


def comment(checkout) -> None:
    path = checkout.root / DESCRIPTION
    path.write_text(f"# A comment.\n{path.read_text(encoding='utf-8')}", encoding="utf-8")


def touch(checkout) -> None:
    for path in (checkout.root / "resources").rglob("*"):
        path.touch()


def turn(checkout) -> None:
    path = checkout.root / DESCRIPTION
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    turned = dict(reversed(content.items()))
    path.write_text(yaml.safe_dump(turned, sort_keys=False, allow_unicode=True), encoding="utf-8")


@pytest.mark.parametrize("change", [comment, touch, turn])
def test_what_changes_no_content_re_runs_nothing(finished, change):
    change(finished)
    assert finished.pending() == {}
    assert "Nothing to be done" in finished.snakemake("--cores", "2").stdout


ABOUT = {"list_papers", "draw_network", "summarise_claims", "compare_statements"}
ABOUT |= {"gather_findings", "summarise_findings"}


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        # A title is in the list of papers; authors are what tables call a paper, too.
        ("title: ", "title: On ", ABOUT),
        ("family: Magni", "family: Magno", ABOUT | {"check_claims"}),
    ],
)
def test_facts_about_a_paper_re_run_no_analysis(finished, old, new, rules):
    finished.edit(DESCRIPTION, old, new)
    assert set(finished.pending().values()) - LAST == rules


def test_a_reference_re_runs_the_bibliography_only(finished):
    with (finished.root / "resources/papers/magni2022/references.txt").open("a") as file:
        file.write("Autio, E. (2000), A work that was forgotten, Sage, London.\n")
    pending = finished.pending()
    assert "results/bibliography/magni2022/references.csv" in pending
    assert "results/bibliography/hu2024/references.csv" not in pending
    assert not any("studies" in name or "claims" in name for name in pending)


def test_an_older_file_with_other_content_is_noticed(finished):
    """As a copy with its times, or a version control system, leaves it."""
    table = finished.root / "resources/papers/magni2022/tables/table4.csv"
    finished.edit("resources/papers/magni2022/tables/table4.csv", "0.067", "0.068")
    os.utime(table, (0, 0))
    assert "results/studies/magni2022/study.json" in finished.pending()


@pytest.mark.long
def test_one_failing_job_stops_no_other_paper(checkout):
    """Its claims are the first job on the only core; all that does not need them is made."""
    faults = Path(__file__).parent / "faults"
    result = "results/claims/hu2024.csv"
    checkout.environment |= {"PYTHONPATH": str(faults), "FAULT": "kill", "FAULT_AT": result}
    targets = ("claims", "papers")
    done = checkout.snakemake("--cores", "1", *targets, "--prioritize", result, check=False)
    assert done.returncode != 0
    claims = checkout.root / "results/claims"
    # Without what the killed job had begun.
    made = {path.stem for path in claims.glob("[!.]*.csv")}
    assert made == {"magni2022", "osarenkhoe2024", "puthusserry2020"}
    assert (checkout.root / "results/studies/magni2022/study.json").exists()
    assert "check_claims" in done.stdout


# A result that no other is made from, of each rule that makes some.
SECONDARY = ["legends.csv", "suppression.svg", "required_n.csv", "sem_modification.csv"]
SECONDARY += ["synthetic/unmet.csv", "sem_latent.csv", "mediation_draws.csv", "reliability.svg"]
SECONDARY += ["path_diagrams/full.svg"]


@pytest.mark.long
def test_a_deleted_result_is_made_again_and_the_report_with_it(finished):
    study = finished.root / "results/studies/magni2022"
    before = finished.checksums()
    for name in SECONDARY:
        path = study / name
        content = path.read_bytes()
        path.unlink()
        assert f"results/studies/magni2022/{name}" in finished.pending()
        path.write_bytes(content)
    (study / "legends.csv").unlink()
    (finished.root / "results/report.html").unlink()
    finished.snakemake("--cores", "2")
    assert finished.checksums() == before
    assert (finished.root / "results/report.html").exists()


def install_r(checkout, folder: Path, script: str) -> None:
    """Put an `Rscript` of our own before all others."""
    folder.mkdir(exist_ok=True)
    (folder / "Rscript").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "Rscript").chmod(0o755)
    checkout.environment["PATH"] = f"{folder}:{os.environ['PATH']}"


ANSWER = 'if [ "$1" = -e ]; then echo "R 0.0 lavaan {}"; else cat >/dev/null; {}; fi'


@pytest.mark.long
def test_a_program_that_fails_or_is_installed_later_stops_no_run(finished, tmp_path):
    finished.edit("config/config.yaml", "lavaan: false", "lavaan: true")
    table = finished.root / "results/lavaan/magni2022.csv"
    install_r(finished, tmp_path / "bin", "exit 1")
    finished.snakemake("--cores", "2")
    assert not table.exists()
    assert finished.pending() == {}
    # Installed, but it breaks off when it is asked.
    install_r(finished, tmp_path / "bin", ANSWER.format("0.1", "echo no memory >&2; exit 9"))
    assert set(finished.pending().values()) - LAST == {
        "compare_opinions",
        "gather_findings",
        "summarise_findings",
    }
    finished.snakemake("--cores", "2")
    assert "R ended with status 9: no memory" in table.read_text(encoding="utf-8")
    assert finished.pending() == {}
    # Another version.
    columns = "index,lhs,op,rhs,est,se,why_not"
    install_r(finished, tmp_path / "bin", ANSWER.format("0.2", f"echo {columns}"))
    finished.snakemake("--cores", "2")
    assert "status 9" not in table.read_text(encoding="utf-8")
    assert (finished.root / "results/report.html").exists()


@pytest.mark.long
def test_r_is_looked_for_once_in_a_run(checkout, tmp_path):
    """A job that asks Snakemake itself, as those of the rule graph and the report do, is told."""
    install_r(checkout, tmp_path / "bin", f"echo asked >> {tmp_path}/asked; exit 1")
    checkout.snakemake("--cores", "1", "results/provenance/rulegraph.svg")
    assert (tmp_path / "asked").read_text() == "asked\n"


@pytest.mark.long
def test_the_cache_serves_deleted_results(checkout, tmp_path):
    checkout.make_quick()
    (tmp_path / "cache").mkdir()
    checkout.environment["SNAKEMAKE_OUTPUT_CACHE"] = str(tmp_path / "cache")
    checkout.snakemake("--cores", "2", "--cache")
    before = checkout.checksums()
    shutil.rmtree(checkout.root / "results")
    done = checkout.snakemake("--cores", "2", "--cache")
    assert checkout.checksums() == before
    assert "from cache" in done.stdout
    assert "to cache" not in done.stdout
    # A job that is served from the cache does not run, so its log stays empty.
    logs = (checkout.root / "results/logs").rglob("*.log")
    ran = {path.stem for path in logs if path.stat().st_size}
    # The report is of one run.
    assert ran == {"write_report"}


@pytest.mark.long
def test_a_study_without_hypotheses_or_claims_runs(checkout):
    """Both are optional; what needs them is left out."""
    checkout.make_quick()
    folder = checkout.root / "resources/papers/magni2022"
    description = folder / "paper.yaml"
    text = description.read_text(encoding="utf-8")
    content = yaml.safe_load(text)
    del content["study"]["hypotheses"], content["claims"]
    description.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    for paper in ("hu2024", "osarenkhoe2024", "puthusserry2020"):
        shutil.rmtree(checkout.root / "resources/papers" / paper)
    jobs = checkout.in_one_process({}, *STAGES)
    assert not any(job["failure"] for job in jobs)
    summary = (checkout.root / "results/tables/summary.csv").read_text(encoding="utf-8")
    assert "Do the printed results follow" in summary
    assert "Would the conclusions survive" not in summary
    assert not (checkout.root / "results/studies/magni2022/verdicts.csv").exists()


def rows_of(checkout, name: str) -> list[dict[str, str]]:
    with (checkout.root / "results" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_paper_that_cannot_be_read_is_refused_and_the_others_run(checkout):
    checkout.edit("resources/papers/magni2022/tables/table5.csv", "2.451", "2.45l")
    checkout.edit("resources/papers/magni2022/tables/table4.csv", "0.067", "1.067")
    checkout.edit("resources/papers/hu2024/paper.yaml", "keywords:", "keyword:")
    planned = checkout.snakemake("-n", "papers")
    done = checkout.snakemake("--cores", "1", "papers", check=False)
    assert done.returncode != 0
    for said in (planned.stdout, done.stdout):
        assert "2 problems" in said
        assert "table5.csv, line 2, column t: '2.45l'" in said
        assert "hu2024/paper.yaml, line" in said
        # What is impossible is no problem, and said all the same.
        assert "table4.csv, line 4, column market: correlation 1.067" in said
        assert "Traceback" not in said
    # Said again where a person looks: behind the last of what Snakemake says of jobs.
    end = done.stdout.rpartition("Error in rule ")[2]
    assert "hu2024/paper.yaml, line" in end
    assert "Refused: hu2024, magni2022. The other papers run." in end
    assert "earlier run" not in end
    assert {row["paper"] for row in rows_of(checkout, "papers.csv")} == {
        "osarenkhoe2024",
        "puthusserry2020",
    }
    refused = [
        (row["paper"], row["file"], row["place"]) for row in rows_of(checkout, "refused.csv")
    ]
    assert refused == [
        ("hu2024", "resources/papers/hu2024/paper.yaml", "line 7, keyword"),
        ("magni2022", "resources/papers/magni2022/tables/table5.csv", "line 2, column t"),
    ]
    # Mended, a paper is as it would have been.
    checkout.edit("resources/papers/hu2024/paper.yaml", "keyword:", "keywords:")
    checkout.edit("resources/papers/magni2022/tables/table5.csv", "2.45l", "2.451")
    checkout.snakemake("--cores", "1", "papers")
    assert len(rows_of(checkout, "papers.csv")) == 4
    assert rows_of(checkout, "refused.csv") == []
    (found,) = rows_of(checkout, "studies/magni2022/impossible.csv")
    assert found["why"] == "correlation 1.067 is outside [-1, 1]"


def test_without_a_paper_that_can_be_read_nothing_runs(checkout):
    for description in (checkout.root / "resources/papers").glob("*/paper.yaml"):
        description.write_text("title: [", encoding="utf-8")
    done = checkout.snakemake("--cores", "1", check=False)
    assert done.returncode != 0
    assert "4 problems in the paper folders" in done.stdout
    assert "Traceback" not in done.stdout
    assert not (checkout.root / "results").exists()


@pytest.mark.long
def test_all_stages_of_the_others_are_whole_beside_a_refused_paper(checkout):
    checkout.make_quick()
    checkout.edit("resources/papers/hu2024/paper.yaml", "keywords:", "keyword:")
    done = checkout.snakemake("--cores", "2", check=False)
    assert done.returncode != 0
    assert (
        done.stdout.count("Error in rule ") == done.stdout.count("Error in rule refuse_paper") == 1
    )
    assert set(checkout.pending().values()) <= {"refuse_paper", "all", "papers"}
    assert (checkout.root / "results/report.html").exists()
    assert not list((checkout.root / "results").rglob("hu2024*/*.csv"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("seed: 20220101", "seed: many", "seed: found 'many', allowed is a whole number"),
        ("level: 0.05", "level: 5", "level: found 5, allowed is less than 1"),
        ("level: 0.05", "levle: 0.05", "settings: unknown levle; there are papers, seed, level"),
    ],
)
def test_a_wrong_setting_stops_before_the_first_job(checkout, old, new, message):
    checkout.edit("config/config.yaml", old, new)
    done = checkout.snakemake("--cores", "1", check=False)
    assert done.returncode != 0
    assert message in done.stdout
    assert not (checkout.root / "results").exists()


@pytest.mark.long
def test_settings_go_by_their_old_names_too_and_contradict_no_others(checkout):
    # The file of the checkout has the new ones; a command line stands over it.
    given = ("--config", "alpha=0.10", 'sem={alphas: ["0.75"]}')
    checkout.snakemake("--cores", "1", "papers", *given)
    done = checkout.snakemake("--cores", "1", "papers", *given, "level=0.01", check=False)
    assert done.returncode != 0
    assert "alpha: found 0.1, allowed is what level has, 0.01" in done.stdout
    assert "sem.alphas" not in done.stdout
