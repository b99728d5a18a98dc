"""The running text of a paper: what extraction adds is gone, and so is the reference list."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

# A line that comes back this often, page numbers aside, is a running head.
REPEATS_OF_A_HEAD = 3
# How far below its heading a reference list begins, and how far apart its entries may start, in
# lines with text.
LINES_TO_AN_ENTRY = 6
# So many entries in a row are a list, with or without a heading.
ENTRIES_OF_A_LIST = 5

_INVISIBLE = str.maketrans(dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""))
_CHARACTERS = str.maketrans({"\u2010": "-", "\u2011": "-", "\r": "\n"})
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
# Numbers of footnotes: raised digits, `<sup>3</sup>`, `^3^`.
_FOOTNOTE_MARK = re.compile(r"[¹²³⁰⁴-⁹]+|<sup>[\d,* ]{1,9}</sup>|\^\d{1,3}\^")
_TAGS = re.compile(r"</?(?:i|b|em|strong|sub|sup|span|a)\b[^<>\n]{0,200}>")
_ESCAPED = re.compile(r"\\([()\[\]*_&])")
_LINK = re.compile(r"\[([^\[\]\n]{1,80})\]\((?:[^()\s]{0,300})\)")
_MARKS = re.compile(r"[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}")

_UPPER = "A-ZÀ-ÖØ-Þ"
_HYPHENATED = re.compile(r"(?<=\w)-\n\s*(?=[a-zß-ÿ])")
_CAPITALS = re.compile(rf"(?<=[{_UPPER}]{{2}})-\n\s*(?=[{_UPPER}]{{2}})")
_HYPHEN_AT_BREAK = re.compile(r"-\n\s*(?=\w)")
# Breaks that extraction has closed up: `Johan- son`; not `small- and medium-sized`.
_CLOSED_BREAK = re.compile(r"(?<=[^\W\d_])- (?=[a-zß-ÿ])(?!(?:and|but|nor|or|to|und|oder)\b)")
_CLOSED_HYPHEN = re.compile(rf"(?<=[a-zß-ÿ]-) (?=[{_UPPER}][a-zß-ÿ])")

_PAGE_NUMBER = re.compile(r"\W{0,3}(?:page )?\d{1,5}(?: ?(?:of|/) ?\d{1,5})?\W{0,3}", re.IGNORECASE)
# A head is no end of a sentence: `et al., 2003).` is not one.
_HEAD = re.compile(r"[A-Z0-9À-ÖØ-Þ©].*[^.,;:]")
_ONLY_A_YEAR = re.compile(r"\D*\b(?:1[5-9]|20)\d\d[a-z]?\b\D*")
_HEADING = re.compile(
    r"[\W\d_]{0,12}(?:[ivx]{1,5}\. )?(?:list of )?"
    r"(?:references?(?: list| cited)?|bibliography|literature(?: cited)?|works cited)"
    r"(?: and notes)?\W{0,6}",
    re.IGNORECASE,
)
_FAMILY = (
    rf"[\W\d_]{{0,8}}(?:[a-z]{{2,4}} ){{0,2}}[{_UPPER}][\w’'-]{{1,40}}(?: [\w’'-]{{1,40}}){{0,3}}"
)
# `Family, Given` or `Family GN`, as entries begin; `Family, G.` where no heading tells the list.
_ENTRY = re.compile(rf"{_FAMILY}(?:, ?[{_UPPER}]| [{_UPPER}]{{1,3}}[ ,(])")
_SURE_ENTRY = re.compile(rf"{_FAMILY},? [{_UPPER}]\.?[^a-z]")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d[a-z]?\b|\bn\.d\.|in press|forthcoming")


def running_text(text: str) -> str:
    """A full text as one line, up to its reference list.

    Marks of emphasis, links, footnote marks, running heads and page numbers are gone; words and
    names are joined across lines and pages.

    Parameters
    ----------
    text : str
        As extracted: plain or Markdown, with or without form feeds between pages.
    """
    text = html.unescape(text.replace("\r\n", "\n")).translate(_INVISIBLE).translate(_CHARACTERS)
    text = unicodedata.normalize("NFC", text.translate(_LIGATURES))
    lines = [line.strip() for line in text.replace("\f", "\n\f\n").split("\n")]
    lines = without_running_heads(lines)
    text = "\n".join(lines[: list_start(lines)])
    text = _TAGS.sub("", _FOOTNOTE_MARK.sub("", _ESCAPED.sub(r"\1", text)))
    text = _MARKS.sub("", _LINK.sub(r"\1", text))
    text = _CAPITALS.sub("", _HYPHENATED.sub("", text))
    text = " ".join(_HYPHEN_AT_BREAK.sub("-", text).split())
    return _CLOSED_HYPHEN.sub("", _CLOSED_BREAK.sub("", text))


def without_running_heads(lines: Sequence[str]) -> list[str]:
    """Lines without page numbers and without heads and feet that come back on page after page.

    Such a line stands beside an empty one or a page number. A line whose only number is a year may
    be a citation, in a table's cell say, and stays.
    """
    masked = [re.sub(r"\d+", "0", line.casefold()) for line in lines]
    repeated = {
        line for line, count in Counter(masked).items() if line and count >= REPEATS_OF_A_HEAD
    }
    open_at = [not line or bool(_PAGE_NUMBER.fullmatch(line)) for line in lines]
    heads = [
        mask in repeated
        and 3 < len(line) < 150
        and _HEAD.fullmatch(line)
        and line.count("(") == line.count(")")
        and not _ONLY_A_YEAR.fullmatch(line)
        and _beside(open_at, place, any)
        for place, (line, mask) in enumerate(zip(lines, masked, strict=True))
    ]
    empty = [head or not line for head, line in zip(heads, lines, strict=True)]
    return [
        ""
        if heads[place] or (_PAGE_NUMBER.fullmatch(line) and _beside(empty, place, all))
        else line
        for place, line in enumerate(lines)
    ]


def _beside(marked: Sequence[bool], place: int, which: Callable[[Iterable[bool]], bool]) -> bool:
    """Whether any, or all, of the lines before and after a place are marked; the ends are."""
    before = marked[place - 1] if place else True
    after = marked[place + 1] if place + 1 < len(marked) else True
    return which((before, after))


def list_start(lines: Sequence[str]) -> int:
    """The line with which the reference list begins; the number of lines if there is none.

    It is a heading that entries follow, not the heading of a column; without one, the first of
    `ENTRIES_OF_A_LIST` entries in a row.
    """
    filled = [place for place, line in enumerate(lines) if line]
    run: list[int] = []
    for position, place in enumerate(filled):
        line = lines[place]
        if _HEADING.fullmatch(line):
            below = [lines[p] for p in filled[position + 1 : position + 1 + LINES_TO_AN_ENTRY]]
            if any(map(_ENTRY.match, below)) and any(map(_YEAR.search, below)):
                return place
        if _SURE_ENTRY.match(line) and any(
            _YEAR.search(lines[p]) for p in filled[position : position + 3]
        ):
            if run and position - run[-1] > LINES_TO_AN_ENTRY:
                run = []
            run.append(position)
            if len(run) == ENTRIES_OF_A_LIST:
                return filled[run[0]]
    return len(lines)
