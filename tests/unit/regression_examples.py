"""Studies that the tests of the regression package share, each with where its numbers are from."""

import numpy as np

from retrace.checks.regression import printed_model as library
from retrace.printed.numbers import Printed


def printed_model(
    name, outcome, predictors, n, correlations, reported=None, overall=None, means=None, sds=None
):
    """A regression of a sample of its own."""
    sample = library.Sample(n, correlations, means or {}, sds or {})
    return library.printed_model(name, outcome, predictors, sample, reported, overall)


# Magni et al. (2022), Table 4 (n = 300, stars included) and Table 5.
N = 300
CONSTRUCTS = ("customer", "market", "economic", "risk", "readiness")
TABLE_4 = {
    ("market", "customer"): "0.011",
    ("economic", "customer"): "0.108",
    ("economic", "market"): "0.067",
    ("risk", "customer"): "0.433**",
    ("risk", "market"): "0.031",
    ("risk", "economic"): "0.139*",
    ("readiness", "customer"): "0.098",
    ("readiness", "market"): "0.115*",
    ("readiness", "economic"): "0.114*",
    ("readiness", "risk"): "-0.076",
}
TABLE_5 = {
    "customer": ("0.182", "2.451", "0.015**", "1.234"),
    "market": ("0.129", "1.950", "0.052*", "1.005"),
    "economic": ("0.088", "1.968", "0.050**", "1.027"),
    "risk": ("-0.162", "-2.566", "0.011**", "1.244"),
}


def table_4():
    """The printed cells of Table 4."""
    return {pair: Printed.parse(cell) for pair, cell in TABLE_4.items()}


def table_4_matrix():
    """Table 4 as an array, shape (5, 5), outcome last."""
    R = np.eye(5)
    for (row, column), cell in table_4().items():
        a, b = CONSTRUCTS.index(row), CONSTRUCTS.index(column)
        R[a, b] = R[b, a] = cell.value
    return R


def magni_model(changed=None, n=N, correlations=None):
    """The regression of Table 5; `changed` replaces printed cells by (term, statistic)."""
    reported = {
        term: {
            statistic: Printed.parse((changed or {}).get((term, statistic), cell))
            for statistic, cell in zip(("b", "t", "p", "vif"), cells, strict=True)
        }
        for term, cells in TABLE_5.items()
    }
    return printed_model(
        "full",
        "readiness",
        CONSTRUCTS[:4],
        n,
        {**table_4(), **(correlations or {})},
        reported,
        {"durbin_watson": Printed.parse("1.951")},
    )


# Henderson and Velleman (1981), Motor Trend 1974: R's cor(mtcars), below the diagonal by column.
MTCARS = """
-0.852162 -0.847551 -0.776168 0.681172 -0.867659 0.418684 0.664039 0.599832 0.480285 -0.550925
0.902033 0.832447 -0.699938 0.782496 -0.591242 -0.810812 -0.522607 -0.492687 0.526988 0.790949
-0.710214 0.887980 -0.433698 -0.710416 -0.591227 -0.555569 0.394977 -0.448759 0.658748 -0.708223
-0.723097 -0.243204 -0.125704 0.749812 -0.712441 0.091205 0.440278 0.712711 0.699610 -0.090790
-0.174716 -0.554916 -0.692495 -0.583287 0.427606 0.744535 -0.229861 -0.212682 -0.656249 0.168345
0.206023 -0.569607 0.794059 0.057534 0.274073
"""


def mtcars():
    """Names of the eleven measurements of 32 cars, mpg last, their correlations, and n."""
    names = ["mpg", "cyl", "disp", "hp", "drat", "wt", "qsec", "vs", "am", "gear", "carb"]
    R = np.eye(11)
    row, column = np.triu_indices(11, 1)
    R[row, column] = R[column, row] = np.array(MTCARS.split(), dtype=float)
    order = [*range(1, 11), 0]
    return [names[i] for i in order], R[np.ix_(order, order)], 32
