"""Author-year citations in a text: where they are, whom they name, how often they are made."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

from retrace.bibliography.citations import Citation
from retrace.bibliography.keys import fold

_UPPER = "A-ZÀ-ÖØ-ÞĀ-Ž"
_WORD = rf"\b[{_UPPER}][\w’'-]{{0,40}}\w\b"
_PARTICLE = (
    r"(?:[Dd]e|[Dd]el|[Dd]ella|[Dd]i|[Dd]a|[Dd]os|[Dd]u|[Vv]an|[Vv]on|[Dd]en|[Dd]er|[Tt]en|[Ll]a"
    r"|[Ll]e|[Uu]it)"
)
_NAME = rf"(?:{_PARTICLE} ){{0,3}}{_WORD}(?: {_WORD}){{0,3}}"
_AND = r"(?:and|&)"
# One name; two or more of which the last has `and` before it; the first ones with `et al.`
_NAMES = rf"{_NAME}(?:(?:, {_NAME}){{0,8}}(?:,? {_AND} (?:the )?{_NAME}))?(?:,? et\.? ?al\.?,?)?"
_YEAR = r"(?:1[89]\d\d|20\d\d)[a-z]?\b"
_CITATION = re.compile(
    rf"(?P<names>{_NAMES})(?:,? ?[’']s?)?(?P<before>,? ?\(|, ?| )"
    rf"(?P<years>{_YEAR}(?:(?:[,;] ?|,? (?:and|&) |/)(?:{_YEAR}|[a-k]\b(?!\.)))*)"
)
_YEAR_OR_LETTER = re.compile(r"\d{4}[a-z]?|\b[a-k]\b")
_ET_AL = re.compile(r",? et\.? ?al\b\.?,?$")
_SPLIT = re.compile(rf"(,? {_AND} (?:the )?|, )")
# The heading of the list itself: what follows it is no citation.
_LIST_HEADING = re.compile(
    r"^[ \t#*\d.]*(?:References|REFERENCES|Bibliography|Literature cited|Works cited)[ \t*:]*$",
    re.MULTILINE,
)
_HYPHENATED = re.compile(r"(?<=\w)-\n\s*(?=[a-zß-ÿ])")
_TAGS = re.compile(r"</?(?:i|b|em|strong|sub|sup|span|a)\b[^<>\n]{0,200}>")
_CAPITALS = re.compile(rf"(?<=[{_UPPER}]{{2}})-\n\s*(?=[{_UPPER}]{{2}})")
_HYPHEN_AT_BREAK = re.compile(r"-\n\s*(?=\w)")
_MARKS = re.compile(r"[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}")
_ESCAPED = re.compile(r"\\([()\[\]])")
_LINK = re.compile(r"\[([^\[\]\n]{1,80})\]\((?:[^()\s]{0,300})\)")

# Capitalised words that open a sentence or a remark before a name, or stand before a year.
_NO_NAMES = frozenset(
    """according accordingly adapted additionally after again all also although among and another as
    at based because before besides both but by cf chapter consequently consistent contrary
    despite drawing during each early eg especially even example fig figure finally first
    following for from further furthermore given hence here how however ie if in including
    indeed instead into it its last later like likewise many meanwhile moreover most notably
    note of on one only or other our over recent recently researchers regarding scholars second
    section see several similarly since so some source sources specifically still studies such
    table than that the their then there therefore these they third this those though through
    thus to two under unlike until using we what when where whereas whether which while who
    with within work works year january february march april may june july august september
    october november december jan feb mar apr jun jul aug sept sep oct nov dec vol volume no
    issue pp copyright""".split()  # noqa: SIM905
)
_MONTHS = frozenset({"march", "april", "may", "june", "august"})


def plain_text(text: str) -> str:
    """A text as one line: marks of emphasis and links gone, words joined across line breaks.

    The reference list, from its heading on, is cut off.
    """
    headings = list(_LIST_HEADING.finditer(text))
    if headings:
        text = text[: headings[-1].start()]
    text = _ESCAPED.sub(r"\1", _TAGS.sub("", text))
    text = _LINK.sub(r"\1", text.replace("\r\n", "\n").replace("\u00ad", ""))
    text = _MARKS.sub("", text)
    text = _CAPITALS.sub("", _HYPHENATED.sub("", text))
    text = _HYPHEN_AT_BREAK.sub("-", text)
    return " ".join(text.replace("\u2010", "-").replace("\u2011", "-").split())


def find_citations(text: str, families: Iterable[str] = ()) -> list[Citation]:
    """The author-year citations of a text, in the order in which they first appear.

    Narrative, `Hadley and Wilson (2003)`, and parenthetical, `(cf. Fait et al., 2019, p. 7;
    Johanson and Vahlne, 1977, 2009)`; with `and` or `&`, several years or letters for one author,
    possessives, and names broken across lines.

    Parameters
    ----------
    text : str
        The full text; its reference list is left out.
    families : iterable of str, optional
        Family names and organisations of the reference list. They tell names of several words
        from a capitalised word before a name; without them, what stands in brackets does.

    Returns
    -------
    list of Citation
        Each with the number of times it is made.
    """
    plain = plain_text(text)
    depths = _Depths(plain)
    found = list(_candidates(plain, depths))
    known = {fold(family) for family in families}
    for match, opened in found:
        names, _ = _names(match["names"])
        if opened:
            known.update(fold(name) for name in names if " " in name)
        last_word = fold(names[-1].rpartition(" ")[2])
        if last_word in _MONTHS and _is_no_date(match):
            known.add(last_word)
    counts: dict[tuple[str, str], int] = {}
    for match, opened in found:
        cited = _cited(match, known, opened)
        for year in _years(match["years"]) if cited else ():
            counts[cited, year] = counts.get((cited, year), 0) + 1
    return [Citation(cited, year, count) for (cited, year), count in counts.items()]


class _Depths:
    """How many brackets are open at each place of a text."""

    def __init__(self, text: str) -> None:
        steps = [(m.start(), 1 if m[0] == "(" else -1) for m in re.finditer(r"[()]", text)]
        self._places = [place for place, _ in steps]
        self._depths = list(accumulate((step for _, step in steps), lambda d, s: max(0, d + s)))

    def at(self, place: int) -> int:
        """Brackets open just before `place`."""
        position = bisect_right(self._places, place - 1) - 1
        return self._depths[position] if position >= 0 else 0


_SEGMENT_START = re.compile(
    r"(?:\(|; ?|\be\.g\.,? ?|\bi\.e\.,? ?|\bcf\.? ?|\b[Ss]ee(?: also)?,? ?|\bfor example,? ?|, )$"
)


def _candidates(plain: str, depths: _Depths) -> Iterator[tuple[re.Match, bool]]:
    """Matches that can be citations, and whether each opens a segment inside brackets."""
    position = 0
    while match := _CITATION.search(plain, position):
        inside = depths.at(match.start()) > 0
        narrative = match["before"].endswith("(")
        if not narrative and not inside:
            # Outside brackets a bare year is a date; names before it may still begin a citation.
            position = match.start() + 1
            space = plain.find(" ", position)
            position = space + 1 if space >= 0 else len(plain)
            continue
        start = match.start()
        opened = inside and bool(_SEGMENT_START.search(plain, max(0, start - 20), start))
        yield match, opened
        position = match.end()


def _names(text: str) -> tuple[list[str], list[str]]:
    """The names of a match and what stands between them."""
    parts = _SPLIT.split(_ET_AL.sub("", text).strip())
    return parts[::2], parts[1::2]


def _cited(match: re.Match, known: set[str], opened: bool) -> str:
    """The citation in its printed words, without what only stands before it; empty if none."""
    text = match["names"]
    et_al = " et al." if _ET_AL.search(text) else ""
    names, between = _names(text)
    last_word = names[0].rpartition(" ")[2]
    if len(names) == 1 and fold(last_word) in _MONTHS & known:
        return last_word
    while names and not (first := _without_opening(names[0], known, opened and len(names) == 1)):
        names, between = names[1:], between[1:]
    if not names:
        return ""
    names[0] = first
    if len(names) > 2 and not opened and fold(first) not in known and fold(names[1]) in known:
        # `In China, Hu and Baldin (2018)`: a place before the names is none of them.
        names, between = names[1:], between[1:]
    printed = names[0] + "".join(b + n for b, n in zip(between, names[1:], strict=True))
    printed = printed.removesuffix("'s").removesuffix("’s") + et_al
    start = match.start()
    before = _NAME_BEFORE.search(match.string, max(0, start - 120), start)
    if opened and before and fold(before["name"]) in known and fold(names[0]) in known:
        return f"{before['name']}, {printed}"  # `(ISMEA, Fondazione Qualivita, 2019)`
    return printed


_NAME_BEFORE = re.compile(rf"[(;] ?(?P<name>{_NAME}), $")


def _is_no_date(match: re.Match) -> bool:
    """Whether a month with a year is a citation: `March (1991)`, `(March, 1991; Simon, 1991)`.

    A date has no bracket or comma between them and does not stand among citations.
    """
    text = match.string
    after = text[match.end() : match.end() + 1]
    return match["before"] != " " or ";" in (after, text[match.start() - 2])


def _without_opening(name: str, known: set[str], whole: bool) -> str:
    """A name without the capitalised words before it that are none: `As`, `In`, `Study`."""
    words = name.split(" ")
    while words and fold(words[0]).strip("'") in _NO_NAMES:
        words = words[1:]
    if whole or len(words) < 2:
        return " ".join(words)
    for start in range(len(words)):
        if fold(" ".join(words[start:])) in known:
            return " ".join(words[start:])
    start = len(words) - 1
    while start and re.fullmatch(_PARTICLE, words[start - 1]):
        start -= 1
    return " ".join(words[start:])


def _years(text: str) -> Iterator[str]:
    """Each year with its letter: `2017a, b` is 2017a and 2017b."""
    year = ""
    for token in _YEAR_OR_LETTER.findall(text):
        if token[0].isdigit():
            year = token[:4]
            yield token
        elif year:
            yield year + token
