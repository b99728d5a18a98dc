"""BibTeX, RIS and CSL-JSON. Expected fields follow the formats' own specifications."""

from __future__ import annotations

import json

import pytest
from bibliography_lists import references
from hypothesis import given
from hypothesis import strategies as st

from retrace.bibliography.bibtex import read_bibtex
from retrace.bibliography.csl_json import read_csl_json
from retrace.bibliography.export import to_bibtex, to_csl_json
from retrace.bibliography.fields import FormatError
from retrace.bibliography.formats import read_file
from retrace.bibliography.record import format_names
from retrace.bibliography.ris import read_ris

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
    assert "not valid BibTeX" in read[1].problems[0]
    assert "@book{" in read[2].raw


def test_ris():
    article, page = read_ris(RIS)
    assert article.type == "article"
    assert format_names(article.authors) == "Autio, Erkko; Sapienza, Harry J."
    assert article.title.endswith("knowledge intensity, and imitability on international growth")
    assert (article.year, article.volume, article.issue) == ("2000", "43", "5")
    assert (article.first_page, article.last_page) == ("909", "924")
    assert article.problems == []
    assert (page.type, page.accessed) == ("web page", "2023-09-15")


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
    assert r.problems == [
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
