"""Exports, read back by bibtexparser, pandoc and typst."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

import bibtexparser
import pypandoc
import pytest
import typst
from bibliography_lists import citations, references
from hypothesis import given, settings
from hypothesis import strategies as st
from printed_bibliography import letters

from retrace.bibliography.export import bibtex_title, latex, to_bibtex, to_csl_json, works_bibtex
from retrace.bibliography.readers.bibtex import read_bibtex
from retrace.bibliography.readers.csl_json import read_csl_json
from retrace.bibliography.record import Name, Reference
from retrace.bibliography.works.work import build, resolve


@pytest.fixture(scope="module")
def works_bib() -> str:
    return works_bibtex(build(references(), resolve(references(), citations())))


def pandoc(*arguments: str, text: str) -> str:
    """What pandoc makes of a text; a warning is a failure."""
    command = [pypandoc.get_pandoc_path(), "--fail-if-warnings", *arguments]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_bibtexparser_reads_every_work_and_finds_no_fault(works_bib):
    library = bibtexparser.parse_string(works_bib)
    assert library.failed_blocks == []
    keys = [entry.key for entry in library.entries]
    assert keys == sorted(set(keys))
    assert len(keys) == works_bib.count("\n}\n")


def test_pandoc_reads_and_cites_every_work_without_a_warning(works_bib, tmp_path):
    file = tmp_path / "works.bib"
    file.write_text(works_bib, encoding="utf-8")
    items = json.loads(pandoc("--from", "bibtex", "--to", "csljson", text=works_bib))
    assert len(items) == works_bib.count("\n}\n")
    by_key = {item["id"]: item for item in items}
    assert by_key["hanell2021nature"]["author"][0] == {"family": "Hänell", "given": "S. M."}
    document = "---\nnocite: '@*'\n---\n"
    arguments = ["--from", "markdown", "--to", "plain", "--citeproc", "--bibliography", str(file)]
    assert "Håkansson" in pandoc(*arguments, text=document)


def test_typst_renders_every_work(works_bib, tmp_path):
    (tmp_path / "works.bib").write_text(works_bib, encoding="utf-8")
    source = tmp_path / "list.typ"
    source.write_text('#bibliography("works.bib", full: true, style: "apa")\n', encoding="utf-8")
    pdf, warnings = typst.compile_with_warnings(str(source))
    assert warnings == []
    assert pdf.startswith(b"%PDF")


@pytest.mark.parametrize("paper", ["hu2024", "magni2022", "osarenkhoe2024"])
def test_bibtex_and_csl_json_say_the_same(paper):
    """pandoc's reading of the BibTeX file and the CSL-JSON file agree field by field."""
    listed = references()[paper]
    own = {item["id"]: item for item in json.loads(to_csl_json(listed))}
    others = json.loads(pandoc("--from", "bibtex", "--to", "csljson", text=to_bibtex(listed)))
    assert len(own) == len(others) == len(listed)
    for other in others:
        item = own[other["id"]]
        for field in ("volume", "issue", "DOI", "publisher-place"):
            assert other.get(field) == item.get(field), other["id"]
        for people in ("author", "editor"):
            assert [_family(name) for name in other.get(people, [])] == [
                _family(name) for name in item.get(people, [])
            ]
        page = other.get("page", "").replace("–", "-")
        assert page == item.get("page", "")


def _family(name: dict[str, str]) -> str:
    """A family name with its particles, which pandoc keeps apart, and straight apostrophes."""
    parts = ("dropping-particle", "non-dropping-particle", "family", "literal")
    return " ".join(name[part] for part in parts if part in name).replace("’", "'")


def test_words_with_inner_capitals_keep_their_case():
    assert bibtex_title("Why SMEs and R&D matter at eBay") == (
        r"Why {SMEs} and {R\&D} matter at {eBay}"
    )


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])))
def test_any_title_survives_bibtexparser(title):
    reference = Reference(1, "", authors=[Name("Ou", "C.")], year="2001", title=title)
    library = bibtexparser.parse_string(to_bibtex([reference], ["key"]))
    assert library.failed_blocks == []
    value = library.entries[0].fields_dict.get("title")
    assert (value.value if value else "") == bibtex_title(title)


# What a title may hold that TeX, BibTeX, pandoc or typst take for a mark of their own.
TITLES = st.lists(
    st.sampled_from(
        [*"&%_$#{}\\~^\"'`@<>=*[]()/|+-–—“”’!?:;,. ", *"aZ7éØłßœñ北", "--", "``", "{}"]
    ),
    min_size=1,
    max_size=30,
).map(lambda pieces: " ".join("".join(pieces).split()))
LISTS = st.lists(TITLES, min_size=20, max_size=20)


def nasty_bibliography(titles: list[str]) -> str:
    """Books, chapters and reports with these as titles, containers, names and publishers."""
    references = [
        Reference(i, "", type=kind, authors=[Name("Ou", "C."), Name(f"Institute {title}")],
                  year="2001", title=f"Title {title}", publisher=f"Press {title}",
                  container="" if kind != "chapter" else f"Book {title}")
        for i, (title, kind) in enumerate(zip(titles, ["book", "chapter", "report", "article"] * 5,
                                              strict=True), start=1)
    ]  # fmt: skip
    return to_bibtex(references, [f"key{r.index}" for r in references])


@settings(max_examples=8)
@given(LISTS)
def test_pandoc_reads_any_titles_without_a_warning_and_loses_no_letter(titles):
    text = nasty_bibliography(titles)
    items = {
        i["id"]: i for i in json.loads(pandoc("--from", "bibtex", "--to", "csljson", text=text))
    }
    assert len(items) == len(titles)
    for number, title in enumerate(titles, start=1):
        assert letters(items[f"key{number}"]["title"]) == letters(f"Title {title}")


@settings(max_examples=8)
@given(LISTS)
def test_typst_renders_any_titles_without_a_warning(titles):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "works.bib").write_text(nasty_bibliography(titles), encoding="utf-8")
        source = Path(folder, "list.typ")
        source.write_text(
            '#bibliography("works.bib", full: true, style: "apa")\n', encoding="utf-8"
        )
        pdf, warnings = typst.compile_with_warnings(str(source))
    assert warnings == []
    assert pdf.startswith(b"%PDF")


@pytest.mark.parametrize("written", [to_bibtex, to_csl_json])
def test_a_report_keeps_its_series_and_number(written):
    report = Reference(1, "", type="report", authors=[Name("Ou", "C.")], year="2001", title="T",
                       note="Working Paper No. 12", publisher="MIT")  # fmt: skip
    read = read_bibtex if written is to_bibtex else read_csl_json
    (back,) = read(written([report]))
    assert (back.type, back.note, back.publisher) == ("report", "Working Paper No. 12", "MIT")


def test_special_characters_of_tex_are_escaped():
    assert latex("50% of R&D_x #1 ~ ^ {a} \\") == (
        r"50\% of R\&D\_x \#1 \textasciitilde{} \textasciicircum{} (a) \textbackslash{}"
    )
