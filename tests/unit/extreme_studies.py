"""Studies that print what is extreme and valid: near singular, indefinite, tiny, uncorrelated."""

from __future__ import annotations

from types import SimpleNamespace

from retrace.papers.check_study import find_stand_in
from retrace.papers.study import (
    Alternative,
    Assumptions,
    Construct,
    Hypothesis,
    Model,
    Scale,
    Study,
)
from retrace.printed.numbers import Printed


def extreme_study(
    triangle: list[str],
    n: int,
    *,
    items: int | None = 4,
    scale: tuple[int, int] = (1, 7),
    alternatives: dict[str, str] | None = None,
) -> Study:
    """A study of constructs `a`, `b`, ..., the last of which is the outcome of all others.

    Parameters
    ----------
    triangle : list of str
        Rows below the diagonal, cells as printed, with blanks between.
    n : int
    items : int or None
        Of every construct, assumed.
    scale : tuple of int
    alternatives : dict of str, optional
        Syntax by name.
    """
    rows = [row.split() for row in triangle]
    names = [chr(ord("a") + i) for i in range(len(rows) + 1)]
    correlations = [
        (names[i + 1], names[j], Printed.parse(cell))
        for i, row in enumerate(rows)
        for j, cell in enumerate(row)
    ]
    constructs = {name: Construct(label=name.upper()) for name in names}
    entry = SimpleNamespace(constructs=constructs, correlations="correlations.csv")
    stand_in, impossible = find_stand_in(entry, correlations)
    assert impossible is None
    *predictors, outcome = names
    return Study(
        paper="extreme",
        n=n,
        scale=Scale(min=scale[0], max=scale[1]),
        constructs=constructs,
        correlations=correlations,
        stand_in=stand_in,
        models={"full": Model(outcome=outcome, predictors=predictors)},
        hypotheses={
            f"H{k}": Hypothesis(term=term, model="full", direction=way, reported="supported")
            for k, (term, way) in enumerate(
                ((t, w) for t in predictors for w in ("positive", "negative")), start=1
            )
        },
        alternatives={
            name: Alternative(model=syntax) for name, syntax in (alternatives or {}).items()
        },
        assumptions=Assumptions(
            mean=Printed.parse("4"), sd=Printed.parse("1"), alpha=Printed.parse("0.80"), items=items
        ),
    )


CHAIN = {
    "chain": "b ~ p*a\nc ~ q*b\nindirect := p*q",
    "saturated": "b ~ p*a\nc ~ q*b + r*a\ntotal := r + p*q\nshare := p*q / (r + p*q)",
    "feedback": "b ~ c + a; c ~ b",
    "factor": "f =~ a + b + c",
    "covariances": "a ~~ b; a ~~ c; b ~~ c",
    "fixed_correlation": "c ~ 0.5*a + b\na ~~ 0.9*b",
    "equal": "c ~ p*a + q*b\nd := p - q; d == 0",
}

# By name: rows of printed correlations and n, with the alternatives where there are three.
STUDIES = {
    "five observations": (["0.50"], 5),
    "four observations of two": (["0.95"], 4),
    "four observations of three": (["0.10", "0.20 0.30"], 6),
    "collinear": ([".999", ".50 .50"], 100),
    "nearly equal outcome": ([".30", ".999 .30"], 2000),
    "all but one": ([".999", ".999 .999"], 50),
    "printed as one": (["1.00", ".50 .50"], 100),
    "minus one": (["-1.00", ".50 -.50"], 100),
    "singular to print": ([".000", ".707 .706"], 300),
    "indefinite to print": ([".6", ".8 .0"], 60),
    "indefinite of four": ([".71", ".71 .00", ".50 .71 .00"], 80),
    "without any correlation": ([".00", ".00 .00"], 100),
    "printed 0": (["0", "0 0"], 100),
    "all alike": ([".05", ".05 .05"], 5000),
    "large": ([".30", ".20 .10"], 100_000_000),
    "one predictor of one": ([".9999"], 10),
    "opposed": (["-.50", "-.50 -.49"], 40),
}


def studies() -> dict[str, Study]:
    """All of them by name."""
    return {
        name: extreme_study(rows, n, alternatives=CHAIN if len(rows) == 2 else None)
        for name, (rows, n) in STUDIES.items()
    }
