"""Authors and editors in the three orders that author-date styles print.

`Family, I.I., Family, I.I. and Family, I.I.` (Emerald, APA, Elsevier), `Family II, Family II`
(Springer) and `Family, Given, and Given Family` (Chicago).
"""

from __future__ import annotations

import re

from retrace.bibliography.record import Name

PARTICLE = (
    r"(?:[Dd]e|[Dd]el|[Dd]ella|[Dd]elle|[Dd]i|[Dd]a|[Dd]os|[Dd]as|[Dd]u|[Vv]an|[Vv]on|[Dd]en"
    r"|[Dd]er|[Zz]u|[Zz]ur|[Tt]en|[Tt]er|[Ll]a|[Ll]e|[Ll]os|[Ee]l|[Aa]l|[Bb]in|[Ii]bn|[Aa]f|[Aa]v)"
)
_SUFFIX = r"(?:Jr|Sr|II|III|IV)"
_UPPER = "A-ZÀ-ÖØ-ÞĀ-ŽΑ-ΩА-Я"
# One to three letters with a stop: `J.`, `Yu.`, `Th.`; hyphenated `J.-P.`; a nickname `(S.)`.
_INITIAL = rf"\(?(?!{PARTICLE}\.)[{_UPPER}][a-zß-ÿ]{{0,2}}\.\)?"
INITIALS = re.compile(
    # A second initial may be that of a particle: `Costa, M.d.`
    rf"(?P<given>{_INITIAL}(?:[ -]{{0,2}}(?:{_INITIAL}|[a-z]\.)){{0,6}})"
    rf"(?P<particles>(?: {PARTICLE}\.?){{0,3}})(?:,? (?P<suffix>{_SUFFIX})\.?)?\.?"
    r"(?: \([^()]{1,30}\)\.?)?$"
)
# APA prints `Vahlne, J-E`; lists often drop stops: `Smith, AB`.
_BARE = re.compile(rf"[{_UPPER}](?:[ -]?[{_UPPER}]){{0,3}}$")
_SPRINGER = re.compile(
    rf"(?P<family>\S.{{0,60}}?) (?P<given>[{_UPPER}](?:-?[{_UPPER}]){{0,4}})"
    rf"(?P<particles>(?: {PARTICLE}){{0,3}})(?: (?P<suffix>{_SUFFIX})\.?)?$"
)
_SUFFIX_LAST = re.compile(rf"(?P<family>\S.*) (?P<suffix>{_SUFFIX})\.?$")
_SUFFIX_ALONE = re.compile(rf"{_SUFFIX}\.?$")
_PARTICLES_LAST = re.compile(rf"(?P<given>.+?)(?P<particles>(?: {PARTICLE}\.?){{1,3}})$")
_SPLIT = re.compile(r"\s*(?:;|,\s*(?:and|&)\s|,|\s(?:and|&)\s)\s*")
_ET_AL = re.compile(r",?\s*(?:\b(?:and|&)\s+)?(?:\bet\.?\s+al\b\.?|\band others\b)")
_ELLIPSIS = re.compile(r",?\s*(?:…|\.\s?\.\s?\.)\s*(?:&\s*)?")
_ROLE = re.compile(r",?\s*\(?\b(?P<role>[Ee]ds?\b\.?|[Ee]ditors?\b|[Cc]ompilers?\b)\)?[.,]*\s*$")
_ENDS_WITH_INITIAL = re.compile(rf"(?:^|[ .-])[{_UPPER}][a-z]?\.$")
_INITIALS_INSIDE = re.compile(rf"[ .-][{_UPPER}]\.|[ -][{_UPPER}]{{1,3}}(?:[,;]|$)|, [{_UPPER}]")
_BETWEEN_INITIALS = re.compile(r"\.(?=[^\s.\-)])")
_LETTERS = re.compile(rf"([{_UPPER}])(?=[{_UPPER}\-]|$)")


def initials(given: str) -> str:
    """Initials in one form: `H.J.`, `H. J.` and `HJ` become `H. J.`; `J.-P.` keeps its hyphen."""
    if "." not in given:
        given = _LETTERS.sub(r"\1.", given.replace(" ", ""))
    return _BETWEEN_INITIALS.sub(". ", given).replace(". -", ".-").replace("- ", "-").strip()


def person(family: str, given: str, particles: str = "", suffix: str = "") -> Name:
    """A name whose particles stand before the family, and its suffix apart, wherever printed."""
    behind = None if suffix else _SUFFIX_LAST.match(family)
    if behind:  # `Strunk Jr., W.`
        family, suffix = behind.groups()
    particles = particles.replace(".", "").strip()
    if particles:
        family = f"{particles} {family}"
    return Name(family, initials(given), suffix)


def parse_names(text: str, order: str) -> tuple[list[Name], bool, bool]:
    """Read a list of authors or editors.

    Parameters
    ----------
    text : str
        The list as printed, without the year.
    order : {"initials", "bare", "full"}
        `Family, I.I.`, `Family II`, or `Family, Given, and Given Family`; `natural` for editors
        printed as `I.I. Family`.

    Returns
    -------
    names : list of Name
    editors : bool
        Whether the list ends with `(Ed.)`, `(Eds)` or the like.
    truncated : bool
        Whether it says `et al.` or leaves names out with an ellipsis.
    """
    text = text.strip(" ,;")
    role = _ROLE.search(text)
    if role:
        text = text[: role.start()].rstrip(" ,;")
    truncated = False
    if "al" in text or "others" in text:
        shorter = _ET_AL.sub("", text)
        truncated = shorter != text
        text = shorter
    if "…" in text or ". ." in text or "..." in text:
        shorter = _ELLIPSIS.sub(", ", text)
        truncated = truncated or shorter != text
        text = shorter
    text = text.strip(" ,;&")
    if not text:
        return [], bool(role), truncated
    if order == "full" and not _ENDS_WITH_INITIAL.search(text):
        text = text.rstrip(".")
    if order != "natural" and _is_body(text):
        names = [Name(_without_stop(text))]
    elif order == "bare":
        names = _bare(text)
    elif order == "full":
        names = _full(text)
    elif order == "natural":
        names = _natural_list(text)
    else:
        names = _inverted(text)
    return names, bool(role), truncated


def may_be_names(text: str) -> bool:
    """Whether a text has initials of persons or words of organisations in it."""
    return bool(_INITIALS_INSIDE.search(text) or _ORGANISATION.search(text) or _ROLE.search(text))


def _without_stop(name: str) -> str:
    """An organisation without the stop that ends the authors: not `Inc.`, `U.S.`"""
    last = name.rpartition(" ")[2]
    if last in ("Inc.", "Ltd.", "Co.", "Corp.") or "." in last[:-1]:
        return name
    return name.removesuffix(".")


def _inverted(text: str) -> list[Name]:
    """`Family, I.I., Family, I.I. and Family, I.I.`; what has no initials is an organisation."""
    if "," not in text and ";" not in text:
        return [Name(_without_stop(text))]  # `Ministry of Trade and Industry`, `Ernst & Young`
    tokens = _SPLIT.split(text)
    names: list[Name] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        position += 1
        if not token:
            continue
        if _SUFFIX_ALONE.match(token) and names:
            names[-1] = names[-1]._replace(suffix=token.rstrip("."))
            continue
        following = tokens[position] if position < len(tokens) else ""
        match = INITIALS.match(following) if following else None
        if match:
            names.append(
                person(token, match["given"], match["particles"] or "", match["suffix"] or "")
            )
            position += 1
        elif following and _is_acronym(following, token):
            names.append(Name(f"{token} ({following})"))
            position += 1
        elif _BARE.match(following) and not (token.isupper() or _ORGANISATION.search(token)):
            names.append(person(token, following))
            position += 1
        elif _full_name(token, following, tokens[position + 1 : position + 2]):
            stops = "" if _ENDS_WITH_INITIAL.search(following) else "."
            names.append(Name(token, following.rstrip(stops) if stops else following))
            position += 1
        else:
            names.append(Name(_without_stop(token)))
    return names


_FAMILY = re.compile(rf"[{_UPPER}][a-zß-ÿ'’-]\w*$")
_GIVEN = re.compile(
    rf"(?:[{_UPPER}]\. ?){{0,2}}[{_UPPER}][a-zß-ÿ-]+(?: [{_UPPER}][a-zß-ÿ-]*\.?){{0,2}}\.?$"
)


# Bodies whose names list their subjects: `Department for Business, Energy and Industrial Strategy`.
_BODY = re.compile(
    r"(?:[A-Z][\w.'’-]*(?: of)? ){0,3}(?:Department|Ministry|Office|Secretariat"
    r"|Directorate(?:-General)?|Committee|Commission|Bureau|Board|Centre|Center|Institute|Agency|Council|Chamber|Federation"
    r"|Association|Society|School|Faculty|Union|Authority) (?:of|for|on) "
)


def _is_body(text: str) -> bool:
    """Whether a list with commas is the name of one organisation."""
    if ";" in text or "," not in text or not _BODY.match(text):
        return False
    return not any(INITIALS.match(token) for token in _SPLIT.split(text))


def _is_acronym(letters: str, name: str) -> bool:
    """Whether letters begin the words of a name: `Australian Border Force, ABF`."""
    words = [word for word in name.replace("-", " ").split() if word[0].isupper()]
    return len(words) > 1 and letters.isalpha() and letters == "".join(word[0] for word in words)


def _full_name(token: str, following: str, after: list[str]) -> bool:
    """Whether two tokens are a family name and given names in full: `Arellano, Manuel`.

    The second must not be a family name itself, with initials behind it.
    """
    if not _FAMILY.match(token) or not _GIVEN.match(following):
        return False
    if after and (INITIALS.match(after[0]) or _BARE.match(after[0])):
        return False
    return not (_ORGANISATION.search(token) or _ORGANISATION.search(following))


def _bare(text: str) -> list[Name]:
    """`Family II, Family II`."""
    names: list[Name] = []
    tokens = [t for t in re.split(r"\s*[,;]\s*", text) if t]
    for token in tokens:
        match = _SPRINGER.match(token)
        if match:
            names.append(
                person(
                    match["family"],
                    match["given"],
                    match["particles"] or "",
                    match["suffix"] or "",
                )
            )
        elif _SUFFIX_ALONE.match(token) and names:
            names[-1] = names[-1]._replace(suffix=token.rstrip("."))
        else:
            names.append(Name(token))
    return names


_CHICAGO_SPLIT = re.compile(r"\s*;\s*|,\s+(?:and|&)\s+|,\s+|\s+(?:and|&)\s+")
_NATURAL = re.compile(
    rf"(?P<given>\S+(?: \S+){{0,5}}?) (?P<family>(?:{PARTICLE} ){{0,3}}\S+)"
    rf"(?:,? (?P<suffix>{_SUFFIX})\.?)?$"
)
_ORGANISATION = re.compile(
    r"\b(?:University|Institut\w*|Bank|Ministry|Office|Agency|Commission|Council|Association"
    r"|Organi[sz]ation|Department|Bureau|Group|Team|Company|Inc|Society|Foundation|Fund|Union"
    r"|Committee|Centre|Center|Statistics|Board|Forum|Network|Nations|Programme)\b"
)


def _natural(token: str) -> Name:
    """`Given Family`, `G. de Family`, `Given Family Jr`."""
    match = _NATURAL.match(token)
    if not match or _ORGANISATION.search(token):
        return Name(token)
    given = match["given"]
    if "." in given and all(len(part) <= 3 for part in given.split()):
        given = initials(given)
    return Name(match["family"], given, match["suffix"] or "")


def _natural_list(text: str) -> list[Name]:
    names: list[Name] = []
    for token in _CHICAGO_SPLIT.split(text):
        if token and _SUFFIX_ALONE.match(token) and names:
            names[-1] = names[-1]._replace(suffix=token.rstrip("."))
        elif token:
            names.append(_natural(token))
    return names


def _full(text: str) -> list[Name]:
    """`Family, Given, Given Family, and Given Family`."""
    if "," not in text:
        return [Name(text)]
    tokens = [t for t in _CHICAGO_SPLIT.split(text) if t]
    if len(tokens) < 2 or _ORGANISATION.search(tokens[0]):
        return [Name(text)]
    family, given = tokens[0], tokens[1]
    particles = _PARTICLES_LAST.match(given)
    if particles:
        given = particles["given"]
        family = f"{particles['particles'].strip()} {family}"
    if "." in given and all(len(part) <= 3 for part in given.split()):
        given = initials(given)
    names = [Name(family, given)]
    for token in tokens[2:]:
        if _SUFFIX_ALONE.match(token):
            names[-1] = names[-1]._replace(suffix=token.rstrip("."))
        else:
            names.append(_natural(token))
    return names
