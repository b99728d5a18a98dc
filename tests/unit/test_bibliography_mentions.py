"""Citations in a text. The four papers' tables of citations were made by hand from the texts."""

from __future__ import annotations

import re
import time

import pytest
from bibliography_lists import citations, references
from hypothesis import given
from hypothesis import strategies as st
from transcription import text_of

from retrace.bibliography.citations import Citation
from retrace.bibliography.keys import fold
from retrace.bibliography.mentions import find_citations


def found(text: str, families=()) -> list[tuple[str, str, int]]:
    return [tuple(citation) for citation in find_citations(text, families)]


def compared(listed: list[Citation]) -> dict[tuple[str, str], int]:
    """Mentions by names and year; `&` is `and`, accents and case aside."""
    counts: dict[tuple[str, str], int] = {}
    for citation in listed:
        words = " ".join(re.findall("[a-z]+", fold(citation.text.replace("&", "and"))))
        counts[words, citation.year] = counts.get((words, citation.year), 0) + citation.mentions
    return counts


@pytest.mark.parametrize(
    ("paper", "text"),
    [
        ("magni2022", "magni2022.txt"),
        ("hu2024", "hu2024.txt"),
        ("osarenkhoe2024", "osarenkhoe2024.txt"),
        ("puthusserry2020", "puthusserry2020-publisher.txt"),
    ],
)
def test_the_citations_of_a_paper_are_those_counted_by_hand(paper, text):
    listed = references().get(paper, [])
    families = [name.family for reference in listed for name in reference.authors]
    by_hand = compared(citations()[paper])
    extracted = compared(find_citations(text_of(text), families))
    if paper == "puthusserry2020":
        # The hand-made table also has what only the archive's copy of the paper prints.
        by_hand = {key: by_hand[key] for key in by_hand if key in extracted}
        assert len(by_hand) >= 107
    assert extracted == by_hand


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hadley and Wilson (2003) say so.", [("Hadley and Wilson", "2003", 1)]),
        ("This is so (Hadley & Wilson, 2003).", [("Hadley & Wilson", "2003", 1)]),
        ("This is so (Hadley and Wilson 2003).", [("Hadley and Wilson", "2003", 1)]),
        ("As Fait et al. (2019) say", [("Fait et al.", "2019", 1)]),
        ("known (Fait *et al.*, 2019)", [("Fait et al.", "2019", 1)]),
        (
            "known (Lee, Kao, & Yang, 2014; Yin, 2009)",
            [("Lee, Kao, & Yang", "2014", 1), ("Yin", "2009", 1)],
        ),
        (
            "known (Johanson and Vahlne, 1977, 2009)",
            [("Johanson and Vahlne", "1977", 1), ("Johanson and Vahlne", "2009", 1)],
        ),
        (
            "known (Scuotto et al., 2017a, b)",
            [("Scuotto et al.", "2017a", 1), ("Scuotto et al.", "2017b", 1)],
        ),
        ("known (Yin, 2009, p. 45)", [("Yin", "2009", 1)]),
        ("known (Yin, 2009, pp. 4-5; Yin, 2009)", [("Yin", "2009", 2)]),
        ("known (cf. Yin, 2009)", [("Yin", "2009", 1)]),
        ("known (e.g. Yin, 2009; see also Doz, 2011)", [("Yin", "2009", 1), ("Doz", "2011", 1)]),
        ("Yin's (2009) design", [("Yin", "2009", 1)]),
        ("in line with Schreier et al.'s (2019) study", [("Schreier et al.", "2019", 1)]),
        ("from Del Giudice and Della Peruta (2016)", [("Del Giudice and Della Peruta", "2016", 1)]),
        ("However, O'Reilly (2004) and D’Alessandro (2016)", [
            ("O'Reilly", "2004", 1), ("D’Alessandro", "2016", 1)]),
        ("statistics (OECD, 2022)", [("OECD", "2022", 1)]),
        ("statistics (Ruder Finn Asia, 2023)", [("Ruder Finn Asia", "2023", 1)]),
        ("known (Johan-\nson and Vahlne, 1977)", [("Johanson and Vahlne", "1977", 1)]),
        ("known (Wiedersheim-\nPaul, 1975)", [("Wiedersheim-Paul", "1975", 1)]),
        ("known (Hadley\nand Wilson,\n2003)", [("Hadley and Wilson", "2003", 1)]),
        ("[Sheth \\(2020\\)](#) says", [("Sheth", "2020", 1)]),
        # A month that is a name, once the text shows that it is one.
        ("known (March 1991), as March (1991) says", [("March", "1991", 2)]),
    ],
)  # fmt: skip
def test_forms_of_citations(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "In June 2003 and in Italy, 2004 was the year.",
        "The survey (March 2020) was long.",
        "see Table 3 (2020 data)",
        "between 1990 and 2010 (n = 300)",
        "",
        "accessed (15 September 2023)",
    ],
)
def test_dates_are_no_citations(text):
    assert found(text) == []


def test_the_reference_list_is_no_text():
    text = "As Yin (2009) says.\n\nReferences\n\nDoz, Y. (2011), Title. Hu (2020)."
    assert found(text) == [("Yin", "2009", 1)]


def test_the_reference_list_tells_names_from_other_capitalised_words():
    text = "In Northern Italy Rovira Nordman (2021) found it."
    assert found(text, ["Rovira Nordman"]) == [("Rovira Nordman", "2021", 1)]


PIECES = st.sampled_from(
    [
        "Yin",
        "and ",
        "& ",
        "et al.",
        "(",
        ")",
        "2009",
        ", ",
        "; ",
        " ",
        "a",
        "’s",
        "-\n",
        "Del ",
        "In ",
    ]
)


@given(st.lists(PIECES, max_size=80).map("".join))
def test_any_heap_of_pieces_gives_citations_with_names_and_years(text):
    for citation in find_citations(text):
        assert citation.text
        assert re.fullmatch(r"\d{4}[a-z]?", citation.year)
        assert citation.mentions >= 1


HOSTILE = ["(", "Aa ", "Aa Bbb, Ccc Ddd, ", "Aa and ", "(Aa, 2001; ", "Aa et al., ", "A-\n", "[a]("]
HOSTILE += ["de ", "2001, ", "A’", "Aa (2001, "]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_texts_are_read_in_time_that_grows_with_their_length(piece):
    """Four times the text takes about four times as long, not sixteen (which 12 would miss)."""

    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        start = time.process_time()
        find_citations(text)
        return time.process_time() - start

    assert seconds(80_000) < 12 * min(seconds(20_000), seconds(20_000)) + 0.05
