"""Works that very many papers list: none falls apart, and a conflict is a row a dissenting fact.

What is expected follows from how the lists are made: variants of one work are one work.
"""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrace.bibliography.record import Name, Reference
from retrace.bibliography.works import matching
from retrace.bibliography.works.conflicts import find_conflicts, papers_in_conflict
from retrace.bibliography.works.matching import match_references, references_of
from retrace.bibliography.works.sameness import compare, features

TITLE = "Internationalisation of young ventures and absorptive capacity"
VARIANTS = (
    {},
    {"doi": "10.1234/ou.1"},
    {"title": TITLE.replace("Inter", "Intre")},
    {"title": TITLE.replace("sation", "zation")},
    {"title": TITLE.replace("nationali", "natinali")},
    {"container": "Small Bus. Econ."},
    {"year": "2015"},
    {"volume": "", "first_page": ""},
    {"authors": [Name("Davidson", "C.")]},
)


def article(**fields) -> Reference:
    given = {
        "authors": [Name("Davisson", "C. X.")],
        "year": "2014",
        "title": TITLE,
        "container": "Small Business Economics",
        "volume": "38",
        "first_page": "209",
    }
    return Reference(1, "", type="article", **(given | fields))


def lists(count: int, seed: int = 1) -> dict[str, list[Reference]]:
    """So many papers, each of which lists a variant of one work; most the work itself."""
    draw = random.Random(seed)
    return {
        f"p{i:05}": [article(**(draw.choice(VARIANTS) if draw.random() < 0.5 else {}))]
        for i in range(count)
    }


@pytest.mark.parametrize("count", [400, 401, 1_000, 5_000])
def test_a_work_that_very_many_papers_list_is_one_work(count):
    (work,) = match_references(lists(count))
    assert len(work.sources) == count


def test_comparisons_grow_with_the_variants_and_not_with_the_papers(monkeypatch):
    """Ten times the papers, each with a title of its own misspelling, cost ten times as much."""
    words = ["Entrepreneurialorientation", "of", "young", "ventures"]

    def misspelt(i: int) -> str:
        one, other = divmod(i, 26)
        spelt = words[0][: 2 + one % 16] + chr(97 + other) + words[0][2 + one % 16 :]
        return " ".join([spelt, *words[1:]])

    counted = Counter()

    def counting(*pair):
        counted["compared"] += 1
        return compare(*pair)

    monkeypatch.setattr(matching, "compare", counting)
    spent = []
    for count in (40, 400):
        counted.clear()
        found = match_references({f"p{i}": [article(title=misspelt(i))] for i in range(count)})
        assert len(found) == 1
        spent.append(counted["compared"])
    assert spent[1] < 15 * spent[0]


def test_several_works_of_one_author_and_year_stay_apart_however_often_they_are_listed():
    titles = ["Learning in India", "Learning in China", "Exporting to India", "Learning by doing"]
    papers = {
        f"p{i}": [article(title=titles[i % 4], first_page=str(100 + i % 4 * 30))]
        for i in range(2_000)
    }
    works = match_references(papers)
    assert sorted(len(work.sources) for work in works) == [500] * 4


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(VARIANTS), min_size=2, max_size=12), st.randoms(use_true_random=False)
)
def test_works_are_the_same_whichever_paper_lists_what(variants, draw):
    """The papers exchange their lists: the works hold the same descriptions."""
    listed = [article(**fields) for fields in variants]
    shuffled = list(listed)
    draw.shuffle(shuffled)

    def contents(references):
        papers = {f"p{i}": [r] for i, r in enumerate(references)}
        described = references_of(match_references(papers), papers)
        return sorted(sorted(repr(features(r)) for _, r in same) for same in described.values())

    assert contents(shuffled) == contents(listed)


@given(st.sampled_from(VARIANTS), st.sampled_from(VARIANTS))
def test_comparing_knows_no_order(one, other):
    first, second = features(article(**one)), features(article(**other))
    assert compare(first, second) == compare(second, first)


# --- conflicts -------------------------------------------------------------------------------


def years(*printed: str) -> dict[str, list[tuple[str, Reference]]]:
    return {"ou": [(f"p{i}", article(year=year)) for i, year in enumerate(printed)]}


def test_each_dissenting_fact_is_one_row_with_all_who_print_it():
    rows = find_conflicts(years("2014", "2015", "2014", "2015", "2014", "2013"))
    assert [row[2:7] for row in rows] == [
        ("p0", "2014", "p1", "2015", "year"),
        ("p0", "2014", "p5", "2013", "year"),
    ]
    assert rows[0].references_a == "p0:1;p2:1;p4:1"
    assert [row.references_b for row in rows] == ["p1:1;p3:1", "p5:1"]
    assert papers_in_conflict(rows[0]) == {"p1", "p3"}


def test_where_as_many_print_either_the_first_paper_is_taken_and_both_are_in_conflict():
    (row,) = find_conflicts(years("2015", "2014"))
    assert (row.value_a, row.value_b) == ("2015", "2014")
    assert papers_in_conflict(row) == {"p0", "p1"}


def test_a_list_that_disagrees_with_itself_is_in_conflict():
    twice = {"ou": [("p", article(issue="1")), ("p", article(issue="2"))]}
    (row,) = find_conflicts(twice)
    assert (row.paper_a, row.paper_b, row.kind) == ("p", "p", "issue")


def test_what_agrees_with_the_consensus_may_disagree_in_turn():
    """`Ou, C.` is what `Ou, C. X.` and `Ou, C. Y.` both can be."""
    names = ["C.", "C.", "C.", "C. X.", "C. X.", "C. Y."]
    listed = [(f"p{i}", article(authors=[Name("Ou", given)])) for i, given in enumerate(names)]
    (row,) = find_conflicts({"ou": listed})
    assert (row.value_a, row.value_b) == ("Ou, C. X.", "Ou, C. Y.")


def test_rows_grow_with_facts_and_not_with_pairs():
    """At 300 papers of which a third prints another year, there were 20,000 rows."""
    assert len(find_conflicts(years(*["2014", "2014", "2015"] * 100))) == 1


@given(st.lists(st.sampled_from(["2013", "2014", "2015"]), min_size=1, max_size=12))
def test_every_reference_stands_on_one_side_of_the_consensus(printed):
    rows = find_conflicts(years(*printed))
    most = max(Counter(printed).values())
    assert len(rows) == len(set(printed)) - 1
    assert all(Counter(printed)[row.value_a] == most for row in rows)
    assert all(len(row.references_b.split(";")) == printed.count(row.value_b) for row in rows)


def test_a_doi_of_several_works_is_one_row_for_each_but_the_first():
    described = {
        key: [(paper, article(title=key, doi="10.1234/abc")) for paper in papers]
        for key, papers in {"one": "a", "two": "bc", "three": "d"}.items()
    }
    rows = [row for row in find_conflicts(described) if row.kind == "doi of two works"]
    assert [(row.work, row.value_b) for row in rows] == [("two", "one"), ("two", "three")]
