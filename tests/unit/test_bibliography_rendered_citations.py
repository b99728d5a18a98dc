"""Citations in texts that pandoc's citeproc writes: how many are found, and how many rightly.

The bibliography is the one of `test_bibliography_accuracy`. What a text cites is known from the
draw that made it, not from anything of Retrace.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from citation_texts import as_extracted, compare, entries, families, rendered, sentences

from retrace.bibliography.citations.mentions import find_citations

BIB = Path(__file__).resolve().parents[1] / "data" / "panel_econometrics.bib"
STYLES = (
    "emerald-harvard",
    "apa-6th-edition",
    "apa",
    "springer-basic-author-date",
    "elsevier-harvard",
    "chicago-author-date",
    "american-sociological-association",
    "harvard-cite-them-right",
)
# These tell authors of one family name apart by given names in full, which only a list explains.
FULL_NAMES = ("chicago-author-date", "apa-6th-edition")


def measured(style: str, extracted: bool = False, with_list: bool = True):
    """Share of mentions found, share of what was found that is right, and what is wrong."""
    text, listed, years = rendered(BIB, style)
    known = [name for item in entries(BIB).values() for name in families(item)]
    found = find_citations(
        as_extracted(text, listed) if extracted else text, known if with_list else ()
    )
    right, lost, wrong = compare(found, BIB, years, sentences(BIB)[1])
    return right / (right + len(lost)), right / (right + len(wrong)), (lost, wrong)


@pytest.mark.parametrize("extracted", [False, True], ids=["whole lines", "as extracted"])
@pytest.mark.parametrize("style", STYLES)
def test_at_least_98_of_100_citations_are_found_and_right(style, extracted):
    recall, precision, errors = measured(style, extracted)
    assert recall >= 0.98, errors
    assert precision >= 0.98, errors


@pytest.mark.parametrize("style", [s for s in STYLES if s not in FULL_NAMES])
def test_most_are_found_without_the_names_of_a_list(style):
    recall, precision, errors = measured(style, with_list=False)
    assert recall >= 0.97, errors
    assert precision >= 0.97, errors


def test_the_texts_cite_several_hundred_works_in_many_forms():
    text, _, years = rendered(BIB, "apa")
    assert len(years) == len(entries(BIB)) > 300
    for form in ("et al.", "&", " and ", "'s (", "pp. ", "cf. ", "e.g. ", "see also", "a,"):
        assert form in text, form
    broken = as_extracted(text, "")
    assert "-\n" in broken
    assert "\f" in broken


def test_the_comparison_notices_what_is_lost_and_what_is_wrong():
    text, _, years = rendered(BIB, "apa")
    half = text[: len(text) // 2]
    cited = sentences(BIB)[1]
    _, lost, _ = compare(find_citations(half), BIB, years, cited)
    assert len(lost) > 0.3 * cited.total()
    other = dict.fromkeys(years, "1066")
    assert compare(find_citations(text), BIB, other, cited)[0] == 0
