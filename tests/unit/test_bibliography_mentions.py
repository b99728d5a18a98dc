"""Citations in a text. The four papers' tables of citations were made by hand from the texts."""

from __future__ import annotations

import re

import pytest
from bibliography_lists import citations, references
from hypothesis import given
from hypothesis import strategies as st
from timing import seconds
from transcription import text_of

from retrace.bibliography.citations.citation import Citation
from retrace.bibliography.citations.files import read_citations
from retrace.bibliography.citations.mentions import find_citations
from retrace.bibliography.keys import fold
from retrace.bibliography.printed_lists.references import read_list


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
        # Organisations in capitals are no words that open a sentence.
        ("known (WHO, 2020), as WHO (2020) says", [("WHO", "2020", 2)]),
        ("known (Bank of England, 2012)", [("Bank of England", "2012", 1)]),
        ("The European Commission (2003) says", [("European Commission", "2003", 1)]),
        (
            "known (Department for Business, Innovation and Skills, 2010)",
            [("Department for Business, Innovation and Skills", "2010", 1)],
        ),
        (
            "known (World Health Organization [WHO], 2020), the World Bank (WB) (2019)",
            [("World Health Organization", "2020", 1), ("World Bank", "2019", 1)],
        ),
        # Without a year, or before it is known.
        ("known (Hu, n.d.; Li, n.d.-b)", [("Hu", "n.d.", 1), ("Li", "n.d.-b", 1)]),
        ("Hu (in press) and (Li, forthcoming)", [("Hu", "in press", 1), ("Li", "forthcoming", 1)]),
        # Pages between the years of one author.
        ("known (Doz, 2001, p. 5, 2003, p. 6)", [("Doz", "2001", 1), ("Doz", "2003", 1)]),
        ("known (Doz 2001: 5, 2003: 6)", [("Doz", "2001", 1), ("Doz", "2003", 1)]),
        ("known (Doz, 2001, pp. 5-7; 2003, ch. 2)", [("Doz", "2001", 1), ("Doz", "2003", 1)]),
        ("Doz (2001: 25; 2010)", [("Doz", "2001", 1), ("Doz", "2010", 1)]),
        # Initials and given names.
        ("K. Brown and J.-P. Smith (2001) say", [("Brown and Smith", "2001", 1)]),
        (
            "as Fernhaber, S.A., McDougall, P.P. (2008) and Hult, G.T.M. (2005) say",
            [("Fernhaber and McDougall", "2008", 1), ("Hult", "2005", 1)],
        ),
        ("Richey Jr. et al. (2010) and St. John (2001)", [
            ("Richey et al.", "2010", 1), ("St. John", "2001", 1)]),
        ("O'Reilly III and Tushman (2004)", [("O'Reilly and Tushman", "2004", 1)]),
        # Particles where a sentence begins.
        ("Van de Ven (1992) and d'Iribarne (2009)", [
            ("Van de Ven", "1992", 1), ("d'Iribarne", "2009", 1)]),
        # Others.
        ("Doz and his colleagues (2001)", [("Doz and his colleagues", "2001", 1)]),
        ("Doz, Hu, et al. (2003)", [("Doz, Hu et al.", "2003", 1)]),
        ("known (Doz *et al*., 2003; Hu et al 2001)", [
            ("Doz et al.", "2003", 1), ("Hu et al.", "2001", 1)]),
        # Possessives with a word between; `Italy's growth (2004)` is none.
        ("Doz and Hu's seminal (1977) model", [("Doz and Hu", "1977", 1)]),
        # Commas between citations, brackets in brackets, square brackets, footnote marks.
        ("known (Doz, 2001, Hu and Li, 2003)", [("Doz", "2001", 1), ("Hu and Li", "2003", 1)]),
        ("(see Doz (2001) for a review; also Hu, 2003)", [("Doz", "2001", 1), ("Hu", "2003", 1)]),
        ("(as shown elsewhere (Doz, 2001))", [("Doz", "2001", 1)]),
        ("known [Doz, 2001] and Hu [2003]", [("Doz", "2001", 1), ("Hu", "2003", 1)]),
        ("Doz1 (2001) and Hu<sup>2</sup> (2003)", [("Doz", "2001", 1), ("Hu", "2003", 1)]),
        # Letters that are words, ligatures, accents as marks of their own.
        ("known (Doz, 2001, a study)", [("Doz", "2001", 1)]),
        ("Griﬃth (2001) and Ha\u030akansson (2002)", [
            ("Griffith", "2001", 1), ("Håkansson", "2002", 1)]),
        ("known (Statista.com, 2017)", [("Statista.com", "2017", 1)]),
        # Words that extraction has joined without the break.
        ("known (Johan- son and Sullivan- Mort 2006)", [("Johanson and Sullivan-Mort", "2006", 1)]),
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
        "The Journal of Business Research (2016) and Research Policy (2001) print it.",
        "Entrepreneurship Theory and Practice (2016) prints it.",
        "Growth in Italy (2004 data) and Sweden (1999 prices) was slow.",
        "Italy's growth (2004) was slow (Italy, 1999-2005).",
        'Porter, M. (1985), "Competitive advantage", Free Press.',
        "It was heard (J. Doe, personal communication, May 2003).",
    ],
)
def test_dates_are_no_citations(text):
    assert found(text) == []


NAMES = st.builds(
    lambda particle, first, second: particle + first + second,
    st.sampled_from(["", "", "", "de ", "Van der ", "Del "]),
    st.sampled_from(["Yin", "Håkansson", "O’Gorman", "McDougall", "Zhou", "Ōno", "Łukasz"]),
    st.sampled_from(["", "", "-Love", " Rovira"]),
)
NUMBERS = st.integers(1900, 2029).map(str)
SEVERAL = st.lists(NUMBERS, min_size=1, max_size=3, unique=True)
PLACES = ("", ", p. 4", ", pp. 4-15", ", ch. 2", ": 25", ", Table 3")
OPENINGS = ("", "see ", "see also ", "cf. ", "e.g. ", "e.g., ", "for a review see ", "but see ")


@given(
    cited=st.lists(
        st.tuples(
            st.lists(NAMES, min_size=1, max_size=3),
            st.booleans(),
            SEVERAL,
            st.sampled_from(PLACES),
            st.sampled_from(OPENINGS),
        ),
        min_size=1,
        max_size=4,
        unique_by=lambda item: (tuple(item[0]), item[1]),
    ),
    joint=st.sampled_from([" and ", " & "]),
    comma=st.sampled_from([", ", " "]),
)
def test_whatever_a_bracket_cites_is_found(cited, joint, comma):
    """Names, years, pages and openings in any mixture, as the forms of the styles combine them."""
    parts, expected = [], {}
    for names, others, years, place, opening in cited:
        text = joint.join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
        text = f"{names[0]} et al." if others else text
        parts.append(f"{opening}{text}{comma}" + ", ".join(year + place for year in years))
        for year in years:
            expected[text, year] = expected.get((text, year), 0) + 1
    text = f"Firms learn ({'; '.join(parts)}) from others."
    listed = [name for names, *_ in cited for name in names]
    got = {(c.text, c.year): c.mentions for c in find_citations(text, listed)}
    assert got == expected


def test_the_reference_list_is_no_text():
    text = "As Yin (2009) says.\n\nReferences\n\nDoz, Y. (2011), Title. Hu (2020)."
    assert found(text) == [("Yin", "2009", 1)]


@pytest.mark.parametrize(
    "heading",
    ["REFERENCES", "## References", "**7. References**", "6 References cited:", "Bibliography",
     "Literature Cited", "List of references", "V. REFERENCES AND NOTES"],
)  # fmt: skip
@pytest.mark.parametrize(
    "entry",
    [
        "Doz, Y. (2011), “Title”, Journal, Vol. 1.",
        "Doz Y (2011) Title. Journal 1:1–2",
        "Doz, Yves. 2011. “Title.” Journal 1.",
        "[1] de la Torre, J.\n(2011). Title.",
    ],
)
def test_a_list_begins_with_its_heading_and_an_entry(heading, entry):
    text = f"As Yin (2009) says.\n\n{heading}\n\n{entry}\n\nHu (2020) in an appendix."
    assert found(text) == [("Yin", "2009", 1)]


def test_a_column_of_references_in_a_table_is_text():
    text = "Measure\nReferences\nLearning\n(Yin, 2009)\nGrowth\n(Doz, 2011)\n\nHu (2020) says."
    assert [citation[0] for citation in found(text)] == ["Yin", "Doz", "Hu"]


def test_a_list_without_a_heading_is_known_by_its_entries():
    entries = [f"Doz, Y. ({year}), “Title {year}”, Journal, Vol. 1." for year in range(2001, 2008)]
    assert found("As Yin (2009) says.\n\n" + "\n".join(entries)) == [("Yin", "2009", 1)]


def test_heads_and_numbers_of_pages_do_not_part_a_citation():
    head = "Y. Doz et al. / Journal of Things 12 (2016) 101–120"
    pages = ["As shown before (Johan-", "son and", "Vahlne, 1977) and by others."]
    text = "\f".join(f"{head}\n\n{page}\n\n{101 + i}" for i, page in enumerate(pages))
    assert found(text) == [("Johanson and Vahlne", "1977", 1)]


def test_lines_that_come_back_and_cite_are_kept():
    cells = ["Learning", "Yin (2009)", "", "Growth", "Yin (2009)", "", "Trust", "Yin (2009)", ""]
    assert found("\n".join(cells)) == [("Yin", "2009", 3)]


def test_a_bracket_that_extraction_left_open_does_not_make_dates_citations():
    text = f"Firms grew (as in Yin, 2009. {'They grew on. ' * 100} In Sweden, Volvo 1999 was sold."
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
HOSTILE += ["de ", "2001, ", "A’", "Aa (2001, ", "Aa's b c (2001) ", "A. ", "Aa, B., ", "Aa [AA] "]
HOSTILE += ["References\n", "Aa, B. (2001)\n", "Aa B\n\n", "1\n\f", "Aa and of Bb, ", "2001: 5, "]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_texts_are_read_in_time_that_grows_with_their_length(piece):
    """Four times the text takes about four times as long, not sixteen (which 12 would miss)."""
    short, long = (piece * (n // len(piece)) for n in (20_000, 80_000))
    taken = seconds(lambda: find_citations(long))
    assert taken < 12 * seconds(lambda: find_citations(short)) + 0.05


def test_a_table_of_citations_is_read_as_it_stands():
    table = 'citation,year,mentions\n"Null, NA and Co",n.d.,2\nNone,001,1\n'
    assert read_citations(table, "a/citations.csv", ()) == [
        Citation("Null, NA and Co", "n.d.", 2),
        Citation("None", "001", 1),
    ]


def test_a_text_is_searched_by_the_names_of_its_list():
    text = "In Great Britain Trust (2001) held."
    listed = read_list(["Britain Trust (2001), *Report*, London."])
    assert [name.family for name in listed[0].authors] == ["Britain Trust"]
    found = read_citations(text, "a.txt", listed)
    assert found == find_citations(text, ["Britain Trust"])
    assert found != find_citations(text)
