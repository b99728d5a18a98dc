"""What the headings of printed tables mean: names of statistics, and of the variables of a study.

A heading is compared without case, spaces, stops and brackets, and with its compatibility
characters resolved (`R²` as `R2`), so that `Std. Dev.`, `S.D.` and `SD` are one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from retrace.printed.listing import listed

_NAMES = {
    # of a variable
    "mean": "m mean means average media mittelwert msd meansd m±sd mean±sd",
    "sd": "sd sds std stddev stddeviation standarddeviation standarddeviations",
    "alpha": "alpha α cronbachalpha cronbachsalpha cronbachα cronbachsα coefficientalpha",
    "omega": "omega ω mcdonaldomega mcdonaldsomega",
    "cr": "cr compositereliability rhoc ρc constructreliability",
    "ave": "ave averagevarianceextracted",
    "ave_root": "√ave sqrtave squarerootofave",
    "icc": "icc icc1",
    "items": "items item numberofitems noofitems nitems itemcount",
    "skewness": "skew skewness",
    "kurtosis": "kurt kurtosis",
    # of a term
    "b": "b estimate coef coefficient unstandardized unstandardised unstandardizedb",
    "beta": "beta β standardized standardised stdbeta stdβ standardizedbeta "
    "standardizedcoefficient",
    "se": "se seb stderr stderror standarderror",
    "t": "t tvalue tstatistic tstat",
    "p": "p pvalue sig significance prob p>|t|",
    "ci": "ci 95ci 95%ci 95%confidenceinterval confidenceinterval bootci",
    "ci_low": "cilow llci lower lowerlimit lowerbound ll cilower lower95%ci 95%cill 95%conf 2.5%",
    "ci_high": "cihigh ulci upper upperlimit upperbound ul ciupper upper95%ci 95%ciul "
    "interval 97.5%",
    "vif": "vif",
    "tolerance": "tolerance tol",
    # of a model
    "r2": "r2 rsquared rsquare rsq multipler2 totalr2",
    "adjusted_r2": "adjustedr2 adjr2 adjustedrsquared adjrsquared adjustedrsquare "
    "adjrsquare adjrsq radj2 r2adj",
    "r2_change": "r2change deltar2 δr2 changeinr2 changer2 rsquaredchange rsquarechange "
    "deltarsquared",
    "adjusted_r2_change": "adjustedr2change adjr2change deltaadjustedr2 δadjustedr2 δadjr2 "
    "changeinadjustedr2 changeinadjr2 adjustedrsquaredchange",
    "f": "f fvalue fstatistic modelf fstat ftest overallf",
    "f_p": "fp pf poff sigf ffp modelp prob>f",
    "f_change": "fchange deltaf δf changeinf changef fforr2change fforchange",
    "f_change_p": "fchangep pfchange sigfchange",
    "df": "df degreesoffreedom dof",
    "df1": "df1 numeratordf",
    "df2": "df2 denominatordf residualdf errordf dferror dfresidual",
    "df1_change": "df1change",
    "df2_change": "df2change",
    "n": "n observations obs samplesize numberofobservations noofobservations nobs numberofobs",
    "durbin_watson": "durbinwatson dw",
}
VARIABLE, STATISTIC, NOT_READ = "variable", "statistic", "not read"
_DELTA = str.maketrans("Δ∆", "δδ")
_DROPPED = re.compile(r"[\s.,:;'’`´\"()\[\]_/\\-]+")
# `1.`, `(1)`, `1 ` before a name, and a number alone.
_NUMBERED = re.compile(r"\(?(?P<number>[0-9]{1,3})\)?[.:)]?\s*(?P<name>.*)")


def normal(heading: str) -> str:
    """A heading as it is compared with others."""
    text = unicodedata.normalize("NFKC", heading).translate(_DELTA).casefold()
    return _DROPPED.sub("", text)


_STATISTICS = {
    normal(word): statistic for statistic, words in _NAMES.items() for word in words.split()
}


def statistic_of(heading: str) -> str | None:
    """The statistic that a heading names; None where it names none that is known."""
    return _STATISTICS.get(normal(heading))


class Meaning(NamedTuple):
    """What a heading stands for.

    Attributes
    ----------
    kind : str
        `variable`, `statistic`, or `not read` where the table's entry leaves it out.
    name : str
        The variable's key, or the statistic.
    """

    kind: str
    name: str


class Variables:
    """The variables of a study, as headings of its tables call them.

    Parameters
    ----------
    labels : mapping
        Label to key of each variable, in the order of the study.
    called : mapping
        Further headings of a table, as printed, to a key or to the name of a statistic; to None
        where the table's entry says that they are not read.
    """

    def __init__(self, labels: Mapping[str, str], called: Mapping[str, str | None] | None = None):
        self.keys = list(labels)
        self._known: dict[str, str] = {}
        for key, label in labels.items():
            for name in (key, label):
                self._known.setdefault(normal(name), key)
        self._called = {normal(heading): name for heading, name in (called or {}).items()}

    @property
    def known(self) -> str:
        """The keys as messages list them, the first of many."""
        return listed(self.keys)

    def find(self, heading: str) -> str | None:
        """The key that a heading stands for, by its key, label or a further name; else None.

        A number before the name, as in `3. Leader workaholism`, is looked past.
        """
        found = [each.name for each in self.meanings(heading) if each.kind == VARIABLE]
        return found[0] if found else None

    def meanings(self, heading: str) -> list[Meaning]:
        """What a heading may stand for: nothing that is known, one thing, or a variable first.

        `M` is the mean, and may be a variable's key too; only the table's entry can tell.
        """
        name = normal(heading)
        if name in self._called:
            given = self._called[name]
            if given is None:
                return [Meaning(NOT_READ, heading)]
            return [Meaning(VARIABLE if given in self.keys else STATISTIC, given)]
        match = _NUMBERED.fullmatch(heading.strip())
        key = self._known.get(name)
        if key is None and match and match["name"]:
            key = self._known.get(normal(match["name"]))
        found = [] if key is None else [Meaning(VARIABLE, key)]
        statistic = statistic_of(heading)
        return found if statistic is None else [*found, Meaning(STATISTIC, statistic)]


def ambiguous(heading: str, meanings: Sequence[Meaning]) -> str:
    """What to write where a heading has two meanings; empty where it has one or none."""
    if len(meanings) < 2:
        return ""
    (_, key), (_, statistic) = meanings[:2]
    return (
        f"{heading!r} may be the variable {key!r} or the statistic {statistic}; "
        f"say which: `rows: {{{heading}: {key}}}` or `rows: {{{heading}: {statistic}}}`"
    )


def number_of(heading: str) -> int | None:
    """The number that a heading is or begins with, as numbered tables have; else None."""
    match = _NUMBERED.fullmatch(heading.strip())
    return int(match["number"]) if match else None


def join_heads(first: Sequence[str], second: Sequence[str]) -> list[str] | None:
    """One row of headings of two: names of models over names of statistics; None if they are none.

    An empty cell of the first row belongs to the name before it.
    """
    if len(first) != len(second):
        return None
    filled: list[str] = []
    for cell in first:
        filled.append(cell or (filled[-1] if len(filled) > 1 else ""))
    below = [cell for cell in second[1:] if cell]
    if len(filled) == len(set(filled)) or not below or not all(map(statistic_of, below)):
        return None
    return [f"{top} {name}".strip() for top, name in zip(filled, second, strict=True)]
