"""The inventories of printed quantities against the texts: no number of a text is left out.

Years are left to the tests of the papers' folders, which account for every one of a text.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from transcription import ROOT, rows_of, text_of

PAPERS = {
    "hu2024": "hu2024.txt",
    "magni2022": "magni2022.txt",
    "osarenkhoe2024": "osarenkhoe2024.txt",
    "puthusserry2020": "puthusserry2020-publisher.txt",
}

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?%?")
WORD = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|first|second|third|fourth|fifth|sixth)\b",
    re.IGNORECASE,
)

# Numbers that no claim uses, so that leaving one out is noticed here alone.
UNUSED = {"20", "1,320", "266", "55%", "99.9%", "44", "126"}

# Numbers that name a part of the paper, a hypothesis, an item of a list, a licence or a symbol,
# and the page number and running head in the middle of the publisher's text.
LABELS = (
    r"(?:Table|Figure)\s+\d",
    r"(?m)^\s*\d(?:\.\d)*\.?[\s�]+[A-Z][^\n]*$",
    r"\bH\d",
    r"\(\d\)",
    r"Consortium \d+#",
    r"\\beta_\d",
    r"by/4\.0/",
    r"\d\s+\d\s*\n+How Do",
)


def quantities_of(text: str) -> set[str]:
    """Numbers and number words outside the reference list, years and labels."""
    text = re.sub(r"</?i>|\*", "", text.split("\nReferences\n")[0])
    for pattern in (*LABELS, YEAR):
        text = re.sub(pattern, " ", text)
    return quantities_in(text)


def quantities_in(text: str) -> set[str]:
    numbers = {token.rstrip(",") for token in NUMBER.findall(text)}
    return numbers | {word.lower() for word in WORD.findall(text)}


def printed_by(row: dict[str, str], folder: Path) -> str:
    """What a row prints: its own words, or the cells of the column of a table that it names."""
    if not row["printed"].startswith("column "):
        return row["printed"]
    name = row["where"].lower().replace(" ", "")
    cells = rows_of(folder / "tables" / f"{name}.csv")
    return "; ".join(cell[row["printed"].removeprefix("column ")] for cell in cells)


def missing(text: str, inventory: list[dict[str, str]], folder: Path) -> set[str]:
    """Quantities of a text that no row of its inventory prints."""
    return quantities_of(text) - quantities_in(
        "; ".join(printed_by(row, folder) for row in inventory)
    )


@pytest.fixture(params=sorted(PAPERS))
def paper(request):
    folder = ROOT / "resources" / "papers" / request.param
    return text_of(PAPERS[request.param]), rows_of(folder / "quantities.csv"), folder


def test_every_number_of_the_text_is_in_the_inventory(paper):
    assert missing(*paper) == set()


def test_a_number_left_out_of_the_inventory_is_noticed(paper):
    text, inventory, folder = paper
    unused = [row for row in inventory if row["printed"] in UNUSED]
    assert unused
    for row in unused:
        rest = [other for other in inventory if other is not row]
        elsewhere = quantities_in("; ".join(printed_by(other, folder) for other in rest))
        assert missing(text, rest, folder) == {row["printed"]} - elsewhere
    kept = [row for row in inventory if row not in unused]
    assert missing(text, kept, folder) != set()
