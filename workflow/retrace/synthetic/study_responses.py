"""Responses and items of a study, with what they achieve of its printed statistics and miss."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrace.papers.study import CORRELATION, Study
from retrace.printed.reported import is_constant
from retrace.synthetic.fidelity import check_data, check_items, fidelity_frame
from retrace.synthetic.from_study import has_centred_products, target_to_draw
from retrace.synthetic.integer_moments import correlation_steps
from retrace.synthetic.items import items_frame, split_all
from retrace.synthetic.likert import likert, nothing_drawn
from retrace.synthetic.target import LikertTarget
from retrace.synthetic.why_missed import Unmet, unmet_frame, with_rows

if TYPE_CHECKING:
    import pandas as pd


class Responses(NamedTuple):
    """Responses of a study.

    Attributes
    ----------
    scores, items : DataFrame
        A row for each respondent, a column for each construct or item; no rows where none are
        drawn.
    fidelity : DataFrame
        Printed beside achieved, of continuous data, scores and items.
    unmet : DataFrame
        What is missed, and why; and what no data were sought for.
    measures : DataFrame
        What the values of each construct can be, and what of it is assumed.
    matched, printed : int
        How many of how many printed statistics scores and items have.
    steps : ndarray
        By how much one step of the lattice moves each correlation, pairs below the diagonal.
    """

    scores: pd.DataFrame
    items: pd.DataFrame
    fidelity: pd.DataFrame
    unmet: pd.DataFrame
    measures: pd.DataFrame
    matched: int
    printed: int
    steps: np.ndarray


def draw_responses(study: Study, continuous: pd.DataFrame, rng: np.random.Generator) -> Responses:
    """Draw responses that print what a study prints, and split them into items.

    Parameters
    ----------
    study : Study
    continuous : DataFrame
        Continuous data of the study, which are held against what it prints too.
    rng : numpy.random.Generator
    """
    import pandas as pd

    target = target_to_draw(study)
    if target.why_not_drawn:
        result, items = nothing_drawn(target)
    else:
        result = likert(target, rng)
        items = split_all(target, result.data, rng, nearest=True)
    alphas = check_items(target, items)
    others = check_data(target, continuous[list(target.names)].to_numpy(), "continuous")
    rows = [*result.fidelity, *alphas]
    missed = [*result.missed, *(row for row in alphas if not row.matched)]
    return Responses(
        scores=result.frame(),
        items=items_frame(items),
        fidelity=fidelity_frame([*others, *rows]),
        unmet=with_rows(unmet_frame(target, missed, result.data), not_sought(study, target)),
        measures=pd.DataFrame(measured(study, target), columns=list(Measured._fields)),
        matched=sum(row.matched for row in rows),
        printed=len(rows),
        steps=correlation_steps(target)[np.tril_indices(target.k, -1)],
    )


class Measured(NamedTuple):
    """What the values of a construct can be, a row of `measures.csv`.

    From `low` to `high` in `steps` to one unit; `unit` is empty of responses. `assumed` is what
    the paper does not print of them, in words. Of a pair of constructs only that is said.
    """

    construct: str
    unit: str
    low: int | str
    high: int | str
    steps: int | str
    items: int | str
    assumed: str


def measured(study: Study, target: LikertTarget) -> list[Measured]:
    """What the columns of a study's data are; none where none are drawn.

    A row a construct, then one for each pair of which no correlation is printed.
    """
    if target.why_not_drawn:
        return []
    rows = []
    for name, measure in zip(target.names, target.measures, strict=True):
        stated = [(kind, study.statistic(name, kind)) for kind in ("mean", "sd", "items", "alpha")]
        assumed = [f"{kind} {value}" for kind, (value, is_assumed) in stated if is_assumed]
        if study.constructs[name].product:
            assumed = []  # of a product nothing is
        words = "; ".join(filter(None, [measure.assumed, *assumed]))
        low, high, items, steps = measure[:4]
        rows.append(Measured(name, measure.unit, low, high, steps, items, words))
    for row, column in study.missing_pairs(study.drawn) + _set_aside(study):
        words = "their correlation: any that completes the matrix, another in every data set"
        rows.append(Measured(f"{row}, {column}", "", "", "", "", "", words))
    return rows


def not_sought(study: Study, target: LikertTarget) -> list[Unmet]:
    """What a study prints that its data were not made to print: one row a correlation or model."""
    if target.why_not_drawn:
        return []
    rows = [
        Unmet(
            "r", f"{each.row}, {each.column}", each.printed, np.nan, np.nan, each.why, each.proven
        )
        for each in study.impossible
        if each.statistic == CORRELATION
    ]
    for name, each in study.constructs.items():
        if each.alpha and (each.unit is not None or each.product):
            what = f"what is measured ({each.unit})" if each.unit else "a product"
            why = f"not sought: {what} is drawn without items"
            rows.append(Unmet("alpha", name, each.alpha.text, np.nan, np.nan, why, False))
    for name, model in study.models.items():
        rows += _constant_not_sought(study, name)
        why = ""
        if model.unprinted:
            why = f"has predictors without printed coefficients: {', '.join(model.unprinted)}"
        elif model.n not in (None, study.n):
            why = f"is of {model.n} respondents, not of {study.n}"
        if why and (model.reported or model.overall):
            why = f"not sought: the model {why}"
            rows.append(Unmet("every statistic", name, "", np.nan, np.nan, why, False))
    return rows


def _constant_not_sought(study: Study, name: str) -> list[Unmet]:
    """Rows for the constant of a model with centred products, whose other means are not known."""
    model = study.models[name]
    if not has_centred_products(study, model):
        return []
    why = "not sought: some factors are centred, and which means the constant is at is not printed"
    return [
        Unmet(statistic, f"{name}: {term}", cell.text, np.nan, np.nan, why, False)
        for term, cells in model.reported.items()
        if is_constant(term)
        for statistic, cell in cells.items()
    ]


def _set_aside(study: Study) -> list[tuple[str, str]]:
    """Pairs whose printed correlation no data have."""
    return [(e.row, e.column) for e in study.impossible if e.statistic == CORRELATION]
