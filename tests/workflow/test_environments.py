"""The conda environments pin what the lock pins, and hold what their rules' scripts import."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from retrace.provenance.digest import code_files

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "envs"))

import pin_conda  # noqa: E402
from pin_conda import CONDA_NAMES  # noqa: E402

ENVIRONMENTS = sorted(path.stem for path in (ROOT / "envs").glob("*.yaml"))
# What is imported under another name than it is installed by.
# What comes with a package is locked with it.
IMPORT_NAMES = {"yaml": "pyyaml", "markupsafe": "jinja2", "pydantic_core": "pydantic"}


def pins(environment: str) -> dict[str, str]:
    content = yaml.safe_load((ROOT / "envs" / f"{environment}.yaml").read_text())
    pinned = {}
    for entry in content["dependencies"]:
        for text in entry["pip"] if isinstance(entry, dict) else [entry]:
            name, _, version = re.sub(r"\s*=+", "=", text).partition("=")
            pinned[CONDA_NAMES.get(name, name)] = version
    return pinned


def locked() -> dict[str, str]:
    text = (ROOT / "envs" / "requirements.txt").read_text()
    return dict(re.findall(r"^([a-z0-9_.-]+)==([^ ;\\]+)", text, re.MULTILINE))


def scripts_of(environment: str) -> list[Path]:
    """The scripts of the rules that name this environment."""
    found = []
    for file in (ROOT / "workflow" / "rules").glob("*.smk"):
        for rule in re.split(r"^rule ", file.read_text(), flags=re.MULTILINE)[1:]:
            if f"envs/{environment}.yaml" in rule:
                script = re.search(r'"\.\./scripts/(\w+\.py)"', rule)
                found.append(ROOT / "workflow" / "scripts" / script[1])
    return sorted(set(found))


def rules_with_scripts() -> dict[str, str]:
    """Text of every rule that runs something, by its name; the others are targets."""
    rules = {}
    for file in sorted((ROOT / "workflow" / "rules").glob("*.smk")):
        for text in re.split(r"^rule ", file.read_text(), flags=re.MULTILINE)[1:]:
            name = text.partition(":")[0]
            runs = re.search(r"^    (script|shell|run|notebook|wrapper):", text, re.MULTILINE)
            targets = set(re.findall(r"^    (\w+):", text, re.MULTILINE)) <= {
                *("input", "default_target", "localrule"),
            }
            assert runs or targets, f"{name} is neither a rule with a script nor a target"
            if runs:
                rules[name] = text
    return rules


@pytest.mark.parametrize("rule", rules_with_scripts())
def test_every_rule_is_cached_and_has_an_environment(rule):
    text = rules_with_scripts()[rule]
    # The report is of one run, and the refusal of a paper makes nothing.
    assert ("    cache: CACHE\n" in text) == (rule not in ("write_report", "refuse_paper"))
    # Snakemake misses nothing that is deleted from a folder, and two runs that store one spoil it.
    assert "directory(" not in text
    (environment,) = re.findall(
        r'^    conda:\n        "\.\./\.\./envs/(\w+)\.yaml"', text, re.MULTILINE
    )
    assert environment in ENVIRONMENTS
    # What a parameter takes from `input` Snakemake does not compare with that of the last run.
    params = re.search(r"^    params:\n((?: {8}.*\n)+)", text, re.MULTILINE)[1]
    assert not re.search(r"lambda \w+, *\w", params)
    for line in ("threads", "resources", "log", "message", "params"):
        assert f"    {line}:" in text, f"{rule} has no {line}"


def test_every_rule_runs_in_the_container_of_the_settings():
    """Stated once, before the rules, and by no rule otherwise."""
    text = (ROOT / "Snakefile").read_text()
    stated = text.index('container: config["container"]')
    stages = [text.index(f"rules/{file.name}") for file in (ROOT / "workflow/rules").glob("*.smk")
              if file.name != "common.smk"]  # fmt: skip
    assert stated < min(stages)
    assert not any("container:" in rule for rule in rules_with_scripts().values())


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_an_environment_pins_what_the_lock_pins(environment):
    """As `python envs/pin_conda.py` writes it; here each is looked up once more, on its own."""
    text = (ROOT / "envs" / f"{environment}.yaml").read_text()
    assert pin_conda.pinned(text, pin_conda.locked()) == text
    moved = {name: f"{version}.post1" for name, version in pin_conda.locked().items()}
    assert pin_conda.pinned(text, moved).count(".post1") == len(pins(environment)) - text.count(
        "- python ="
    ) - text.count("- pip\n")
    lock = locked()
    for name, version in pins(environment).items():
        if name not in ("python", "pip"):
            assert version == lock[name], f"{name} in envs/{environment}.yaml"


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_an_environment_serves_a_rule_and_holds_what_its_scripts_import(environment):
    scripts = scripts_of(environment)
    assert scripts, f"no rule uses envs/{environment}.yaml"
    held = set(pins(environment))
    files = set(scripts)
    # A script that asks Snakemake has it read the rules in the same environment.
    rules = [ROOT / "workflow/rules/common.smk"] if "snakemake" in held else []
    for source in [*scripts, *rules]:
        files |= set(code_files(source, ROOT / "workflow" / "retrace"))
    for file in (file for file in files if file.suffix == ".py"):
        for module in third_party(file):
            assert IMPORT_NAMES.get(module, module) in held, f"{file.name} imports {module}"


def third_party(file: Path) -> set[str]:
    tree = ast.parse(file.read_text())
    names = set()
    # Imports within functions that every script could call are those of the scripts that do.
    shared = file.name in ("adapter.py", "drawing.py")
    for node in tree.body if shared else ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module.partition(".")[0])
    return names - set(sys.stdlib_module_names) - {"retrace", "adapter", "__future__"}


def imported() -> set[str]:
    """The packages that the library imports, by the names they are installed by."""
    files = (ROOT / "workflow/retrace").rglob("*.py")
    modules = set().union(*map(third_party, files))
    return {IMPORT_NAMES.get(module, module) for module in modules}


def test_the_project_asks_for_what_the_library_imports_and_no_more_than_the_lock_holds():
    """What comes only because another package asks for it may leave with that one."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {re.match(r"[\w-]+", entry)[0] for entry in project["dependencies"]}
    assert imported() <= names <= set(locked())
    asked = (ROOT / "envs/requirements.in").read_text()
    assert names <= set(re.findall(r"^[\w-]+", asked, re.MULTILINE))


def test_every_locked_package_is_listed_with_its_licence():
    text = (ROOT / "docs/reference/licences.md").read_text()
    listed = dict(re.findall(r"^\| ([a-z0-9.-]+) \| (.+) \|$", text, re.MULTILINE))
    assert set(listed) - {"package"} == set(locked())
    assert all(listed.values())


def test_the_image_is_built_under_the_name_that_the_settings_give():
    container = yaml.safe_load((ROOT / "config/config.yaml").read_text())["container"]
    name = container.removeprefix("docker://")
    plan = subprocess.check_output(
        ["make", "--dry-run", "image", "ENGINE=docker"], cwd=ROOT, text=True
    )
    assert f"--tag {name} " in plan
    assert f"VERSION={name.rpartition(':')[2]} " in plan
