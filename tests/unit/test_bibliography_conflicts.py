"""Conflicts. Those of the four papers were found by comparing the printed lists by eye."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from bibliography_lists import references

from retrace.bibliography.journals import JournalCodes, journal_code, same_journal
from retrace.bibliography.record import Name, Reference
from retrace.bibliography.works.conflicts import find_conflicts
from retrace.bibliography.works.matching import match_references, references_of


@pytest.fixture(scope="module")
def conflicts():
    return find_conflicts(references_of(match_references(references()), references()))


@pytest.mark.parametrize(
    ("work", "kind", "paper_a", "value_a", "paper_b", "value_b"),
    [
        ("forsgren2002concept", "issue", "magni2022", "3", "osarenkhoe2024", "2"),
        ("hanell2021nature", "year", "hu2024", "2021", "magni2022", "2020"),
        (
            "autio2000effects",
            "doi differs",
            *("hu2024", "10.5465/amr.2006.22527465"),
            *("magni2022", "10.2307/1556419"),
        ),
        (
            "johanson1990mechanism",
            "container",
            *("magni2022", "International Marketing Review"),
            *("osarenkhoe2024", "International Business Review"),
        ),
        (
            "autio2000effects",
            "doi does not fit the journal",
            *("hu2024", "10.5465/amr.2006.22527465"),
            *("", "Academy of Management Journal"),
        ),
        (
            "wang2020digital",
            "doi does not fit the journal",
            *("hu2024", "10.1108/TMR-04-2018-0128"),
            *("", "International Marketing Review"),
        ),
        (
            "johanson2009uppsala",
            "author spelling",
            *("hu2024", "Johanson, J.; Vahlne, J. E."),
            *("osarenkhoe2024", "Johanson, J.; Vahlne, E. J."),
        ),
    ],
)
def test_conflicts_of_the_printed_lists(conflicts, work, kind, paper_a, value_a, paper_b, value_b):
    found = [c for c in conflicts if c.work == work and c.kind == kind]
    assert (paper_a, value_a, paper_b, value_b) in [c[2:6] for c in found]


def test_the_printed_lists_conflict_nowhere_else(conflicts):
    """Counted by eye: works with a conflict, by kind."""
    assert Counter(kind for kind, _ in {(c.kind, c.work) for c in conflicts}) == {
        "doi differs": 1,
        "doi does not fit the journal": 3,
        "year": 1,
        "issue": 1,
        "title": 4,
        "author spelling": 3,
        "container": 1,
    }


def pair(one: dict, other: dict) -> set[str]:
    """The kinds of conflict between two descriptions of one made-up article."""
    base = Reference(
        1,
        "",
        type="article",
        authors=[Name("Ou", "C. X."), Name("Davison", "R.")],
        year="2014",
        title="Swift guanxi in online marketplaces",
        container="MIS Quarterly",
        volume="38",
        issue="1",
        first_page="209",
        last_page="230",
        doi="10.25300/MISQ/2014/38.1.10",
    )
    listed = [("a", replace(base, **one)), ("b", replace(base, **other))]
    return {conflict.kind for conflict in find_conflicts({"ou2014swift": listed})}


@pytest.mark.parametrize(
    ("other", "kinds"),
    [
        ({}, set()),
        ({"doi": "10.25300/misq/2014/38.1.10"}, set()),  # DOIs do not tell case
        ({"doi": ""}, set()),  # left out is no disagreement
        ({"issue": "", "volume": ""}, set()),
        ({"title": "Swift Guanxi in Online Market-places"}, {"title"}),
        ({"title": "Swift Guanxi in Online Marketplaces."}, set()),
        ({"container": "The MIS Quarterly"}, set()),
        ({"container": "MIS Quarterly: Management Information Systems"}, set()),
        ({"authors": [Name("Ou", "C."), Name("Davison", "R. M.")]}, set()),
        ({"authors": [Name("Ou", "C. Y."), Name("Davison", "R.")]}, {"author spelling"}),
        ({"authors": [Name("Ou", "C. X.")]}, {"author spelling"}),
        ({"authors": [Name("Öu", "C. X."), Name("Davison", "R.")]}, {"author spelling"}),
        ({"volume": "39"}, {"volume"}),
        ({"volume": "38(1)"}, set()),
        ({"issue": "2"}, {"issue"}),
        ({"issue": "01"}, set()),
        ({"container": "Management Science"}, {"container"}),
        ({"year": "2014b"}, set()),
        ({"year": "2015"}, {"year"}),
        ({"last_page": ""}, set()),
        ({"last_page": "231"}, {"pages"}),
        ({"doi": "10.1/x"}, {"doi differs", "doi malformed"}),
    ],
)
def test_what_is_a_disagreement_and_what_is_not(other, kinds):
    assert pair({}, other) == kinds


def test_double_issues_may_be_written_with_a_dash_or_a_slash():
    assert pair({"issue": "5/6"}, {"issue": "5-6"}) == set()


def test_a_malformed_doi_is_a_conflict_of_its_reference_alone():
    one = Reference(1, "", title="One", doi="10.12/abc")
    (conflict,) = find_conflicts({"one": [("a", one)]})
    assert conflict == ("one", "doi", "a", "10.12/abc", "", "", "doi malformed", "a:1", "")


@pytest.mark.parametrize(
    ("doi", "journal", "fits"),
    [
        ("10.1108/JKM-06-2019-0265", "Journal of Knowledge Management", True),
        ("10.1108/JKM-06-2019-0265", "International Marketing Review", False),  # learnt
        ("10.1108/IMR-06-2019-0265", "Journal of Knowledge Management", False),  # another code
        ("10.1108/INTR-06-2019-0265", "Internet Research", True),  # no acronym, but unopposed
        ("10.5465/amr.2006.1", "Academy of Management Journal", False),
        ("10.5465/256635", "Academy of Management Journal", True),  # says nothing
    ],
)
def test_whether_a_doi_can_belong_to_a_journal(doi, journal, fits):
    """Emerald's codes are the journals' acronyms, as its DOIs show; so are the Academy's."""
    printed = [
        ("one", "10.1108/JKM-07-2015-0257", "Journal of Knowledge Management"),
        ("two", "10.1108/JKM-11-2018-0687", "The Journal of Knowledge Management"),
    ]
    assert JournalCodes(printed).fit(doi, journal) == fits


@pytest.mark.parametrize(
    ("name", "abbreviation"),
    [
        ("Small Business Economics", "Small Bus. Econ."),
        ("Journal of International Business Studies", "J Int Bus Stud"),
        ("Administrative Science Quarterly", "Adm. Sci. Q."),
        ("Journal of Business & Industrial Marketing", "J. Bus. Ind. Mark."),
        ("National Tax Journal", "Natl. Tax J."),
        ("The Academy of Management Review", "Acad. Manag. Rev."),
    ],
)
def test_abbreviated_names_are_of_the_same_journal(name, abbreviation):
    """Abbreviations after ISO 4's List of Title Word Abbreviations."""
    assert same_journal(name, abbreviation)
    assert same_journal(abbreviation, name)
    assert pair({"container": name}, {"container": abbreviation}) == set()
    printed = [(i, f"10.1234/abc.{i}", name) for i in range(3)]
    assert JournalCodes([*printed, (3, "10.1234/abc.3", abbreviation)]).fit(
        "10.1234/abc.3", abbreviation
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Review of Economic Studies", "Rev. Econ. Stat."),
        ("Journal of Management", "Journal of Marketing"),
        ("Management Science", "Marketing Science"),
        ("Journal of Management", "Journal of Management Studies"),
        ("International Marketing Review", "Int. Manag. Rev."),
        ("", "Nature"),
    ],
)
def test_other_journals_are_not_the_same(one, other):
    assert not same_journal(one, other)
    assert not same_journal(other, one)


def test_a_doi_printed_for_two_works_is_a_conflict():
    one = Reference(1, "", title="One", doi="10.1234/abc")
    other = Reference(2, "", title="Another", doi="10.1234/ABC")
    (conflict,) = find_conflicts({"one": [("a", one)], "other": [("a", other)]})
    assert conflict.kind == "doi of two works"
    assert {conflict.work, conflict.value_b} == {"one", "other"}


@pytest.mark.parametrize(
    ("doi", "code"),
    [
        ("10.1108/JKM-06-2019-0265", "10.1108/jkm"),
        ("10.1016/j.jbusres.2017.09.026", "10.1016/j.jbusres"),
        ("10.1016/S0969-5931(01)00060-9", "10.1016/0969-5931"),
        ("10.1057/palgrave.jibs.8400071", "10.1057/palgrave.jibs"),
        ("10.1057/s41267-017-0120-x", "10.1057/s41267"),
        ("10.1177/1069031X19898767", "10.1177/1069031x"),
        ("10.1080/00207540410001695970", ""),
        ("10.2307/1556419", ""),
        ("", ""),
    ],
)
def test_the_journal_of_a_doi(doi, code):
    assert journal_code(doi) == code
