"""The stage's tables: contract columns, values that follow from a few made-up references."""

from __future__ import annotations

import pandas as pd
import pytest
from bibliography_lists import citations, references

from retrace.bibliography.citations.citation import Citation, cited_as
from retrace.bibliography.citations.linking import link_citations, reference_targets
from retrace.bibliography.problem_codes import ProblemCode
from retrace.bibliography.record import Name, Reference
from retrace.bibliography.tables import (
    citations_table,
    known_pages,
    links_table,
    read_described,
    read_resolved,
    resolved_table,
    uncited_table,
    works_table,
)
from retrace.bibliography.works.conflicts import conflicts_table, find_conflicts
from retrace.bibliography.works.matching import match_references, references_of
from retrace.bibliography.works.work import build, resolve


@pytest.fixture(scope="module")
def resolved():
    return resolve(references(), citations())


@pytest.fixture(scope="module")
def bibliography(resolved):
    return build(references(), resolved)


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype(str)


def test_tables_begin_with_the_columns_of_the_contract(bibliography, resolved):
    works = works_table(bibliography, references())
    assert ",".join(works.columns[:7]) == "work,doi,year,first_author,title,papers,n_papers"
    links = links_table(bibliography, references())
    assert ",".join(links.columns[:6]) == "paper,source,index,work,method,score"
    cited = citations_table(bibliography)
    assert ",".join(cited.columns[:6]) == "paper,citation,year,mentions,work,status"
    conflicts = conflicts_table([])
    assert ",".join(conflicts.columns) == (
        "work,field,paper_a,value_a,paper_b,value_b,kind,references_a,references_b"
    )


def test_every_citation_and_reference_has_its_links(bibliography):
    links = links_table(bibliography, references())
    assert (links["source"] == "reference").sum() == 384
    cited = citations_table(bibliography)
    assert len(cited) == sum(map(len, citations().values()))
    assert cited["mentions"].sum() == sum(c.mentions for v in citations().values() for c in v)
    works = set(works_table(bibliography, references())["work"])
    assert set(links["work"]) == works
    assert links["score"].between(0, 1).all()


def test_works_count_their_papers(bibliography):
    works = works_table(bibliography, references()).set_index("work")
    assert (works["papers"].str.split(";").str.len() == works["n_papers"]).all()
    assert works.loc["autio2000effects", "papers"] == "hu2024;magni2022;puthusserry2020"
    assert works.loc["autio2000effects", "doi"] == "10.2307/1556419"  # the one that fits
    unlisted = works[works["described_by"] == "citation"]
    assert (unlisted["title"] == "").all()
    assert works.loc["march1991", "cited_as"] == "March (1991)"


def test_what_is_resolved_reads_back(resolved):
    assert read_resolved(as_text(resolved_table(resolved))) == resolved


def test_links_read_back_as_the_references_of_each_work(bibliography):
    links = as_text(links_table(bibliography, references()))
    expected = references_of(match_references(references()), references())
    assert read_described(links, references()) == expected
    assert find_conflicts(expected)


def reference(index: int, *names: str, year: str = "2001", **fields) -> Reference:
    authors = [Name(name, "A.") for name in names]
    return Reference(index, "", authors=authors, year=year, title=f"Title {index}", **fields)


def test_references_that_no_citation_means_are_uncited():
    listed = {
        "a": [
            reference(1, "Ou"),
            reference(2, "Yin"),
            reference(3, "Doz", list="further reading"),
        ]
    }
    table = uncited_table(resolve(listed, {"a": [Citation("Ou", "2001")]}), listed)
    assert table.to_dict("records") == [
        {"paper": "a", "index": 2, "authors": "Yin, A.", "year": "2001", "title": "Title 2"}
    ]
    assert uncited_table({}, listed).empty


@pytest.mark.parametrize(
    ("cited", "year", "means", "difference"),
    [
        ("Ou", "2001", [1], ""),
        ("Ou and Yin", "2003a", [2], ""),
        ("Ou and Yin", "2003b", [3], ""),
        ("Ou and Yin", "2003", [2, 3], ""),
        ("Doz et al.", "2010", [4], ""),
        ("Doz, Yin, and Ou", "2010", [4], ""),
        ("the PRISMA Group", "2009", [5], ""),
        ("Doz et al.", "2012", [4], "year: 2012 cited, 2010 listed"),
        ("Doz et al.", "2001", [4], "year: 2001 cited, 2010 listed"),  # digits in another order
        ("Doz et al.", "1987", [], ""),
        ("Doz and Ou", "2010", [4], "authors: Doz and Ou cited, Doz, Yin and Ou listed"),
        ("Halvorsen", "2007", [6], "authors: Halvorsen cited, Halvorssen listed"),
        ("Nobody", "2001", [], ""),
    ],
)
def test_what_a_citation_means(cited, year, means, difference):
    listed = [
        reference(1, "Ou"),
        reference(2, "Ou", "Yin", year="2003a"),
        reference(3, "Ou", "Yin", year="2003b"),
        reference(4, "Doz", "Yin", "Ou", year="2010"),
        reference(5, "PRISMA Group", year="2009"),
        reference(6, "Halvorssen", year="2007"),
    ]
    (link,) = link_citations([Citation(cited, year)], reference_targets(listed))
    assert (link.candidates, link.difference) == (means, difference)


def test_a_year_that_another_citation_has_right_is_no_slip():
    listed = [reference(1, "Doz", "Yin", year="2010")]
    cited = [Citation("Doz and Yin", "2010"), Citation("Doz and Yin", "2011")]
    right, other = link_citations(cited, reference_targets(listed))
    assert right.candidates == [1]
    assert other.candidates == []


@pytest.mark.parametrize(
    ("pages", "known"),
    [
        ([("1", "9", False), ("1", "9", True)], ("1-9", "confirmed")),
        ([("1", "9", True)], ("1-9", "inferred")),
        ([("1", "8", False), ("1", "9", True)], ("1-8", "printed")),
        ([("e12", "", False)], ("e12", "printed")),
        ([("", "", False)], ("", "")),
    ],
)
def test_how_the_pages_of_a_work_are_known(pages, known):
    listed = [
        reference(1, "Ou", first_page=first, last_page=last, pages_inferred=inferred)
        for first, last, inferred in pages
    ]
    assert known_pages(listed) == known


def test_another_list_confirms_a_range_that_had_lost_its_dash(bibliography):
    links = links_table(bibliography, references())
    of_one = links[(links["paper"] == "osarenkhoe2024") & (links["source"] == "reference")]
    status = dict(zip(of_one["index"], of_one["pages_status"], strict=True))
    restored = {r.index: r for r in references()["osarenkhoe2024"] if r.pages_inferred}
    assert {status[index] for index in restored} == {"inferred", "confirmed"}
    assert not {s for index, s in status.items() if index not in restored} - {"", "printed"}
    others = [r.raw for paper in ("hu2024", "magni2022") for r in references()[paper]]
    for index, r in restored.items():
        if status[index] == "confirmed":
            pages = f"pp. {r.first_page}-{r.last_page}"
            assert any(pages in line and r.authors[0].family in line for line in others), r.raw


def test_how_a_text_cites_a_reference():
    assert cited_as(reference(1, "Ou")) == "Ou (2001)"
    assert cited_as(reference(1, "Ou", "Yin")) == "Ou and Yin (2001)"
    assert cited_as(reference(1, "Ou", "Yin", "Doz", year="")) == "Ou et al. (n.d.)"


@pytest.mark.parametrize(
    ("text", "year", "reference", "difference"),
    [
        ("Autio", "n.d.", {"year": "n.d."}, ""),
        ("Autio", "in press", {"year": "in press"}, ""),
        ("Autio", "in press", {"year": "2001"}, "year: in press cited, 2001 listed"),
        ("Autio", "2001", {"year": "2001/2003"}, ""),
        ("Autio", "2001", {"year": "2003"}, "year: 2001 cited, 2003 listed"),
        # A family name of two words, of which the citation has one; particles are none.
        (
            "Bryan",
            "2013",
            {"authors": [Name("Bryan Jean", "R.")], "year": "2013"},
            "authors: Bryan cited, Bryan Jean listed",
        ),
        ("Frahan", "2006", {"authors": [Name("de Frahan", "B. H.")], "year": "2006"}, ""),
        # The list itself leaves authors out.
        (
            "Autio et al.",
            "2000",
            {"year": "2000", "problems": [ProblemCode.AUTHORS_LEFT_OUT.of()]},
            "",
        ),
        (
            "Department for Business, Innovation and Skills",
            "2010",
            {"authors": [Name("Department for Business, Innovation & Skills")], "year": "2010"},
            "",
        ),
    ],
)
def test_citations_of_undated_works_of_organisations_and_of_authors_named_in_part(
    text, year, reference, difference
):
    listed = Reference(1, "", **({"authors": [Name("Autio", "E.")]} | reference))
    (link,) = link_citations([Citation(text, year)], reference_targets([listed]))
    assert (link.candidates, link.difference) == ([1], difference)
