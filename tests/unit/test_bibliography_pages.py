"""Page ranges. The restored ranges of the printed list are those that its publisher prints."""

from __future__ import annotations

import pytest
from bibliography_lists import reference_of, references
from hypothesis import given
from hypothesis import strategies as st

from retrace.bibliography.pages import LONGEST_ARTICLE, TOO_MANY_DIGITS, expand_range, split_range
from retrace.bibliography.printed_lists.references import read_list


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("11811190", ("1181", "1190")),
        ("1231", ("12", "31")),
        ("111", ("1", "11")),
        ("227", ("2", "27")),
        ("38", ("3", "8")),
        ("54972", ("549", "572")),  # printed with an abbreviated end
        ("9611", None),
        ("119908", None),
        ("100180", ("100", "180")),
        ("100181", None),  # 1001-81, or 100-181, which is 81 pages
        ("100191", None),  # 100-191, which is 91 pages
    ],
)
def test_lost_dashes_of_the_printed_lists(digits, expected):
    assert split_range(digits) == expected


@given(st.integers(1, 9999), st.integers(1, LONGEST_ARTICLE))
def test_every_range_of_one_article_is_recovered(first, length):
    assert split_range(f"{first}{first + length}") == (str(first), str(first + length))


@pytest.mark.parametrize(
    ("first", "last", "full"),
    # Examples of The Chicago Manual of Style, 17th edition, section 9.61.
    [
        ("3", "10", "10"),
        ("71", "72", "72"),
        ("96", "117", "117"),
        ("100", "104", "104"),
        ("1100", "1113", "1113"),
        ("107", "8", "108"),
        ("505", "17", "517"),
        ("1002", "6", "1006"),
        ("321", "28", "328"),
        ("498", "532", "532"),
        ("1087", "89", "1089"),
    ],
)
def test_abbreviated_ranges_are_written_in_full(first, last, full):
    assert expand_range(first, last) == (first, full)


def test_only_the_list_that_lost_its_dashes_has_ranges_inferred():
    assert not any(r.pages_inferred for r in references()["magni2022"] + references()["hu2024"])
    restored = [r for r in references()["osarenkhoe2024"] if r.pages_inferred]
    assert len(restored) > 80
    assert all(int(r.first_page) < int(r.last_page) for r in restored)


def test_an_article_number_is_no_range():
    r = reference_of("osarenkhoe2024", "Kahiya")
    assert (r.first_page, r.last_page, r.pages_inferred) == ("101621", "", False)
    assert r.problem_texts == []


def test_digits_without_a_sensible_range_stay_and_are_noted():
    r = reference_of("osarenkhoe2024", "Ngoma")
    assert (r.first_page, r.last_page, r.pages_inferred) == ("9611", "", False)
    assert "no range makes sense" in r.problem_texts[0]


def test_what_may_be_a_range_or_an_article_number_stays_and_is_noted():
    line = "Ou, C. ({}). On things {}. Journal of Things, {}({}), {}."
    lines = [line.format(2000 + i, i, i, 1, f"{1000 + 9 * i}{1010 + 9 * i}") for i in range(1, 5)]
    lines.append(line.format(2021, 5, 9, 2, "102135"))
    *_, last = read_list(lines, "apa6")
    assert (last.first_page, last.last_page, last.pages_inferred) == ("102135", "", False)
    assert "102-135" in last.problem_texts[0]


def read_pages(*printed: str):
    """A list of articles with these pages, before there were article numbers of six digits."""
    line = "Ou, C. (2005). On things {}. Journal of Things, {}(1), {}."
    return read_list([line.format(i, i, pages) for i, pages in enumerate(printed, 1)], "apa6")


def ranges(references) -> list[tuple[str, str]]:
    return [(r.first_page, r.last_page) for r in references]


@pytest.mark.parametrize(
    "printed",
    [
        ("11811190", "9971009", "54972", "12-20"),  # one dash is left
        ("11811190", "9971009", "1231"),  # fewer than three must have had one
    ],
)
def test_digits_that_are_no_page_are_noted_in_a_list_that_kept_its_dashes(printed):
    read = read_pages(*printed)
    assert not any(r.pages_inferred for r in read)
    assert [r.problem_texts for r in read[:2]] == [
        ["pages 11811190: 1181-1190 without its dash?"],
        ["pages 9971009: 997-1009 without its dash?"],
    ]
    assert not any(r.problems for r in read[2:])


def test_one_dash_in_ten_lost_ones_does_not_keep_the_others_from_being_restored():
    lost = [f"{1000 + 9 * i}{1010 + 9 * i}" for i in range(10)]
    assert ranges(read_pages(*lost, "5-9"))[:2] == [("1000", "1010"), ("1009", "1019")]
    assert ranges(read_pages(*lost[1:], "5-9"))[0] == (lost[1], "")


def test_a_range_that_may_be_two_stays_and_both_are_noted():
    *_, last = read_pages("11811190", "9971009", "10011015", "100181")
    assert (last.first_page, last.last_page, last.pages_inferred) == ("100181", "", False)
    assert last.problem_texts == ["pages 100181: a lost dash, 100-181 or 1001-1081"]


@given(st.lists(st.text("0123456789-", min_size=1, max_size=11), max_size=6))
def test_no_article_keeps_a_page_of_too_many_digits_without_a_note(printed):
    """What has seven digits or more and splits into one range with a full end is read or noted."""
    for r in read_pages(*printed):
        if len(r.first_page) >= TOO_MANY_DIGITS and not r.last_page and r.type == "article":
            found = split_range(r.first_page)
            assert r.problems or found is None or "".join(found) != r.first_page
