"""The printed styles: one declarative grammar each, over the parts of `parts`.

A grammar says how the year stands, in which order names are printed, and which layouts what
follows the year may have. Layouts are tried in order; `{name}` stands for a shared part.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrace.bibliography.printed_lists.parts import PARTS, YEAR_LABEL

_QUOTED = r"[\"“](?P<title>\S.{0,1200}?)(?P<stop>[?!.]?)(?:[\"”],(?: |$)|[,.][\"”](?: |$)|[\"”]$)"
_CHICAGO_QUOTED = r"[\"“](?P<title>\S.{0,1200}?)(?P<stop>[?!.,]{1,2})[\"”] ?"


@dataclass(frozen=True)
class Layout:
    """One form of what follows the year.

    Attributes
    ----------
    type : str
        The type of reference that it shows.
    template : str
        A pattern over the parts.
    mark : str
        Characters without which it cannot fit, so that it need not be tried.
    """

    type: str
    template: str
    mark: str = ""

    def compile(self) -> tuple[str, str, re.Pattern]:
        """Type, mark, and the template with its parts filled in, for the whole of the text."""
        text = self.template
        for name, pattern in PARTS.items():
            text = text.replace("{" + name + "}", pattern)
        return self.type, self.mark, re.compile(text + "$")


@dataclass(frozen=True)
class Style:
    """A printed author-date style.

    Attributes
    ----------
    name : str
    names : str
        The order of names, as `names.parse_names` takes it.
    editors : str
        The order of editors' names inside a chapter.
    year : re.Pattern
        The year with the punctuation around it; the first match ends the names.
    layouts : tuple of Layout
        From the most to the least specific; the last fits anything.
    """

    name: str
    names: str
    editors: str
    year: re.Pattern
    layouts: tuple[Layout, ...]

    def compiled(self) -> tuple[tuple[str, str, re.Pattern], ...]:
        """The layouts, each as its type, its mark and its pattern, compiled once for all."""
        return _COMPILED[self.name]


_BRACKETED = rf"\((?:\[\d{{4}}\] )?{YEAR_LABEL}(?:, [^()]{{1,40}})?\)"
_EDS = r"\((?:Eds?|eds?)\.?\)"

_APA_LAYOUTS = (
    Layout("conference paper", r"{title} {presentation}", "["),
    Layout("conference paper", r"{title}{stop} {presented}", "resented "),
    Layout(
        "chapter",
        r"{title}{stop} In {editors},? " + _EDS + r"[.,]{0,2} {any_container}"
        r" \({details}\)(?:\. {imprint})?",
        "In ",
    ),
    Layout(
        "chapter",
        r"{title}{stop} In {editors},? "
        + _EDS
        + r"[.,]{0,2} {any_container}(?:\. {last_imprint})?",
        "In ",
    ),
    Layout(
        "chapter",
        r"{title}{stop} In {any_container} \((?P<details>[^()]{0,60}pp?\.[^()]{1,40})\)"
        r"(?:\. {imprint})?",
        "In ",
    ),
    Layout("chapter", r"{title}{stop} In {container}\. {imprint}", "In "),
    Layout(
        "article",
        r"{greedy_title}{stop} {container}, {month}{volume} ?\({issue}\)"
        r"(?:, {pages})?",
    ),
    Layout("article", r"{greedy_title}{stop} {container}, {month}{volume}, {pages}"),
    Layout(
        "article",
        r"{greedy_title}{stop} {container}, \((?P<issue>\d{1,4}(?:[-–/]\d{1,4})?)\)(?:, {pages})?",
    ),
    Layout("article", r"{greedy_title}{stop} {container}, {lone_volume}"),
    Layout("conference paper", r"{title}{stop} {container}, {pages}\. {imprint}"),
    Layout("article", r"{greedy_title}{stop} {container}, {pages}"),
    Layout(
        "thesis",
        r"{title}\.?(?: \({details}\))? [\[(]{thesis}[^\])]{0,60}[\])](?:\. {imprint})?",
    ),
    Layout("thesis", r"{title}\. {thesis}\. {imprint}"),
    Layout("report", r"{title} \({report}(?:, {details})?\)(?:\. {imprint})?"),
    Layout("report", r"{title}{stop} {numbered_report}(?:[,.] {imprint})?"),
    Layout("book", r"{title} \({edition}(?:, {details})?\)(?:\. {imprint})?"),
    Layout("book", r"{title} \({details}\)\. {imprint}"),
    Layout("other", r"{title} \[{details}\](?:\. {imprint})?"),
    Layout("book", r"{title}{stop} {imprint}"),
    Layout("other", r"{greedy_title}"),
)

APA6 = Style("apa6", "initials", "natural", re.compile(rf" {_BRACKETED}\.? "), _APA_LAYOUTS)
APA7 = Style("apa7", "initials", "natural", re.compile(rf" {_BRACKETED}\.? "), _APA_LAYOUTS)

_EMERALD_NUMBERS = (
    r"(?:, Vol\.? ?(?P<volume>[^,]{1,30}?))?"
    r"(?:,? Nos?\.? ?(?P<issue>[^,]{1,30}(?:, \d{1,4}(?=, p))?))?"
    r"(?:, {pages})?"
)
EMERALD = Style(
    "emerald",
    "initials",
    "initials",
    re.compile(rf" {_BRACKETED}[,.]? "),
    (
        Layout("conference paper", _QUOTED + r"{presented}", "resented "),
        Layout(
            "chapter",
            _QUOTED
            + r"[Ii]n {editors},? "
            + _EDS
            + r"[.,]{0,2} (?P<body>\S.{0,500}?)(?:, Vol\. {volume}(?:, {short_imprint})?)?"
            r"(?:, (?=pp?\.){pages})?",
        ),
        Layout("article", _QUOTED + r"{any_container}(?=, Vol|, No)" + _EMERALD_NUMBERS),
        # A part of a series: its publisher stands before the pages.
        Layout(
            "chapter",
            _QUOTED + r"(?P<body>\S.{0,400}?), Vol\. {volume}(?:\([^()]{1,9}\))?, {short_imprint}"
            r"(?:, (?=pp?\.){pages})?",
            "Vol. ",
        ),
        Layout("thesis", _QUOTED + r"{thesis}(?:, {imprint})?"),
        Layout("quoted", _QUOTED + r"(?P<body>\S.{0,500}?)(?:, (?=pp?\.){pages})?"),
        Layout("quoted", _QUOTED),
        Layout("thesis", r"{title}, {thesis}(?:, {short_imprint})?(?:, (?=pp?\.){pages})?"),
        Layout(
            "book",
            r"{title}, Vol\. {volume}(?:, {edition}\.?)?(?:, {short_imprint})?"
            r"(?:, (?=pp?\.){pages})?",
        ),
        Layout(
            "book", r"{title},? \(?{edition}\)?\.?(?:, {short_imprint})?(?:, (?=pp?\.){pages})?"
        ),
        Layout("report", r"{title}, {report_number}(?:, {imprint})?"),
        Layout("report", r"{title}, {report}, {imprint}"),
        Layout("book", r"(?P<body>\S.{0,1200}?)(?:, (?=pp?\.){pages})?"),
    ),
)

SPRINGER = Style(
    "springer",
    "bare",
    "bare",
    re.compile(rf" {_BRACKETED} "),
    (
        Layout("conference paper", r"{title}{stop} {presented}", "resented "),
        Layout("report", r"{title}{stop} {numbered_report}(?:[,.] {imprint})?"),
        Layout(
            "chapter",
            r"{title}{stop} In: {editors},? " + _EDS + r" {any_container}"
            r"(?:, {edition})?\. {last_imprint}(?:, (?=pp? ){pages})",
            "In: ",
        ),
        Layout(
            "chapter",
            r"{title}{stop} In: {editors},? "
            + _EDS
            + r" {any_container}(?:, {edition})?(?:\. {last_imprint})?",
            "In: ",
        ),
        Layout(
            "chapter",
            r"{title}{stop} In: {any_container}\. {last_imprint}(?:, (?=pp? ){pages})",
            "In: ",
        ),
        Layout("chapter", r"{title}{stop} In: {any_container}(?:, (?=pp? ){pages})", "In: "),
        Layout("chapter", r"{title}{stop} In: {any_container}(?:\. {imprint})?", "In: "),
        Layout(
            "article", r"{greedy_title}{stop} {container} {volume} ?(?:\({issue}\))?:(?: ?{pages})?"
        ),
        Layout("article", r"{greedy_title}{stop} {container} {volume} ?\({issue}\)"),
        Layout(
            "article",
            r"{greedy_title}{stop} {container},? (?=pp? \d|\d+[-–]\d|\?\?){pages}",
        ),
        Layout("article", r"{greedy_title}{stop} {container} {lone_volume}"),
        Layout("thesis", r"{title}\. {thesis}, {imprint}"),
        Layout("book", r"{title}, {edition}(?:\. {imprint})?"),
        Layout("book", r"{greedy_title}{stop} {imprint}"),
        Layout("other", r"{greedy_title}"),
    ),
)

ELSEVIER = Style(
    "elsevier",
    "initials",
    "initials",
    re.compile(rf", {YEAR_LABEL}\.(?: |$)"),
    (
        Layout("conference paper", r"{title}{stop} {presented}", "resented "),
        Layout("report", r"{title}{stop} {numbered_report}(?:[,.] {imprint})?"),
        Layout(
            "chapter",
            r"{title}(?P<stop>[.?!,]) [Ii]n: {editors},? " + _EDS + r"[.,]{0,2} {any_container}"
            r"(?:, {edition})?\. {last_imprint}(?:, (?=pp?\.){pages})",
            "n: ",
        ),
        Layout(
            "chapter",
            r"{title}(?P<stop>[.?!,]) [Ii]n: {editors},? " + _EDS + r"[.,]{0,2} {any_container}"
            r"(?:, {edition})?(?:\. {last_imprint})?",
            "n: ",
        ),
        Layout(
            "chapter",
            r"{title}(?P<stop>[.?!,]) [Ii]n: {any_container}\. {last_imprint}"
            r"(?:, (?=pp?\.){pages})",
            "n: ",
        ),
        Layout(
            "chapter", r"{title}(?P<stop>[.?!,]) [Ii]n: {any_container}, (?=pp?\.){pages}", "n: "
        ),
        Layout(
            "chapter", r"{title}(?P<stop>[.?!,]) [Ii]n: {any_container}(?:\. {imprint})?", "n: "
        ),
        Layout(
            "article", r"{greedy_title}{stop} {container},? {volume} ?(?:\({issue}\))?, {pages}"
        ),
        Layout("article", r"{greedy_title}{stop} {container},? {volume} ?\({issue}\)"),
        Layout("article", r"{greedy_title}{stop} {container} {lone_volume}"),
        Layout("article", r"{greedy_title}{stop} {container},? (?=\d|pp?\.){pages}"),
        Layout("web page", r"{title} \[WWW Document\](?:\. {imprint})?", "[WWW"),
        Layout("thesis", r"{title} [\[(]{thesis}[\])](?:\. {imprint})?"),
        Layout("report", r"{title} \({report}\)(?:\. {imprint})?"),
        Layout("book", r"{title}, {edition}(?:\. {imprint})?"),
        Layout("book", r"{greedy_title}{stop} {imprint}"),
        Layout("other", r"{greedy_title}"),
    ),
)

CHICAGO = Style(
    "chicago",
    "full",
    "natural",
    re.compile(rf"(?<=[^,])(?: [\[(]\d{{4}}[\])])? {YEAR_LABEL}\.(?: |$)"),
    (
        Layout("conference paper", _CHICAGO_QUOTED + r"{presented}", "resented "),
        Layout(
            "chapter",
            _CHICAGO_QUOTED + r"In {any_container}, (?:edited by|ed\.) {editors}"
            r"(?:, vol\. {volume})?, (?=\d){pages}\. {imprint}",
            "In ",
        ),
        Layout(
            "chapter",
            _CHICAGO_QUOTED + r"In {any_container}, (?:edited by|ed\.) {editors}"
            r"(?:, vol\. {volume})?(?:, (?=\d){pages})?(?:\. {imprint})?",
            "In ",
        ),
        Layout(
            "chapter",
            _CHICAGO_QUOTED + r"In {any_container}(?:, (?=\d){pages})?(?:\. {imprint})?",
            "In ",
        ),
        Layout(
            "article",
            _CHICAGO_QUOTED + r"{any_container},? {volume}, [Nn]os?\. (?P<issue>[^,:()]{1,20})"
            r"(?: ?\([^()]{1,40}\))?(?:: ?{pages})?(?:\. {database})?",
        ),
        Layout(
            "article",
            _CHICAGO_QUOTED + r"{any_container}, [Nn]o\. (?P<issue>\w{1,9})"
            r"(?: ?\([^()]{1,40}\))?(?:: ?{pages})?(?:\. {database})?",
        ),
        Layout(
            "article",
            _CHICAGO_QUOTED + r"{any_container},? {volume} ?\({issue}\)(?:: ?{pages})?"
            r"(?:\. {database})?",
        ),
        Layout(
            "article", _CHICAGO_QUOTED + r"{any_container},? {volume}: ?{pages}(?:\. {database})?"
        ),
        Layout("article", _CHICAGO_QUOTED + r"{any_container} {lone_volume}"),
        Layout("conference paper", _CHICAGO_QUOTED + r"{any_container} \({place}\), (?=\d){pages}"),
        Layout("thesis", _CHICAGO_QUOTED + r"{thesis},? {imprint}"),
        Layout("quoted", _CHICAGO_QUOTED + r"(?P<body>\S.{0,500}?)(?:, (?=\d){pages})?"),
        Layout("quoted", _CHICAGO_QUOTED),
        Layout("thesis", r"{title}\. {thesis}, {imprint}"),
        Layout("report", r"{title}\. {report_number}\. {imprint}"),
        Layout("book", r"{title}\. {edition}(?:\. Vol\. {volume})?(?:\. {imprint})?"),
        Layout("book", r"{title}\. Vol\. {volume}(?:\. {imprint})?", "Vol. "),
        Layout("book", r"{title}{stop} {imprint}"),
        Layout("other", r"{greedy_title}"),
    ),
)

STYLES = {style.name: style for style in (EMERALD, APA6, APA7, SPRINGER, ELSEVIER, CHICAGO)}
_COMPILED = {
    name: tuple(layout.compile() for layout in style.layouts) for name, style in STYLES.items()
}

# --- detection -------------------------------------------------------------------------------

# Not the first year of a reprint, as Chicago has it: `(1959) 1997.`
_YEAR_IN_BRACKETS = re.compile(rf" {_BRACKETED}(?P<after>[.,]{{0,2}})(?: (?!\d{{4}}\. )|$)")
_APA6_MARK = re.compile(r"\bdoi: ?10\.|\bRetrieved |\. [A-Z][\w ,.]{2,30}: [A-Z][\w& .]{2,60}\.?$")


def detect_style(line: str) -> str:
    """The style that one line, cleaned, shows by its year; empty where it shows none."""
    bracket = _YEAR_IN_BRACKETS.search(line)
    comma = ELSEVIER.year.search(line)
    stop = CHICAGO.year.search(line)
    starts = [
        (match.start("year"), rank, match)
        for rank, match in enumerate((bracket, comma, stop))
        if match is not None
    ]
    if not starts:
        return ""
    _, rank, match = min(starts)
    if rank == 1:
        return "elsevier"
    if rank == 2:
        return "chicago"
    if match["after"] == ",":
        return "emerald"
    rest = line[match.end() : match.end() + 1]
    if rest and rest in '"“' and "." not in match["after"]:
        return "emerald"
    if match["after"] == "":
        return "apa6" if _APA_NAMES.search(line, 0, match.start() + 2) else "springer"
    return "apa6" if _APA6_MARK.search(line) else "apa7"


# Initials with stops behind a comma, as APA has them and Springer has not.
_APA_NAMES = re.compile(r", [A-ZÀ-Þ]\.(?:[ -]{0,2}[A-ZÀ-Þ]\.){0,4}(?:,| &| \()|\(Eds?\.\)\.? $")
