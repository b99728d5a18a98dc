"""BibTeX, RIS and CSL-JSON. Expected fields follow the formats' own specifications."""

from __future__ import annotations

import json

import pytest
from bibliography_lists import references
from hypothesis import given
from hypothesis import strategies as st

from retrace.bibliography.export import to_bibtex, to_csl_json
from retrace.bibliography.readers.bibtex import read_bibtex
from retrace.bibliography.readers.csl_json import read_csl_json
from retrace.bibliography.readers.fields import FormatError
from retrace.bibliography.readers.formats import read_file, read_lists
from retrace.bibliography.readers.ris import read_ris
from retrace.bibliography.record import COLUMNS, format_names

BIBTEX = r"""
@string{ibr = {International Business Review}}
@article{hanell,
  author = {H{\"a}nell, S. M. and Mattsson, L.-G. and {OECD} and {de Frahan}, Bruno Henry},
  title = {Why {SMEs} don't {\&} do},
  journal = ibr, year = 2021, volume = {38}, number = {2}, pages = {249--75},
  doi = {https://doi.org/10.1016/j.ibusrev.2021.01.001},
}
@book{hood, editor = {Hood, N. and Vahlne, J.-E.}, title = {Strategies in Global Competition},
  publisher = {Croom Helm}, address = {London}, year = {1988}}
@incollection{mattsson, author = {Jan Johanson and Lars-Gunnar Mattsson}, title = {A network},
  booktitle = {Strategies}, editor = {Hood, N.}, pages = {287-314}, year = {1988}}
"""

RIS = """TY  - JOUR
AU  - Autio, Erkko
AU  - Sapienza, Harry J.
TI  - Effects of age at entry, knowledge intensity,
and imitability on international growth
JO  - Academy of Management Journal
PY  - 2000/10/01
VL  - 43
IS  - 5
SP  - 909
EP  - 24
DO  - 10.2307/1556419
ER  -

TY  - WEB
AU  - Statista
TI  - Wine production
UR  - https://www.statista.com/
Y2  - 2023/09/15/
PY  - 2023
ER  -
"""


def test_bibtex_with_tex_strings_braces_and_particles():
    article, book, chapter = read_bibtex(BIBTEX)
    assert article.type == "article"
    assert format_names(article.authors) == (
        "Hänell, S. M.; Mattsson, L.-G.; OECD; de Frahan, Bruno Henry"
    )
    assert article.title == "Why SMEs don't & do"
    assert article.container == "International Business Review"
    assert (article.first_page, article.last_page) == ("249", "275")
    assert article.doi == "10.1016/j.ibusrev.2021.01.001"
    assert (book.type, format_names(book.authors)) == ("edited book", "Hood, N.; Vahlne, J.-E.")
    assert (book.publisher, book.place) == ("Croom Helm", "London")
    assert format_names(chapter.authors) == "Johanson, Jan; Mattsson, Lars-Gunnar"
    assert format_names(chapter.editors) == "Hood, N."


def test_bibtex_that_repeats_or_breaks_is_kept_and_noted():
    broken = (
        "@article{a, title={One}, year={2001}, author={A, B.}}\n@article{a, title={Two}}\n@book{"
    )
    read = read_bibtex(broken)
    assert [r.title for r in read[:2]] == ["One", "Two"]
    assert len(read) == 3
    assert "not valid BibTeX" in read[1].problem_texts[0]
    assert "@book{" in read[2].raw


def test_ris():
    article, page = read_ris(RIS)
    assert article.type == "article"
    assert format_names(article.authors) == "Autio, Erkko; Sapienza, Harry J."
    assert article.title.endswith("knowledge intensity, and imitability on international growth")
    assert (article.year, article.volume, article.issue) == ("2000", "43", "5")
    assert (article.first_page, article.last_page) == ("909", "924")
    assert article.problem_texts == []
    assert (page.type, page.accessed) == ("web page", "2023-09-15")


def ris_record(kind: str, *lines: str) -> str:
    return "\n".join([f"TY  - {kind}", *lines, "ER  - "]) + "\n"


# The tags that programs write, by the tables of their export filters: Zotero's RIS translator,
# EndNote's RefMan (RIS) style, Mendeley, Scopus, Web of Science, and the specification of 2001.
@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (  # Zotero
            ris_record("CHAP", "TI  - A network", "T2  - Strategies", "A2  - Hood, N.", "SP  - 3"),
            {"title": "A network", "container": "Strategies", "editors": "Hood, N."},
        ),
        (  # the specification of 2001: the book of a chapter
            ris_record("CHAP", "T1  - A network", "BT  - Strategies", "A1  - Lee, B.",
                       "ED  - Ou, C."),
            {"title": "A network", "container": "Strategies", "authors": "Lee, B.",
             "editors": "Ou, C."},
        ),
        (  # the specification of 2001: chapter title and book
            ris_record("CHAP", "CT  - A network", "TI  - Strategies"),
            {"title": "A network", "container": "Strategies"},
        ),
        (  # the same: a whole book
            ris_record("BOOK", "BT  - Strategies", "A1  - Lee, B.", "PB  - Sage", "CY  - London"),
            {"title": "Strategies", "container": "", "publisher": "Sage", "place": "London"},
        ),
        (  # Scopus
            ris_record("JOUR", "TI  - T", "T2  - Journal", "J2  - J.", "C7  - 102135", "VL  - 3"),
            {"container": "Journal", "volume": "3", "first_page": "102135"},
        ),
        (  # EndNote: abbreviated journal, the DOI in M3, the whole range in SP
            ris_record("JOUR", "T1  - T", "JF  - Journal", "JA  - J.", "SP  - 9-12",
                       "M3  - doi:10.1000/x"),
            {"container": "Journal", "first_page": "9", "last_page": "12", "doi": "10.1000/x"},
        ),
        (  # Mendeley
            ris_record("JOUR", "T1  - T", "JO  - Journal", "Y1  - 2001///", "SP  - 9", "EP  - 9",
                       "UR  - https://doi.org/10.1000/y"),
            {"year": "2001", "first_page": "9", "last_page": "", "doi": "10.1000/y", "url": ""},
        ),
        (  # Web of Science: the year in PY, the day in DA
            ris_record("JOUR", "TI  - T", "PY  - 2020", "DA  - NOV", "L3  - 10.1000/z"),
            {"year": "2020", "doi": "10.1000/z"},
        ),
        (
            ris_record("CPAPER", "TI  - T", "C3  - Proceedings of X", "DA  - 2019/5//"),
            {"type": "conference paper", "container": "Proceedings of X", "year": "2019"},
        ),
        (
            ris_record("RPRT", "TI  - T", "M3  - Working Paper", "IS  - 12", "PB  - MIT"),
            {"type": "report", "note": "Working Paper No. 12", "issue": "", "publisher": "MIT"},
        ),
        (
            ris_record("WEB", "TI  - T", "Y2  - 2023/9/5/", "UR  - https://x.org"),
            {"type": "web page", "accessed": "2023-09-05", "url": "https://x.org"},
        ),
    ],
)  # fmt: skip
def test_what_reference_managers_write_as_ris(record, expected):
    (reference,) = read_ris(record)
    row = dict(zip(COLUMNS, reference.row(), strict=True))
    assert {name: row[name] for name in expected} == expected


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_ris_with_any_line_ends_a_mark_of_byte_order_and_records_left_open(end):
    lines = ["\ufeffTY  - JOUR", "TI  - One\x0cpage", "AU  - Lee, B.", "", "TY  - BOOK",
             "TI  - Two", "ER  -", "ER  - ", "TY - JOUR", "TI - Three"]  # fmt: skip
    assert [r.title for r in read_ris(end.join(lines))] == ["One page", "Two", "Three"]


def test_an_item_that_is_none_stays_and_says_which_it_is():
    good, bad, other = read_csl_json('[{"title": "One"}, 17, {"title": "Two"}]')
    assert (good.title, other.title) == ("One", "Two")
    assert (bad.index, bad.raw) == (2, "17")
    assert bad.problem_texts[0] == "item 2 is no object but a number"


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"issued": {"date-parts": [["2001", "5"]]}}, {"year": "2001"}),
        ({"issued": {"date-parts": [[2001], [2003]]}}, {"year": "2001"}),
        ({"issued": {"date-parts": [2001, 5]}}, {"year": "2001"}),
        ({"issued": {"raw": "May 2001"}}, {"year": "2001"}),
        ({"issued": {"literal": "in press"}}, {"year": "in press"}),
        ({"issued": "2001-05"}, {"year": "2001"}),
        ({"accessed": {"date-parts": [[2022, 6, 6]]}}, {"accessed": "2022-06-06"}),
        ({"accessed": {"date-parts": [[2022, 6, 0]]}}, {"accessed": "2022-06"}),
        ({"author": [{"literal": "World Bank"}]}, {"authors": "World Bank"}),
        ({"author": [{"name": "World Bank"}, "OECD"]}, {"authors": "World Bank; OECD"}),
        ({"author": [{"given": "Plato"}]}, {"authors": "Plato"}),
        (
            {"author": [{"family": "Beethoven", "given": "L.", "non-dropping-particle": "van"}]},
            {"authors": "van Beethoven, L."},
        ),
        ({"volume": 12, "issue": 3, "page": 7}, {"volume": "12", "issue": "3", "first_page": "7"}),
        ({"title": ["T"], "container-title": ["J"]}, {"title": "T", "container": "J"}),
    ],
)
def test_csl_json_as_programs_write_it(item, expected):
    (reference,) = read_csl_json(json.dumps([item]))
    row = dict(zip(COLUMNS, reference.row(), strict=True))
    assert {name: row[name] for name in expected} == expected
    assert "CSL" not in row["problems"]


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        ({"issued": {"date-parts": [[None]]}}, "issued is no date in the form of CSL"),
        ({"issued": {"date-parts": []}}, "issued is no date in the form of CSL"),
        ({"issued": [2001]}, "issued is no date in the form of CSL"),
        ({"author": [{"family": 7}]}, "author 1 has no name in the form of CSL"),
        ({"author": 7}, "author 1 has no name in the form of CSL"),
        ({"title": {"en": "T"}}, "title is no text but an object"),
        ({"volume": True}, "volume is no text but true or false"),
    ],
)
def test_a_field_that_is_not_as_csl_has_it_is_noted(item, problem):
    (reference,) = read_csl_json(json.dumps([item]))
    assert problem in reference.problem_texts


@pytest.mark.parametrize("paper", ["hu2024", "magni2022", "osarenkhoe2024"])
@pytest.mark.parametrize(
    ("write", "read"), [(to_bibtex, read_bibtex), (to_csl_json, read_csl_json)]
)
def test_a_list_survives_being_written_and_read(paper, write, read):
    listed = references()[paper]
    back = read(write(listed))
    assert len(back) == len(listed)
    for one, other in zip(listed, back, strict=True):
        for field in (
            *("type", "authors", "editors", "title", "container", "volume", "issue", "doi"),
            *("first_page", "last_page", "publisher", "place", "edition", "accessed"),
        ):
            assert getattr(other, field) == getattr(one, field), (one.index, field)
        assert other.year == one.year[:4]  # formats have no letter


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[{]", "line 1: not valid JSON"),
        ('{"a": 1}', "no list of CSL items"),
        ("[1, 2]", "no list of CSL items"),
        ("7", "no list of CSL items"),
        ("[" * 200_000, "nested too deeply|not valid JSON"),
    ],
)
def test_a_json_file_that_is_no_csl_is_refused_in_words(text, message):
    with pytest.raises(FormatError, match=message):
        read_csl_json(text)


def test_the_ending_of_a_file_tells_its_format():
    assert read_file(BIBTEX, "a/b.bib")[0].style == "bibtex"
    assert read_file(RIS, "b.RIS")[0].style == "ris"
    assert read_file("[]", "b.json") == []
    line = "Yin, R. K. (2014). Case study research. Thousand Oaks: Sage."
    assert read_file(line, "references.txt")[0].style == "apa6"


def test_only_line_feeds_end_a_printed_reference():
    text = (
        "Yin, R. (2014). Case\u2028study\x0c research. Sage.\r\n\r\nOu, C. (2001). Trust. Sage.\n"
    )
    one, other = read_file(text, "references.txt")
    assert one.raw == "Yin, R. (2014). Case\u2028study\x0c research. Sage."
    assert (one.title, other.index, other.title) == ("Case study research", 2, "Trust")


def test_the_same_checks_apply_to_every_format():
    item = [{"type": "article-journal", "DOI": "10.1/x", "page": "30-20", "title": "T"}]
    (r,) = read_csl_json(json.dumps(item))
    assert r.problem_texts == [
        "no author",
        "no year",
        "malformed DOI: 10.1/x",
        "pages run backwards: 30-20",
    ]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
keys = st.sampled_from(["author", "issued", "title", "page", "accessed", "DOI", "type", "editor"])


@given(st.lists(st.dictionaries(keys, values), max_size=4))
def test_any_json_objects_are_one_reference_each(items):
    assert len(read_csl_json(json.dumps(items))) == len(items)


@given(st.text(alphabet=st.sampled_from("TYERAU- \n01xJ@,{}=\\"), max_size=120))
def test_any_text_is_read_as_ris_and_bibtex_without_an_exception(text):
    read_ris(text)
    read_bibtex(text)


# --- rich text -------------------------------------------------------------------------------

# Tags after the CSL specification (1.0.2, rich text) and Crossref's guide to face markup.
RICH_TEXT = {
    "Learning by <i>doing</i> abroad": "Learning by doing abroad",
    "CO<sub>2</sub> and <b>x</b><sup>2</sup>": "CO2 and x2",
    'The <span class="nocase">SMEs</span> of <span style="font-variant:small-caps;">rome</span>': (
        "The SMEs of rome"
    ),
    "Profit &amp; loss &#8211; a caf&eacute;": "Profit & loss – a café",
    "<jats:italic>Guanxi</jats:italic> and <scp>SMEs</scp>": "Guanxi and SMEs",
    "Where 5 < n > 3, at AT&T; Q&A": "Where 5 < n > 3, at AT&T; Q&A",
    "&lt;i&gt; is a tag": "<i> is a tag",
}


@pytest.mark.parametrize(("written", "plain"), RICH_TEXT.items())
def test_rich_text_is_read_as_plain_text_from_csl_json_and_ris(written, plain):
    item = {
        "type": "chapter",
        "title": written,
        "container-title": written,
        "author": [{"literal": written}],
    }
    (from_csl,) = read_csl_json(json.dumps([item]))
    (from_ris,) = read_ris(ris_record("CHAP", f"TI  - {written}", f"T2  - {written}"))
    for r in (from_csl, from_ris):
        assert (r.title, r.container) == (plain, plain)
    assert from_csl.authors[0].family == plain
    assert written in json.loads(from_csl.raw)["title"]


def test_identifiers_keep_what_looks_like_rich_text():
    doi = "10.1002/(SICI)1097(1999)50:9<i>3.0.CO;2-5"
    url = "https://x.org/?a=1&copy;=2"
    (from_csl,) = read_csl_json(json.dumps([{"type": "book", "DOI": doi, "URL": url}]))
    (from_ris,) = read_ris(ris_record("BOOK", f"DO  - {doi}", f"UR  - {url}"))
    assert {(r.doi, r.url) for r in (from_csl, from_ris)} == {(doi, url)}


def test_names_in_ris_have_their_entities_as_characters():
    (r,) = read_ris(ris_record("BOOK", "AU  - Ernst &amp; Young", "AU  - M&uuml;ller, J."))
    assert format_names(r.authors) == "Ernst & Young; Müller, J."


def test_further_reading_is_counted_on_and_named_so():
    one, two = "TY  - BOOK\nTI  - One\nER  -\n", "TY  - BOOK\nTI  - Two\nER  -\n"
    lists = {"references": (one + two, "a.ris"), "further_reading": (two + one, "b.RIS")}
    found = read_lists(lists)
    assert [(r.index, r.list, r.title) for r in found] == [
        (1, "references", "One"),
        (2, "references", "Two"),
        (3, "further reading", "Two"),
        (4, "further reading", "One"),
    ]
    del lists["further_reading"]
    assert read_lists(lists) == found[:2]
