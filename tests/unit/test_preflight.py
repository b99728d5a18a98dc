"""What is wrong beyond a folder's own form is named before any job, all of it at once."""

import shutil
from pathlib import Path

import pytest

from retrace.papers import PaperError, read_papers
from retrace.preflight import check_papers

RESOURCES = Path(__file__).parents[2] / "resources" / "papers"


def test_the_four_papers_pass():
    papers = read_papers([RESOURCES]).values()
    check_papers(papers, papers)


def test_problems_of_claims_and_models_come_at_once(tmp_path):
    folder = shutil.copytree(RESOURCES / "magni2022", tmp_path / "magni2022")
    claims = folder / "claims.yaml"
    text = claims.read_text(encoding="utf-8")
    claims.write_text(text.replace("FROM table1", "FROM table99", 1), encoding="utf-8")
    description = folder / "paper.yaml"
    text = description.read_text(encoding="utf-8")
    changed = text.replace("risk ~", "riks ~", 1)
    assert changed != text
    description.write_text(changed, encoding="utf-8")
    papers = read_papers([tmp_path]).values()
    with pytest.raises(PaperError) as error:
        check_papers(papers, papers)
    problems = [str(problem) for problem in error.value.problems]
    assert any("claims.yaml, claim " in problem and "table99" in problem for problem in problems)
    assert any("paper.yaml" in problem and "riks" in problem for problem in problems)
