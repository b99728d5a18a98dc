"""The parts that printed references share: identifiers, years, pages, imprints.

Every pattern is bounded or anchored, so that no line takes longer than its length times a
constant.
"""

from __future__ import annotations

import re
from typing import NamedTuple

YEAR = r"(?:1[4-9]\d\d|20\d\d)"
YEAR_LABEL = (
    rf"(?:(?:ca?\. ?)?(?P<year>{YEAR}(?:[/–-]\d{{2,4}})?[a-z]?|n\. ?d\.?|in press|forthcoming))"
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
    r"(?:doi:?\s*|DOI:?\s*)?(?:https?://(?:dx\.)?doi\.org/|doi\.org/)?(?:doi:\s*)?"
    r"(?P<doi>10\.\d{4,9}/[^\s\"<>]{1,200})"
)
_DOI_LABEL = re.compile(r"\b(?:doi|DOI):?\s*(?:https?://(?:dx\.)?doi\.org/)?(?P<doi>\S{3,200})")
_URL = re.compile(r"https?://[^\s<>\"]{3,1000}|\bwww\.[^\s<>\"]{3,1000}")
_DATE = rf"\d{{1,2}} {MONTH},? {YEAR}|{MONTH} \d{{1,2}},? {YEAR}|{MONTH} {YEAR}"
# A day of publication, as newspapers and web pages have.
DATE = re.compile(rf"\(?(?:\d{{1,2}} )?{MONTH}(?: \d{{1,2}})?(?:,? {YEAR})?\)?$")
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


class Tail(NamedTuple):
    """What stands behind the bibliographic part: identifiers and the date of access."""

    body: str
    doi: str
    url: str
    accessed: str
    note: str


def split_tail(text: str) -> Tail:
    """Cut DOI, URL and access date off a reference.

    The body is what precedes the first of them; anything printed after the last is the note.
    """
    start = len(text)
    doi = url = accessed = ""
    spans: list[tuple[int, int]] = []
    if "10." in text:
        match = _DOI.search(text)
        if match:
            doi, end = _trim(match["doi"], match.end("doi"))
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
        if last in ".,;:'’”*" or (last in ")]" and kept.count(last) > kept.count(_OPEN[last])):
            kept = kept[:-1]
        else:
            break
    return kept, end - len(found) + len(kept)


_OPEN = {")": "(", "]": "["}


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

_PAGE = r"[A-Za-z]{0,5}[-.]?\d[\dA-Za-z.:]{0,14}"
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
        rf"(?:[Pp]p?\.? ?)?(?P<first>{_PAGE})(?: ?(?:-{{1,2}}|–|—|‐|−) ?(?P<last>{_PAGE}))?"
        rf"(?:, (?P<number>{_PAGE}(?: ?[-–] ?{_PAGE})?))?"
    ),
    "imprint": r"(?P<imprint>\S.{0,300})",
    # One sentence, in which initials may stand: `G. P. Putnam, New York`.
    "last_imprint": r"(?P<imprint>(?:[A-Z]\. ?){0,3}[^.\s](?:[^.]|\.(?! )|(?<=\b[A-Z])\. ){0,200})",
    "edition": (
        r"(?P<edition>(?:\d{1,2}(?:st|nd|rd|th)|[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ff]ifth"
        r"|[Rr]ev(?:ised|\.)?|[Nn]ew|[Ii]nternational)\.? (?:ed\.?|edn\.?|edition))"
    ),
    "thesis": (
        r"(?P<thesis>(?:[A-Za-z]{1,20} )?(?:[Uu]npublished )?"
        r"(?:Ph\.? ?D\.?|[Dd]octoral|[Mm]aster(?:['’]?s)?|M\.?Sc\.?"
        r"|[Ll]icentiate|[Bb]achelor(?:['’]?s)?|[Hh]abilitation)[ A-Za-z.]{0,20}"
        r"(?:[Tt]hesis|[Dd]iss(?:ertation|\.))|[Tt]hesis|[Dd]issertation)"
    ),
    "report": (
        r"(?P<report>[^().]{0,80}(?:[Ww]orking [Pp]aper|[Rr]eport|[Dd]iscussion [Pp]aper|[Pp]aper"
        r"|[Mm]emorand\w{2,3}|[Bb]riefing|White [Pp]aper|[Bb]ulletin|Statistical Release"
        r"|\bNo\b)[^()]{0,60})"
    ),
    "details": r"(?P<details>[^()]{1,80})",
    "place": r"(?P<place>[^().]{2,60})",
    "month": rf"(?:{MONTH} |[A-Z][a-z]{{2,9}}[-–/][A-Z][a-z]{{2,9}} )?",
}

_DETAIL_VOLUME = re.compile(r"\b[Vv]ol(?:ume|s)?\.? ?(?P<volume>[\w-]{1,12})")
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


# --- imprint ---------------------------------------------------------------------------------

_PUBLISHER = re.compile(
    r"\b(?:Press|Publish\w*|Publications?|Presses|Sage|SAGE|Springer|Wiley|Elsevier|Routledge"
    r"|Universit\w*|Verlag|Sons|Books|Prentice|McGraw|Palgrave|Macmillan|Elgar|Emerald|Editore"
    r"|Edizioni|Éditions|Editions|Kluwer|North-Holland|Norton|Penguin|Pearson|Addison|Chapman"
    r"|Croom|Blackwell|Academic|Houghton|Harper|Free Press|OECD|World Bank|Thomson|Cengage"
    r"|Irwin|Ltd|Inc|GmbH|Institut\w*|Foundation|Bureau|Office|Commission|Society|Association"
    r"|Department|Ministry|Council|Bank|Agency|Research|School|Centre|Center|Corporation|Corp"
    r"|Company|Group|ACM|IEEE|CRC)\b"
)
_STATE = re.compile(r"(?:[A-Z]{2}|(?:[A-Z]\.){2,3}|USA|England|Germany|The Netherlands)$")
# Places that stand last in an imprint whose publisher has no telling word.
_PLACE = re.compile(
    r"(?:London|New York(?: City)?|Oxford|Cambridge|Paris|Berlin|Heidelberg|Amsterdam|Boston"
    r"|Chicago|Stockholm|Copenhagen|Oslo|Helsinki|Vienna|Zurich|Basel|Geneva|Rome|Milan|Torino|Turin|Madrid"
    r"|Barcelona|Lisbon|Dublin|Edinburgh|Leeds|Bingley|Cheltenham|Chichester|Aldershot|Hoboken"
    r"|San Francisco|Los Angeles|Thousand Oaks|Beverly Hills|Newbury Park|Englewood Cliffs"
    r"|Princeton|New Haven|Washington|Philadelphia|Toronto|Montreal|Sydney|Melbourne|Tokyo|Beijing"
    r"|Shanghai|Singapore|Hong Kong|New Delhi|Mumbai|Cham|Dordrecht|Munich|München|Wiesbaden"
    r"|Hamburg|Frankfurt|Bonn|Brussels|Leiden|Rotterdam|Harlow|Abingdon|Basingstoke|Northampton"
    r"|Stanford|Berkeley|Ithaca|Reading|Upper Saddle River|Homewood|Mahwah|Hershey|Uppsala|Lund)$"
)
# Who publishes journals; some lists print them behind the journal's name.
_JOURNAL_PUBLISHER = re.compile(
    r", (?P<publisher>\[[^\[\]]{3,90}\]|[^,]{0,50}?\b(?:JSTOR|Elsevier|Wiley|Springer|Blackwell"
    r"|Routledge|S[Aa][Gg][Ee]|Taylor & Francis|Emerald|Inderscience|StataCorp|Press|Publications"
    r"|Publishing|Publishers|Foundation|Univ(?:ersity)? of)\b[^,]{0,40}"
    r"(?:, (?:Los Angeles|Inc\.?|Ltd\.?))?)$"
)


def split_publisher(container: str) -> tuple[str, str]:
    """Cut the publisher off a journal's name: `Econometrica, JSTOR`."""
    match = _JOURNAL_PUBLISHER.search(container)
    if not match:
        return container, ""
    return container[: match.start()], match["publisher"].strip("[]")


def split_imprint(text: str) -> tuple[str, str]:
    """Publisher and place from `Place: Publisher`, `Publisher, Place, ST` or `Publisher`."""
    text = text.strip(" ,;.")
    before, colon, after = text.partition(": ")
    if colon and not _PUBLISHER.search(before) and len(before) <= 60:
        return after.strip(" ,;."), before.strip()
    pieces = [piece.strip() for piece in text.split(", ")]
    if len(pieces) == 1:
        return text, ""
    keep = 1
    for position in range(len(pieces) - 1, 0, -1):
        if _PUBLISHER.search(pieces[position]):
            keep = position + 1
            break
    publisher = ", ".join(pieces[:keep])
    return publisher, ", ".join(pieces[keep:])


_EDITED_BY = re.compile(r", (?:edited|translated)(?: (?:and|&) translated)? by ")


def split_title_imprint(text: str) -> tuple[str, str]:
    """Cut `Title, Publisher, Place` where no italics show the end of the title.

    The imprint begins at the first piece that looks like a publisher; failing that, at the one
    before a known place. Where neither is found, all of it is title.
    """
    by = _EDITED_BY.search(text)
    if by:
        # `Poetics, edited by Lucas, D.W., Clarendon Press, Oxford`
        pieces = text[by.end() :].split(", ")
        cut = next((i for i, piece in enumerate(pieces) if _PUBLISHER.search(piece)), len(pieces))
        return text[: by.start()], ", ".join(pieces[cut:])
    pieces = text.split(", ")
    cut = next((i for i in range(1, len(pieces)) if _PUBLISHER.search(pieces[i])), len(pieces))
    if cut == len(pieces):
        last = len(pieces) - (len(pieces) > 2 and bool(_STATE.match(pieces[-1].rstrip("."))))
        if last > 2 and _PLACE.match(pieces[last - 1]):
            cut = last - 2
    return ", ".join(pieces[:cut]), ", ".join(pieces[cut:])
