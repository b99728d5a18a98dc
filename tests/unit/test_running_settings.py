"""Settings are complete, of the types that the schema asks for, or refused with what is allowed."""

from pathlib import Path

import pytest
import yaml

from retrace.running.settings import (
    SettingsError,
    misread_numbers,
    read_settings,
    settings_schema,
)

ROOT = Path(__file__).parents[2]
DEFAULTS = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))


def settings(**given):
    return read_settings(DEFAULTS, given)


def test_what_is_not_given_is_the_default():
    assert settings() == DEFAULTS
    found = settings(seed=3, sem={"draws": 200})
    assert found == {**DEFAULTS, "seed": 3, "sem": {**DEFAULTS["sem"], "draws": 200}}


@pytest.mark.parametrize("text", ["false", "False", "FALSE", " false "])
def test_numbers_and_booleans_within_others_may_be_text(text):
    """Snakemake's --config reads `sem={lavaan: false, draws: 200}` with every scalar a text."""
    found = settings(
        seed="7",
        level="0.1",
        sem={"lavaan": text, "draws": "200", "method_shares": ["0.05", "1e-1"]},
    )
    assert found["seed"] == 7
    assert found["level"] == 0.1
    assert found["sem"]["lavaan"] is False
    assert found["sem"]["draws"] == 200
    assert found["sem"]["method_shares"] == [0.05, 0.1]
    assert found["sem"]["reliabilities"] == ["0.70", "0.80", "0.90"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"seed": "many"}, "seed: found 'many', allowed is a whole number"),
        ({"seed": True}, "seed: found True, allowed is a whole number"),
        ({"seed": None}, "seed: found None, allowed is a whole number"),
        ({"seed": -1}, "seed: found -1, allowed is 0 or more"),
        ({"level": 5}, "level: found 5, allowed is less than 1"),
        ({"level": "nan"}, "level: found 'nan', allowed is a number"),
        ({"level": float("nan")}, "level: found 'nan', allowed is a number"),
        ({"level": "-inf"}, "level: found '-inf', allowed is a number"),
        ({"levle": 1}, "settings: unknown levle; there are papers, seed, level"),
        ({"levle": 1}, "; did you mean 'level'?"),
        ({"sem": {"lavan": 1}}, "sem: unknown lavan; there are draws"),
        ({"sem": {"lavaan": "no"}}, "sem.lavaan: found 'no', allowed is true or false"),
        ({"sem": "x"}, "sem: found 'x', allowed is a group of settings, as {name: value}"),
        ({"papers": "mine"}, "papers: found 'mine', allowed is a list, as [a, b]"),
        ({"papers": []}, "papers: found [], allowed is 1 or more entries"),
        (
            {"sem": {"reliabilities": ["0.7", "1"]}},
            "sem.reliabilities.1: found '1', allowed is text like",
        ),
        ({"sem": {"method_shares": [0.1, 0.1]}}, "sem.method_shares: found [0.1, 0.1], allowed"),
        ({"power": {"chunks": "9" * 5000}}, "power.chunks: found '999"),
    ],
)
def test_a_wrong_setting_is_named_with_what_was_found_and_is_allowed(given, message):
    with pytest.raises(SettingsError) as error:
        settings(**given)
    assert message in str(error.value)
    assert len(str(error.value)) < 300


def test_every_wrong_setting_is_named_at_once():
    with pytest.raises(SettingsError) as error:
        settings(seed="many", level=5, power={"chunks": 0, "mc_error": 1})
    assert [line.partition(":")[0] for line in str(error.value).splitlines()] == [
        "level",
        "power.chunks",
        "power.mc_error",
        "seed",
    ]


def test_an_old_name_is_read_as_the_new_one():
    found = settings(alpha="0.1", sem={"alphas": ["0.75"], "draws": 200})
    assert found == settings(level=0.1, sem={"reliabilities": ["0.75"], "draws": 200})
    assert found["level"] == 0.1
    assert found["sem"]["reliabilities"] == ["0.75"]
    both = settings(alpha="0.1", level=0.1, sem={"alphas": ["0.75"], "reliabilities": ["0.75"]})
    assert both["level"] == 0.1
    assert both["sem"]["reliabilities"] == ["0.75"]


def test_an_old_name_that_contradicts_the_new_one_is_refused():
    with pytest.raises(SettingsError) as error:
        settings(alpha=0.1, level="0.05", sem={"alphas": [], "reliabilities": ["0.75"]}, seed=-1)
    assert str(error.value).splitlines() == [
        "alpha: found 0.1, allowed is what level has, 0.05 (alpha is the old name of level: give "
        "level alone)",
        "sem.alphas: found [], allowed is what sem.reliabilities has, ['0.75'] (alphas is the old "
        "name of reliabilities: give reliabilities alone)",
        "seed: found -1, allowed is 0 or more "
        "(Every random stream is spawned from this number, the paper and the rule)",
    ]


@pytest.mark.parametrize("last", ["alpha", "level"])
def test_a_command_line_is_not_contradicted_by_the_other_name_in_a_file(last):
    merged = {"alpha": 0.2, "level": 0.3, "sem": {"alphas": ["0.6"], "reliabilities": ["0.9"]}}
    overrides = {last: str(merged[last]), "sem": {"alphas": ["0.6"]}}
    found = read_settings(DEFAULTS, merged, overrides=overrides)
    assert found["level"] == merged[last]
    assert found["sem"]["reliabilities"] == ["0.6"]
    with pytest.raises(SettingsError, match="give level alone"):
        read_settings(DEFAULTS, merged, overrides={"alpha": 0.2, "level": 0.3})


def test_every_setting_has_a_type_a_default_and_a_description():
    def check(schema, defaults, place=""):
        for name, part in schema["properties"].items():
            if part["type"] == "object":
                check(part, defaults[name], f"{place}{name}.")
            assert part.get("description") or name == "container", place + name
        assert set(defaults) == set(schema["properties"]) == set(schema["required"])

    check(settings_schema(), DEFAULTS)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("seed: 010", "line 1: '010' is 8 in YAML 1.1 and 10 in YAML 1.2"),
        ("level: 0.05\nseed: 3:32", "line 2: '3:32' is 212 in YAML 1.1 and a text in YAML 1.2"),
        ("sem: {draws: 5_000}", "line 1: '5_000' is 5000 in YAML 1.1 and a text in YAML 1.2"),
        ("sem:\n  method_shares: [0.1, 0_5]", "line 2: '0_5' is 5 in YAML 1.1"),
    ],
)
def test_a_number_that_snakemake_reads_by_an_old_version_of_yaml_is_named(text, told):
    (line,) = misread_numbers(text)
    assert line.startswith(told)


@pytest.mark.parametrize(
    "text",
    [
        (ROOT / "config/config.yaml").read_text(encoding="utf-8"),
        "sem: {lavaan: on}\npapers: ['010', 3:32b]\nseed: 7",
        "a: &a {b: *a}",
        '{"seed": 7}',
        "",
        "a: [",
    ],
)
def test_no_other_settings_are(text):
    assert misread_numbers(text) == []
