"""BibTeX and biblatex. What is expected follows their manuals: Patashnik (1988), BibTeXing; Kime,
Wemheuer and Lehman, The biblatex Package, sections 2 and appendix B."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrace.bibliography.readers.bibtex import read_bibtex
from retrace.bibliography.readers.bibtex_values import expand
from retrace.bibliography.record import format_names


def read_one(text: str):
    (reference,) = read_bibtex(text)
    return reference


def test_macros_are_expanded_and_joined():
    _, article = read_bibtex(
        r"""@string{jbr = "Journal of Business"} @STRING{JBR2 = jbr # { Research}}
        @book{b, title = {A # no macro}, author = "Ou, C.", year = 2001, publisher = JBR}
        @article{a, title = "On" # { firms}, author = {Ash, A.}, year = 1999 # "b",
          month = jan # "~5", journal = jbr2}"""
    )
    assert (article.title, article.year) == ("On firms", "1999b")
    assert article.container == "Journal of Business Research"
    assert article.problem_texts == []


def test_an_undefined_macro_stays_and_is_noted_with_its_entry():
    r = read_one("@article{ash2001, title={T}, author={Ash, A.}, year=2001, journal=jbr # { X}}")
    assert r.container == "jbr X"
    assert r.problem_texts == ["ash2001: journal uses the macro jbr, which no @string defines"]


@given(st.lists(st.text(alphabet='abc {}"#', max_size=6), max_size=5))
def test_texts_in_braces_are_joined_as_they_are(pieces):
    """Whatever balanced texts are joined, the value is their concatenation."""
    balanced = [p for p in pieces if p.replace("{", "").replace("}", "") == p]
    value = " # ".join("{" + piece + "}" for piece in balanced) or "{}"
    assert expand(value, {}) == ("".join(balanced), [])


def test_a_part_takes_what_it_lacks_from_the_whole():
    paper, *_ = read_bibtex(
        """@inproceedings{child, crossref = {WHOLE}, title = {Parsing}, author = {Wong, A.},
          pages = {12--19}}
        @proceedings{whole, title = {Proceedings of Parsing}, subtitle = {The Fifth},
          editor = {Lee, B.}, publisher = {ACM}, year = 2010, doi = {10.1145/1.2}}"""
    )
    assert (paper.title, paper.container) == ("Parsing", "Proceedings of Parsing: The Fifth")
    assert format_names(paper.editors) == "Lee, B."
    assert (paper.year, paper.publisher, paper.doi) == ("2010", "ACM", "")
    assert (paper.first_page, paper.last_page) == ("12", "19")
    assert paper.problem_texts == []


def test_a_crossref_to_nothing_is_noted_and_one_to_itself_ends():
    r = read_one("@inbook{a, crossref={b}, title={T}, author={Ash, A.}, year=2001}")
    assert r.problem_texts == ["a: crossref to b, which is no other entry"]
    assert read_one("@inbook{a, crossref={A}, title={T}}").title == "T"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("journaltitle={J}, date={2019-05/2020}", {"container": "J", "year": "2019"}),
        ("journaltitle={J}, journalsubtitle={S}", {"container": "J: S"}),
        ("journal={J}, eid={e12345}", {"first_page": "e12345"}),
        ("journal={J}, year={{2001}}", {"year": "2001"}),
        ("eprint={2001.01234}, eprinttype={arxiv}", {"note": "arxiv:2001.01234"}),
        ("pages={xii--xiv}", {"first_page": "xii", "last_page": "xiv"}),
        ("url={http://x.org/a_b%20c#d}", {"url": "http://x.org/a_b%20c#d"}),
        (r"doi={10.1000/a\_b}", {"doi": "10.1000/a_b"}),
        ("location={London}, organization={BSI}", {"place": "London", "publisher": "BSI"}),
    ],
)
def test_fields_of_biblatex(fields, expected):
    r = read_one("@article{a, title={T}, " + fields + "}")
    assert {name: getattr(r, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("collection", "edited book"),
        ("mvbook", "edited book"),
        ("suppcollection", "chapter"),
        ("online", "web page"),
        ("report", "report"),
        ("thesis", "thesis"),
    ],
)
def test_types_of_biblatex(kind, expected):
    assert read_one(f"@{kind}{{a, title={{T}}, editor={{Lee, B.}}}}").type == expected


def test_a_report_keeps_its_series_and_number():
    r = read_one("@techreport{a, title={T}, type={Working Paper}, number={12}, institution={MIT}}")
    assert (r.note, r.issue, r.publisher) == ("Working Paper No. 12", "", "MIT")


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"{\"O}sterreich", "Österreich"),
        (r"Kadi{\'c}-Maglajli{\'{c}}", "Kadić-Maglajlić"),
        (r"\'Eric \o re \ss{} \L{}ukasz {\aa}", "Éric øre ß Łukasz å"),
        (r"{SMEs} and {R\&D}", "SMEs and R&D"),
        ("50% of firms", "50% of firms"),
        (r"50\% of firms", "50% of firms"),
        ("It costs US$ 5", "It costs US$ 5"),
        ("``Quoted'' words", "“Quoted” words"),
        ("A --- B", "A — B"),
        (r"\emph{Homo} economicus", "Homo economicus"),
    ],
)
def test_tex_in_titles_is_read(tex, text):
    assert read_one("@book{a, title = {" + tex + "}}").title == text


def test_comments_preambles_and_text_between_entries_are_no_entries():
    text = '@comment{x, title={T}} Words. @preamble{"\\def\\x{y}"} @book{a, title={T}}'
    assert [r.title for r in read_bibtex(text)] == ["T"]


def test_what_is_wrong_is_said_in_words_for_whoever_keeps_the_file():
    *_, again, twice, open_end = read_bibtex(
        "@book{a, title={A}}\n@book{a, title={B}}\n@book{c, title={C}, title={D}}\n@book{d, title={"
    )
    assert again.problem_texts[0] == "not valid BibTeX: Duplicate entry key 'a'"
    assert twice.problem_texts[0] == "not valid BibTeX: Duplicate field keys on entry: 'title'"
    assert open_end.problem_texts[0].startswith("not valid BibTeX: ")
    assert open_end.raw == "@book{d, title={"
