"""Whole studies printed from item data, for the checks: honest, or with one number changed."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from honest_studies import SIZES, honest_study
from simulated_studies import LEGEND, study_of

from retrace.papers.check_study import find_stand_in
from retrace.papers.study import Construct, Model, Scale, Study
from retrace.printed.numbers import Printed
from retrace.provenance.streams import random_stream
from retrace.synthetic import cronbach_alpha


def moments_of(x: np.ndarray) -> tuple[float, float]:
    """g1 and b2 of a sample, shape (n,), by their definitions."""
    d = x - x.mean()
    m2, m3, m4 = ((d**r).mean() for r in (2, 3, 4))
    return float(m3 / m2**1.5), float(m4 / m2**2)


def printed_shape(x: np.ndarray, kind: int, excess: bool) -> tuple[float, float]:
    """Skewness and kurtosis as programs print them (Joanes and Gill 1998, table 1)."""
    n, (g1, b2) = len(x), moments_of(x)
    g2 = b2 - 3
    skewness, kurtosis = {
        1: (g1, g2),
        2: (
            g1 * np.sqrt(n * (n - 1)) / (n - 2),
            (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6),
        ),
        3: (g1 * (1 - 1 / n) ** 1.5, b2 * (1 - 1 / n) ** 2 - 3),
    }[kind]
    return float(skewness), float(kurtosis) + (0 if excess else 3)


def checked_study(
    seed: int, n: int | None = None, constructs: int | None = None, level: float | None = None
) -> Study | None:
    """A study printed from honest item data: everything that a paper may print of it.

    None where a score has no spread or is determined by others. `n`, `constructs` and the `level`
    of confidence limits are drawn where they are not given.
    """
    rng = random_stream(seed, "tests", "checked studies")
    constructs = constructs or int(rng.integers(2, 5))
    n = n or int(rng.choice([size for size in SIZES if size >= constructs + 3]))
    honest = honest_study(seed, n=n, constructs=constructs)
    if honest is None:
        return None
    scores = np.column_stack([items.mean(axis=1) for items in honest.items.values()])
    decimals = int(rng.integers(1, 4))
    drawn = float(rng.choice([0.95, 0.95, 0.90, 0.99]))
    found = study_of(scores, decimals, more=True, level=level or drawn)
    if found is None:
        return None
    model, cells = found
    kind, excess = int(rng.integers(1, 4)), bool(rng.random() < 0.5)
    names = [*model.predictors, model.outcome]
    described = {
        name: _construct(name, items, (mean, sd), printed_shape(x, kind, excess), decimals)
        for name, items, mean, sd, x in zip(
            names, honest.items.values(), model.means, model.sds, scores.T, strict=True
        )
    }
    correlations = [(*pair, cell) for pair, cell in cells.items()]
    entry = SimpleNamespace(constructs=described, correlations="tables/correlations.csv")
    regression = Model(
        outcome=model.outcome,
        predictors=list(model.predictors),
        reported=model.reported,
        file="tables/regression.csv",
        **model.overall,
    )
    return Study(
        paper="made_up",
        n=len(scores),
        scale=Scale(min=honest.scale[0], max=honest.scale[1]),
        constructs=described,
        correlations=correlations,
        stand_in=find_stand_in(entry, correlations)[0],
        stars=LEGEND,
        models={"m": regression},
        correlations_file="tables/correlations.csv",
    )


def _construct(name, items, moments, shape, decimals: int) -> Construct:
    alpha = cronbach_alpha(items) if items.shape[1] > 1 else np.nan
    return Construct(
        label=name,
        mean=moments[0],
        sd=moments[1],
        items=items.shape[1],
        alpha=Printed.parse(f"{alpha:.{decimals}f}") if np.isfinite(alpha) else None,
        skewness=Printed.parse(f"{shape[0]:.{decimals}f}"),
        kurtosis=Printed.parse(f"{shape[1]:.{decimals}f}"),
    )


def with_construct(study: Study, name: str, **cells: str) -> Study:
    """The study with other printed statistics of a construct."""
    construct = study.constructs[name].model_copy(
        update={statistic: Printed.parse(text) for statistic, text in cells.items()}
    )
    return study.model_copy(update={"constructs": study.constructs | {name: construct}})


def with_cell(study: Study, model: str, term: str, **cells: str) -> Study:
    """The study with other cells in a row of a regression's table."""
    old = study.models[model]
    row = old.reported[term] | {name: Printed.parse(text) for name, text in cells.items()}
    new = old.model_copy(update={"reported": old.reported | {term: row}})
    return study.model_copy(update={"models": study.models | {model: new}})
