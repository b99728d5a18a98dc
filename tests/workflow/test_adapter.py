"""What the scripts of all rules share: what is read under which name, and what is said of work."""

import logging
import math
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
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


CELLS = {
    "whole": [3, 0, -2],
    "whole, one missing": [3, None, -2],
    "real": [0.1 + 0.2, 1e-17, 1e22],
    "not all finite": [math.nan, math.inf, -0.0],
    "whole and real": [3, 2.5, 10**15],
    "of NumPy": [np.float64(2) / 3, np.int64(3), np.float64(-1e-5)],
    "whole of NumPy": [np.int64(3), np.int64(0), np.int64(7)],
    "truth": [True, False, True],
    "truth, one missing": [True, None, False],
    "truth and whole": [True, 3, 0],
    "text": ["a,b", 'say "so"', "two\nlines"],
    "text, some missing": ["é", None, ""],
    "text and numbers": ["", 2020, 0.30000000000000004],
    "nothing": [None, math.nan, None],
}


@pytest.mark.parametrize("names", [[name] for name in CELLS] + [list(CELLS)], ids=" ".join)
def test_rows_are_written_as_pandas_writes_a_table_of_them(tmp_path, names):
    rows = list(zip(*(CELLS[name] for name in names), strict=True))
    adapter.write_csv(tmp_path / "a.csv", pd.DataFrame(rows, columns=names))
    adapter.write_rows(tmp_path / "b.csv", rows, names)
    adapter.write_rows(
        tmp_path / "c.csv", [dict(zip(names, row, strict=True)) for row in rows], names
    )
    assert (tmp_path / "b.csv").read_bytes() == (tmp_path / "a.csv").read_bytes()
    assert (tmp_path / "c.csv").read_bytes() == (tmp_path / "a.csv").read_bytes()


def test_of_no_rows_there_are_the_columns(tmp_path):
    adapter.write_csv(tmp_path / "a.csv", pd.DataFrame([], columns=["a", "b"]))
    adapter.write_rows(tmp_path / "b.csv", [], ("a", "b"))
    assert (tmp_path / "b.csv").read_bytes() == (tmp_path / "a.csv").read_bytes()
