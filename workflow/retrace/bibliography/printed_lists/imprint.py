"""Publisher and place: what stands behind the title of a book, and where it begins."""

from __future__ import annotations

import re
from importlib.resources import files

import yaml

from retrace.bibliography.printed_lists.parts import DATE, DATE_LAST

# The words of each kind, `imprints.yaml` beside this module.
_WORDS: dict[str, list[str]] = yaml.safe_load(
    (files("retrace.bibliography.printed_lists") / "imprints.yaml").read_text(encoding="utf-8")
)


def _any_of(*kinds: str) -> str:
    """The words of some kinds as alternatives; a star is any ending."""
    words = (word for kind in kinds for word in _WORDS[kind])
    return "|".join(re.escape(word).replace(r"\*", r"\w*") for word in words)


_PUBLISHER = re.compile(rf"\b(?:{_any_of('houses', 'organisations')})\b")
_HOUSE = re.compile(rf"\b(?:{_any_of('houses', 'no_sites')})\b")
CONFERENCE = re.compile(
    r"\b(?:Proceedings|Proc\.|Conference|Symposium|Workshop|Congress|Annual Meeting)\b",
    re.IGNORECASE,
)
_STATE = re.compile(rf"(?:[A-Z]{{2}}|(?:[A-Z]\.){{2,3}}|{_any_of('countries')})$")
# A publisher known by its letters: `LINPACK Users' Guide, SIAM`.
_ACRONYM = re.compile(r"(?!USA)[A-Z]{3,6}\.?$")
_INCORPORATED = re.compile(r"(?:Inc|Ltd|LLC|GmbH|Co|Corp|AG)\.?$")
_PLACE = re.compile(rf"(?:{_any_of('cities')})$")
_JOURNAL_PUBLISHER = re.compile(
    r", (?P<publisher>\[[^\[\]]{3,90}\]|"
    rf"[^,]{{0,50}}?\b(?:{_any_of('journal_publishers')})\b[^,]{{0,40}}"
    r"(?:, (?:Los Angeles|Inc\.?|Ltd\.?)|: [^,:]{2,30}, [A-Z]{2})?)$"
)


def split_publisher(container: str) -> tuple[str, str]:
    """Cut the publisher off a journal's name: `Econometrica, JSTOR`."""
    match = _JOURNAL_PUBLISHER.search(container)
    if not match:
        return container, ""
    return container[: match.start()], match["publisher"].strip("[]")


def is_imprint(text: str) -> bool:
    """Whether a text is nothing but a publisher, and a place if any: `Sage, London`."""
    text = text.rstrip(".")
    publisher, _, rest = text.partition(", ")
    if _INCORPORATED.match(rest):
        return True
    if len(text) > 120 or ". " in text or not _PUBLISHER.search(publisher):
        return False
    return not rest or bool(_PLACE.search(rest) or _STATE.match(rest.rpartition(", ")[2]))


def names_publisher(text: str) -> bool:
    """Whether a word tells of a publisher or an organisation."""
    return bool(_PUBLISHER.search(text))


def is_site(text: str) -> bool:
    """Whether what stands in the place of an imprint, before a URL, may name a web site.

    It may unless it names a place, one who publishes books, or the version of a program.
    """
    publisher, place = split_imprint(text)
    return not place and not _HOUSE.search(publisher)


def split_event(text: str) -> tuple[str, str, str]:
    """Name, place and days of a conference: `43rd EIBA Annual Conference, 14-16 May, Milan`."""
    name, *pieces = text.strip(" ,;.").split(", ")
    days = [piece for piece in pieces if DATE.match(piece) or DATE_LAST.match(f", {piece}")]
    places = [piece for piece in pieces if piece not in days]
    while any(CONFERENCE.search(piece) for piece in places):
        # `Academy of Trade, Annual Meeting, Milan`
        name = f"{name}, {places.pop(0)}"
    return name, ", ".join(places), ", ".join(days)


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
        last = len(pieces)
        while last > 3 and len(pieces) - last < 2 and _STATE.match(pieces[last - 1].rstrip(".")):
            last -= 1
        # A city with its state or country, or one that is known; before it the publisher.
        if last > 2 and (last < len(pieces) or _PLACE.match(pieces[last - 1])):
            cut = last - 2 - (last > 3 and bool(_INCORPORATED.match(pieces[last - 2])))
        elif len(pieces) > 1 and _ACRONYM.match(pieces[-1]):
            cut = len(pieces) - 1
    return ", ".join(pieces[:cut]), ", ".join(pieces[cut:])
