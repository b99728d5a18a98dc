"""The conda environments pin what the lock pins, and hold what their rules' scripts import."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from retrace.digest import code_files

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = sorted(path.stem for path in (ROOT / "envs").glob("*.yaml"))
# Names of packages on conda-forge that differ from PyPI's.
CONDA_NAMES = {"snakemake-minimal": "snakemake", "matplotlib-base": "matplotlib"}
# What is imported under another name than it is installed by.
IMPORT_NAMES = {"yaml": "pyyaml", "markupsafe": "jinja2"}


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


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_an_environment_pins_what_the_lock_pins(environment):
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
    for file in files:
        for module in third_party(file):
            assert IMPORT_NAMES.get(module, module) in held, f"{file.name} imports {module}"


def third_party(file: Path) -> set[str]:
    tree = ast.parse(file.read_text())
    names = set()
    # The adapter's imports within functions are those of the scripts that call them.
    for node in tree.body if file.name == "adapter.py" else ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module.partition(".")[0])
    return names - set(sys.stdlib_module_names) - {"retrace", "adapter", "__future__"}


def test_the_project_asks_for_no_more_than_the_lock_holds():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {re.match(r"[\w-]+", entry)[0] for entry in project["dependencies"]}
    assert names <= set(locked())


def test_every_locked_package_is_listed_with_its_licence():
    text = (ROOT / "docs/licences.md").read_text()
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
