"""Printed references. Expected fields were read off the printed lines, by eye."""

from __future__ import annotations

import json

import pytest
from bibliography_lists import printed_lines, reference_of, references
from hypothesis import given
from hypothesis import strategies as st
from timing import seconds

from retrace.bibliography.printed_lists.references import list_style, parse_references, read_list
from retrace.bibliography.printed_lists.styles import STYLES
from retrace.bibliography.record import COLUMNS, format_names, from_frame, to_frame


def read_one(line: str, style: str = "auto"):
    (reference,) = read_list([line], style)
    return reference


def authors(reference) -> str:
    return format_names(reference.authors)


# --- whole lists -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paper", "count", "style"),
    [("magni2022", 169, "emerald"), ("hu2024", 105, "emerald"), ("osarenkhoe2024", 110, "apa6")],
)
def test_every_printed_line_comes_through_in_its_style(paper, count, style):
    lines = printed_lines(paper)
    read = references()[paper]
    assert len(read) == len(lines) == count
    assert [r.raw for r in read] == lines
    assert {r.style for r in read} == {style}
    assert all(r.authors and r.year and r.title for r in read)


def test_the_table_has_the_columns_of_the_contract_in_order():
    frame = parse_references(printed_lines("hu2024"), "emerald")
    contract = (
        "index,raw,style,type,authors,year,title,container,volume,issue,first_page,last_page,"
        "pages_inferred,publisher,doi,url,problems"
    )
    assert ",".join(frame.columns[:17]) == contract
    assert list(frame["index"]) == list(range(1, 106))


def test_the_table_reads_back_as_the_same_records():
    read = references()["magni2022"]
    frame = to_frame(read)
    assert from_frame(frame) == read
    assert from_frame(frame.astype(str)) == read


# --- difficulties of the three lists ---------------------------------------------------------


def test_an_ordinary_article():
    r = reference_of("magni2022", "Autio, E.")
    assert r.type == "article"
    assert authors(r) == "Autio, E.; Sapienza, H. J.; Almeida, J. G."
    assert (r.year, r.volume, r.issue) == ("2000", "43", "5")
    assert (r.first_page, r.last_page) == ("909", "924")
    assert r.title.endswith("imitability on international growth")
    assert r.container == "Academy of Management Journal"
    assert r.doi == "10.2307/1556419"
    assert r.problem_texts == []


@pytest.mark.parametrize(
    ("paper", "start", "expected"),
    [
        ("magni2022", "Del Giudice, M. and Della", "Del Giudice, M.; Della Peruta, M. R."),
        ("magni2022", "De Frahan", "De Frahan, B. H.; Vancauteran, M."),
        ("magni2022", "Fletcher, M., Harris", "Fletcher, M.; Harris, S.; Richey, R. G., Jr"),
        (
            "magni2022",
            "Scuotto, V., Santoro",
            "Scuotto, V.; Santoro, G.; Bresciani, S.; Del Giudice, M.",
        ),
        ("magni2022", "David, J.-P.", "David, J.-P.; Cariou, G."),
        ("magni2022", "ISMEA", "ISMEA; Fondazione Qualivita"),
        ("magni2022", "O'Reilly, S. and", "O'Reilly, S.; Haines, M."),
        ("hu2024", "Ruder Finn Asia", "Ruder Finn Asia"),
        (
            "hu2024",
            "Steinhoff",
            "Steinhoff, L.; Liu, J. (S.); Li, X.; Palmatier, R. W.",
        ),
        (
            "osarenkhoe2024",
            "Moher",
            "Moher, D.; Liberati, A.; Tetzlaff, J.; Altman, D. G.; the PRISMA Group",
        ),
        ("osarenkhoe2024", "Håkansson, H. (Ed.)", "Håkansson, H."),
    ],
)
def test_names_as_the_lists_print_them(paper, start, expected):
    assert authors(reference_of(paper, start)) == expected


@pytest.mark.parametrize(
    ("paper", "start", "volume", "issue", "first", "last"),
    [
        ("magni2022", "Mitussis", "40", "5/6", "572", "589"),  # Nos 5/6
        ("magni2022", "Grant", "17", "S2", "109", "122"),  # No. S2
        ("magni2022", "Davenport", "42", "2", "63", ""),  # a single page
        ("magni2022", "Batra", "80", "", "122", "145"),  # no issue
        ("magni2022", "Denicolai", "166", "", "", ""),  # a volume only
        ("hu2024", "Bhandari", "32", "4", "102135", ""),  # an article number
        ("hu2024", "Lu, J.W.", "22", "6-7", "565", "586"),  # Nos 6-7
        ("hu2024", "Bargoni", "", "", "", ""),  # ahead-of-print
        ("osarenkhoe2024", "Franco", "13", "3", "1", "22"),  # a month before the volume
        ("osarenkhoe2024", "Pavelkova", "14", "3C", "316", "332"),
        ("osarenkhoe2024", "Pino", "5", "1", "", ""),
    ],
)
def test_numbers_as_the_lists_print_them(paper, start, volume, issue, first, last):
    r = reference_of(paper, start)
    assert (r.volume, r.issue, r.first_page, r.last_page) == (volume, issue, first, last)


@pytest.mark.parametrize(
    ("paper", "start", "kind", "publisher", "place"),
    [
        ("magni2022", "Cohen", "book", "Harvard Business School Press", "Boston, MA"),
        ("magni2022", "ISMEA", "report", "Edizioni Qualivita", ""),
        ("magni2022", "Gilmore", "chapter", "Edward Elgar Publishing", ""),
        ("hu2024", "Forsgren", "chapter", "Palgrave Macmillan", "London"),
        ("hu2024", "OECD", "web page", "", ""),
        ("osarenkhoe2024", "Håkansson, H. (Ed.)", "edited book", "John Wiley & Sons", "Chichester"),
        ("osarenkhoe2024", "Mainela, T. (2003)", "thesis", "University of Vaasa", "Vaasa Finland"),
        ("osarenkhoe2024", "Johanson, J., & Mattsson", "chapter", "Croom Helm", "London"),
    ],
)
def test_types_and_imprints(paper, start, kind, publisher, place):
    r = reference_of(paper, start)
    assert (r.type, r.publisher, r.place) == (kind, publisher, place)


def test_extraction_marks_go_and_the_printed_line_stays():
    line = (
        '- Seo, R. and Benito, G. (1993), "Learning for RandD", *International Journal of '
        "Information Management*, Vol. 13 No. 4, pp. 274-286, doi: "
        "[10.1016/0268-4012\\(93\\)90018-Y](https://doi.org/10.1016/0268-4012(93)90018-Y)."
    )
    r = read_one(line)
    assert r.raw == line
    assert r.title == "Learning for R&D"
    assert r.container == "International Journal of Information Management"
    assert r.doi == "10.1016/0268-4012(93)90018-Y"


def test_a_question_ends_a_title_without_a_stop():
    r = reference_of("osarenkhoe2024", "Håkansson, H., & Ford")
    assert r.title == "How should companies interact in business networks?"
    assert r.container == "Journal of Business Research"


def test_an_access_date_is_written_as_iso_8601_has_it():
    assert reference_of("hu2024", "Arora").accessed == "2022-06-06"


# One reference for each difficulty that the three lists do not have, set by hand after the
# publishers' guides; the works are made up.
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "Ou, C. X., ... Davison, R. M. (2014). Trust. MIS Quarterly, 38(1), 209–230.",
            {"authors": "Ou, C. X.; Davison, R. M.", "problems": "not every author is printed"},
        ),
        (
            "Smith J, van der Berg K Jr, et al (2001) Trust in markets. J Econ Stud 12:S1–S9",
            {"authors": "Smith, J.; van der Berg, K., Jr", "first_page": "S1", "last_page": "S9"},
        ),
        (
            "Hood, N., & Vahlne, J.-E. (Eds.). (1988). Strategies in global competition. "
            "Croom Helm.",
            {"type": "edited book", "authors": "Hood, N.; Vahlne, J.-E."},
        ),
        (
            "Semantic media and content. (2011). Computers and Graphics, 35(4), 1–9.",
            {"authors": "", "title": "Semantic media and content", "volume": "35"},
        ),
        (
            "Wong, A. (2010). Deep parsing. In B. Lee (Ed.), Proceedings of the Fifth "
            "Conference on Parsing (pp. 12–19). ACM.",
            {"type": "conference paper", "editors": "Lee, B.", "publisher": "ACM"},
        ),
        (
            "Mainela, T., 2003. Social relationships (PhD thesis). University of Vaasa, Vaasa.",
            {"type": "thesis", "publisher": "University of Vaasa", "place": "Vaasa"},
        ),
        (
            "OECD, 2022. Key facts (Working Paper No. 12). OECD Publishing, Paris.",
            {"type": "report", "authors": "OECD", "title": "Key facts"},
        ),
        (
            "Arellano, Manuel, & Bond, S. (1991). Tests of A. The Review, 58(2), 277–297.",
            {"authors": "Arellano, Manuel; Bond, S.", "container": "The Review"},
        ),
        (
            "Chib, S., 2008. Panel data. J. Bus. Res. 12, 479–515.",
            {"title": "Panel data", "container": "J. Bus. Res", "volume": "12"},
        ),
        (
            "Hall, B. (1989). Waves. Federal Reserve Bank of St. Louis Review, 71(2), 3–9.",
            {"title": "Waves", "container": "Federal Reserve Bank of St. Louis Review"},
        ),
        (
            "Aristotle (1929) Physics. G. P. Putnam, New York",
            {"authors": "Aristotle", "title": "Physics", "publisher": "G. P. Putnam"},
        ),
        (
            "Di Porto, Edoardo, and Federico de la Cruz. 2012. “Is It? A “Quoted” Word.” "
            "Applied Economics 4, no. 2 (2012): 1087–89.",
            {
                "authors": "Di Porto, Edoardo; de la Cruz, Federico",
                "issue": "2",
                "first_page": "1087",
                "last_page": "1089",
            },
        ),
        (
            "Statista (2023) Wine production. https://www.statista.com/x. Accessed 15 Sept 2023",
            {"type": "web page", "accessed": "2023-09-15", "url": "https://www.statista.com/x"},
        ),
        (
            "Aristotle (1968), Poetics, edited by Lucas, D.W., Clarendon Press, Oxford.",
            {"title": "Poetics", "publisher": "Clarendon Press", "place": "Oxford"},
        ),
        (
            "Ou, C., 2014. Trust [WWW Document]. URL https://x.org/a (accessed 9.15.2023).",
            {"type": "web page", "accessed": "2023-09-15", "url": "https://x.org/a"},
        ),
        (
            "Smith, AB, & Jones, C. (2001). Trust. The Journal, 2, 1–9. doi: nonsense",
            {"authors": "Smith, A. B.; Jones, C.", "problems": "malformed DOI: nonsense"},
        ),
        (
            "Ministry of Trade and Industry. 2001. “A Plan.” Ministry Press.",
            {"authors": "Ministry of Trade and Industry", "title": "A Plan"},
        ),
        (
            "Ou, C., and R. Davison, Jr. 2001. “Trust.” Working Paper. Sage.",
            {"authors": "Ou, C.; Davison, R., Jr"},
        ),
        (
            'Oh, E. (n.d.), "In press", *A Journal*, Vol. 3 No. 1.',
            {"year": "n.d.", "title": "In press", "volume": "3", "issue": "1"},
        ),
        (
            "Knuth, D. (2001). Two parts. Journal of Pages, 97, 431–456, 791–823.",
            {"volume": "97", "first_page": "431", "last_page": "456", "note": "791–823"},
        ),
    ],
)
def test_other_difficulties(line, expected):
    row = dict(zip(COLUMNS, read_one(line).row(), strict=True))
    assert {column: row[column] for column in expected} == expected


def test_a_line_beyond_all_measure_is_cut_and_noted():
    line = "Ou, C. (2001). " + "word " * 2000
    r = read_one(line)
    assert r.raw == line
    assert len(r.title) < 3000
    assert any("only those were read" in problem for problem in r.problem_texts)


# --- names -----------------------------------------------------------------------------------

# Each style's way to print an author, a year and a title.
AUTHOR_IN = {
    "emerald": '{} (2018), "On firms", Sage, London.',
    "apa7": "{}. (2018). On firms. Sage.",
    "springer": "{} (2018) On firms. Sage, London",
    "elsevier": "{}, 2018. On firms. Sage, London.",
    "chicago": "{}. 2018. On Firms. London: Sage.",
}


@pytest.mark.parametrize("style", AUTHOR_IN)
@pytest.mark.parametrize(
    "name",
    [
        "Department for Business, Energy and Industrial Strategy",
        "Ministry of Economy, Trade and Industry",
        "Committee on Foreign Affairs, Human Rights and Defence",
        "Ernst & Young",
        "Procter and Gamble",
        "Ministry of Trade and Industry",
    ],
)
def test_an_organisation_is_one_author_also_behind_its_table(style, name):
    r = read_one(AUTHOR_IN[style].format(name), style)
    assert [tuple(author) for author in r.authors] == [(name, "", "")]
    (back,) = from_frame(to_frame([r]))
    assert back.authors == r.authors


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("Strunk Jr., W., White, E.B.", "Strunk, W., Jr; White, E. B."),
        ("Silva, R. and Costa, M.d.", "Silva, R.; Costa, M. d."),
        ("Smith, AB and Jones, C.", "Smith, A. B.; Jones, C."),
        ("Australian Border Force, ABF", "Australian Border Force (ABF)"),
        ("World Bank, OECD and Smith, J.", "World Bank; OECD; Smith, J."),
        ("Ash, A. and Department of Trade", "Ash, A.; Department of Trade"),
    ],
)
@pytest.mark.parametrize("style", ["emerald", "elsevier"])
def test_suffixes_particles_and_acronyms_of_inverted_names(style, printed, read):
    assert authors(read_one(AUTHOR_IN[style].format(printed), style)) == read


# --- styles ----------------------------------------------------------------------------------

# One work in each style, set by hand after the publishers' guides for authors.
SAME_WORK = {
    "emerald": 'Ou, C.X. and Davison, R.M. (2014), "Swift guanxi", *MIS Quarterly*, Vol. 38 No. 1, '
    "pp. 209-230.",
    "apa6": "Ou, C. X., & Davison, R. M. (2014). Swift guanxi. MIS Quarterly, 38(1), 209–230. "
    "doi: 10.25300/misq/2014/38.1.10",
    "apa7": "Ou, C. X., & Davison, R. M. (2014). Swift guanxi. MIS Quarterly, 38(1), 209–230. "
    "https://doi.org/10.25300/misq/2014/38.1.10",
    "springer": "Ou CX, Davison RM (2014) Swift guanxi. MIS Quarterly 38(1):209–230",
    "elsevier": "Ou, C.X., Davison, R.M., 2014. Swift guanxi. MIS Quarterly 38 (1), 209–230.",
    "chicago": "Ou, C. X., and R. M. Davison. 2014. “Swift Guanxi.” MIS Quarterly 38 (1): 209–30.",
}


@pytest.mark.parametrize("style", SAME_WORK)
def test_one_work_is_read_alike_from_every_style(style):
    r = read_one(SAME_WORK[style])
    assert r.style == style
    assert r.type == "article"
    assert authors(r) == "Ou, C. X.; Davison, R. M."
    assert (r.year, r.title.lower(), r.container) == ("2014", "swift guanxi", "MIS Quarterly")
    assert (r.volume, r.issue, r.first_page, r.last_page) == ("38", "1", "209", "230")
    assert r.problem_texts == []


@pytest.mark.parametrize("style", SAME_WORK)
def test_a_named_style_reads_as_the_detected_one(style):
    assert read_one(SAME_WORK[style], style) == read_one(SAME_WORK[style])


def test_a_list_has_the_style_of_most_of_its_lines():
    assert list_style(["springer", "", "emerald", "springer"]) == "springer"
    assert list_style(["apa7"] * 5 + ["apa6"]) == "apa6"
    assert list_style(["apa7"] * 6 + ["apa6"]) == "apa7"
    assert list_style(["", ""]) == "apa7"


@pytest.mark.parametrize("most", SAME_WORK)
@pytest.mark.parametrize("other", SAME_WORK)
def test_a_line_in_another_style_than_its_list_is_read_in_its_own(most, other):
    *_, last = read_list([SAME_WORK[most]] * 7 + [SAME_WORK[other]])
    alone = read_one(SAME_WORK[other])
    assert (last.authors, last.title, last.volume) == (alone.authors, alone.title, alone.volume)
    noted = any("another style" in problem for problem in last.problem_texts)
    assert noted == (most[:3] != other[:3])


def test_an_unknown_style_is_refused_with_those_allowed():
    with pytest.raises(ValueError, match=r"'harvard' is not known; allowed are auto, apa, emerald"):
        read_list([], "harvard")


# --- sources ---------------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["x (2010) y", "Ash, A. (2010). Firms", "Ash, A., 2010. Firms."])
def test_a_reference_without_a_source_is_kept_and_noted(line):
    r = read_one(line)
    assert r.type == "other"
    assert r.problem_texts == ["no source: neither container, publisher, URL nor DOI"]


@given(st.lists(st.text(), max_size=5), st.sampled_from(["auto", "apa", *STYLES]))
def test_whatever_has_no_source_says_so(lines, style):
    for r in read_list(lines, style):
        if r.type == "other" and not (r.container or r.publisher or r.url or r.doi):
            assert any(p == "empty line" or p.startswith("no source") for p in r.problem_texts)


# --- anything at all -------------------------------------------------------------------------


def complete_or_noted(r) -> bool:
    return bool(r.problems or (r.authors and r.year and r.title))


ANY_STYLE = st.sampled_from(["auto", "apa", *STYLES])


@given(st.lists(st.one_of(st.text(), st.binary()), max_size=5), ANY_STYLE)
def test_any_bytes_are_one_reference_each_and_raise_nothing(lines, style):
    read = read_list(lines, style)
    assert [r.index for r in read] == list(range(1, len(lines) + 1))
    for line, r in zip(lines, read, strict=True):
        decoded = line if isinstance(line, str) else line.decode("utf-8", "replace")
        assert r.raw == decoded.encode("utf-8", "replace").decode("utf-8")
        assert complete_or_noted(r)

    assert list(to_frame(read).columns) == list(COLUMNS)


PIECES = st.sampled_from(
    [*'.,:;()[]“”"*&-– ', "In ", "(Eds)", "et al.", "2001", "(2001)", "pp. 1-2", "doi: 10.1/", "A."]
)


@given(st.lists(PIECES, max_size=60).map("".join), ANY_STYLE)
def test_any_heap_of_punctuation_is_read_or_noted(line, style):
    (r,) = read_list([line], style)
    assert complete_or_noted(r)
    json.dumps(r.row())


@given(st.sampled_from(printed_lines("hu2024") + printed_lines("osarenkhoe2024")), st.data())
def test_any_bytes_in_the_midst_of_a_reference_are_kept_and_noted(line, data):
    """A printed line with foreign bytes in it stays one reference; what is no UTF-8 is noted."""
    place = data.draw(st.integers(0, len(line)))
    foreign = data.draw(st.binary(min_size=1, max_size=8))
    raw = line[:place].encode() + foreign + line[place:].encode()
    (r,) = read_list([raw], data.draw(ANY_STYLE))
    assert r.raw == raw.decode("utf-8", "replace")
    assert complete_or_noted(r)
    if "\ufffd" in r.raw:
        assert r.problem_texts[0] == "not valid UTF-8: characters replaced"


@pytest.mark.parametrize(
    "piece", ["(", "a. ", ", ", "“", "[", "*a", "A., ", "In ", "1-", "(2001) "]
)
@pytest.mark.parametrize("style", sorted(STYLES))
def test_hostile_lines_are_read_in_time_that_grows_with_their_length(piece, style):
    """Four times the line takes about four times as long, not sixteen (which 12 would miss)."""
    short, long = ("Ou, C. (2001). " + (piece * n)[:n] for n in (700, 2800))
    taken = seconds(lambda: read_list([long], style))
    assert taken < 12 * seconds(lambda: read_list([short], style)) + 0.01


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "Ash, A. (2020). On firms. Journal of Business Research, 116(3), Article 105432. "
            "https://doi.org/10.1016/j.jbusres.2020.01.001",
            {"type": "article", "volume": "116", "issue": "3", "first_page": "105432"},
        ),
        (
            'Ash, A. (2001), "On firms", PhD thesis, University of Leeds, Leeds.',
            {"type": "thesis", "publisher": "University of Leeds"},
        ),
    ],
)
def test_article_numbers_and_theses_are_read_as_what_they_are(line, expected):
    reference = read_one(line)
    assert {name: getattr(reference, name) for name in expected} == expected


# Journals as the List of Title Word Abbreviations (ISO 4) has them: words that it leaves whole
# carry no stop.
ABBREVIATED = (
    "Small Bus. Econ.",
    "Family Bus. Rev.",
    "Public Adm. Rev.",
    "Asia Pac. J. Manag.",
    "Thunderbird Int. Bus. Rev.",
    "IEEE Trans. Eng. Manag.",
    "World Bank Econ. Rev.",
    "Transp. Res. Part E Logist. Transp. Rev.",
    "Long Range Plann.",
    "J. Small Bus. Manag.",
    "Q. J. Econ.",
    "World Econ.",
    "R&D Manag.",
)


@pytest.mark.parametrize("journal", ABBREVIATED)
@pytest.mark.parametrize("title", ["Small firms abroad", "Do small firms learn?"])
@pytest.mark.parametrize(
    "form",
    [
        "Lee, K., Park, S., 2010. {} {} 14 (3), 100–120.",
        "Lee, K., Park, S., 2010. {} {} 14, 101234. https://doi.org/10.1016/j.x.2010.01.001",
        "Lee, K., Park, S., in press. {} {}",
        "Lee K, Park S (2010) {} {} 14(3):100–120",
        "Lee K, Park S (in press) {} {}",
        "Lee, K., & Park, S. (2010). {} {}, 14(3), 100–120.",
    ],
)
def test_an_abbreviated_journal_takes_no_part_in_the_title(form, title, journal):
    r = read_one(form.format(title if title.endswith("?") else f"{title}.", journal))
    assert (r.type, r.title, r.container) == ("article", title, journal.rstrip("."))


@pytest.mark.parametrize("status", ["Advance online publication", "Online first", "In press"])
@pytest.mark.parametrize(
    "line",
    [
        "Ash, A. (2020). On firms. Small Business Economics. {}. https://doi.org/10.1007/s11187-1",
        'Ash, A. (2020), "On firms", Small Business Economics, {}, doi: 10.1007/s11187-1.',
        "Ash A (2020) On firms. Small Business Economics. {}. https://doi.org/10.1007/s11187-1",
        "Ash, A., 2020. On firms. Small Business Economics. {}. https://doi.org/10.1007/s11187-1",
        "Ash, Anna. 2020. “On firms.” Small Business Economics. {}. https://doi.org/10.1007/s11187-1.",
    ],
)
def test_what_is_not_printed_yet_is_no_part_of_its_journal_s_name(line, status):
    r = read_one(line.format(status))
    assert (r.type, r.title, r.container) == ("article", "On firms", "Small Business Economics")
    assert (r.volume, r.doi) == ("", "10.1007/s11187-1")
    assert r.problem_texts == ["ahead of print: no volume and issue yet"]


@pytest.mark.parametrize(
    ("year", "source", "kind"),
    [("in press", "Small Business Economics", "article"), ("In press", "Routledge", "book")],
)
def test_in_press_may_stand_for_the_year(year, source, kind):
    r = read_one(f"Ash, A. ({year}). On firms. {source}.")
    assert (r.year, r.type, r.title) == (year, kind, "On firms")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            'Ash, A. (2001), "On firms", Working Paper No. 12, MIT, Cambridge, MA.',
            {"note": "Working Paper No. 12", "publisher": "MIT", "place": "Cambridge, MA"},
        ),
        (
            'Ash, A. (2001), "On firms", working paper, University of Leeds, Leeds.',
            {"note": "working paper", "publisher": "University of Leeds", "place": "Leeds"},
        ),
        (
            "Ash, Anna. 2020. “On Firms.” NBER Working Paper 1234. Cambridge, MA: National Bureau.",
            {"note": "NBER Working Paper 1234", "publisher": "National Bureau"},
        ),
        ("Ash, A. (1971). On firms (TR-2645). Naval Laboratory.", {"note": "TR-2645"}),
    ],
)
def test_a_working_paper_is_a_report_with_its_number(line, expected):
    reference = read_one(line)
    assert reference.type == "report"
    assert reference.container == ""
    assert {name: getattr(reference, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "Ash, A. (2020). On firms. The Journal, 6(4), 546–560. "
            "https://doi.org/https://doi.org/10.1016/j.sheji.2020.08.006",
            {"doi": "10.1016/j.sheji.2020.08.006", "volume": "6", "last_page": "560"},
        ),
        (
            'Ash, A. (2013), "On firms", The Journal, 10.1177/1536867X1301300203, '
            "Vol. 13 No. 2, pp. 287–301.",
            {"doi": "10.1177/1536867X1301300203", "container": "The Journal", "volume": "13"},
        ),
        (
            "Ash, A. (1984). On firms. IBM Bulletin, 27(5), 3049–??",
            {"type": "article", "first_page": "3049", "last_page": ""},
        ),
        (
            "Ash, A. (2012). Preface. The Journal, 27(5), ix–xii.",
            {"type": "article", "first_page": "ix", "last_page": "xii"},
        ),
        (
            "Ash, A. (2016), Track Changes, Belknap Press, Cambridge, MA, USA, pp. xvi + 344.",
            {"type": "book", "title": "Track Changes", "first_page": "xvi + 344"},
        ),
        (
            "Ash, A. (1998). On firms. J. Real Estate Fin. Econ., 17(1), 99–121.",
            {"title": "On firms", "container": "J. Real Estate Fin. Econ"},
        ),
        (
            "Ash, A. (2024). On firms. The Journal, (26), 209–234.",
            {"container": "The Journal", "volume": "", "issue": "26", "first_page": "209"},
        ),
        (
            "Ash, Anna. 2024. “On Firms.” The Journal, no. 26: 209–34.",
            {"container": "The Journal", "issue": "26", "first_page": "209", "last_page": "234"},
        ),
        (
            "Typesetting procedures. (1982). Sage, London.",
            {"authors": [], "title": "Typesetting procedures", "publisher": "Sage"},
        ),
    ],
)
def test_what_other_bibliographies_print(line, expected):
    reference = read_one(line)
    assert {name: getattr(reference, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "Ash, A. (1999). On firms. The Journal, 50(9), 840–841. "
            "https://doi.org/10.1002/(SICI)1097-4571(1999)50:9<840::AID-ASI24>3.0.CO;2-5",
            {"doi": "10.1002/(SICI)1097-4571(1999)50:9<840::AID-ASI24>3.0.CO;2-5"},
        ),
        (
            "Ash, A. (1969). “Trust” and firms. The Journal, 29, 189–216.",
            {"style": "apa7", "container": "The Journal", "volume": "29"},
        ),
        (
            "Ash, Anna. (1959) 1997. Trust and Firms. Dover Publications.",
            {"style": "chicago", "year": "1997", "title": "Trust and Firms"},
        ),
        (
            "Ash, Anna. 1983. Trust and Firms. STAN-CS-83-977. Stanford University.",
            {"type": "report", "note": "STAN-CS-83-977", "publisher": "Stanford University"},
        ),
        (
            "Ash, Anna. 2012. “Trust.” The Journal, no. 12 (July): 9–12.",
            {"container": "The Journal", "volume": "", "issue": "12", "last_page": "12"},
        ),
        (
            'Ash, A. (1993), "Trust", in Lee, B. (Ed.), Firms, Past and Present, Vol. 11, '
            "Emerald, Bingley, pp. 29-53.",
            {
                "type": "chapter",
                "container": "Firms, Past and Present",
                "volume": "11",
                "publisher": "Emerald",
                "place": "Bingley",
                "first_page": "29",
            },
        ),
        (
            'Ash, A. (1993), "Trust", Advances in Firms, Vol. 11, JAI Press, Greenwich, CT, '
            "pp. 1-20.",
            {
                "type": "chapter",
                "container": "Advances in Firms",
                "volume": "11",
                "publisher": "JAI Press",
                "place": "Greenwich, CT",
                "first_page": "1",
            },
        ),
        (
            "Ash, A. (1979), Users, Guides and Firms, SIAM.",
            {"type": "book", "title": "Users, Guides and Firms", "publisher": "SIAM"},
        ),
        (
            "Ash, A. (2011), The Art of Firms, No Starch Press, San Francisco, CA.",
            {"type": "book", "title": "The Art of Firms", "publisher": "No Starch Press"},
        ),
        (
            "Ash, Anna. 1993. “Trust.” In Firms, edited by Ben Lee, vol. 11. Emerald.",
            {"type": "chapter", "container": "Firms", "volume": "11", "publisher": "Emerald"},
        ),
        (
            "Ash, A. (1993). Firms (2nd ed., Vols. 1–3). Sage.",
            {"type": "book", "volume": "", "edition": "2nd ed."},
        ),
    ],
)
def test_marks_that_mislead(line, expected):
    reference = read_one(line)
    assert {name: getattr(reference, name) for name in expected} == expected
