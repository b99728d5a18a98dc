"""Problems of references have a code each, which their table keeps whatever their sentences say."""

import io
import string
from pathlib import Path

import pandas as pd
import pytest

from retrace.bibliography.printed_lists.references import read_list
from retrace.bibliography.problem_codes import (
    Problem,
    ProblemCode,
    join_problems,
    split_problems,
)
from retrace.bibliography.record import from_frame, to_frame

ROOM = Path(__file__).parents[2] / "workflow/retrace/bibliography"


def test_a_sentence_has_the_values_of_its_case():
    problem = ProblemCode.PAGES_RUN_BACKWARDS.of(first=30, last=12)
    assert problem == (ProblemCode.PAGES_RUN_BACKWARDS, "pages run backwards: 30-12")
    with pytest.raises(KeyError, match="last"):
        ProblemCode.PAGES_RUN_BACKWARDS.of(first=30)


def test_a_value_is_no_template():
    assert ProblemCode.MALFORMED_DOI.of(doi="10/{first}").text == "malformed DOI: 10/{first}"


def test_no_two_kinds_have_one_sentence():
    assert len(ProblemCode) == len(ProblemCode.__members__)


def test_every_kind_is_noted_somewhere():
    sources = [file for file in ROOM.rglob("*.py") if file.name != "problem_codes.py"]
    text = "".join(file.read_text(encoding="utf-8") for file in sources)
    assert [code.name for code in ProblemCode if f"ProblemCode.{code.name}.of(" not in text] == []


def test_every_kind_comes_back_from_a_table():
    noted = []
    for code in ProblemCode:
        names = [name for _, name, _, _ in string.Formatter().parse(code.value) if name]
        noted.append(code.of(**dict.fromkeys(names, 7)))
    assert split_problems(*join_problems(noted)) == noted
    assert split_problems(*join_problems([])) == []


def test_a_sentence_with_the_mark_between_sentences_loses_no_code():
    noted = [ProblemCode.NOT_BIBTEX.of(reason="a; b"), ProblemCode.NO_YEAR.of()]
    found = split_problems(*join_problems(noted))
    assert [problem.code for problem in found] == [problem.code for problem in noted]
    alone = [Problem(ProblemCode.NOT_BIBTEX, "not valid BibTeX: a; b")]
    assert split_problems(*join_problems(alone)) == alone


@pytest.mark.parametrize("cells", [("no year", ""), ("no year", "no_year; no_title")])
def test_sentences_without_their_codes_are_refused(cells):
    with pytest.raises(ValueError, match="zip"):
        split_problems(*cells)


def test_the_table_of_references_has_the_codes_last():
    (read,) = read_list(["Ou, C. X., & Davison, R. M., et al. (2011). Guanxi. Sage."], "apa")
    assert read.has(ProblemCode.AUTHORS_LEFT_OUT)
    assert not read.has(ProblemCode.NO_AUTHOR)
    frame = to_frame([read])
    assert frame.columns[-1] == "problem_codes"
    assert frame["problem_codes"].tolist() == ["authors_left_out"]
    table = io.StringIO(frame.to_csv(index=False))
    assert from_frame(pd.read_csv(table, dtype=str, keep_default_na=False)) == [read]
