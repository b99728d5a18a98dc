"""What stands behind the year of a printed reference: title, container, numbers and imprint."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from retrace.bibliography import pages
from retrace.bibliography.journals import journal_code
from retrace.bibliography.names import parse_names
from retrace.bibliography.printed_lists.imprint import (
    CONFERENCE,
    is_imprint,
    is_site,
    names_publisher,
    split_event,
    split_imprint,
    split_publisher,
    split_title_imprint,
)
from retrace.bibliography.printed_lists.parts import DATE, DATE_LAST, MONTHS, read_details
from retrace.bibliography.printed_lists.styles import Style
from retrace.bibliography.problem_codes import ProblemCode
from retrace.bibliography.record import Reference

# A journal without any number, where a book would have its publisher.
_JOURNAL = re.compile(r"^[^:]*\b(?:Journal|Review|Quarterly|Annals|Transactions|Letters)\b[^:]*$")
# What publishes a review, and is none: `Harvard Law Review Association`.
_BODY = re.compile(r"\b(?:Association|Press|Society|Publish\w+)(?:,|\.?$)")
# A work that has no volume or pages yet, or a reference that says so.
_AHEAD = re.compile(
    r"[.,]? [\[(]?(?:[Aa]dvance online publication|[Oo]nline first|[Ii]n press|[Ff]orthcoming"
    r"|[Ee]arly view|[Aa]rticle in press|[Ee]pub ahead of print|[Aa]head-of-print(?= No)"
    r"|[Aa]ccepted manuscript)[\])]?$"
)
# Where the name of an abbreviated journal begins: `J. Real Estate Fin. Econ.`
_ABBREVIATED_JOURNAL = re.compile(
    r"(?<=[.?!] )(?:J|Int|Am|Amer|Ann|Bull|Proc|Trans|Rev|Annu|Brit|Br|Eur|Q|Acad|Arch|Commun"
    r"|Can|Comput)\. [^.]{1,30}(?:\. ?[^.]{1,30}){0,5}\.?$"
)
# What is no newspaper's for all its day: `Version 3, May 2004`, `US patent, 12 May 1998`.
_VERSION = re.compile(r"\b(?:[Vv]ersion|[Pp]atent)\b")
_BLOG = re.compile(r"\b[Bb]log\b|\w\.(?:com|org|net|gov|edu)\b")
_INITIALS_LAST = re.compile(r"(?<=[.?!] )(?:[A-Z]\.? ?){1,3}$")
_DATED = re.compile(r"(?P<name>.{2,200}) (?P<date>\([^()]{3,30}\))$")
_VOLUME_AND_ISSUE = re.compile(r"(\d{1,5})\(([^()]{1,20})\)$")
_REPORT_SERIES = re.compile(
    r"(?P<name>[^,.]{0,60}\b(?:[Ww]orking|[Dd]iscussion|[Rr]esearch|[Tt]echnical|[Ss]taff|[Pp]olicy)"
    r" (?:[Pp]apers?|[Rr]eports?|[Mm]emorandum)\b(?: [Ss]eries)?(?:,? (?:[Nn]os?\.? ?|#)?"
    r"[\w./–-]*\d[\w./–-]*| \[[^\[\]]{1,30}\])?"
    r"|[^,.]{0,60}\b(?:[Rr]eport|[Pp]ublication),? [Nn]os?\.? ?[\w./–-]*\d[\w./–-]*)"
    r"(?:[,.] (?P<imprint>.+))?$"
)
_REPORT = re.compile(
    r"\b(?:[Ww]orking [Pp]apers?|(?:Technical|Research) Report|Discussion [Pp]apers?)\b"
)
# What ends a title that was cut too late: capitalised abbreviations belong to the container.
_ABBREVIATIONS = re.compile(r"(?<=[.?!] )(?:(?![IVX]+\.)[A-ZÀ-Þ][\w&-]{0,10}\. ?){1,8}$")
# The same of a journal whose first words, or words in between, are printed in full: `Small Bus.
# Econ.`, `Transp. Res. Part E Logist.` Abbreviations end before a vowel (ISO 4).
_PARTLY_ABBREVIATED = re.compile(
    r"(?<=[.?!] )(?:[A-ZÀ-Þ][\w&/-]{0,14} ){0,3}"
    r"(?:(?![IVX]+\.)[A-ZÀ-Þ][\w&-]{0,9}(?<![aeouy])\. (?:[A-ZÀ-Þ][\w&-]{0,14} ){0,2}){1,8}$"
)
_LONGEST_ABBREVIATED = 60
_SERIES = re.compile(r"(?:Series|Section|Part|Supplement|Ser\.) [A-Z0-9]|Series\b")
_SENTENCE = re.compile(r"[.?!] (?=[A-ZÀ-Þ0-9])")
_NOT_AN_END = frozenset({"St", "Mt", "vs", "Dr", "Mr", "U.S", "U.K", "No", "Vol", "e.g", "i.e"})


def fill_source(
    reference: Reference, rest: str, style: Style, emphasised: list[str], editors: bool
) -> None:
    """Title, container, numbers and imprint, by the first layout of the style that fits."""
    rest = rest.rstrip(" ,;")
    if rest.endswith(".") and not rest.endswith(".."):
        rest = rest[:-1]
    ahead = _AHEAD.search(rest)
    if ahead:
        rest = rest[: ahead.start()]
    dated = None if _VERSION.search(rest) else DATE_LAST.search(rest)
    if dated:
        rest = rest[: dated.start()]
        reference.note = "; ".join(filter(None, (dated["date"], reference.note)))
    unnumbered = bool(ahead) or reference.year[:1].lower() in ("i", "f")  # in press, forthcoming
    fits = (
        (kind, match)
        for kind, mark, pattern in style.compiled()
        if mark in rest and (match := pattern.match(rest))
    )
    kind, match = next(fits, ("other", None))
    if match is None:
        reference.title = rest
        return
    source = _Source(reference, style, emphasised, dated, unnumbered, kind)
    source.read(match)
    source.settle_parts(quoted=rest.startswith(('"', "“")))
    source.settle_kind()
    source.fill(editors)


@dataclass
class _Source:
    """What stands behind the year of one reference, while it is taken apart.

    `dated` is a day of publication at its end; `unnumbered` says that the work has no volume and
    pages yet.
    """

    reference: Reference
    style: Style
    emphasised: list[str]
    dated: re.Match | None
    unnumbered: bool
    kind: str
    title: str = ""
    container: str = ""
    imprint: str = ""
    body: str = ""
    found: dict[str, str] = field(default_factory=dict)

    def read(self, match: re.Match) -> None:
        """Take over the parts of a layout that fits."""
        found = {key: value for key, value in match.groupdict().items() if value}
        stop = found.get("stop", "")
        self.title = found.get("title", "") + (stop if stop[:1] in ("?", "!") else "")
        self.container = found.get("container", "").strip(" ,")
        self.imprint = found.get("imprint", "")
        self.body = found.get("body", "")
        if "details" in found:
            found = read_details(found["details"]) | found
        self.found = found

    def settle_parts(self, quoted: bool) -> None:
        """Where title, container and imprint end; `quoted` are those that begin with a quote."""
        kind, body, found = self.kind, self.body, self.found
        if kind == "chapter" and body:
            # A volume ends the name of the book.
            self.container, self.imprint = (
                (body, self.imprint)
                if "volume" in found
                else _emphasised_title(body, self.emphasised)
            )
        elif kind == "quoted":
            numbered = "first" in found or self.unnumbered
            self.kind, self.container, self.imprint = _quoted(
                body, self.emphasised, self.reference, numbered, self.dated
            )
            if self.kind == "report":
                found["report"], self.container = self.container, ""
        elif kind == "book" and body:
            self.title, self.imprint = _emphasised_title(body, self.emphasised)
        elif "stop" in found and kind == "article" and not quoted:
            self.title, self.container = _settle(self.title, self.container)
        elif kind == "book" and "stop" in found and self.imprint:
            initials = _INITIALS_LAST.search(self.title)
            if initials:  # `Physics. G. P. Putnam, New York`
                self.title = self.title[: initials.start()].rstrip(". ")
                self.imprint = f"{initials[0].strip()}. {self.imprint}"

    def settle_kind(self) -> None:
        """What was taken for a book may be an article or a web page; dates and events apart."""
        reference, found = self.reference, self.found
        if self.kind == "book" and self.imprint and self._is_in_journal():
            # The stop of an abbreviation went with that of the reference.
            self.title, self.container = _settle(self.title, f"{self.imprint}.")
            self.kind, self.imprint = "article", ""
        elif self.kind == "book" and self.imprint and "stop" in found and self._is_on_site():
            self.kind = "web page"
            if not names_publisher(self.imprint):  # the name of the site, not of an organisation
                self.container, self.imprint = self.imprint, ""
        if self.kind == "article" and (day := DATE_LAST.search(self.container)):
            self.container, reference.note = self.container[: day.start()], day["date"]
        if self.kind == "article" and not self.imprint and self.container not in self.emphasised:
            self.container, self.imprint = split_publisher(self.container)
        if "event" in found:
            self.container, found["place"], days = split_event(found["event"])
            reference.note = days or reference.note
        bare = not (self.container or self.imprint)
        if self.dated and self.kind in ("book", "other") and bare:
            self.title += self.dated[0]  # The day is one that the title tells of.
            reference.note = reference.note.removeprefix(self.dated["date"]).removeprefix("; ")

    def _is_in_journal(self) -> bool:
        """Whether the imprint of a book is a journal's name."""
        named = _JOURNAL.search(self.imprint) and not _BODY.search(self.imprint)
        if named and not self.reference.accessed:
            return True
        if (self.unnumbered or self.dated) and not is_imprint(self.imprint):
            return True
        return _is_journal(self.imprint, self.reference, self.style)

    def _is_on_site(self) -> bool:
        online = bool(self.reference.url) and not self.reference.doi
        return online and is_site(self.imprint)

    def fill(self, editors: bool) -> None:
        """Write everything into the reference."""
        reference, found = self.reference, self.found
        kind = _kind(self.kind, reference, found, self.container, self.imprint, editors)
        reference.type = kind
        if self.unnumbered and kind == "article":
            reference.problems.append(ProblemCode.AHEAD_OF_PRINT.of())
        reference.title = self.title.strip(" ,").strip('"“”').rstrip(". ") or ""
        reference.container = self.container.rstrip(".") if kind == "article" else self.container
        _numbers(reference, found)
        if self.imprint:
            reference.publisher, reference.place = split_imprint(self.imprint)
        if found.get("place"):
            reference.place = found["place"]
        reference.edition = found.get("edition", "")
        if "editors" in found:
            reference.editors = parse_names(found["editors"], self.style.editors)[0]
        note = found.get("thesis") or found.get("report") or found.get("database") or ""
        if note:
            reference.note = "; ".join(filter(None, (note.strip(), reference.note)))


# Styles that quote what is part of something else: a title without quotes is one of a book.
_QUOTING = ("emerald", "chicago")
# Styles that print a place beside every publisher.
_WITH_PLACES = ("springer", "elsevier")


def _is_journal(name: str, reference: Reference, style: Style) -> bool:
    """Whether one name between title and DOI is a journal's: `J Mol Med`."""
    if not reference.doi or style.name in _QUOTING or is_imprint(name):
        return False
    if ", " in name or ": " in name:
        return False
    return style.name in _WITH_PLACES or bool(journal_code(reference.doi))


def _emphasised_title(body: str, emphasised: list[str]) -> tuple[str, str]:
    """Cut a title from its imprint, at the end of the emphasis where there is one."""
    for piece in emphasised:
        if body.startswith(piece) and len(piece) > 3:
            return piece.strip(" ,"), body[len(piece) :].strip(" ,.")
    return split_title_imprint(body)


def _quoted(
    body: str,
    emphasised: list[str],
    reference: Reference,
    numbered: bool,
    published: re.Match | None,
) -> tuple[str, str, str]:
    """What a quoted title without numbers stands in: type, container, imprint.

    Of a report the container is what it calls itself, `Working Paper No. 12`. What has a day of
    publication (`parts.DATE_LAST`) is an article of a newspaper, or a web page.
    """
    if not body:
        return ("web page" if reference.url else "other"), "", ""
    report = _REPORT_SERIES.match(body)
    if report and report["name"] not in emphasised:
        return "report", report["name"], report["imprint"] or ""
    container, imprint = _emphasised_title(body, emphasised)
    if DATE.match(container):
        container, reference.note = "", container
    dated = _DATED.match(container)
    if dated and DATE.match(dated["date"]):
        container, reference.note = dated["name"], dated["date"].strip("()")
    online = reference.url and not reference.doi
    if published and not imprint and not (reference.accessed or published["changed"]):
        on_paper = not (online and _BLOG.search(container))
        return ("article" if on_paper else "web page"), container, imprint
    if reference.accessed or online or (published and published["changed"]):
        if DATE.match(imprint):
            reference.note, imprint = imprint, ""
        return "web page", container, imprint
    if CONFERENCE.search(body):
        return "conference paper", container, imprint
    # With pages, or before it has them, and without an `in`, a name is one of a journal; one with
    # a subtitle only if it says so: `Econometrica: Journal of the Econometric Society`.
    title, _, subtitle = container.partition(": ")
    named = _JOURNAL.search(title) or (numbered and (not subtitle or _JOURNAL.search(subtitle)))
    if named:
        return "article", container, imprint
    if container in emphasised or imprint:
        return "chapter", container, imprint
    return "report", "", container


def _settle(title: str, container: str) -> tuple[str, str]:
    """Move the boundary between title and container where a stop was no end of sentence."""
    abbreviated = _ABBREVIATIONS.search(title + ". ")
    if container.endswith("."):
        abbreviated = _PARTLY_ABBREVIATED.search(title + ". ") or abbreviated
    if abbreviated and container.rstrip(".").count(" ") <= 2:
        moved = title[abbreviated.start() :]
        if len(moved) <= _LONGEST_ABBREVIATED:
            title, container = title[: abbreviated.start()].strip(), f"{moved}. {container}"
    abbreviated = _ABBREVIATED_JOURNAL.search(f"{title}. {container}")
    if abbreviated and abbreviated.start() < len(title):
        title, container = title[: abbreviated.start()].rstrip(), abbreviated[0]
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
    if kind == "chapter" and CONFERENCE.search(container):
        return "conference paper"
    if kind == "article" and CONFERENCE.search(container) and "volume" not in found:
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
        reference.problems.append(ProblemCode.AHEAD_OF_PRINT.of())
        volume = "" if volume == "ahead-of-print" else volume
        issue = "" if issue == "ahead-of-print" else issue
    if issue.lower().rstrip(".") in MONTHS:
        reference.note, issue = issue, ""
    both = _VOLUME_AND_ISSUE.match(volume)
    if both and not issue:
        volume, issue = both.groups()
    reference.volume, reference.issue = volume, issue
    # `1562-??`: the page was not known.
    first, last = (found.get(key, "").replace("??", "") for key in ("first", "last"))
    if last:
        first, last = pages.expand_range(first, last)
    reference.first_page, reference.last_page = first.rstrip("."), last.rstrip(".")
    if found.get("number"):
        reference.note = found["number"]
