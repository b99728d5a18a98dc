"""Printed reference lists, line by line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from retrace.bibliography import markup, pages
from retrace.bibliography.checks import note_problems
from retrace.bibliography.names import parse_names
from retrace.bibliography.parts import (
    DATE,
    MONTHS,
    Tail,
    read_details,
    split_imprint,
    split_publisher,
    split_tail,
    split_title_imprint,
)
from retrace.bibliography.record import Reference, to_frame
from retrace.bibliography.styles import STYLES, Style, detect_style

if TYPE_CHECKING:
    import pandas as pd

_CONFERENCE = re.compile(
    r"\b(?:Proceedings|Proc\.|Conference|Symposium|Workshop|Congress|Annual Meeting)\b"
)
# A journal without any number, where a book would have its publisher.
_JOURNAL = re.compile(r"^[^:]*\b(?:Journal|Review|Quarterly|Annals|Transactions|Letters)\b[^:]*$")
_INITIALS_LAST = re.compile(r"(?<=[.?!] )(?:[A-Z]\.? ?){1,3}$")
_DATED = re.compile(r"(?P<name>.{2,200}) (?P<date>\([^()]{3,30}\))$")
_VOLUME_AND_ISSUE = re.compile(r"(\d{1,5})\(([^()]{1,20})\)$")
_REPORT = re.compile(
    r"\b(?:[Ww]orking [Pp]apers?|(?:Technical|Research) Report|Discussion [Pp]apers?)\b"
)
# What ends a title that was cut too late: capitalised abbreviations belong to the container.
_ABBREVIATIONS = re.compile(r"(?<=[.?!] )(?:(?![IVX]+\.)[A-ZÀ-Þ][\w&-]{0,10}\. ?){1,8}$")
_SERIES = re.compile(r"(?:Series|Section|Part|Supplement|Ser\.) [A-Z0-9]|Series\b")
_SENTENCE = re.compile(r"[.?!] (?=[A-ZÀ-Þ0-9])")
_NOT_AN_END = frozenset({"St", "Mt", "vs", "Dr", "Mr", "U.S", "U.K", "No", "Vol", "e.g", "i.e"})


def parse_references(lines: Iterable[str | bytes], style: str = "auto") -> pd.DataFrame:
    """Read a printed reference list.

    Parameters
    ----------
    lines : iterable of str or bytes
        One printed reference each, with whatever markup extraction left.
    style : str
        `auto`, `apa` (the edition is found), or one of `styles.STYLES`: emerald, apa6, apa7,
        springer, elsevier, chicago.

    Returns
    -------
    pandas.DataFrame
        One row a line, in order, with `record.COLUMNS`; `raw` is the line as given. What cannot
        be read is left empty and noted under `problems`.

    Raises
    ------
    ValueError
        If the style is not known. No line raises, whatever it holds.
    """
    return to_frame(read_list(lines, style))


def read_list(lines: Iterable[str | bytes], style: str = "auto") -> list[Reference]:
    """As `parse_references`, as records."""
    if style not in STYLES and style not in ("auto", "apa"):
        known = ", ".join(["auto", "apa", *STYLES])
        raise ValueError(f"style {style!r} is not known; allowed are {known}")
    decoded = [markup.decode(line) for line in lines]
    cleaned = [markup.clean(text) for text, _ in decoded]
    texts = [text for text, _ in cleaned]
    if style == "auto":
        shown = [detect_style(text) for text in texts]
        chosen = list_style(shown)
        # A line of another style in the same list is read in its own.
        styles = [own if _family(own) not in ("", _family(chosen)) else chosen for own in shown]
    else:
        chosen = _apa_edition(map(detect_style, texts)) if style == "apa" else style
        styles = [chosen] * len(texts)
    references = []
    for index, ((raw, problems), (text, emphasised), own) in enumerate(
        zip(decoded, cleaned, styles, strict=True), start=1
    ):
        reference = Reference(index=index, raw=raw, style=own, problems=list(problems))
        if len(raw) > markup.LONGEST_LINE:
            reference.problems.append(
                f"longer than {markup.LONGEST_LINE} characters: only those were read"
            )
        if own != chosen:
            reference.problems.append(f"printed in another style than the list: {own}")
        _read(reference, text, emphasised)
        references.append(reference)
    if pages.dashes_were_lost(references):
        pages.restore_dashes(references)
    return references


def list_style(shown: Sequence[str]) -> str:
    """The style of a list whose lines show these styles; `apa7` where none shows any."""
    votes = Counter(_family(name) for name in shown if name)
    if not votes:
        return "apa7"
    most = max(sorted(votes), key=votes.__getitem__)
    return _apa_edition(shown) if most == "apa" else most


def _family(style: str) -> str:
    """Both editions of APA are one style, when it comes to telling styles apart."""
    return "apa" if style.startswith("apa") else style


def _apa_edition(shown: Iterable[str]) -> str:
    """Whether a list in APA style follows the 6th or the 7th edition.

    One line in six with a mark of the older one is enough: `doi:`, `Place: Publisher`.
    """
    votes = [name for name in shown if _family(name) == "apa"]
    return "apa6" if votes and votes.count("apa6") * 6 >= len(votes) else "apa7"


def _read(reference: Reference, text: str, emphasised: list[str]) -> None:
    """Fill in a reference from its cleaned line, in the style it is marked with."""
    problems = reference.problems
    if not text:
        problems.append("empty line")
        return
    style = STYLES[reference.style]
    tail = split_tail(text)
    _identifiers(reference, tail)
    body = f" {tail.body} "
    year = style.year.search(body)
    if year is None:
        problems.append("names and title were not told apart")
        reference.title = tail.body
        note_problems(reference)
        return
    reference.year = year["year"].replace(" ", "")
    before, rest = body[: year.start() + 1].strip(), body[year.end() :].strip()
    if _is_title(before, rest):
        # Without an author the title stands before the year.
        separator = "" if before[-1:] in '"”' else ". "
        rest, before = f"{before.rstrip('.')}{separator}{rest}".strip(), ""
    reference.authors, editors, truncated = parse_names(before, style.names)
    if truncated:
        problems.append("not every author is printed")
    _source(reference, rest, style, emphasised, editors)
    note_problems(reference)


_SOURCE_ALONE = re.compile(r"[^.?!]{3,120}, \d{1,4}(?:\([^()]{1,20}\))?(?:, [^,]{1,20})?\.?$")


def _is_title(before: str, rest: str) -> bool:
    """Whether what stands before the year is the title: quoted, or all but the source."""
    if before[:1] in ('"', "“"):
        return True
    return (" " in before and not rest) or bool(_SOURCE_ALONE.match(rest) and "," not in before)


def _identifiers(reference: Reference, tail: Tail) -> None:
    reference.doi = tail.doi
    reference.url = tail.url
    reference.accessed = tail.accessed
    reference.note = tail.note


def _source(
    reference: Reference, rest: str, style: Style, emphasised: list[str], editors: bool
) -> None:
    """Title, container, numbers and imprint, by the first layout of the style that fits."""
    rest = rest.rstrip(" ,;")
    if rest.endswith(".") and not rest.endswith(".."):
        rest = rest[:-1]
    fits = ((kind, match) for kind, p in style.compiled() if (match := p.match(rest)))
    kind, match = next(fits, ("other", None))
    if match is None:
        reference.title = rest
        return
    found = {key: value for key, value in match.groupdict().items() if value}
    title = found.get("title", "") + (s if (s := found.get("stop", ""))[:1] in ("?", "!") else "")
    container = found.get("container", "").strip(" ,")
    imprint = found.get("imprint", "")
    body = found.get("body", "")
    if "details" in found:
        found = read_details(found["details"]) | found
    if kind == "chapter" and body:
        container, imprint = _emphasised_title(body, emphasised)
    elif kind == "quoted":
        kind, container, imprint = _quoted(body, emphasised, reference)
    elif kind == "book" and body:
        title, imprint = _emphasised_title(body, emphasised)
    elif "stop" in found and kind == "article":
        title, container = _settle(title, container)
    elif kind == "book" and "stop" in found and imprint:
        initials = _INITIALS_LAST.search(title)
        if initials:  # `Physics. G. P. Putnam, New York`
            title, imprint = title[: initials.start()], f"{initials[0].strip()}. {imprint}"
    if kind == "book" and imprint and _JOURNAL.search(imprint) and not reference.accessed:
        kind, container, imprint = "article", imprint, ""
    if kind == "article" and not emphasised:
        container, imprint = split_publisher(container)
    kind = _kind(kind, reference, found, container, imprint, editors)
    reference.type = kind
    reference.title = title.strip(" ,").strip('"“”').rstrip(". ") or ""
    reference.container = container.rstrip(".") if kind == "article" else container
    _numbers(reference, found)
    if imprint:
        reference.publisher, reference.place = split_imprint(imprint)
    if found.get("place"):
        reference.place = found["place"]
    reference.edition = found.get("edition", "")
    if "editors" in found:
        reference.editors = parse_names(found["editors"], style.editors)[0]
    note = found.get("thesis") or found.get("report") or ""
    if note:
        reference.note = "; ".join(filter(None, (note.strip(), reference.note)))


def _emphasised_title(body: str, emphasised: list[str]) -> tuple[str, str]:
    """Cut a title from its imprint, at the end of the emphasis where there is one."""
    for piece in emphasised:
        if body.startswith(piece) and len(piece) > 3:
            return piece.strip(" ,"), body[len(piece) :].strip(" ,.")
    return split_title_imprint(body)


def _quoted(body: str, emphasised: list[str], reference: Reference) -> tuple[str, str, str]:
    """What a quoted title without numbers stands in: type, container, imprint."""
    if not body:
        return ("web page" if reference.url else "other"), "", ""
    container, imprint = _emphasised_title(body, emphasised)
    if DATE.match(container):
        container, reference.note = "", container
    dated = _DATED.match(container)
    if dated and DATE.match(dated["date"]):
        container, reference.note = dated["name"], dated["date"].strip("()")
    if reference.accessed or (reference.url and not reference.doi):
        if DATE.match(imprint):
            reference.note, imprint = imprint, ""
        return "web page", container, imprint
    if _CONFERENCE.search(body):
        return "conference paper", container, imprint
    if _JOURNAL.search(container):
        return "article", container, imprint
    if container in emphasised or imprint:
        return "chapter", container, imprint
    return "report", "", container


def _settle(title: str, container: str) -> tuple[str, str]:
    """Move the boundary between title and container where a stop was no end of sentence."""
    abbreviated = _ABBREVIATIONS.search(title + ". ")
    if abbreviated and container.rstrip(".").count(" ") <= 2 and abbreviated.start() > 0:
        moved = title[abbreviated.start() :]
        if len(moved) <= 40:
            title, container = title[: abbreviated.start()].strip(), f"{moved}. {container}"
    last_word = title.rsplit(" ", 1)[-1]
    if last_word in _NOT_AN_END or _SERIES.match(container):
        ends = list(_SENTENCE.finditer(title))
        if ends:
            cut = ends[-1].end()
            container = f"{title[cut:]}. {container}"
            title = title[: cut - 1]
    return title, container


def _kind(
    kind: str,
    reference: Reference,
    found: dict[str, str],
    container: str,
    imprint: str,
    editors: bool,
) -> str:
    """The type, from the layout and from what was found in it."""
    if kind == "chapter" and _CONFERENCE.search(container):
        return "conference paper"
    if kind == "article" and _CONFERENCE.search(container) and "volume" not in found:
        return "conference paper"
    if kind in ("book", "other", "web page", "quoted"):
        if editors:
            return "edited book"
        if _REPORT.search(imprint):
            return "report"
        if reference.accessed or kind == "web page":
            return "web page"
        if kind == "other" and reference.url and not reference.doi:
            return "web page"
        if kind == "other" and reference.doi:
            return "book"
    return kind


def _numbers(reference: Reference, found: dict[str, str]) -> None:
    volume = found.get("volume", "").strip()
    issue = found.get("issue", "").strip()
    if "ahead-of-print" in (volume, issue):
        reference.problems.append("ahead of print: no volume and issue yet")
        volume = "" if volume == "ahead-of-print" else volume
        issue = "" if issue == "ahead-of-print" else issue
    if issue.lower().rstrip(".") in MONTHS:
        reference.note, issue = issue, ""
    both = _VOLUME_AND_ISSUE.match(volume)
    if both and not issue:
        volume, issue = both.groups()
    reference.volume, reference.issue = volume, issue
    first, last = found.get("first", ""), found.get("last", "")
    if last:
        first, last = pages.expand_range(first, last)
    reference.first_page, reference.last_page = first.rstrip("."), last.rstrip(".")
    if found.get("number"):
        reference.note = found["number"]
