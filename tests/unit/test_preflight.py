"""What is wrong beyond a folder's own form is named before any job, all of it at once."""

import shutil
from pathlib import Path

import pytest

from retrace.papers import PaperError
from retrace.preflight.papers import check_papers

RESOURCES = Path(__file__).parents[2] / "resources" / "papers"


def test_the_four_papers_pass():
    told: list[str] = []
    found = check_papers([RESOURCES], warn=lambda problem: told.append(str(problem)))
    assert len(found.read) == 4
    assert found.refused == []
    assert told == []


def test_a_checked_paper_is_not_checked_again(monkeypatch):
    """Without a process for queries, a paper that needed one could not pass."""
    monkeypatch.setattr("retrace.claims.sandbox.Sandbox", None)
    assert len(check_papers([RESOURCES], lambda paper: True).read) == 4


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the quantitative paper's folder, to be spoilt."""
    return Path(shutil.copytree(RESOURCES / "magni2022", tmp_path / "magni2022"))


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def problems_in(folder: Path) -> list[str]:
    with pytest.raises(PaperError) as error:
        check_papers([folder.parent])
    return [str(problem) for problem in error.value.problems]


def test_problems_of_claims_and_models_come_at_once(folder):
    spoil(folder, "claims.yaml", "FROM table1", "FROM table99")
    spoil(folder, "paper.yaml", "risk ~", "riks ~")
    problems = problems_in(folder)
    assert any("claims.yaml, claim " in problem and "table99" in problem for problem in problems)
    assert any("paper.yaml" in problem and "riks" in problem for problem in problems)


def test_a_wrong_query_or_model_refuses_its_own_paper_only(folder):
    other = shutil.copytree(folder, folder.with_name("other"))
    third = shutil.copytree(folder, folder.with_name("third"))
    spoil(other, "claims.yaml", "FROM table1", "FROM table99")
    spoil(third, "paper.yaml", "risk ~", "riks ~")
    found = check_papers([folder.parent])
    assert list(found.read) == ["magni2022"]
    assert [each.name for each in found.refused] == ["other", "third"]
    assert "table99" in str(found.refused[0].problems[0])
    assert "riks" in str(found.refused[1].problems[0])


def test_what_no_data_have_is_told_and_refuses_nothing(folder):
    spoil(folder, "tables/table4.csv", "0.067", "1.067")
    spoil(folder, "paper.yaml", "sharing}", 'sharing, mean: "9.00"}')
    told: list[str] = []
    found = check_papers([folder.parent], warn=lambda problem: told.append(str(problem)))
    assert list(found.read) == ["magni2022"]
    assert [text.partition("magni2022/")[2].partition(";")[0] for text in told] == [
        "tables/table4.csv, line 4, column market: correlation 1.067 is outside [-1, 1]",
        "paper.yaml, study: mean of customer: 9.00 is off the scale from 1 to 7",
    ]
    assert all("check the transcription" in text for text in told)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("quantities.csv", ",reason\n", ",why\n", "quantities.csv, line 1: found"),
        ("claims.yaml", 'reported: "11"', "reported: 11", "write it in quotes"),
        ("crosswalk.csv", ",positive,", ",upwards,", "crosswalk.csv, line"),
        ("paper.yaml", "title:", "titel:", "titel: unknown key; did you mean 'title'?"),
        ("citations.csv", "citation,", "cited,", "citations.csv, line 1"),
    ],
)
def test_a_wrong_query_is_named_beside_whatever_else_is_wrong_in_the_folder(
    folder, file, old, new, message
):
    text = (folder / "claims.yaml").read_text(encoding="utf-8")
    last = text.rindex("FROM ")
    (folder / "claims.yaml").write_text(f"{text[:last]}FROM nowhere, {text[last + 5 :]}", "utf-8")
    spoil(folder, file, old, new)
    problems = problems_in(folder)
    assert any(message in problem for problem in problems), problems
    assert any("there is no table 'nowhere'" in problem for problem in problems), problems


def test_claims_on_a_table_that_cannot_be_read_are_not_problems_too(folder):
    spoil(folder, "tables/table1.csv", "\n", ",one more\n")
    problems = problems_in(folder)
    assert problems
    assert all("tables/table1.csv, line " in problem for problem in problems)


def test_tables_that_are_read_with_decimal_commas_are_told(folder):
    """And their claims are decided as those of the same tables with points."""
    for name in ("table4.csv", "table5.csv"):
        file = folder / "tables" / name
        header, *rows = file.read_text(encoding="utf-8").splitlines()
        cells = [[f'"{cell.replace(".", ",")}"' for cell in row.split(",")] for row in rows]
        file.write_text("\n".join([header, *map(",".join, cells)]) + "\n", encoding="utf-8")
    spoil(folder, "paper.yaml", "title:", 'decimal_sign: ","\ntitle:')
    told: list[str] = []
    check_papers([folder.parent], warn=lambda problem: told.append(str(problem)))
    assert [text.rpartition(": ")[2] for text in told if "comma" in text] == [
        "decimals behind a comma are read in tables/table4.csv",
        "decimals behind a comma are read in tables/table5.csv",
    ]


def test_claims_beyond_the_time_of_a_paper_are_told(folder, monkeypatch):
    monkeypatch.setattr("retrace.claims.sandbox.Sandbox.__init__.__defaults__", (5.0, 0.0, 300.0))
    told: list[str] = []
    check_papers([folder.parent], warn=lambda problem: told.append(str(problem)))
    beyond = [text for text in told if "not checkable, not computed: the claims before" in text]
    assert beyond
    assert all("claims.yaml, claim " in text for text in beyond)
