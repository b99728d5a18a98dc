"""Studies that the tests of the regression package share, each with where its numbers are from."""

import numpy as np

from retrace.printed import Printed
from retrace.regression.printed_model import printed_model

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
