"""The study of Magni et al. (2022) as a target of synthetic data: Tables 4 and 5 as printed."""

from retrace.printed.numbers import Printed
from retrace.synthetic import LikertTarget, PrintedRegression, Scale

TABLE_4 = {
    "customer": [],
    "market": ["0.011"],
    "economic": ["0.108", "0.067"],
    "risk": ["0.433**", "0.031", "0.139*"],
    "readiness": ["0.098", "0.115*", "0.114*", "-0.076"],
}
TABLE_5 = {
    "customer": {"b": "0.182", "t": "2.451", "p": "0.015**", "vif": "1.234"},
    "market": {"b": "0.129", "t": "1.950", "p": "0.052*", "vif": "1.005"},
    "economic": {"b": "0.088", "t": "1.968", "p": "0.050**", "vif": "1.027"},
    "risk": {"b": "-0.162", "t": "-2.566", "p": "0.011**", "vif": "1.244"},
}
DURBIN_WATSON = "1.951"


def model(table=TABLE_5, fit=None, durbin_watson=DURBIN_WATSON):
    """The joint regression, its predictors those of Table 5."""
    cells = {
        term: {name: Printed.parse(cell) for name, cell in row.items()}
        for term, row in table.items()
    }
    whole = {name: Printed.parse(cell) for name, cell in (fit or {}).items()}
    whole["durbin_watson"] = Printed.parse(durbin_watson)
    return PrintedRegression("full", "readiness", tuple(TABLE_5), cells, whole)


def magni(items=4, mean=4.0, sd=1.0, models=None):
    """Tables 4 and 5 under assumed moments and item counts."""
    models = [model()] if models is None else models
    return LikertTarget.from_table(TABLE_4, 300, Scale(1, 7, items), mean, sd, models=models)
