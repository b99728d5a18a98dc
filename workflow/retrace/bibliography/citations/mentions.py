"""Author-year citations in a text: where they are, whom they name, how often they are made.

A citation ends with its year, so each year, or run of years, is looked for first and the names are
read backwards from it: before a bracket that opens (narrative), or inside one (parenthetical).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from retrace.bibliography.citations.citation import ET_AL, Citation
from retrace.bibliography.citations.fulltext import running_text
from retrace.bibliography.keys import fold
from retrace.bibliography.names import PARTICLE

_UPPER = "A-ZÀ-ÖØ-ÞĀ-Ž"
_WORD = (
    rf"\b(?!(?:Jr|Sr|II|III|IV)\b)(?:[dDlL][’']|[aAeE]l-)?[{_UPPER}][\w\u0300-\u036f’'/–-]{{0,40}}\w\b"
    r"(?:\.(?:com|org|net)\b)?"
)
_SMALL = rf"(?:of|for|on|y|e|des|für|{PARTICLE})"
# One name: a family name with its particles, an organisation, or full names.
_NAME = (
    rf"(?:(?:{PARTICLE}|St\.) ){{0,3}}(?:\b[{_UPPER}] )?{_WORD}"
    rf"(?: (?:{_SMALL} (?:{_SMALL} |the )?)?{_WORD}){{0,7}}"
)
_INITIALS = rf"(?:\b[{_UPPER}]\.[ -]{{0,2}}){{1,4}}"
_SUFFIX = r"(?:,? (?:(?:Jr|Sr)\b\.?|(?:II|III|IV)\b))"
# An organisation may have its acronym beside it: `World Health Organization [WHO]`.
_ACRONYM = r"(?: ?[(\[][A-Z][A-Za-z&]{1,9}[)\]])"
_PERSON = rf"(?:{_INITIALS})?{_NAME}{_SUFFIX}?{_ACRONYM}?"
_INVERTED = rf"{_NAME}, ?(?:[{_UPPER}]\.[ -]?){{1,4}}"
_AND = r"(?:and|&)"
_ET_AL = rf"(?:,? {ET_AL}(?:,(?= ?[(’']))?)"
_NAMES = (
    rf"(?:{_INVERTED}(?:,? (?:{_AND} )?{_INVERTED}){{0,8}}"
    rf"|{_PERSON}(?:(?:, {_PERSON}){{0,8}},? {_AND} (?:the )?{_PERSON}"
    rf"|(?:, {_PERSON}){{0,8}}(?={_ET_AL}))?){_ET_AL}?"
)
# `Yin’s (2009)`, `Yin's seminal (2009)`: what a possessive may put between name and year.
_POSSESSIVE = r"(?:,? ?[’']s?)?(?P<between>(?:(?<=[’']s)|(?<=s[’']))(?: [a-z][a-z-]{0,20}){1,3})?"
_CITED = re.compile(
    rf"(?P<names>{_NAMES}){_POSSESSIVE}"
    r"(?P<before>,? ?[(\[](?:(?:e\.g\.|see|cf\.?),? )?|,+ ?| |: ?)$"
)
# Names that fill more than this are none.
LONGEST_NAMES = 300

_NUMBERED = r"(?:1[5-9]|20)\d\d"
_LETTERED = rf"{_NUMBERED}[a-z](?:(?:, ?|,? (?:and|&) |/)[b-z]\b(?!\.| ?\d))*"
_NO_YEAR = r"n\. ?d\.(?:-?[a-z]\b)?|(?:in press|forthcoming)(?:-[a-z]\b)?"
_YEAR = rf"(?:{_LETTERED}\b|{_NUMBERED}\b|{_NO_YEAR})(?![-–]\d)"
_LOCATOR = (
    r"(?:(?:,? ?(?:at )?"
    r"(?:pp?|pages?|chap(?:ter)?s?|ch|sec(?:tion)?s?|fig(?:ure)?|table|para|vol|n)\b\.? ?"
    r"|,? ?§+ ?|: ?|, (?=\d{1,3}\D))"
    r"[\divxlc]{1,5}[a-z]?(?:[-–]\d{1,4}|, ?\d{1,3}(?!\d))*)"
)
# Years of one author, with the pages that stand between them.
_YEARS = re.compile(
    rf"(?<![\w$€£./–-])(?<!\d[ ,])(?:{_YEAR})(?:{_LOCATOR}?(?:[,;] ?|,? (?:and|&) |/)(?:{_YEAR}))*",
    re.IGNORECASE,
)
_ONE_YEAR = re.compile(rf"(?P<year>{_NUMBERED})(?P<letters>[a-z](?:\W+(?:and )?[b-z]\b(?!\.))*)?\b")
_ONE_MARK = re.compile(
    r"(?P<word>n\. ?d\.|in press|forthcoming)-?(?P<letter>[a-z]\b)?", re.IGNORECASE
)

# Capitalised words that open a sentence or a remark before a name. In capitals and alone they may
# be an organisation: `(WHO, 2020)`.
_OPENING = frozenset(
    """a according accordingly adapted additionally after again all also although among an and
    another as at based because before besides both but by cf consequently consistent contrary
    despite drawing during each early eg especially even example finally first following for from
    further furthermore given hence here how however ie if in including indeed instead into it its
    last later like likewise many meanwhile moreover most notably of on one only or other our over
    recent recently researchers regarding scholars second see several similarly since so some
    source sources specifically still studies such than that the their then there therefore these
    they third this those though through thus to two under unlike until using we what when where
    whereas whether which while who with within work works year years""".split()  # noqa: SIM905
)
# Labels before numbers, and months: no organisation in any case.
_LABELS = frozenset(
    """chapter copyright fig figure issue no note pp section table vol volume january february march
    april may june july august september october november december jan feb mar apr jun jul aug sept
    sep oct nov dec""".split()  # noqa: SIM905
)
_MONTHS = frozenset({"march", "april", "may", "june", "august"})
# What the names of journals have in them, or end with, and family names do not.
_IN_JOURNALS = frozenset(
    "annals bulletin journal magazine proceedings quarterly transactions".split()  # noqa: SIM905
)
_ENDS_OF_JOURNALS = frozenset(
    """economics entrepreneurship letters management marketing perspectives planning policy practice
    psychology research review reviews science sciences sociology studies""".split()  # noqa: SIM905
)
_IN_ORGANISATIONS = frozenset(
    """academy agency association authority bank board bureau centre center chamber commission
    committee confederation council department federation foundation fund institute institution
    ministry nations office organisation organization parliament society statistics team union
    university""".split()  # noqa: SIM905
)


class Mention(NamedTuple):
    """A place that can be a citation.

    Attributes
    ----------
    match : re.Match
        Names and what stands between them and the year, in the text before the year.
    years : list of str
    narrative : bool
        Whether the bracket opens between names and year.
    opened : bool
        Whether the names begin what stands in the bracket, or follow `see` or the like there.
    is_date : bool
        Whether a month with this year is a date.
    """

    match: re.Match
    years: list[str]
    narrative: bool
    opened: bool
    is_date: bool


def find_citations(text: str, families: Iterable[str] = ()) -> list[Citation]:
    """The author-year citations of a text, in the order in which they first appear.

    Narrative, `Hadley and Wilson (2003)`, and parenthetical, `(cf. Fait et al., 2019, p. 7;
    Johanson and Vahlne, 1977, 2009)`; with `and` or `&`, initials, several years or letters for
    one author, `n.d.` and `in press`, possessives, and names broken across lines or pages.

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
    mentions = list(_mentions(running_text(text)))
    listed = {fold(family) for family in families}
    seen = set(listed)
    for mention in mentions:
        names, _ = _names(mention.match["names"])
        last_word = fold(names[-1].rpartition(" ")[2])
        if last_word in _MONTHS:
            seen.update([] if mention.is_date or listed else [last_word])
        elif mention.opened:
            seen.update(map(fold, names))
    counts: dict[tuple[str, str], int] = {}
    for mention in mentions:
        cited = _cited(mention, listed, seen)
        for year in mention.years if cited else ():
            counts[cited, year] = counts.get((cited, year), 0) + 1
    return [Citation(cited, year, count) for (cited, year), count in counts.items()]


class _Brackets:
    """Where a text is inside brackets."""

    # Further back than this an open bracket is one that extraction has left unclosed.
    LONGEST = 1000

    def __init__(self, text: str) -> None:
        self._places, self._opened = [-1], [-1]
        stack: list[int] = []
        for match in re.finditer(r"[()\[\]]", text):
            if match[0] in "([":
                stack.append(match.start())
            elif stack:
                stack.pop()
            self._places.append(match.start())
            self._opened.append(stack[-1] if stack else -1)

    def hold(self, place: int) -> bool:
        """Whether a bracket is open just before `place`."""
        opened = self._opened[bisect_right(self._places, place - 1) - 1]
        return opened >= 0 and place - opened <= self.LONGEST


_SEGMENT_START = re.compile(
    r"(?:[(\[]|; ?|, |\be\.g\.,? ?|\bi\.e\.,? ?|\bcf\.?,? ?|\b[Ss]ee(?: also)?,? ?"
    r"|\b(?:also|and|by|e\.g|following|for example|from|in),? |: )$"
)
_MORE_WORDS = re.compile(r" (?!and\b|cited\b|see\b)[a-z]{3}")
_INVERTED_NAMES = re.compile(_INVERTED)
_TITLE = re.compile(r"[)\]][.,]? ?[\"“‘]|[)\]]\. [A-Z]")


def _mentions(plain: str) -> Iterator[Mention]:
    """Every place of a text where names stand before years as in a citation."""
    brackets = _Brackets(plain)
    read_to = 0
    for years in _YEARS.finditer(plain):
        window = plain[max(read_to, years.start() - LONGEST_NAMES) : years.start()]
        read_to = years.end()
        match = _CITED.search(window)
        if not match:
            continue
        start = years.start() - len(window) + match.start()
        inside = brackets.hold(start)
        narrative = match["before"].strip(" ,")[:1] in ("(", "[") and bool(match["before"].strip())
        if not narrative and not inside:
            continue  # outside brackets a bare year is a date
        if narrative and _MORE_WORDS.match(plain, years.end()):
            continue  # `Italy (2004 data)`
        if _INVERTED_NAMES.match(match["names"]) and _TITLE.match(plain, years.end()):
            continue  # the paper's own reference, or another list
        opened = inside and bool(_SEGMENT_START.search(window[: match.start()]))
        among_others = ";" in (plain[years.end() : years.end() + 1], plain[max(start - 2, 0)])
        is_date = match["before"] == " " and not among_others
        yield Mention(match, list(_years(years[0])), narrative, opened, is_date)


_SPLIT = re.compile(rf"(,? {_AND} (?:the )?|, )")
_ET_AL_END = re.compile(rf"{_ET_AL}$")
_GIVEN = re.compile(rf"^{_INITIALS}(?=.)|,? ?(?:[{_UPPER}]\.[ -]?){{1,4}}$|{_SUFFIX}$")
_BESIDE = re.compile(rf"{_SUFFIX}(?=,| |$)|{_ACRONYM}")
_FOOTNOTE = re.compile(r"(?<=[a-zß-ÿ])\d{1,3}\b")


def _names(text: str) -> tuple[list[str], list[str]]:
    """The names of a match without initials, and what stands between them."""
    text = _FOOTNOTE.sub("", _ET_AL_END.sub("", text.rstrip(",")))
    parts = _SPLIT.split(_BESIDE.sub("", text))
    names: list[Any] = []
    between: list[Any] = []
    for position in range(0, len(parts), 2):
        name = _GIVEN.sub("", parts[position]).strip().removesuffix("'s").removesuffix("’s")
        if name:
            between += [parts[position - 1]] if names else []
            names.append(name)
    if between and _INVERTED_NAMES.match(text):
        # The comma before `&` belongs to the initials of the name before it.
        between[-1] = f" {between[-1].strip(' ,') or 'and'} "
    return names, between


def _cited(mention: Mention, listed: Collection[str], seen: Collection[str]) -> str:
    """The citation in its printed words, without what only stands before it; empty if none."""
    match = mention.match
    et_al = _ET_AL_END.search(match["names"].rstrip(","))
    names, between = _names(match["names"])
    last_word = names[0].rpartition(" ")[2]
    if len(names) == 1 and fold(last_word) in _MONTHS and fold(last_word) in seen:
        return last_word
    while names and not (first := _first_name(names[0], mention, listed, seen)):
        names, between = names[1:], between[1:]
    if not names:
        return ""
    shortened, names[0] = first != names[0], first
    if not mention.opened and fold(first) not in seen:
        if len(names) > 2 and fold(names[1]) in (seen if shortened else listed):
            # `In China, Hu and Baldin (2018)`: a place before the names is none of them.
            names, between = names[1:], between[1:]
        elif _is_journal(first) or _is_journal(names[-1]):
            if len(names) < 2 or _is_journal(names[-1]) or _names_a_journal(first):
                return ""
            names, between = names[1:], between[1:]
    if match["between"] and len(names) == 1 and not et_al and fold(names[0]) not in seen:
        return ""  # `Italy's growth (2004)`
    printed = names[0] + "".join(b + n for b, n in zip(between, names[1:], strict=True))
    if et_al:
        printed += " et al." if "al" in et_al[0] else et_al[0]
    before = _NAME_BEFORE.search(match.string[: match.start()])
    if mention.opened and before and fold(before["name"]) in seen and fold(names[0]) in seen:
        return f"{before['name']}, {printed}"  # `(ISMEA, Fondazione Qualivita, 2019)`
    return printed


_NAME_BEFORE = re.compile(rf"[(;] ?(?P<name>{_NAME}), $")


def _first_name(name: str, mention: Mention, listed: Collection[str], seen: Collection[str]) -> str:
    """A name without the words before it that are none: `As`, `In`, `Study`, a given name."""
    words = name.split(" ")
    while words and _opens(words[0], alone=len(words) == 1):
        words = words[1:]
    ends = [" ".join(words[start:]) for start in range(len(words))]
    for known in (listed, seen) if not mention.opened else (listed,):
        for end in ends:
            if fold(end) in known:
                return end
    if mention.opened or len(words) < 2 or not _IN_ORGANISATIONS.isdisjoint(map(fold, words)):
        return " ".join(words)
    if _is_journal(name):
        return " ".join(words)
    start = len(words) - 1
    while start and re.fullmatch(rf"{PARTICLE}|St\.", words[start - 1]):
        start -= 1
    return " ".join(words[start:])


def _opens(word: str, alone: bool) -> bool:
    """Whether a capitalised word cannot be a name, or the first word of one."""
    folded = fold(word).strip("'’")
    if folded in _LABELS:
        return True
    return folded in _OPENING and not (alone and len(word) > 1 and word.isupper())


def _is_journal(name: str) -> bool:
    """Whether a capitalised name in a sentence is a journal's rather than an author's."""
    return fold(name).split()[-1] in _ENDS_OF_JOURNALS or _names_a_journal(name)


def _names_a_journal(name: str) -> bool:
    return not _IN_JOURNALS.isdisjoint(fold(name).split())


def _years(text: str) -> Iterator[str]:
    """Each year with its letter: `2017a, b` is 2017a and 2017b; of `2001, p. 5` it is 2001."""
    found = [(m.start(), m) for m in _ONE_YEAR.finditer(re.sub(_LOCATOR + r"(?=[,;]|$)", "", text))]
    found += [(m.start(), m) for m in _ONE_MARK.finditer(text)]
    for _, match in sorted(found, key=lambda item: item[0]):
        groups = match.groupdict()
        if "word" in groups:
            letter = f"-{groups['letter']}" if groups["letter"] else ""
            yield groups["word"].lower().replace("n. d.", "n.d.") + letter
        elif groups["letters"]:
            yield from (
                groups["year"] + c for c in re.findall(r"\b[a-z]\b", " " + groups["letters"])
            )
        else:
            yield groups["year"]
