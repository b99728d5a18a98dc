"""References as BibTeX and as CSL-JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from retrace.bibliography.citations.citation import cited_names
from retrace.bibliography.keys import assign_keys
from retrace.bibliography.readers.fields import split_report_note
from retrace.bibliography.record import Name, Reference

if TYPE_CHECKING:
    from retrace.bibliography.works.work import Bibliography

_BIBTEX_TYPES = {
    "article": "article",
    "book": "book",
    "edited book": "book",
    "chapter": "incollection",
    "conference paper": "inproceedings",
    "report": "techreport",
    "thesis": "phdthesis",
    "web page": "misc",
    "other": "misc",
}
_CSL_TYPES = {
    "article": "article-journal",
    "book": "book",
    "edited book": "book",
    "chapter": "chapter",
    "conference paper": "paper-conference",
    "report": "report",
    "thesis": "thesis",
    "web page": "webpage",
    "other": "document",
}
# Where BibTeX keeps what a reference calls publisher.
_PUBLISHER_FIELDS = {"report": "institution", "thesis": "school", "web page": "howpublished"}
_SPECIAL = re.compile(r"[\\{}$&%#_~^]")
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
# Words that a style must not lower: SMEs, R&D, eBay, McKinsey.
_PROTECTED = re.compile(
    # Bounded, as no word is longer: what is left of one needs no braces of its own.
    r"\b(?=\w{0,40}[^\W\d_])[\w&]{0,40}(?:[^\W_a-zß-ÿ][\w&]{0,40}[A-Z]|[a-z][A-Z])[\w&]*"
)


def latex(text: str) -> str:
    """A text with TeX's special characters escaped; braces become round brackets."""
    if text.count("{") or text.count("}"):
        text = text.replace("{", "(").replace("}", ")")
    return _SPECIAL.sub(lambda m: _ESCAPES.get(m[0], "\\" + m[0]), text)


def bibtex_title(title: str) -> str:
    """A title in BibTeX: words with inner capitals are braced so that styles keep their case."""
    parts = []
    position = 0
    for match in _PROTECTED.finditer(title):
        parts += [latex(title[position : match.start()]), "{", latex(match[0]), "}"]
        position = match.end()
    return "".join(parts) + latex(title[position:])


def bibtex_names(names: Sequence[Name]) -> str:
    """`Family, Jr, Given and {Organisation}`."""
    written = []
    for name in names:
        family = latex(name.family)
        if not name.given:
            written.append("{" + family + "}")
        else:
            family = "{" + family + "}" if " and " in family else family
            parts = [family, *([name.suffix] if name.suffix else []), latex(name.given)]
            written.append(", ".join(parts))
    return " and ".join(written)


def bibtex_fields(reference: Reference) -> dict[str, str]:
    """The fields of one entry, escaped, in the order in which they are written."""
    r = reference
    people = "editor" if r.type == "edited book" else "author"
    fields = {people: bibtex_names(r.authors)}
    if r.editors and people == "author":
        fields["editor"] = bibtex_names(r.editors)
    fields["title"] = bibtex_title(r.title)
    if r.type == "article":
        fields["journal"] = latex(r.container)
    elif r.type in ("chapter", "conference paper"):
        fields["booktitle"] = bibtex_title(r.container)
    elif r.container:
        fields["howpublished" if r.type in ("web page", "other") else "series"] = latex(r.container)
    year = r.year_number
    fields["year"] = str(year) if year is not None else ""
    fields["volume"] = latex(r.volume)
    fields["number"] = latex(r.issue)
    if r.type == "report":
        series, number = split_report_note(r.note)
        fields |= {"type": latex(series), "number": latex(number)}
    fields["pages"] = latex(f"{r.first_page}--{r.last_page}" if r.last_page else r.first_page)
    fields["edition"] = latex(r.edition)
    publisher = _PUBLISHER_FIELDS.get(r.type, "publisher")
    if publisher not in fields:
        fields[publisher] = latex(r.publisher)
    fields["address"] = latex(r.place)
    fields["doi"] = _plain(r.doi)
    fields["url"] = _plain(r.url)
    fields["urldate"] = _plain(r.accessed)
    return {key: value for key, value in fields.items() if value}


def _plain(text: str) -> str:
    """An identifier: not escaped, but without braces that would not balance."""
    return text.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")


def to_bibtex(references: Sequence[Reference], keys: Sequence[str] | None = None) -> str:
    """References as a BibTeX file, UTF-8, in the order given.

    Parameters
    ----------
    references : sequence of Reference
    keys : sequence of str, optional
        One key each, all different; by default `keys.assign_keys`.
    """
    chosen = assign_keys(references) if keys is None else list(keys)
    return _write_bibtex(
        (key, _BIBTEX_TYPES[reference.type], bibtex_fields(reference))
        for key, reference in zip(chosen, references, strict=True)
    )


def _write_bibtex(entries: Iterable[tuple[str, str, dict[str, str]]]) -> str:
    """Key, type and fields of each entry as BibTeX text."""
    import bibtexparser
    from bibtexparser.model import Entry, Field

    library = bibtexparser.Library(
        [
            Entry(kind, key, [Field(name, value) for name, value in fields.items()])
            for key, kind, fields in entries
        ]
    )
    style = bibtexparser.BibtexFormat()
    style.indent = "  "
    style.block_separator = "\n"
    style.trailing_comma = True
    return bibtexparser.write_string(library, bibtex_format=style)


def csl_item(reference: Reference, key: str) -> dict:
    """One reference as a CSL-JSON item (Citation Style Language 1.0.2)."""
    r = reference
    item: dict = {"id": key, "type": _CSL_TYPES[r.type]}
    people = "editor" if r.type == "edited book" else "author"
    if r.authors:
        item[people] = [_csl_name(name) for name in r.authors]
    if r.editors and people == "author":
        item["editor"] = [_csl_name(name) for name in r.editors]
    if r.year_number is not None:
        item["issued"] = {"date-parts": [[r.year_number]]}
    if r.accessed:
        parts = [int(p) for p in r.accessed.split("-") if p.isdecimal() and len(p) < 5]
        item["accessed"] = {"date-parts": [parts]} if parts else {"literal": r.accessed}
    page = f"{r.first_page}-{r.last_page}" if r.last_page else r.first_page
    named = {
        "title": r.title,
        "container-title": r.container,
        "volume": r.volume,
        "issue": r.issue,
        "page": page,
        "edition": r.edition,
        "publisher": r.publisher,
        "publisher-place": r.place,
        "DOI": r.doi,
        "URL": r.url,
    }
    if r.type == "report":
        named["genre"], named["number"] = split_report_note(r.note)
    return item | {name: value for name, value in named.items() if value}


def _csl_name(name: Name) -> dict[str, str]:
    if not name.given:
        return {"literal": name.family}
    parts = {"family": name.family, "given": name.given}
    return parts | ({"suffix": name.suffix} if name.suffix else {})


def to_csl_json(references: Sequence[Reference]) -> str:
    """References as CSL-JSON text, in the order given."""
    keys = assign_keys(references)
    items = [csl_item(r, key) for key, r in zip(keys, references, strict=True)]
    return json.dumps(items, indent=1, ensure_ascii=False) + "\n"


def works_bibtex(bibliography: Bibliography) -> str:
    """All works as one BibTeX file, by key.

    What is known only by author and year is an entry of type `misc` whose note says so.
    """
    entries = [
        (work.key, _BIBTEX_TYPES[work.reference.type], bibtex_fields(work.reference))
        for work in bibliography.works
    ]
    for entry in bibliography.entries:
        citation = entry.citation
        note = f"Known only as cited: {citation.text} ({citation.year})"
        names, et_al = cited_names(citation.text)
        people = ["{" + latex(name) + "}" for name in names] + ["others"] * et_al
        fields = {"author": " and ".join(people), "year": citation.year_number}
        entries.append((entry.key, "misc", fields | {"note": latex(note)}))
    return _write_bibtex(sorted(entries, key=lambda item: item[0]))
