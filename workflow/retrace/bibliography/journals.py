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
        seen: set[tuple] = set()
        for work, doi, container in printed:
            code, journal = journal_code(doi), journal_name(container)
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
        code, journal = journal_code(doi), journal_name(container)
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


def _registrant(code: str) -> str:
    return code.partition("/")[0]


def _letters(code: str) -> str:
    """The last part of a code: `jibs` of `10.1057/palgrave.jibs`."""
    return code.partition("/")[2].rpartition(".")[2]


def _acronym(journal: str) -> str:
    return "".join(word[0] for word in journal.split() if word not in _SMALL)


def _is_acronym(code: str, journal: str) -> bool:
    """Whether a code is the journal's acronym, with or without its small words."""
    return _letters(code) in (_acronym(journal), "".join(word[0] for word in journal.split()))
