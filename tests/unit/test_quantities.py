"""The inventories of printed quantities against the texts: each number as often and where printed.

A text is cut at its headings; the numbers and number words of each part are counted and compared
with what the rows of the inventory for that part print. Table cells are left to
`test_claims_of_the_papers`, years to the tests of the papers' folders.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

import pytest
from transcription import ROOT, rows_of, text_of

NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?%?")
ORDINALS = "first|second|third|fourth|fifth|sixth"
WORD = re.compile(
    rf"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|{ORDINALS})\b", re.IGNORECASE
)
# What is no quantity: years, and numbers that name a part of the paper, a person, a case, a
# hypothesis, an item of a list, a licence, a symbol or a step of coding; notes below tables.
LABELS = (
    r"(?m)^(?:Note\(s\)|Significance at).*$",
    r"(?:Tables?|Figure|Sections?|[Kk]ey informant|Case)\s+\d+",
    r"\b(?:H|RQ)\d",
    r"\(\d\)",
    r"\\beta_\d",
    r"by/4\.0/",
    r"\d\s+\d\s*\n+How Do",
    rf"(?i)\b(?:1st|{ORDINALS})[-\s]+order",
    r"(?<!\d)(?:1[89]|20)\d\d(?!\d)",
)

FRONT = "Front matter"
LONGEST_HEADING = 130  # characters


@dataclass(frozen=True)
class Text:
    """A paper's text.

    Attributes
    ----------
    file : str
        Its file.
    headings : tuple
        Beginnings of the headings without a number, in order; the inventory calls the parts so.
    words : dict
        By part, what is no quantity there: adverbs, third parties, cells of tables.
    """

    file: str
    headings: tuple[str, ...] = ()
    words: dict[str, list[str]] = field(default_factory=dict)


TEXTS = {
    "hu2024": Text(
        "hu2024.txt",
        ("Abstract",),
        {
            "Section 2.1": ["first"],
            "Section 4.1": ["first"],
            "Section 4.2": ["first"],
        },
    ),
    "magni2022": Text("magni2022.txt", ("Abstract",), {"Section 1": ["first"]}),
    "osarenkhoe2024": Text(
        "osarenkhoe2024.txt",
        (
            "Introduction",
            "Internationalization process model",
            "Study on knowledge acquisition",
            "Study on networked internationalization",
            "Formal and informal networks",
            "Data collection",
            "Additional methodological considerations",
            "Data analysis",
            "Findings",
            "Discussion",
            "Relationship atmosphere",
            "Acquisition of knowledge",
            "The gap addressed",
        ),
        {"Study on knowledge acquisition": ["third"] * 4, "The gap addressed": list("1234")},
    ),
    "puthusserry2020": Text(
        "puthusserry2020-publisher.txt",
        ("Abstract",),
        # `first-hand`, `second-hand`, and a cell of Table 3.
        {"Section 3": ["first"], "Section 4.1.2": ["first"], "Section 5": ["second"]},
    ),
}


def quantities_in(text: str) -> Counter[str]:
    """Numbers and number words, each as often as it stands there, without labels."""
    for pattern in LABELS:
        text = re.sub(pattern, " ", text)
    numbers = [token.rstrip(",") for token in NUMBER.findall(text)]
    return Counter([*numbers, *(word.lower() for word in WORD.findall(text))])


def parts_of(text: Text) -> dict[str, str]:
    """The parts of a text by the names that the inventory gives them."""
    whole = text_of(text.file).split("\nReferences\n")[0].replace("�", "")
    whole = re.sub(r"</?i>|\*", "", whole).translate({0xA0: " ", 0x2002: " "})
    parts: dict[str, list[str]] = {FRONT: []}
    name, waiting = FRONT, list(text.headings)
    for line in whole.split("\n"):
        section = re.match(r"\s*(\d(?:\.\d)*)\.?\s+[A-Z]", line)
        if "\t" in line:
            # Cells of tables are tested elsewhere.
            continue
        if section and len(line) < LONGEST_HEADING:
            name = f"Section {section[1]}"
        # In their order: a structured abstract has headings of later parts.
        elif waiting and line.strip().startswith(waiting[0]) and len(line) < LONGEST_HEADING:
            name = waiting.pop(0)
        else:
            parts.setdefault(name, []).append(line)
    return {name: "\n".join(lines) for name, lines in parts.items()}


def places_of(row: dict[str, str]) -> list[str]:
    """The parts that a row of the inventory is for: `Sections 4.1 and 4.2; Table 3` is for two."""
    place = re.split("[;,]", row["where"])[0]
    numbers = re.findall(r"\d(?:\.\d)*", place) if place.startswith("Section") else []
    return [f"Section {number}" for number in numbers] or [place]


def differences(text: Text, inventory: list[dict[str, str]]) -> dict[str, tuple[dict, dict]]:
    """What a part prints more often than its rows, and what its rows have more often; by part."""
    found = {}
    for name, part in parts_of(text).items():
        printed = quantities_in(part) - Counter(text.words.get(name, []))
        rows = [row["printed"] for row in inventory if name in places_of(row)]
        listed = quantities_in("; ".join(rows))
        if printed != listed:
            found[name] = (dict(printed - listed), dict(listed - printed))
    return found


@pytest.fixture(params=sorted(TEXTS))
def paper(request) -> tuple[Text, list[dict[str, str]]]:
    folder = ROOT / "resources" / "papers" / request.param
    return TEXTS[request.param], rows_of(folder / "quantities.csv")


def test_every_number_of_a_text_is_in_the_inventory_as_often_and_where_it_is_printed(paper):
    assert differences(*paper) == {}


def test_a_row_left_out_of_the_inventory_or_moved_is_noticed(paper):
    text, inventory = paper
    parts = set(parts_of(text))
    counted = [
        row for row in inventory if parts & set(places_of(row)) and quantities_in(row["printed"])
    ]
    assert len(counted) > 10
    for row in counted:
        rest = [other for other in inventory if other is not row]
        assert set(differences(text, rest)) == parts & set(places_of(row))
        assert differences(text, [*rest, {**row, "where": "Section 9.9"}])


def test_an_altered_number_of_the_inventory_is_noticed(paper):
    text, inventory = paper
    (part,) = [name for name in parts_of(text) if name in ("Abstract", "Data collection")]
    row = next(r for r in inventory if part in places_of(r) and quantities_in(r["printed"]))
    altered = [{**other, "printed": "77"} if other is row else other for other in inventory]
    assert set(differences(text, altered)) == {part}
