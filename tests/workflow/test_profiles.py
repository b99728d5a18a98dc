"""What the profiles promise: a job killed for its memory or time gets more of it the next time."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
RULES = sorted((ROOT / "workflow/rules").glob("*.smk"))
PROFILES = sorted((ROOT / "profiles").glob("*/config.yaml"))


@pytest.mark.parametrize("file", RULES, ids=lambda path: path.stem)
def test_a_rule_asks_for_more_at_each_attempt(file):
    for rule in re.split(r"^rule ", file.read_text(), flags=re.MULTILINE)[1:]:
        if "script:" in rule:
            assert re.search(r"\*\*limits\(mb=\d+, minutes=\d+\)", rule), rule.partition(":")[0]


@pytest.mark.parametrize("file", PROFILES, ids=lambda path: path.parent.name)
def test_a_profile_holds_only_options_of_snakemake(file):
    """Snakemake reports an option that it does not know only when the profile is used."""
    from snakemake.cli import get_argument_parser

    known = {
        option.lstrip("-")
        for action in get_argument_parser()._actions
        for option in action.option_strings
    }
    options = set(yaml.safe_load(file.read_text()))
    assert {name for name in options if not name.startswith("slurm-")} <= known


def test_only_the_slurm_profile_retries():
    """At home a job that failed fails again: memory and time are not bounded there."""
    for file in PROFILES:
        retries = yaml.safe_load(file.read_text()).get("retries", 0)
        assert (retries > 0) == (file.parent.name == "slurm")
