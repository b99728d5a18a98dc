"""BibTeX files as references."""

from __future__ import annotations

import re

from retrace.bibliography.checks import note_problems
from retrace.bibliography.fields import (
    bare_doi,
    fill_pages,
    given_names,
    one_line,
    settle_editors,
)
from retrace.bibliography.record import Name, Reference

_TYPES = {
    "article": "article",
    "book": "book",
    "booklet": "book",
    "collection": "edited book",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "conference paper",
    "conference": "conference paper",
    "techreport": "report",
    "report": "report",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "thesis": "thesis",
    "online": "web page",
}
_TEX = re.compile(r"[\\{}$~]")


def read_bibtex(text: str) -> list[Reference]:
    """References from BibTeX, in order. What bibtexparser cannot read stays as an entry.

    An entry that repeats a key or a field is read all the same, with a problem noted; a block
    that is no BibTeX keeps its text as `raw`.
    """
    import bibtexparser
    from bibtexparser.model import Entry, ParsingFailedBlock

    references = []
    for block in bibtexparser.parse_string(text).blocks:
        problems = []
        if isinstance(block, ParsingFailedBlock):
            reason = " ".join(str(block.error).split()) or type(block.error).__name__
            problems.append(f"not valid BibTeX: {reason}")
            block = block.ignore_error_block or block
        elif not isinstance(block, Entry):
            continue
        index = len(references) + 1
        raw = " ".join((block.raw or "").split())
        reference = Reference(index, raw, style="bibtex", problems=problems)
        if isinstance(block, Entry):
            _fill_from_bibtex(reference, block)
        note_problems(reference)
        references.append(reference)
    return references


def _fill_from_bibtex(reference: Reference, entry) -> None:
    fields = _bibtex_fields(entry)
    get = fields.get
    r = reference
    r.type = _TYPES.get(entry.entry_type.lower(), "other")
    r.authors, r.editors = _split_names(get("author", "")), _split_names(get("editor", ""))
    r.year = get("year", "") or get("date", "")[:4]
    r.title = get("title", "")
    if get("subtitle"):
        r.title = f"{r.title}: {fields['subtitle']}"
    r.container = get("journal") or get("journaltitle") or get("booktitle", "")
    if not r.container and "://" not in get("howpublished", "://"):
        r.container = fields["howpublished"]
    r.volume, r.issue = get("volume", ""), get("number") or get("issue", "")
    r.publisher = get("publisher") or get("institution") or get("school", "")
    r.place = get("address") or get("location", "")
    r.edition, r.note = get("edition", ""), get("note", "")
    r.url, r.accessed = get("url", ""), get("urldate", "")
    r.doi = bare_doi(get("doi", ""))
    if r.type == "report" and get("number"):
        r.issue, r.note = "", f"No. {fields['number']}"
    if r.type == "other" and r.url and (r.accessed or not r.container):
        r.type = "web page"
    fill_pages(r, get("pages", ""))
    settle_editors(r)


def _bibtex_fields(entry) -> dict[str, str]:
    """Fields of an entry without TeX; names as `family<US>given<US>suffix<RS>…`."""
    from bibtexparser.middlewares import LatexDecodingMiddleware
    from bibtexparser.middlewares.names import (
        InvalidNameError,
        parse_single_name_into_parts,
        split_multiple_persons_names,
    )
    from bibtexparser.model import Entry, Field

    fields = []
    for field in entry.fields:
        key, value = field.key.lower(), str(field.value)
        if key in ("author", "editor"):
            people = []
            for person in split_multiple_persons_names(value):
                try:
                    parts = parse_single_name_into_parts(person, strict=False)
                except InvalidNameError:
                    people.append(person)
                    continue
                family = " ".join([*parts.von, *parts.last])
                people.append("\x1f".join((family, " ".join(parts.first), " ".join(parts.jr))))
            value = "\x1e".join(people)
        fields.append(Field(key, value))
    plain = Entry(entry.entry_type, entry.key, fields)
    if any(_TEX.search(field.value) for field in fields):
        decoded = LatexDecodingMiddleware(keep_math_mode=False).transform_entry(plain, None)
        plain = decoded if isinstance(decoded, Entry) else plain
    return {field.key: " ".join(field.value.split(" ")).strip() for field in plain.fields}


def _split_names(text: str) -> list[Name]:
    names = []
    for person in text.split("\x1e") if text else ():
        family, given, suffix = (*person.split("\x1f"), "", "")[:3]
        if family.strip() and family != "others":
            names.append(Name(one_line(family), given_names(given), suffix.strip().rstrip(".")))
    return names
