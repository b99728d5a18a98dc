"""When two references describe one work.

Comparison of records after Fellegi and Sunter (1969), with rules in place of weights: what speaks
for one work (a DOI, a title spelt alike, a place in a journal) is weighed against what speaks
against it (year, edition, kind of publication, another word in the title). What neither joins nor
parts two references is `UNCLEAR` and does not join them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Levenshtein

from retrace.bibliography.journals import same_journal
from retrace.bibliography.keys import fold
from retrace.bibliography.record import Reference

SAME, UNCLEAR, DIFFERENT = "same", "unclear", "different"

# Similarity of titles, 0 to 100: normalised Indel similarity (rapidfuzz `ratio`) of folded titles.
# Below this they are two titles, above it they are one if they also are spelt alike, word by word.
# `tests/unit/test_bibliography_sameness.py` shows precision and recall over the threshold.
TITLE_THRESHOLD = 90.0
# At one place, the same volume and first page of a journal, a title may differ more.
TITLE_THRESHOLD_AT_PLACE = 80.0
# With the same DOI it may differ more still, but not be another title altogether.
TITLE_THRESHOLD_WITH_DOI = 60.0
# Names of journals and first authors that are no more than misspelt.
NAME_THRESHOLD = 80.0
# How far apart years may be: online first and in print.
YEAR_TOLERANCE = 1
# Words of this length are still the same with a letter wrong, left out or put in; in shorter ones
# (`micro` and `macro`, `goods` and `foods`) it makes another word.
LONG_WORD = 8
# A title that contains another has at least this many letters.
SHORTEST_PART = 12

_WORDS = re.compile(r"[a-z0-9]+")
_ISE = re.compile(r"is(?=(?:ation|e|ed|es|ing)s?\b)")
_OUR = re.compile(r"(?<=[a-z]{2})our(?=s?\b|al|ed|ing|it)")
_TITLE_NUMBERS = re.compile(r"\b(?:\d+|i{1,3}|iv|v|vi{0,3})\b")
_DOUBLED = re.compile(r"(.)\1+")
_ARTICLES = frozenset(("a", "an", "the"))
# Titles of these words alone come back in every issue.
_RECURRENT = frozenset(
    """a an and announcement abstracts book books by call comment commentary comments conclusion
    corrigendum editor editorial editors erratum for foreword from guest in index introduction issue
    journal letter note notes obituary of on our overview papers postscript preface rejoinder reply
    response review reviews section special symposium the theme this to volume""".split()  # noqa: SIM905
)
# What a work is published as; the others, `web page` and `other`, fit any of these.
_KINDS = {
    "article": "in a journal",
    "chapter": "in a book",
    "conference paper": "in a book",
    "book": "by itself",
    "edited book": "by itself",
    "report": "by itself",
    "thesis": "thesis",
}
_SERIES = re.compile(r"\b(?:working|discussion) papers?\b|\bmimeo\b|\b(?:ssrn|arxiv|repec)\b")
_ORDINALS = {
    **{"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6"},
    **{"seventh": "7", "eighth": "8", "ninth": "9", "tenth": "10"},
}


class Features(NamedTuple):
    """What of a reference is compared, folded."""

    doi: str
    title: str
    numbers: tuple[str, ...]
    families: tuple[str, ...]
    year: int | None
    volume: str
    first_page: str
    container: str
    kind: str
    edition: str

    @property
    def recurrent(self) -> bool:
        """Whether the title is one that comes back: `Editorial`."""
        return _RECURRENT.issuperset(self.title.split())


def normal_title(title: str) -> str:
    """A title for comparison: folded, words only, British and American endings alike."""
    folded = fold(title).replace("'", "").replace("&", " and ")
    return " ".join(_WORDS.findall(_OUR.sub("or", _ISE.sub("iz", folded))))


def normal_doi(doi: str) -> str:
    """A DOI for comparison: they do not distinguish case (ISO 26324)."""
    return doi.strip().lower()


def normal_number(text: str) -> str:
    """A volume or issue for comparison: `6/7` is `6-7`, `01` is `1`, `78(4)` is volume `78`."""
    return " ".join(part.lstrip("0") for part in _WORDS.findall(fold(text.partition("(")[0])))


def features(reference: Reference) -> Features:
    """What of a reference is compared with others."""
    title, container = normal_title(reference.title), normal_title(reference.container)
    names = reference.authors or reference.editors
    kind = _KINDS.get(reference.type, "")
    if _SERIES.search(f"{container} {fold(reference.publisher)}"):
        kind = "by itself"
    return Features(
        normal_doi(reference.doi),
        title,
        tuple(sorted(_TITLE_NUMBERS.findall(title))),
        tuple(" ".join(_WORDS.findall(fold(name.family))) for name in names[:3]),
        reference.year_number,
        normal_number(reference.volume),
        fold(reference.first_page),
        container,
        kind,
        _edition(reference.edition),
    )


def _edition(text: str) -> str:
    """The number of an edition: 2 of `2nd ed.` and of `second edition`."""
    words = _WORDS.findall(fold(text))
    number = re.search(r"\d+", text)
    return number[0] if number else next((_ORDINALS[w] for w in words if w in _ORDINALS), "")


def compare(one: Features, other: Features) -> str:
    """Whether two references describe one work: `SAME`, `DIFFERENT`, or `UNCLEAR`.

    With the same DOI, titles must be spelt alike and not more than two other fields may differ, or
    contain one another and not more than one may, or reach `TITLE_THRESHOLD_WITH_DOI` at one place
    where none does; another first author counts as two. So a DOI printed for the wrong work joins
    nothing. Without, first authors, numbers in the titles, editions and kinds of publication must
    not differ, nor years by more than `YEAR_TOLERANCE`, and

    - titles are spelt alike and nothing else speaks against it (see `_alike_elsewhere`), or
    - volume and first page of one journal are the same and titles reach `TITLE_THRESHOLD_AT_PLACE`
      or contain one another.
    """
    if one.doi and one.doi == other.doi:
        return SAME if _same_with_doi(one, other) else DIFFERENT
    if _parted(one, other):
        return DIFFERENT
    at_place = _at_place(one, other)
    if not one.title or not other.title:
        in_one_journal = one.container and other.container and _containers_agree(one, other)
        return SAME if at_place and in_one_journal else UNCLEAR
    similar = fuzz.ratio(one.title, other.title)
    contained = _contained(one.title, other.title)
    if same_title(one, other):
        return SAME if at_place else _alike_elsewhere(one, other)
    # Every article of some journals begins on page 1.
    if at_place and one.first_page != "1" and _containers_agree(one, other):
        return SAME if contained or similar >= TITLE_THRESHOLD_AT_PLACE else UNCLEAR
    return UNCLEAR if contained else DIFFERENT


def _parted(one: Features, other: Features) -> bool:
    """Whether something other than the title makes two references different works."""
    if one.year is None or other.year is None:
        if one.year != other.year:
            return True
    elif abs(one.year - other.year) > YEAR_TOLERANCE:
        return True
    if one.numbers != other.numbers or not _authors_agree(one, other):
        return True
    if one.kind and other.kind and one.kind != other.kind:
        return True  # a working paper and the article that it became
    if one.edition != other.edition:
        return bool(one.edition and other.edition) or one.year != other.year
    return False


def _alike_elsewhere(one: Features, other: Features) -> str:
    """The verdict on titles spelt alike that do not stand at one place.

    A title that recurs needs a place or a DOI. Otherwise they are two works if journals differ; if
    both volume and page differ, unless year and title are exactly the same; if page and DOI differ.
    A year's difference is let pass for articles of one journal only, and for what begins on one
    page: reports come out every year.
    """
    if one.recurrent or other.recurrent:
        return UNCLEAR
    pages = bool(one.first_page and other.first_page and one.first_page != other.first_page)
    volumes = bool(one.volume and other.volume and one.volume != other.volume)
    if pages and one.doi and other.doi:
        return DIFFERENT
    if not _containers_agree(one, other):
        return DIFFERENT if pages or volumes else UNCLEAR
    if pages and volumes and (one.year != other.year or one.title != other.title):
        return DIFFERENT
    in_a_journal = all(f.kind == "in a journal" and f.container for f in (one, other))
    in_print_later = in_a_journal and not volumes
    same_page = one.first_page and one.first_page == other.first_page
    return SAME if one.year == other.year or in_print_later or same_page else UNCLEAR


def _containers_agree(one: Features, other: Features) -> bool:
    """Whether both stand in one journal or book, as far as it is printed."""
    if not one.container or not other.container:
        return True
    return fuzz.ratio(one.container, other.container) >= NAME_THRESHOLD or same_journal(
        one.container, other.container
    )


def _same_with_doi(one: Features, other: Features) -> bool:
    """Whether nothing says that a DOI printed for both is a slip for one of them."""
    if not one.title or not other.title:
        return one == other or bool(set(one.families) & set(other.families))
    against = (
        2 * (not _authors_agree(one, other)),
        bool(one.year and other.year and abs(one.year - other.year) > YEAR_TOLERANCE),
        bool(one.volume and other.volume and one.volume != other.volume),
        bool(one.first_page and other.first_page and one.first_page != other.first_page),
        one.numbers != other.numbers,
    )
    if same_title(one, other):
        return sum(against) <= (0 if one.recurrent or other.recurrent else 2)
    if _contained(one.title, other.title):
        return sum(against) <= 1
    if any(against) or not _at_place(one, other):
        return False
    return fuzz.ratio(one.title, other.title) >= TITLE_THRESHOLD_WITH_DOI


def same_title(one: Features, other: Features) -> bool:
    """Whether two titles are similar and spelt alike."""
    if one.title == other.title:
        return True
    similar = fuzz.ratio(one.title, other.title, score_cutoff=TITLE_THRESHOLD)
    return bool(similar) and spelt_alike(one.title, other.title)


def slip_of_title(one: Features, other: Features) -> bool:
    """Whether two titles are one, but for slips: spelt alike, or two letters off at one place."""
    if same_title(one, other):
        return True
    return _at_place(one, other) and OSA.distance(one.title, other.title, score_cutoff=2) <= 2


def _at_place(one: Features, other: Features) -> bool:
    """Whether both print the same volume and first page."""
    place = (one.volume, one.first_page)
    return all(place) and place == (other.volume, other.first_page)


def _contained(one: str, other: str) -> bool:
    """Whether one title is part of the other, as without a subtitle."""
    return min(len(one), len(other)) >= SHORTEST_PART and (one in other or other in one)


def _authors_agree(one: Features, other: Features) -> bool:
    """Whether the first authors are the same, misspelt a little, or one name part of the other."""
    if not one.families or not other.families:
        return not one.families and not other.families
    first, second = one.families[0], other.families[0]
    if first == second or fuzz.ratio(first, second) >= NAME_THRESHOLD:
        return True
    return bool(set(first.split()) & set(second.split()))


def spelt_alike(one: str, other: str) -> bool:
    """Whether two folded titles have the same words, but for spelling, spacing and articles.

    `in India` and `in China` are not, however long the rest is.
    """
    if one == other:
        return True
    # In one order, as of several alignments the first is taken.
    first, second = (title.split() for title in sorted((one, other)))
    gap: tuple[list[str], list[str]] = ([], [])
    for step in Levenshtein.opcodes(first, second):
        if step.tag == "equal":
            if not _same_words(*gap):
                return False
            gap = ([], [])
        else:
            gap[0].extend(first[step.src_start : step.src_end])
            gap[1].extend(second[step.dest_start : step.dest_end])
    return _same_words(*gap)


def _same_words(one: list[str], other: list[str]) -> bool:
    """Whether the words in which two titles differ are the same, spelt otherwise."""
    if not one and not other:
        return True
    one, other = [[w for w in words if w not in _ARTICLES] for words in (one, other)]
    if "".join(one) == "".join(other):
        return True
    if len(one) == len(other):
        return all(map(_same_word, one, other))
    return _same_word("".join(one), "".join(other))


def _same_word(one: str, other: str) -> bool:
    """Whether two words differ as by a slip: plural, letters swapped or doubled, one letter."""
    if one == other or (one.rstrip("s") == other.rstrip("s") and min(len(one), len(other)) > 2):
        return True
    if not one or not other or one[0] != other[0] or any(c.isdigit() for c in one + other):
        return False
    if _DOUBLED.sub(r"\1", one) == _DOUBLED.sub(r"\1", other):
        return True
    if OSA.distance(one, other, score_cutoff=1) > 1:
        return False
    return sorted(one) == sorted(other) or max(len(one), len(other)) >= LONG_WORD
