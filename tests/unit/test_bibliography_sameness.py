"""When two references are one work: rules on single cases, and precision and recall on many."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from reference_pairs import Pair, pairs
from test_bibliography_works import article, matched

from retrace.bibliography.record import Name, Reference
from retrace.bibliography.works import sameness
from retrace.bibliography.works.matching import match_references
from retrace.bibliography.works.sameness import (
    SAME,
    TITLE_THRESHOLD,
    compare,
    features,
    normal_title,
    spelt_alike,
)


def wrong(threshold: float, monkeypatch) -> tuple[list[Pair], list[Pair], int]:
    """Different works that are joined, one work that is not, and how many are joined rightly."""
    monkeypatch.setattr(sameness, "TITLE_THRESHOLD", threshold)
    joined = [(p, compare(features(p.one), features(p.other)) == SAME) for p in pairs()]
    return (
        [p for p, same in joined if same and not p.same],
        [p for p, same in joined if p.same and not same],
        sum(same and p.same for p, same in joined),
    )


def test_no_two_different_works_are_joined_and_99_of_100_pairs_of_one_work_are(monkeypatch):
    merged, missed, right = wrong(TITLE_THRESHOLD, monkeypatch)
    assert merged == []
    assert len(missed) <= 0.01 * (right + len(missed)), missed


def test_the_threshold_stands_where_precision_and_recall_no_longer_change(monkeypatch):
    counts = {t: wrong(t, monkeypatch) for t in (80.0, TITLE_THRESHOLD, 92.0, 97.0, 100.0)}
    assert [len(merged) for merged, _, _ in counts.values()] == [0, 0, 0, 0, 0]
    missed = [len(missed) for _, missed, _ in counts.values()]
    assert missed[0] == missed[1] == missed[2] < missed[3] < missed[4]


def test_similarity_of_letters_alone_would_join_different_works(monkeypatch):
    """The rule of words is what keeps `in India` and `in China` apart, at any threshold."""
    monkeypatch.setattr(sameness, "spelt_alike", lambda one, other: True)
    merged, _, right = wrong(97.0, monkeypatch)
    assert len(merged) > right


def test_the_pairs_are_many_and_of_many_kinds():
    kinds = Counter((pair.kind, pair.same) for pair in pairs())
    assert kinds["printed lists", True] == 13 + 3 * 3  # 13 works in two lists, three in all three
    assert sum(count for (_, same), count in kinds.items() if same) > 400
    assert sum(count for (_, same), count in kinds.items() if not same) > 2000
    assert len(kinds) > 10


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Learning in small frims", "Learning in small firms", True),
        ("The internationalisation of behaviour", "Internationalization of behavior", True),
        ("Online co-operation in SMEs", "On-line cooperation in SME", True),
        ("Commitment and trust", "Comitment and trust", True),
        ("Initital conditions", "Initial conditions", True),
        ("Research & development", "Research and development", True),
        ("Learning in India", "Learning in China", False),
        ("A macro view", "A micro view", False),
        ("Interorganizational learning", "Intraorganizational learning", False),
        ("Formal ties", "Informal ties", False),
        ("National choice", "Rational choice", False),
        ("Learning: part one", "Learning: part two", False),
        ("Learning in firms", "Learning in small firms", False),
        ("Survey 2010", "Survey 2011", False),
    ],
)
def test_which_titles_are_spelt_alike(one, other, alike):
    """Word pairs from a dictionary: a slip gives no other word, a counterpart is one."""
    assert spelt_alike(normal_title(one), normal_title(other)) is alike


titles = st.lists(
    st.sampled_from(["learning", "firms", "india", "china", "the", "of", "micro", "macro", "a"]),
    min_size=1,
    max_size=8,
).map(" ".join)


@example("learning learning learning the", "learning learning the learning")
@given(titles, titles)
def test_titles_are_alike_in_both_directions_and_with_themselves(one, other):
    assert spelt_alike(one, other) == spelt_alike(other, one)
    assert spelt_alike(one, one)


@given(titles, st.data())
def test_another_word_makes_another_title(title, data):
    words = title.split()
    place = data.draw(st.integers(0, len(words) - 1))
    changed = [*words[:place], "exporting", *words[place + 1 :]]
    assert not spelt_alike(title, " ".join(changed)) or words[place] == "exporting"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"title": "Learning in India"}, {"title": "Learning in China"}),
        ({"title": "Editorial", "volume": "12"}, {"title": "Editorial", "volume": "13"}),
        (
            {"title": "Introduction to the special issue", "volume": "12", "first_page": "1"},
            {"title": "Introduction to the special issue", "volume": "13", "year": "2015"},
        ),
        ({"title": "Case study research", "edition": "2nd ed."}, {"title": "Case study research",
            "edition": "third edition"}),
        ({"container": "Working Paper No. 12"}, {"container": "MIS Quarterly", "volume": "38"}),
    ],
)  # fmt: skip
def test_works_that_are_like_each_other_stay_apart(one, other):
    assert len(matched(article(1, **one), article(2, **other))) == 2


def test_a_working_paper_and_its_article_are_two_works():
    """Newey and West: NBER technical working paper 55 (1986), Econometrica 55 (1987)."""
    title = "A simple, positive semi-definite, heteroskedasticity and autocorrelation consistent"
    paper = Reference(1, "", type="report", authors=[Name("Newey")], year="1986", title=title)
    printed = replace(paper, type="article", year="1987", container="Econometrica", volume="55")
    assert len(matched(paper, printed)) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Without its subtitle, at the same place.
        ({"volume": "38", "first_page": "209"}, {"volume": "38", "first_page": "209",
            "title": "Swift guanxi in online marketplaces: the role of chat"}),
        # Online first, and in print a year later.
        ({"year": "2013"}, {"volume": "38", "first_page": "209"}),
        # Another journal by a slip, at the same volume and page.
        ({"volume": "38", "first_page": "209"}, {"volume": "38", "first_page": "209",
            "container": "Management Science"}),
        ({"volume": "38(1)", "first_page": "209"}, {"volume": "38", "first_page": "209"}),
    ],
)  # fmt: skip
def test_one_work_in_other_words_is_one_work(one, other):
    assert len(matched(article(1, **one), article(2, **other))) == 1


def test_a_doi_of_the_neighbouring_entry_joins_nothing():
    """One author, two titles alike by two thirds, and the DOI of one printed for both."""
    doi = "10.1057/palgrave.jibs.8490676"
    one = article(1, doi=doi, title="The internationalization process of the firm", volume="8")
    other = article(2, doi=doi, title="The internationalization of the small firm", volume="21",
                    first_page="7", year="2003")  # fmt: skip
    assert len(matched(one, other)) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"title": "Learning abroad: SMEs in China"}, {"title": "Learning abroad: SMEs in India"}),
        ({"title": "Knowledge sharing in SMEs"}, {"title": "Knowledge hiding in SMEs"}),
        ({"title": "Exporting: theory"}, {"title": "Exporting: evidence"}),
        (
            {"title": "Qualitative methods in business", "authors": [Name("Brown", "A.")]},
            {"title": "Quantitative methods in business", "authors": [Name("Green", "Z.")]},
        ),
        (
            {"title": "Ties of Chinese exporters", "first_page": "100"},
            {"title": "Ties of Indian exporters", "first_page": "300"},
        ),
        (
            {"title": "Knowledge management", "authors": [Name("Smith", "J.")], "year": "2001"},
            {"title": "Knowledge management", "authors": [Name("Jones", "A.")], "year": "2010"},
        ),
        ({"title": "Editorial", "first_page": "1"}, {"title": "Editorial", "first_page": "99"}),
    ],
)
def test_a_doi_printed_by_mistake_for_a_similar_work_joins_nothing(one, other):
    doi = "10.1016/j.jwb.2012.01.001"
    assert len(matched(article(1, doi=doi, **one), article(2, doi=doi, **other))) == 2


def test_an_abbreviated_journal_is_the_same_journal():
    whole = {"volume": "14", "first_page": "100", "container": "Small Business Economics"}
    short = whole | {"container": "Small Bus. Econ.", "title": "Swift guanxi"}
    assert len(matched(article(1, **whole), article(2, **short))) == 1


def test_a_third_reference_does_not_join_two_that_are_different():
    """2013 and 2014, 2014 and 2015 may be a slip each; 2013 and 2015 are two works."""
    chain = [article(i, year=str(2012 + i)) for i in (1, 2, 3)]
    groups = matched(*chain)
    assert len(groups) == 2
    # A title with no place between two that say where.
    whole = {"volume": "38", "first_page": "209"}
    countries = [
        article(1, title="Swift guanxi in India", **whole),
        article(2, title="Swift guanxi", **whole),
        article(3, title="Swift guanxi in China", **(whole | {"first_page": "231"})),
    ]
    assert {("paper2", 3)} in matched(*countries)


fields = st.fixed_dictionaries(
    {
        "title": st.sampled_from(
            ["Swift guanxi in India", "Swift guanxi in China", "Swift guanxi", "Editorial"]
        ),
        "year": st.sampled_from(["2013", "2014", "2015"]),
        "volume": st.sampled_from(["", "38", "39"]),
        "first_page": st.sampled_from(["", "1", "209"]),
        "doi": st.sampled_from(["", "", "10.25300/a", "10.25300/b"]),
    }
)


@given(st.lists(fields, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_no_work_holds_two_that_are_different_whatever_the_order(several, draw):
    listed = [article(i, **given) for i, given in enumerate(several, start=1)]
    works = match_references({"paper": listed})
    by_index = {r.index: features(r) for r in listed}
    for work in works:
        members = [by_index[source.index] for source in work.sources]
        assert all(compare(a, b) != sameness.DIFFERENT for a in members for b in members)
    shuffled = list(listed)
    draw.shuffle(shuffled)
    again = match_references({"paper": shuffled})

    def contents(works):
        return sorted(sorted(repr(by_index[s.index]) for s in work.sources) for work in works)

    assert contents(again) == contents(works)
