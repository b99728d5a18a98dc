"""How much of a reference is read right: against checked references, and after a round trip.

`tests/data/checked_references.csv` holds references of the three printed lists, drawn at random
(Python's `random.Random(20220101)`) beside hard ones that were picked; their fields were written
down by hand from the printed lines, not from what the parser makes of them. Sixteen more of each
list, drawn with `random.Random(20261121)` from those left, are marked `blind`: who wrote their
fields down had seen neither the parser nor anything that it had read.
`tests/data/panel_econometrics.bib` is a bibliography that people keep; pandoc renders it in each
style and what is read back is compared with what the style prints of each entry.
`tests/data/styled_references.csv` holds works that do not exist, in each style, of the kinds for
which the guides to the styles give forms and the printed lists have few: conference papers, web
pages, newspapers, reports, articles without pages, organisations. What is expected was written down
with the line.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from bibliography_lists import references
from printed_bibliography import CSL, FIELDS, PrintedBibliography, printed_fields, read_fields

from retrace.bibliography.printed_lists.references import read_list
from retrace.bibliography.record import Name, Reference, format_names

DATA = Path(__file__).resolve().parents[1] / "data"


def fields_of(reference: Reference) -> dict[str, str]:
    return {
        "type": reference.type,
        "authors": format_names(reference.authors),
        "year": reference.year,
        "title": reference.title,
        "container": reference.container,
        "volume": reference.volume,
        "issue": reference.issue,
        "pages": f"{reference.first_page}-{reference.last_page}",
        "doi": reference.doi,
    }


# --- checked references ----------------------------------------------------------------------


def table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="|", quoting=csv.QUOTE_NONE))


def checked() -> list[dict[str, str]]:
    return table("checked_references.csv")


def test_at_least_120_references_of_all_three_lists_are_checked():
    rows = checked()
    assert len({(row["paper"], row["index"]) for row in rows}) == len(rows) >= 120
    blind = Counter(row["paper"] for row in rows if row["blind"])
    assert min(blind.values()) >= 15
    assert {row["paper"] for row in rows} == {"magni2022", "hu2024", "osarenkhoe2024"}
    assert len({row["type"] for row in rows}) >= 7


def wrong_in_checked_references() -> tuple[list[str], int]:
    """What is read otherwise than it was checked, and how many fields there are."""
    wrong = []
    rows = checked()
    for row in rows:
        read = fields_of(references()[row["paper"]][int(row["index"]) - 1])
        expected = row | {"pages": f"{row['first_page']}-{row['last_page']}"}
        wrong += [
            f"{row['paper']} {row['index']} {field}: {expected[field]!r} read as {read[field]!r}"
            for field in FIELDS
            if read[field] != expected[field]
        ]
    return wrong, len(FIELDS) * len(rows)


def test_at_least_99_of_100_fields_are_read_right():
    wrong, count = wrong_in_checked_references()
    assert len(wrong) <= 0.01 * count, "\n".join(wrong)


# --- the kinds that style guides give forms for ------------------------------------------------


def wrong_in_styled_references(detected: bool) -> tuple[list[str], int]:
    """What is read otherwise than it was made, and how many fields there are."""
    rows = table("styled_references.csv")
    wrong = []
    for row in rows:
        (reference,) = read_list([row["line"]], "auto" if detected else row["style"])
        read = fields_of(reference)
        expected = row | {"pages": f"{row['first_page']}-{row['last_page']}"}
        wrong += [
            f"{row['line']}: {field} {expected[field]!r} read as {read[field]!r}"
            for field in FIELDS
            if read[field] != expected[field]
        ]
    return wrong, len(FIELDS) * len(rows)


def test_at_least_eight_references_of_each_style_are_made_up():
    counts = Counter(row["style"] for row in table("styled_references.csv"))
    assert counts.keys() == CSL.keys()
    assert min(counts.values()) >= 8


@pytest.mark.parametrize("detected", [False, True])
def test_at_least_99_of_100_fields_of_each_kind_are_read_right(detected):
    wrong, count = wrong_in_styled_references(detected)
    assert len(wrong) <= 0.01 * count, "\n".join(wrong)


# --- round trip through the printed styles ---------------------------------------------------

KEPT = PrintedBibliography(DATA / "panel_econometrics.bib")


def test_the_rendered_bibliography_has_several_hundred_entries_of_many_types():
    assert len(KEPT.entries) > 300
    assert len({item["type"] for item in KEPT.entries.values()}) >= 6


@pytest.mark.parametrize("style", CSL)
def test_at_least_98_of_100_fields_survive_printing_and_reading(style):
    wrong, count = KEPT.differences(style)
    assert count > 3000
    assert len(wrong) <= 0.02 * count, wrong


@pytest.mark.parametrize("style", CSL)
def test_the_style_of_a_rendered_bibliography_is_found(style):
    lines = KEPT.rendered(style)
    assert lines.keys() == KEPT.entries.keys()
    assert {reference.style for reference in read_list(lines.values())} == {style}


def test_the_comparison_notices_what_is_wrong():
    """A field lost or swapped counts as wrong: the figure above is not met by reading nothing."""
    (line,) = [v for k, v in KEPT.rendered("apa7").items() if k == "ANDE:HSIA:82"]
    item = KEPT.entries["ANDE:HSIA:82"]
    (reference,) = read_list([line])
    expected = printed_fields(item, "apa7", line)
    assert read_fields(reference) == expected
    reference.authors = [Name("Hsiao", "C."), Name("Anderson", "T.")]
    reference.volume, reference.first_page = reference.first_page, reference.volume
    differing = {f for f in FIELDS if read_fields(reference)[f] != expected[f]}
    assert differing == {"authors", "volume", "pages"}
