"""Pairs of references of which it is known whether they describe one work.

From the three printed lists and from the bibliography on panel econometrics, where works that are
printed twice were found by hand; and made from their references: as another list would print them,
and as a different work that is as like them as works get.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations, product
from pathlib import Path
from typing import NamedTuple

from bibliography_lists import references

from retrace.bibliography.readers.bibtex import read_bibtex
from retrace.bibliography.record import Name, Reference

BIB = Path(__file__).resolve().parents[1] / "data" / "panel_econometrics.bib"
SEED = 20220101

# The works that more than one of the three lists prints, and which lists, found by hand.
SHARED = {
    "autio2000effects": "hu2024 magni2022",
    "coviello2006network": "hu2024 magni2022",
    "coviello2017adapting": "hu2024 osarenkhoe2024",
    "eisenhardt1989building": "hu2024 magni2022",
    "fletcher2012knowledge": "magni2022 osarenkhoe2024",
    "forsgren2002concept": "magni2022 osarenkhoe2024",
    "glavas2019knowledge": "hu2024 osarenkhoe2024",
    "hanell2021nature": "hu2024 magni2022",
    "johanson1977internationalization": "hu2024 magni2022 osarenkhoe2024",
    "johanson1990mechanism": "magni2022 osarenkhoe2024",
    "johanson2009uppsala": "hu2024 magni2022 osarenkhoe2024",
    "knight2004innovation": "hu2024 magni2022",
    "vahlne2017internationalization": "hu2024 osarenkhoe2024",
    "zain2006impact": "magni2022 osarenkhoe2024",
    "zen2011internationalisation": "magni2022 osarenkhoe2024",
    "zhou2007internationalization": "hu2024 magni2022 osarenkhoe2024",
}

# Pairs of words that make two titles of one; each is one that a slip could almost have made.
COUNTERPARTS = (
    *(("India", "China"), ("Iran", "Iraq"), ("Austria", "Australia"), ("micro", "macro")),
    *(("exporting", "importing"), ("positive", "negative"), ("formal", "informal")),
    *(("inductive", "deductive"), ("explicit", "implicit"), ("goods", "foods"), ("east", "west")),
    *(("interorganizational", "intraorganizational"), ("national", "rational")),
    *(("one", "two"), ("inflation", "deflation"), ("men", "women"), ("internal", "external")),
    *(("emigration", "immigration"), ("Slovakia", "Slovenia"), ("parent", "patent")),
)
RECURRENT = (
    *("Editorial", "Introduction to the special issue", "Guest editorial", "Book review"),
    *("Comment", "Reply", "From the editors", "Preface", "Call for papers"),
)


class Pair(NamedTuple):
    """Two references, whether they are one work, and how the pair came about."""

    one: Reference
    other: Reference
    same: bool
    kind: str


@cache
def pairs() -> list[Pair]:
    """All labelled pairs; real ones of different works only by one first author of about a year."""
    return [*_printed(), *_kept(), *_reprinted(), *_counterparts(), *_neighbours(), *_series()]


def _first_author(reference: Reference) -> str:
    return reference.authors[0].family if reference.authors else ""


def _near(one: Reference, other: Reference) -> bool:
    return (
        _first_author(one) == _first_author(other)
        and abs((one.year_number or 0) - (other.year_number or 0)) <= 1
    )


def _work_of(reference: Reference, paper: str) -> str:
    """The shared work that a reference of a list describes, by first author and year as keys."""
    families = {"carneiro zen": "zen"}
    family = families.get(_first_author(reference).lower(), _first_author(reference).lower())
    years = {"2020": "2021"} if family == "hänell" else {}
    start = family.replace("ä", "a") + years.get(reference.year, reference.year)
    found = [
        key for key, papers in SHARED.items() if key.startswith(start) and paper in papers.split()
    ]
    # Of two works of one author and year the title's first word tells.
    title = reference.title.lower().replace("isation", "ization")
    return next(
        (key for key in found if key[len(start) :].replace("isation", "ization") in title), ""
    )


def _printed() -> Iterator[Pair]:
    listed = [(paper, r) for paper, listed in references().items() for r in listed]
    for (paper, one), (elsewhere, other) in combinations(listed, 2):
        work = _work_of(one, paper)
        same = bool(work) and work == _work_of(other, elsewhere) and paper != elsewhere
        if same or _near(one, other):
            yield Pair(one, other, same, "printed lists")


# Entries of the bibliography in tests/data that repeat another one, by position, found by hand. A
# working paper of 1986 (232) and the article that it became in 1987 (233) are two works.
REPEATED = (
    *((16, 301), (17, 302), (41, 307), (46, 47), (54, 308), (61, 221), (63, 273), (72, 312)),
    *((106, 111), (116, 315), (125, 320), (184, 185), (239, 342), (240, 343), (296, 333)),
    (317, 318),
)


def _kept() -> Iterator[Pair]:
    listed = read_bibtex(BIB.read_text(encoding="utf-8"))
    for one, other in combinations(listed, 2):
        if _near(one, other):
            yield Pair(one, other, (one.index, other.index) in REPEATED, "kept bibliography")


def _articles() -> list[Reference]:
    return [
        r
        for listed in references().values()
        for r in listed
        if r.type == "article" and r.volume and r.first_page and len(r.title.split()) > 4
    ]


def _slip(title: str, draw: random.Random) -> str:
    """A title as someone else types it."""
    words = title.split()
    long = [i for i, word in enumerate(words) if len(word) >= 8 and word.isalpha()]
    kind = draw.randrange(6)
    if kind == 0 and long:
        i = draw.choice(long)
        cut = draw.randrange(2, len(words[i]) - 1)
        words[i] = words[i][:cut] + words[i][cut + 1 :]
    elif kind == 1 and long:
        i = draw.choice(long)
        cut = draw.randrange(2, len(words[i]) - 2)
        swapped = words[i][cut + 1] + words[i][cut]
        words[i] = words[i][:cut] + swapped + words[i][cut + 2 :]
    elif kind == 2:
        return title.replace("ization", "isation").replace("our", "or").title()
    elif kind == 3:
        return title.replace("-", " ").replace("The ", "").replace(" the ", " ", 1)
    elif kind == 4:
        words[-1] += "" if words[-1].endswith("s") else "s"
    else:
        return f"“{title}”."
    return " ".join(words)


def _reprinted() -> Iterator[Pair]:
    """Articles as another list would print them: a slip, less of the place, a year off by one."""
    draw = random.Random(SEED)
    for one in _articles():
        other = replace(one, title=_slip(one.title, draw), doi="")
        left_out = draw.randrange(4)
        if left_out == 0:
            other = replace(other, volume="", issue="", first_page="", last_page="")
        elif left_out == 1:
            other = replace(other, first_page="", last_page="")
        elif left_out == 2:
            other = replace(other, year=str(int(one.year[:4]) + 1))
        yield Pair(one, other, True, "printed again")
    for one in _articles()[::5]:
        short = one.title.partition(":")[0]
        if short != one.title and len(short) > 12:
            yield Pair(one, replace(one, title=short, doi=""), True, "without its subtitle")


def _counterparts() -> Iterator[Pair]:
    """Different works of one author in one journal and year whose titles differ in one word."""
    for reference, (word, counterpart) in product(_articles()[::12], COUNTERPARTS):
        title = " ".join(reference.title.split()[:7])
        for pages in (("1", "20"), ("", "")):
            one, other = (
                replace(reference, title=f"{title}: evidence on {w}", first_page=p, doi="")
                for w, p in zip((word, counterpart), pages, strict=True)
            )
            yield Pair(one, other, False, "another word")


def _neighbours() -> Iterator[Pair]:
    """Titles in which one word of another title stands in for one that begins and ends like it."""
    words = sorted({w.lower() for r in _articles() for w in r.title.split() if w.isalpha()})
    for reference in _articles():
        title = reference.title.lower().split()
        for position, word in enumerate(title):
            near = [
                w
                for w in words
                if len(word) > 3
                and (w[0], len(w)) == (word[0], len(word))
                and sum(a != b for a, b in zip(w, word, strict=True)) in (2, 3)
            ]
            for other in near[:1]:
                changed = [*title[:position], other, *title[position + 1 :]]
                one = replace(reference, doi="", first_page="")
                yield Pair(one, replace(one, title=" ".join(changed)), False, "neighbouring word")


def _series() -> Iterator[Pair]:
    """Different works that have one title: what recurs, editions, parts, papers before articles."""
    base = Reference(
        1, "", type="article", authors=[Name("Ou", "C.")], year="2014", container="MIS Quarterly"
    )
    for title in RECURRENT:
        one = replace(base, title=title, volume="37", first_page="3")
        yield Pair(one, replace(one, volume="38", first_page="1"), False, "recurrent")
        yield Pair(one, replace(one, year="2015", volume="38"), False, "recurrent")
        yield Pair(one, replace(one, issue="4", first_page="103"), False, "recurrent")
        bare = replace(one, volume="", first_page="")
        yield Pair(bare, replace(bare, year="2015"), False, "recurrent")
    for one in _articles()[::4]:
        one = replace(one, doi="")
        paper = replace(one, type="report", container="", volume="", issue="", first_page="")
        yield Pair(one, replace(paper, publisher="A bank"), False, "paper and article")
        series = replace(one, container="A bank's working paper", volume="", first_page="")
        yield Pair(
            one, replace(series, year=str(int(one.year[:4]) - 1)), False, "paper and article"
        )
        talk = replace(paper, type="conference paper", container="Proceedings of a conference")
        yield Pair(one, talk, False, "paper and article")
        first, second = (
            replace(one, title=f"{one.title}: part {part}", first_page=page)
            for part, page in (("I", "1"), ("II", "25"))
        )
        yield Pair(first, second, False, "parts")
        book = replace(paper, type="book", publisher="A press")
        editions = [replace(book, edition=e, year="2003") for e in ("2nd ed.", "3rd edition")]
        yield Pair(*editions, False, "editions")
        yield Pair(book, replace(editions[1], year=str(int(book.year[:4]) + 1)), False, "editions")
        annual = replace(paper, authors=[Name("A bank")], title="World trade report")
        yield Pair(annual, replace(annual, year=str(int(annual.year[:4]) + 1)), False, "every year")
