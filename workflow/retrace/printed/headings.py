"""What the headings of printed tables mean: names of statistics, and of the variables of a study.

A heading is compared without case, spaces, stops and brackets, and with its compatibility
characters resolved (`R²` as `R2`), so that `Std. Dev.`, `S.D.` and `SD` are one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from retrace.printed.reported import is_constant

# Keys that a message lists.
MOST_LISTED = 12

_NAMES = {
    # of a variable
    "mean": "m mean means average",
    "sd": "sd sds std stddev stddeviation standarddeviation standarddeviations",
    "alpha": "alpha α cronbachalpha cronbachsalpha cronbachα cronbachsα coefficientalpha",
    "omega": "omega ω mcdonaldomega mcdonaldsomega",
    "cr": "cr compositereliability rhoc ρc constructreliability",
    "ave": "ave averagevarianceextracted",
    "icc": "icc icc1",
    "items": "items item numberofitems noofitems nitems itemcount",
    "skewness": "skew skewness",
    "kurtosis": "kurt kurtosis",
    # of a term
    "b": "b estimate coef coefficient unstandardized unstandardised unstandardizedb",
    "beta": "beta β standardized standardised stdbeta standardizedbeta standardizedcoefficient",
    "se": "se seb stderr stderror standarderror s.e.",
    "t": "t tvalue tstatistic tstat",
    "p": "p pvalue sig significance prob",
    "ci": "ci 95ci 95%ci 95%confidenceinterval confidenceinterval bootci",
    "ci_low": "cilow llci lower lowerlimit ll cilower lower95%ci",
    "ci_high": "cihigh ulci upper upperlimit ul ciupper upper95%ci",
    "vif": "vif",
    "tolerance": "tolerance tol",
    # of a model
    "r2": "r2 rsquared rsquare rsq multipler2",
    "adjusted_r2": "adjustedr2 adjr2 adjustedrsquared adjrsquared adjustedrsquare radj2 r2adj",
    "r2_change": "r2change deltar2 δr2 changeinr2 changer2 rsquaredchange deltarsquared",
    "f": "f fvalue fstatistic modelf fstat ftest overallf",
    "f_p": "fp pf poff sigf ffp modelp",
    "f_change": "fchange deltaf δf changeinf changef",
    "f_change_p": "fchangep pfchange sigfchange",
    "df": "df degreesoffreedom dof",
    "df1": "df1 numeratordf",
    "df2": "df2 denominatordf residualdf errordf dferror dfresidual",
    "n": "n observations obs samplesize numberofobservations noofobservations nobs",
    "durbin_watson": "durbinwatson dw",
}
_STATISTICS = {word: statistic for statistic, words in _NAMES.items() for word in words.split()}
_DELTA = str.maketrans("Δ∆", "δδ")
_DROPPED = re.compile(r"[\s.,:;'’`´\"()\[\]_/\\-]+")
# `1.`, `(1)`, `1 ` before a name, and a number alone.
_NUMBERED = re.compile(r"\(?(?P<number>[0-9]{1,3})\)?[.:)]?\s*(?P<name>.*)")


def normal(heading: str) -> str:
    """A heading as it is compared with others."""
    text = unicodedata.normalize("NFKC", heading).translate(_DELTA).casefold()
    return _DROPPED.sub("", text)


def statistic_of(heading: str) -> str | None:
    """The statistic that a heading names; None where it names none that is known."""
    return _STATISTICS.get(normal(heading))


class Variables:
    """The variables of a study, as headings of its tables call them.

    Parameters
    ----------
    labels : mapping
        Label to key of each variable, in the order of the study.
    called : mapping
        Further headings of a table, as printed, to keys.
    """

    def __init__(self, labels: Mapping[str, str], called: Mapping[str, str] | None = None):
        self.keys = list(labels)
        self._known: dict[str, str] = {}
        for key, label in labels.items():
            for name in (key, label):
                self._known.setdefault(normal(name), key)
        self._known |= {normal(heading): key for heading, key in (called or {}).items()}

    @property
    def known(self) -> str:
        """The keys as messages list them, the first of many."""
        more = f" and {len(self.keys) - MOST_LISTED} more" if len(self.keys) > MOST_LISTED else ""
        return ", ".join(self.keys[:MOST_LISTED]) + more

    def find(self, heading: str) -> str | None:
        """The key that a heading stands for, by its key, label or a further name; else None.

        A number before the name, as in `3. Leader workaholism`, is looked past.
        """
        if (key := self._known.get(normal(heading))) is not None:
            return key
        match = _NUMBERED.fullmatch(heading.strip())
        return self._known.get(normal(match["name"])) if match and match["name"] else None


def number_of(heading: str) -> int | None:
    """The number that a heading is or begins with, as numbered tables have; else None."""
    match = _NUMBERED.fullmatch(heading.strip())
    return int(match["number"]) if match else None


def is_intercept(heading: str) -> bool:
    """Whether a heading is a name of a regression's constant."""
    return is_constant(heading.strip())
