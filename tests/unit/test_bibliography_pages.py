"""Page ranges. The restored ranges of the printed list are those that its publisher prints."""

from __future__ import annotations

import pytest
from bibliography_lists import reference_of, references
from hypothesis import given
from hypothesis import strategies as st

from retrace.bibliography.pages import LONGEST_ARTICLE, expand_range, split_range
from retrace.bibliography.references import read_list


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
    assert r.problems == []


def test_digits_without_a_sensible_range_stay_and_are_noted():
    r = reference_of("osarenkhoe2024", "Ngoma")
    assert (r.first_page, r.last_page, r.pages_inferred) == ("9611", "", False)
    assert "no range makes sense" in r.problems[0]


def test_what_may_be_a_range_or_an_article_number_stays_and_is_noted():
    line = "Ou, C. ({}). On things {}. Journal of Things, {}({}), {}."
    lines = [line.format(2000 + i, i, i, 1, f"{1000 + 9 * i}{1010 + 9 * i}") for i in range(1, 5)]
    lines.append(line.format(2021, 5, 9, 2, "102135"))
    *_, last = read_list(lines, "apa6")
    assert (last.first_page, last.last_page, last.pages_inferred) == ("102135", "", False)
    assert "102-135" in last.problems[0]
