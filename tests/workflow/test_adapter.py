"""What the scripts of all rules share: what is read under which name, and what is said of work."""

import logging
import sys
from pathlib import Path
from types import SimpleNamespace

from snakemake.iocontainers import InputFiles, OutputFiles

sys.path.insert(0, str(Path(__file__).parents[2] / "workflow/scripts"))
import adapter


def test_results_are_named_as_inputs_are_and_by_their_place_in_the_run(tmp_path):
    results = tmp_path / "mine/results"
    (results / "studies").mkdir(parents=True)
    for name, text in {"a.csv": "x\n01\n", "studies/b.csv": "x\nNA\n", "c.csv": "x\n"}.items():
        (results / name).write_text(text)
    given = InputFiles(
        toclone=[str(results / name) for name in ("a.csv", "studies/b.csv", "c.csv")]
    )
    given._set_name("one", 0)
    given._set_name("several", 1, end=3)
    snakemake = SimpleNamespace(input=given, output=[str(results / "d.csv")])
    found = adapter.read_results(snakemake)
    assert {name: list(tables) for name, tables in found.items()} == {
        "one": ["a.csv"],
        "several": ["studies/b.csv", "c.csv"],
    }
    assert found["one"]["a.csv"]["x"].tolist() == ["01"]
    assert found["several"]["studies/b.csv"]["x"].tolist() == ["NA"]


def test_texts_are_written_to_the_outputs_of_their_names(tmp_path):
    output = OutputFiles(toclone=[str(tmp_path / "a.tex"), str(tmp_path / "a.md")])
    output._set_name("table_tex", 0)
    output._set_name("table_md", 1)
    adapter.write_texts(output, {"md": "Öne\n", "tex": "two\n"}, "table_")
    paths = [str(tmp_path / name) for name in ("a.md", "a.tex")]
    assert adapter.read_texts(paths) == {paths[0]: "Öne\n", paths[1]: "two\n"}


def test_progress_is_said_at_every_step_and_at_the_end(caplog):
    caplog.set_level(logging.INFO)
    done = adapter.progress(logging.getLogger("retrace"), "blocks", 3)
    for number in range(1, 8):
        done(number, 7)
    assert caplog.messages == ["3 of 7 blocks", "6 of 7 blocks", "7 of 7 blocks"]
