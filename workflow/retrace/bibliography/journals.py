"""Which journal a DOI belongs to, as far as the DOI itself and other references tell."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from retrace.bibliography.keys import fold

# A code stands for a journal, and a journal has a code, once that many works print them together.
ESTABLISHED = 2

_WORDS = re.compile(r"[a-z0-9]+")
# How publishers write a journal into a DOI: a code (`jkm-06-2019`, `j.jbusres.2017`, `smj.184`),
# Springer's journal number (`s10843-006`), or an ISSN (`s0969-5931(01)`, `00207543.2`).
_CODE = re.compile(
    r"(?P<code>[a-z]{1,12}(?:\.[a-z]{2,12}){0,3})[.-]\d|(?P<number>s\d{5})-\d"
    r"|s?(?P<issn>\d{4}-?\d{3}[\dx])[(.]|(?P<sage>\d{7}[\dx])\d{8}$"
)
_SMALL = frozenset({"of", "and", "the", "for", "in", "on"})
# ISO 4 cuts words off (`Bus` of Business); a few short ones it contracts (`Natl` of National).
LONGEST_CONTRACTION = 5


def words(text: str) -> list[str]:
    """Words of a title for comparison: folded, `&` as `and`."""
    return _WORDS.findall(fold(text.replace("&", " and ")).replace("'", ""))


def journal_code(doi: str) -> str:
    """The part of a DOI that stands for the journal, with its registrant; empty if there is none.

    `10.1108/JKM-06-2019-0265` gives `10.1108/jkm`, `10.1016/S0969-5931(01)00060-9` gives
    `10.1016/0969-5931`.
    """
    registrant, _, suffix = doi.strip().lower().partition("/")
    match = _CODE.match(suffix)
    if not match:
        return ""
    code = next(group for group in match.groups() if group)
    return f"{registrant}/{code}"


def journal_name(container: str) -> str:
    """A journal's name for comparison, without article and subtitle."""
    found = words(container.partition(":")[0])
    return " ".join(found[found[:1] == ["the"] :])


def same_journal(one: str, other: str) -> bool:
    """Whether two names are of one journal, one or both abbreviated as by ISO 4.

    `Small Bus. Econ.` is Small Business Economics; `Rev. Econ. Stat.` is not the Review of
    Economic Studies. Small words are left out, as abbreviated names do.
    """
    first, second = _telling(journal_name(one)), _telling(journal_name(other))
    return len(first) == len(second) > 0 and all(map(_abbreviates, first, second))


def _telling(name: str) -> list[str]:
    return [word for word in name.split() if word not in _SMALL]


def _abbreviates(one: str, other: str) -> bool:
    """Whether the shorter of two words is the other cut off, or contracted to its last letter."""
    short, long = sorted((one, other), key=len)
    if long.startswith(short):
        return True
    letters = iter(long)
    return (
        len(short) <= LONGEST_CONTRACTION
        and (short[0], short[-1]) == (long[0], long[-1])
        and all(letter in letters for letter in short)
    )


class JournalCodes:
    """What belongs together, learnt from references.

    Parameters
    ----------
    printed : iterable of (work, doi, container)
        Every article's DOI and journal. A work counts once for what several papers print alike.
    """

    def __init__(self, printed: Iterable[tuple[object, str, str]]) -> None:
        self._journals: dict[str, Counter] = defaultdict(Counter)
        self._codes: dict[tuple[str, str], Counter] = defaultdict(Counter)
        printed = list(printed)
        self._full = _full_names(journal_name(container) for _, _, container in printed)
        seen: set[tuple] = set()
        for work, doi, container in printed:
            code, journal = journal_code(doi), self._journal(container)
            if code and journal and (work, code, journal) not in seen:
                seen.add((work, code, journal))
                self._journals[code][journal] += 1
                self._codes[_registrant(code), journal][code] += 1

    def fit(self, doi: str, container: str) -> bool:
        """Whether a DOI can belong to a journal; true where nothing speaks against it.

        Against it speak `ESTABLISHED` works that print the DOI's code with another journal, or
        the journal with another code of the same registrant. Where too few works tell, an
        acronym of as many letters as the journal has words decides: `amr` is not the Academy of
        Management Journal.
        """
        code, journal = journal_code(doi), self._journal(container)
        if not code or not journal:
            return True
        journals = self._journals[code]
        if journals[journal] >= ESTABLISHED or _is_acronym(code, journal):
            return True
        if any(count >= ESTABLISHED for name, count in journals.items() if name != journal):
            return False
        name = _letters(code)
        if not name.isalpha():
            return True
        codes = self._codes[_registrant(code), journal]
        if any(n >= ESTABLISHED and _letters(c).isalpha() for c, n in codes.items() if c != code):
            return False
        return len(name) < 3 or len(name) != len(_acronym(journal))

    def _journal(self, container: str) -> str:
        """The fullest name by which the references print a journal."""
        name = journal_name(container)
        return self._full.get(name, name)


def _full_names(names: Iterable[str]) -> dict[str, str]:
    """Each name of a journal with the longest that it abbreviates, itself if there is none."""
    full: dict[str, str] = {}
    # What abbreviates a name has its initials.
    longest: dict[str, list[str]] = defaultdict(list)
    for name in sorted(set(names), key=lambda name: (-len(name), name)):
        alike = longest[_acronym(name)]
        full[name] = next((other for other in alike if same_journal(name, other)), name)
        if full[name] == name:
            alike.append(name)
    return full


def _registrant(code: str) -> str:
    return code.partition("/")[0]


def _letters(code: str) -> str:
    """The last part of a code: `jibs` of `10.1057/palgrave.jibs`."""
    return code.partition("/")[2].rpartition(".")[2]


def _acronym(journal: str) -> str:
    return "".join(word[0] for word in _telling(journal))


def _is_acronym(code: str, journal: str) -> bool:
    """Whether a code is the journal's acronym, with or without its small words."""
    return _letters(code) in (_acronym(journal), "".join(word[0] for word in journal.split()))
