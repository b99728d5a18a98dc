"""The parts that printed references share: identifiers, years, pages, imprints.

Every pattern is bounded or anchored, so that no line takes longer than its length times a
constant.
"""

from __future__ import annotations

import re
from typing import NamedTuple

YEAR = r"(?:1[4-9]\d\d|20\d\d)"
YEAR_LABEL = (
    rf"(?:(?:ca?\. ?)?(?P<year>{YEAR}(?:[/–-]\d{{2,4}})?[a-z]?|n\. ?d\.?"
    r"|[Ii]n press|[Ff]orthcoming))"
)
MONTHS = {
    month: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for month in names
}
MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)

# --- identifiers -----------------------------------------------------------------------------

# A registered DOI: prefix 10., registrant of 4 to 9 digits, a slash, anything without blanks
# (ISO 26324; Crossref's recommended pattern).
_DOI = re.compile(
    r"(?:doi:?\s*|DOI:?\s*)?(?:(?:https?://)?(?:dx\.)?doi\.org/){0,2}(?:doi:\s*)?"
    r"(?P<doi>10\.\d{4,9}/[^\s\"]{1,200})"
)
_DOI_LABEL = re.compile(r"\b(?:doi|DOI):?\s*(?:https?://(?:dx\.)?doi\.org/)?(?P<doi>\S{3,200})")
_URL = re.compile(r"https?://[^\s<>\"]{3,1000}|\bwww\.[^\s<>\"]{3,1000}")
_DATE = rf"\d{{1,2}} {MONTH},? {YEAR}|{MONTH} \d{{1,2}},? {YEAR}|{MONTH} {YEAR}"
# A day of publication, as newspapers and web pages have.
DATE = re.compile(rf"\(?(?:\d{{1,2}} )?{MONTH}(?: \d{{1,2}})?(?:,? {YEAR})?\)?$")
# The same with a day or a year, behind a comma or a stop, or behind a quoted title.
DATE_LAST = re.compile(
    r"(?:[,.]|(?<=[\"”])) (?P<changed>(?:[Ll]ast )?(?:[Mm]odified|[Uu]pdated|[Rr]evised) )?"
    rf"(?P<date>\d{{1,2}}(?:[–-]\d{{1,2}})? {MONTH}(?:,? {YEAR})?"
    rf"|{MONTH} \d{{1,2}}(?:[–-]\d{{1,2}})?(?:,? {YEAR})?|{MONTH} {YEAR})$"
)
_ACCESSED = re.compile(
    rf"[\[(]?\b(?:[Aa]ccessed|[Rr]etrieved|[Vv]iewed|[Ll]ast accessed)(?: on| at)?:? "
    rf"(?P<date>{_DATE}|\d{{1,2}}\.\d{{1,2}}\.\d{{2,4}}|\d{{4}}-\d\d-\d\d)[\])]?,?(?: from)?:?"
)
_TAIL_WORDS = re.compile(
    r"[.,;]?\s*[\[(]?\b(?:available (?:at|from|online at|online)|Available (?:at|from|online at)"
    r"|[Rr]etrieved from|Retrieved|URL|[Aa]ccessed|last accessed|DOI|doi)\b[\])]?:?\s*$"
)
_ENGLISH_DATE = re.compile(
    rf"(?:(?P<day>\d{{1,2}}) )?(?P<month>{MONTH})(?: (?P<day2>\d{{1,2}}))?,? (?P<year>{YEAR})"
)
_NUMERIC_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{2,4})")


# Volume or pages behind a DOI, which then stands in the middle of a reference.
_NUMBERS_BEHIND = re.compile(
    r"[\])]?[.,] (?!http)(?:\S.{0,150})?(?: \d{1,4} ?\(\d|, pp?\. ?\d|\bVol\. \d)"
)


class Tail(NamedTuple):
    """What stands behind the bibliographic part: identifiers and the date of access."""

    body: str
    doi: str
    url: str
    accessed: str
    note: str


def split_tail(text: str) -> Tail:
    """Cut DOI, URL and access date off a reference.

    The body is what precedes the first of them; anything printed after the last is the note. A DOI
    in the middle, before volume or pages, is cut out alone.
    """
    start = len(text)
    doi = url = accessed = ""
    spans: list[tuple[int, int]] = []
    if "10." in text:
        match = _DOI.search(text)
        if match:
            doi, end = _trim(match["doi"], match.end("doi"))
            if _NUMBERS_BEHIND.search(text, end):
                rest = text[: match.start()].rstrip(" ,;[(") + text[end:].lstrip("])")
                return split_tail(rest)._replace(doi=doi)
            spans.append((match.start(), end))
    if "http" in text or "www." in text:
        for match in _URL.finditer(text):
            if spans and match.start() < spans[0][1] and match.end() > spans[0][0]:
                continue
            found, end = _trim(match[0], match.end())
            if "doi.org/" in found and doi:
                spans.append((match.start(), end))
                continue
            if not url:
                url = found
            spans.append((match.start(), end))
    if not doi and ("doi:" in text or "DOI:" in text or "DOI " in text):
        match = _DOI_LABEL.search(text)
        if match:
            doi, end = _trim(match["doi"], match.end("doi"))
            spans.append((match.start(), end))
    if "ccessed" in text or "etrieved" in text or "iewed" in text:
        match = _ACCESSED.search(text)
        if match:
            accessed = iso_date(match["date"])
            spans.append(match.span())
    if not spans:
        return Tail(text.rstrip(" ,;"), "", "", "", "")
    start = min(span[0] for span in spans)
    end = max(span[1] for span in spans)
    body = text[:start].rstrip(" ,;:")
    for _ in range(2):
        body = _TAIL_WORDS.sub("", body).rstrip(" ,;:(")
    note = text[end:].strip(" .,;:)")
    return Tail(body, doi, url, accessed, note)


def _trim(found: str, end: int) -> tuple[str, int]:
    """Without the punctuation of the sentence around it; brackets inside stay balanced."""
    kept = found
    while kept:
        last = kept[-1]
        if last in ".,;:'’”*" or (last in ")]>" and kept.count(last) > kept.count(_OPEN[last])):
            kept = kept[:-1]
        else:
            break
    return kept, end - len(found) + len(kept)


_OPEN = {")": "(", "]": "[", ">": "<"}


def iso_date(text: str) -> str:
    """`6 June 2022`, `June 6, 2022`, `9.15.2023` as `2022-06-06`, `2022-06-06`, `2023-09-15`."""
    match = _ENGLISH_DATE.match(text)
    if match:
        month = MONTHS[match["month"].rstrip(".").lower()]
        day = match["day"] or match["day2"]
        return f"{match['year']}-{month:02}" + (f"-{int(day):02}" if day else "")
    match = _NUMERIC_DATE.match(text)
    if match:
        first, second, year = (int(g) for g in match.groups())
        year += 2000 if year < 100 else 0
        month, day = (second, first) if first > 12 else (first, second)
        return f"{year}-{month:02}-{day:02}"
    return text


# --- numbers ---------------------------------------------------------------------------------

# A page or article number, one of a preface (`ix-xii`), or the extent of a book (`xii + 344`);
# `??` is a page that the one who printed it did not know.
_ROMAN = r"[ivxlc]{1,9}"
_PAGE = (
    rf"(?:(?:{_ROMAN}|\d{{1,4}})(?: \+ (?:{_ROMAN}|\d{{1,4}})){{1,3}}"
    rf"|[A-Za-z]{{0,5}}[-.]?\d[\dA-Za-z.:/]{{0,14}}|{_ROMAN}(?=[-–])|(?<=[-–]){_ROMAN}|\?\?)"
)
_ORDINAL = r"(?:First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth)"
PARTS = {
    "title": r"(?P<title>\S.{0,1200}?)",
    "greedy_title": r"(?P<title>\S.{0,1200})",
    # A stop inside dotted letters, as in `the U.S. economy`, ends no title.
    "stop": r"(?P<stop>(?<!\.[A-Za-z])[.?!]{1,2}[\"”’)]?)",
    "container": r"(?P<container>[^.?!\s][^.?!]{0,250}?\.?)",
    "any_container": r"(?P<container>\S.{0,400}?)",
    "editors": r"(?P<editors>\S.{1,250}?)",
    "volume": (
        r"(?P<volume>[A-Z]{0,4}-?\d{1,5}[A-Za-z]?(?:[-–/]\d{1,5}[A-Za-z]?)?"
        r"|[IVXLC]{1,8}|ahead-of-print)"
    ),
    "lone_volume": r"(?P<volume>[A-Z]{0,4}\d{1,4}[A-Za-z]?)",
    "issue": r"(?P<issue>[^()]{1,30})",
    "pages": (
        r"(?:[Pp]p?\.? ?|[Aa]rt(?:icle|\.) ?(?:[Nn]o\.? ?)?)?"
        rf"(?P<first>{_PAGE})(?: ?(?:-{{1,2}}|–|—|‐|−) ?(?P<last>{_PAGE})?)?"
        rf"(?:, (?P<number>{_PAGE}(?: ?[-–] ?{_PAGE})?(?:, {_PAGE}(?: ?[-–] ?{_PAGE})?){{0,9}}))?"
    ),
    "imprint": r"(?P<imprint>\S.{0,300})",
    "short_imprint": r"(?P<imprint>\S.{0,300}?)",
    # One sentence, in which initials may stand: `G. P. Putnam, New York`.
    "last_imprint": r"(?P<imprint>(?:[A-Z]\. ?){0,3}[^.\s](?:[^.]|\.(?! )|(?<=\b[A-Z])\. ){0,200})",
    "edition": (
        rf"(?P<edition>(?:\d{{1,2}}(?:st|nd|rd|th)|(?i:{_ORDINAL})|[Rr]ev(?:ised|\.)?|[Nn]ew"
        rf"|[Ii]nternational)(?: revised)?\.? (?:ed\.?|edn\.?|edition)"
        rf"|(?:{_ORDINAL}|Revised)(?: revised)?"
        r"(?=[.,)]|$))"
    ),
    "thesis": (
        r"(?P<thesis>(?:[A-Za-z]{1,20} )?(?:[Uu]npublished )?"
        r"(?:Ph\.? ?D\.?|[Dd]octoral|[Mm]aster(?:['’]?s)?|M\.?Sc\.?"
        r"|[Ll]icentiate|[Bb]achelor(?:['’]?s)?|[Hh]abilitation)[ A-Za-z.]{0,20}"
        r"(?:[Tt]hesis|[Dd]iss(?:ertation|\.))|(?:[Tt]hesis|[Dd]issertation)(?: \([^()]{1,60}\))?)"
    ),
    "report": (
        # `TR-2645`, or words that say so.
        r"(?P<report>(?=[\w./–-]{0,25}\d)[A-Z][A-Z\d][\w./–-]{1,25}"
        r"|[^().]{0,80}(?:[Ww]orking [Pp]aper|[Rr]eport|[Dd]iscussion [Pp]aper|[Pp]aper"
        r"|[Mm]emorand\w{2,3}|[Bb]riefing|White [Pp]aper|[Bb]ulletin|Statistical Release"
        r"|\bNo\b\.? ?(?=\S{0,20}\d))[^()]{0,60})"
    ),
    # `STAN-CS-83-977`, `Technical Report No. 12`
    "report_number": (
        r"(?P<report>(?=[\w./–-]{0,25}\d)[A-Z][A-Z\d][\w./–-]{1,25}|(?:[A-Z][\w&-]{0,20} ){0,4}"
        r"(?:[Rr]eport|[Pp]aper|[Mm]emorandum|[Bb]ulletin)(?:,? (?:[Nn]os?\.? ?)?"
        r"(?=[\w./–-]{0,25}\d)[\w./–-]{1,30}))"
    ),
    # `Report No. 12`, `Working paper 03-12`: without brackets only words tell it from a journal.
    "numbered_report": (
        r"(?P<report>(?:[A-Z][\w&-]{0,20} ){0,4}?(?:(?:[A-Za-z]{1,20} )?"
        r"(?:[Rr]eport|[Pp]aper|[Pp]ublication|[Mm]emorandum|[Bb]ulletin),? [Nn]os?\.? ?"
        r"|(?:[Ww]orking|[Dd]iscussion|[Tt]echnical) (?:[Pp]aper|[Rr]eport) )"
        r"(?=[\w./–-]{0,25}\d)[\w./–-]{1,30})"
    ),
    # `Paper presented at the 43rd Annual Conference, Milan`; APA 7 has `[Paper presentation]`.
    "presented": (r"(?:\w{1,20} ){0,4}?[Pp]resented (?:at|to) (?:the )?(?P<event>\S.{0,300})"),
    "presentation": (
        r"\[(?:Conference|Paper|Poster|Keynote|Oral|Symposium|Invited|Panel|Plenary)\b"
        r"[^\[\]]{0,60}\](?:\. (?P<event>\S.{0,300}))?"
    ),
    "database": r"(?P<database>[A-Z][\w&' ]{2,40})",
    "details": r"(?P<details>[^()]{1,80})",
    "place": r"(?P<place>[^().]{2,60})",
    "month": rf"(?:{MONTH} |[A-Z][a-z]{{2,9}}[-–/][A-Z][a-z]{{2,9}} )?",
}

# `Vols. 1-3` are all there are, and no volume's number.
_DETAIL_VOLUME = re.compile(r"\b[Vv]ol(?:ume)?(?![a-z])\.? ?(?P<volume>[\w-]{1,12})")
_DETAIL_EDITION = re.compile(PARTS["edition"])
_DETAIL_PAGES = re.compile(rf"\bpp?\.? ?(?P<first>{_PAGE})(?: ?[-–—]{{1,2}} ?(?P<last>{_PAGE}))?")


def read_details(text: str) -> dict[str, str]:
    """Volume, edition and pages inside brackets: `Vol. 11, pp. 29-53`, `2nd ed., p. 4`."""
    found: dict[str, str] = {}
    for pattern in (_DETAIL_VOLUME, _DETAIL_EDITION, _DETAIL_PAGES):
        match = pattern.search(text)
        if match:
            found |= {key: value for key, value in match.groupdict().items() if value}
    return found
