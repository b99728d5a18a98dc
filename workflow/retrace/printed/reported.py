"""What tables of regressions report: their statistics, and their names of the constant."""

from __future__ import annotations

from collections.abc import Container

# Of a term, and of a whole model.
TERM_STATISTICS = ("b", "beta", "se", "t", "p", "ci_low", "ci_high", "vif", "tolerance")
MODEL_STATISTICS = ("r2", "adjusted_r2", "f", "f_p", "durbin_watson")

# Of a model beside the one before it, of which it has every predictor and more.
CHANGE_STATISTICS = ("r2_change", "adjusted_r2_change", "f_change", "f_change_p")
# Whole numbers of a model: observations, and the degrees of freedom of its F and of that of a
# change.
MODEL_COUNTS = ("n", "df1", "df2", "df1_change", "df2_change")
# What a row of changes has in the columns of the models.
CHANGE_OF = {
    **{name: f"{name}_change" for name in ("r2", "adjusted_r2", "f", "df1", "df2")},
    **dict.fromkeys(("f_p", "p"), "f_change_p"),
    "df": "df2_change",
}

# Of b or of beta, whichever the table has.
INTERVAL = frozenset({"se", "ci_low", "ci_high"})

# The constant cannot be standardised, and no predictor is collinear with it.
CONSTANT_STATISTICS = ("b", "se", "t", "p", "ci_low", "ci_high")

# As R, SPSS, SAS, Stata and statsmodels print it, brackets, underscores and capitals aside.
_CONSTANTS = frozenset({"intercept", "constant", "cons", "const"})

# Names of the constant, as messages list them.
CONSTANT_NAMES = "(Intercept), (Constant), const or _cons"


def is_constant(term: str) -> bool:
    """Whether a term is a regression's constant, by any of its usual names."""
    return term.strip("()_").casefold() in _CONSTANTS


def belongs_to_b(row: Container[str]) -> bool:
    """Whether a row's standard error and confidence limits are those of b.

    They are, unless the table has beta of the term and no b.

    Parameters
    ----------
    row : container of str
        The statistics that the table has of the term.
    """
    return "b" in row or "beta" not in row
