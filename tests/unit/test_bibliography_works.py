"""Works. Which references are one work was decided by reading the printed lists."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bibliography_lists import citations, reference_of, references
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz
from reference_pairs import BIB, REPEATED, SHARED

from retrace.bibliography.keys import assign_keys, base_key
from retrace.bibliography.readers.bibtex import read_bibtex
from retrace.bibliography.record import Name, Reference
from retrace.bibliography.tables import works_table
from retrace.bibliography.works.matching import match_references
from retrace.bibliography.works.sameness import normal_title
from retrace.bibliography.works.work import build, papers_by_work, resolve


def article(index: int, **fields) -> Reference:
    """A made-up article."""
    given = {
        "authors": [Name("Ou", "C. X.")],
        "year": "2014",
        "title": "Swift guanxi in online marketplaces",
        "container": "MIS Quarterly",
    }
    return Reference(index, "", type="article", **(given | fields))


def matched(*listed: Reference) -> list[set[tuple[str, int]]]:
    """The works of some references, each printed by a paper of its own."""
    works = match_references({f"paper{i}": [r] for i, r in enumerate(listed)})
    return [{(source.paper, source.index) for source in work.sources} for work in works]


# --- the four papers -------------------------------------------------------------------------


def test_works_in_several_lists_are_those_found_by_hand():
    shared = {w.key: " ".join(w.papers) for w in match_references(references()) if w.papers[1:]}
    assert shared == SHARED


def test_every_reference_belongs_to_one_work():
    works = match_references(references())
    sources = [source for work in works for source in work.sources]
    assert len(sources) == len(set(sources)) == 384
    assert len(works) == 384 - 19  # sixteen shared works, three of them in all three lists


def test_a_wrong_doi_does_not_keep_a_work_apart():
    """hu2024 prints the DOI of another journal for Autio, Sapienza and Almeida (2000)."""
    one = reference_of("hu2024", "Autio, E.")
    other = reference_of("magni2022", "Autio, E.")
    assert one.doi != other.doi
    assert len(matched(one, other)) == 1


def test_restored_pages_are_confirmed_where_another_list_prints_them():
    listed = references()
    works = works_table(build(listed, resolve(listed, {})), listed)
    status = works.set_index("work")["pages_status"]
    assert status["forsgren2002concept"] == "confirmed"
    assert status["granovetter1973strength"] == "inferred"
    assert status["autio2000effects"] == "printed"


# --- what is one work, and what is not -------------------------------------------------------


def test_the_same_doi_joins_titles_that_differ_a_little():
    doi = "10.25300/MISQ/2014/38.1.10"
    place = {"volume": "38", "first_page": "209"}
    one = article(1, doi=doi, **place)
    other = article(
        2, doi=doi.lower(), title="Swift guanxi in online markets: the role of chat", **place
    )
    assert len(matched(one, other)) == 1


def test_a_doi_printed_for_two_works_joins_nothing():
    one = article(1, doi="10.2307/1556419")
    other = article(
        2, doi="10.2307/1556419", title="Overcoming the liability of foreignness", year="1995"
    )
    assert len(matched(one, other)) == 2


@pytest.mark.parametrize(
    "title",
    [
        "Swift Guanxi in online marketplaces.",  # case and stop
        "Swift guanxi in on-line marketplaces",
        "Swift guanxi in online market places",
        "Swift guanxi in online marketplace",  # singular
    ],
)
def test_variants_of_one_title_are_one_work(title):
    assert len(matched(article(1), article(2, title=title))) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "Trust in online marketplaces"},
        {"title": "Swift guanxi in online marketplaces 2"},  # another part
        {"year": "2016"},  # another edition
        {"authors": [Name("Zhang", "J.")]},
    ],
)
def test_different_works_stay_apart(fields):
    assert len(matched(article(1), article(2, **fields))) == 2


def test_parts_of_one_study_in_one_list_stay_apart():
    parts = [article(i, title=f"Swift guanxi in online marketplaces: part {i}") for i in (1, 2)]
    assert len(match_references({"paper": parts})) == 2


@given(st.permutations(range(6)))
def test_works_do_not_depend_on_the_order_of_a_list(order):
    listed = [
        article(1),
        article(2, title="Swift guanxi in online marketplace"),
        article(3, year="2015"),
        article(4, title="Trust in markets"),
        article(5, title="Trust in markets: a note", year="2001"),
        article(6, title="Trust in marketing", year="2001"),
    ]
    shuffled = match_references({"paper": [listed[i] for i in order]})
    straight = match_references({"paper": listed})
    assert {w.key: {s.index for s in w.sources} for w in shuffled} == {
        w.key: {s.index for s in w.sources} for w in straight
    }


def test_double_entries_are_one_work_and_neighbours_are_not():
    text = BIB.read_text(encoding="utf-8")
    listed = read_bibtex(text)
    by_index = {r.index: r for r in listed}
    works = match_references({"kept": listed})
    repeated = [
        sorted({normal_title(by_index[s.index].title) for s in work.sources})
        for work in works
        if len(work.sources) > 1
    ]
    assert [
        "initial conditions and moment restrictions in dynamic panel data models",
        "initital conditions and moment restrictions in dynamic panel data models",
    ] in repeated
    assert [
        "computing robust standard errors for within estimators",
        "computing robust standard errors for within groups estimators",
    ] in repeated
    # What is put together differs by a slip of a few letters only.
    assert all(fuzz.ratio(titles[0], titles[-1]) >= 93 for titles in repeated)
    together = {title for titles in repeated for title in titles}
    assert "panel data econometrics with r" not in together
    assert not any(title.endswith((" i", " ii", " iii")) for title in together)
    assert len(works) == 359 - len(REPEATED)


# --- keys ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reference", "key"),
    [
        (article(1), "ou2014swift"),
        (article(1, authors=[Name("Håkansson", "H.")], title="The use of"), "hakansson2014use"),
        (article(1, authors=[Name("Del Giudice", "M.")], year="2016b"), "delgiudice2016swift"),
        (article(1, authors=[], year="", title=""), "anonymousnd"),
        (article(1, authors=[Name("OECD")], title="21 things"), "oecd201421"),
    ],
)
def test_a_key_is_first_author_year_and_first_telling_word(reference, key):
    assert base_key(reference) == key


def test_keys_of_works_that_look_alike_differ_and_do_not_depend_on_order():
    listed = [article(1), article(2, title="Swift trust"), article(3, title="Swift markets")]
    keys = dict(zip((1, 2, 3), assign_keys(listed), strict=True))
    assert keys == {1: "ou2014swift", 3: "ou2014swiftb", 2: "ou2014swiftc"}
    assert assign_keys(listed[::-1]) == [keys[3], keys[2], keys[1]]


def test_a_fourth_paper_does_not_change_the_keys_of_the_others():
    before = {w.key for w in match_references(references())}
    more = references() | {"fifth": [replace(article(1), title="Something new")]}
    assert {w.key for w in match_references(more)} == before | {"ou2014something"}


# --- citations -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bibliography():
    return build(references(), resolve(references(), citations()))


def test_the_lists_explain_every_citation_of_their_papers(bibliography):
    """Read by eye: one citation of magni2022 fits two references, all others fit one."""
    others = [c for c in bibliography.citations if c.paper != "puthusserry2020"]
    assert {c.status for c in others} == {"listed", "ambiguous"}
    (ambiguous,) = [c for c in others if c.status == "ambiguous"]
    assert (ambiguous.citation.text, ambiguous.citation.year) == ("Leonidou et al.", "2018")
    assert ambiguous.works == ["leonidou2018international", "leonidou2018betrayal"]


@pytest.mark.parametrize(
    ("cited", "year", "work"),
    [
        ("Dalmoro", "2013", "dalmero2013formation"),
        ("Davicik and Sharma", "2016", "davcik2016marketing"),
        ("Scutto et al.", "2017b", "scuotto2017shifting"),
        ("Mejri and Umamoto", "2010", "mejri2010small"),
        ("Johanson and Mattsson", "2006", "mattsson2006discovering"),
        ("Schreier, Scherrer, and Udomkit", "2019", "schreier2019trustworthy"),
        ("Pillegrino and McNaughton", "2017", "pellegrino2017beyond"),
    ],
)
def test_citations_with_a_slip_find_their_work_and_say_so(bibliography, cited, year, work):
    (link,) = [
        c
        for c in bibliography.citations
        if (c.citation.text, c.citation.year, bool(c.difference)) == (cited, year, True)
    ]
    assert link.works == [work]
    assert link.difference.startswith("authors: ")


def test_citations_without_a_list_link_to_known_works_or_stay_author_and_year(bibliography):
    links = {
        (c.citation.text, c.citation.year): c
        for c in bibliography.citations
        if c.paper == "puthusserry2020"
    }
    assert len(links) == 109
    assert links["Autio et al.", "2000"].works == ["autio2000effects"]
    assert links["Autio et al.", "2000"].status == "linked"
    # Kuivalainen et al. (2004) stands in another list; 2007 is another work.
    assert links["Kuivalainen et al.", "2007"].works == ["kuivalainenetal2007"]
    assert links["Kuivalainen et al.", "2007"].status == "unlisted"
    # Two spellings of one name are one entry.
    assert links["Deliganni et al.", "2015"].works == links["Deligianni et al.", "2015"].works


def test_papers_of_a_work_count_references_and_citations(bibliography):
    papers = papers_by_work(bibliography)
    assert papers["johanson1977internationalization"] == [
        "hu2024",
        "magni2022",
        "osarenkhoe2024",
        "puthusserry2020",
    ]


def test_works_of_one_author_with_one_title_in_other_places_stay_apart():
    one = article(1, title="Editorial", volume="3", first_page="1", doi="10.1/a.001")
    other = article(2, title="Editorial", volume="3", first_page="103", doi="10.1/b.001")
    assert len(matched(one, other)) == 2
    one = article(1, volume="3", first_page="1")
    other = article(2, container="Journal of Learning", volume="8", first_page="11")
    assert len(matched(one, other)) == 2
