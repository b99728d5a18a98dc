"""Whether decisions depend on what a study assumes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from retrace.assumptions.answers import CANNOT, DEPENDS, DOES_NOT, LEFT_OPEN, UNDECIDED
from retrace.assumptions.assumed import Combination
from retrace.assumptions.decide_again import DATA_SET, NO_RESPONSES, SAMPLES, WHOLE
from retrace.assumptions.tables import ROW, SAME, printing
from retrace.decisions import AGAIN, ALL, NOT_ATTAINABLE

if TYPE_CHECKING:
    import pandas as pd

# Of the comparison of combinations, over all rows: one study in a hundred that depends on nothing
# is said to.
LEVEL = 0.01

# Fewer data sets that decide alike are no evidence: of ten, none differs in one case of eighteen
# though a quarter of all would.
LEAST = 10

# Ways to deal answers to combinations, more where fewer than so many of them are as uneven.
DEALS, ENOUGH = (999, 9_999, 99_999), 20


class Dependence(NamedTuple):
    """Whether a hypothesis under one analysis depends on what is assumed, a row of the table.

    Attributes
    ----------
    hypothesis, family, analysis : str
        As in `retrace.assumptions.decide_again.Decision`.
    dependence, because : str
        The answer, and why; empty of what is found before there is one.
    decisions : str
        Those that occur.
    combinations, data_sets, undecided : int
        Combinations and data sets (or samples) that decide, and data sets that do not.
    print_the_tables : int or None
        How many of those that decide print the tables; None where that is not asked.
    lowest_share, highest_share : float
        Of what supports, over the combinations.
    p_ranks, p_shares : float
        Of the comparisons, NaN where nothing is compared.
    change : float
        Shows that something cannot depend.
    """

    hypothesis: str
    family: str
    analysis: str
    dependence: str
    because: str
    decisions: str = ""
    combinations: int = 0
    data_sets: int = 0
    undecided: int = 0
    print_the_tables: int | None = None
    lowest_share: float = np.nan
    highest_share: float = np.nan
    p_ranks: float = np.nan
    p_shares: float = np.nan
    change: float = np.nan

    @property
    def compared(self) -> bool:
        return not np.isnan(self.p_shares)

    @property
    def differ(self) -> bool:
        return self.p_ranks <= LEVEL or self.p_shares <= LEVEL

    @property
    def by_correlations(self) -> bool:
        return self.change <= SAME


def dependence_table(
    combinations: Sequence[Combination],
    decisions: pd.DataFrame,
    data_sets: pd.DataFrame,
    signs: Mapping[str, int],
    verdicts: Sequence[tuple[str, str]],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Whether each hypothesis under each analysis depends on what is assumed, in a line each.

    `cannot`: what decides is the same, to `SAME`, under every combination that responses can have;
    or it is the same on other data with the same correlations, and every data set decides alike.
    `does not`: one decision in every data set that decides, at least `LEAST` of them under two
    combinations or more; or the same band of power. `depends`: both decisions occur, and the
    combinations differ by more than data sets of one combination do. `left open by print`: both
    occur among data sets that print the tables, and no such difference is shown, or a function of
    the correlations alone decides. `undecided`: nothing of these is shown.

    The combinations are compared twice, for p may move as a whole or at its ends alone: by an
    analysis of variance of the ranks of signed z, the rank transform of Conover and Iman (1981),
    and by the chi-squared statistic of the shares that support, of which the permutation
    distribution is simulated until enough is known (Besag and Clifford 1991). All p values of all
    rows are corrected together by Holm's (1979) method.

    Parameters
    ----------
    combinations : sequence of Combination
    decisions, data_sets : DataFrame
        As `retrace.assumptions.sensitivity.Found.frames` makes them.
    signs : mapping
        Hypothesised sign by hypothesis.
    verdicts : sequence of (str, str)
        Hypothesis and analysis of every row of `verdicts.csv`, each of which has an answer here, in
        the same order.
    rng : numpy.random.Generator
        For permutations.

    Returns
    -------
    DataFrame
        Rows of `Dependence`.
    """
    decisions = decisions.assign(prints=printing(decisions, data_sets))
    groups = list(decisions.groupby(list(ROW), sort=False))
    # Several hypotheses together, of new samples, have no sign.
    found = [
        _evidence(key, own, signs.get(key[0], 1), stream)
        for (key, own), stream in zip(groups, rng.spawn(len(groups)), strict=True)
    ]
    rows: list[Dependence] = []
    for (_, own), evidence in zip(groups, _corrected_together(found), strict=True):
        answer, because = _answer(own, evidence, combinations)
        rows.append(evidence._replace(dependence=answer, because=because))
    rows += _unanswered(verdicts, {row[:2] for row in rows})
    return _in_order(rows, signs, verdicts)


def _in_order(
    rows: list[Dependence], signs: Mapping[str, int], verdicts: Sequence[tuple[str, str]]
) -> pd.DataFrame:
    """The table, by hypothesis as listed, then family in the order of the verdicts."""
    import pandas as pd

    table = pd.DataFrame(rows, columns=Dependence._fields)
    orders = {
        "family": [row[1] for row in verdicts],
        "hypothesis": [*(row[0] for row in verdicts), *signs, ALL, AGAIN],
    }
    for column, order in orders.items():
        places = {name: place for place, name in enumerate(dict.fromkeys(order))}
        table = table.sort_values(column, key=lambda names, p=places: names.map(p), kind="stable")
    return table.reset_index(drop=True).astype({"print_the_tables": "Int64"})


def _corrected_together(found: list[Dependence]) -> list[Dependence]:
    """All of it with its p values corrected by Holm's (1979) method."""
    from statsmodels.stats.multitest import multipletests

    compared = np.array([(own.p_ranks, own.p_shares) for own in found]).reshape(-1, 2)
    tested = np.isfinite(compared)
    if tested.any():
        compared[tested] = multipletests(compared[tested], method="holm")[1]
    return [
        own._replace(p_ranks=ranks, p_shares=shares)
        for own, (ranks, shares) in zip(found, compared.tolist(), strict=True)
    ]


def _evidence(
    key: tuple[str, str, str], own: pd.DataFrame, sign: int, rng: np.random.Generator
) -> Dependence:
    """What one hypothesis is under one analysis, over all combinations, without the answer."""
    unanswered = Dependence(*key, dependence="", because="")
    kind = own.kind.iloc[0]
    if kind == NO_RESPONSES:
        return unanswered._replace(
            decisions="; ".join(_words(own)),
            combinations=len(own),
            change=_rounded(_largest_change(own)),
        )
    deciding = own[own.data_sets > 0]
    counts = _shares(deciding)
    return unanswered._replace(
        decisions="; ".join(_words(deciding)),
        combinations=len(counts),
        data_sets=int(deciding.data_sets.sum()),
        undecided=int((own.data_sets == 0).sum()),
        print_the_tables=None if kind == SAMPLES else int(own.prints.sum()),
        lowest_share=counts.share.min(),
        highest_share=counts.share.max(),
        p_ranks=np.nan if kind == SAMPLES else _compare_ranks(deciding, sign),
        p_shares=compare_shares(counts.supported, counts.data_sets, rng),
        change=_rounded(own.change.max()),
    )


def _words(decisions: pd.DataFrame) -> tuple[str, ...]:
    return tuple(dict.fromkeys(decisions.decision))


def _rounded(change: float) -> float:
    return 0.0 if change <= SAME else change


def _without_responses(
    own: pd.DataFrame, evidence: Dependence, combinations: Sequence[Combination]
) -> tuple[str, str]:
    words = _words(own)
    if words == (NOT_ATTAINABLE,):
        return UNDECIDED, NOT_ATTAINABLE
    if evidence.combinations < 2:
        return UNDECIDED, f"responses can have only 1 of {len(combinations)} combinations"
    under = _under_all(evidence, combinations)
    if evidence.by_correlations:
        return CANNOT, f"the same {under}"
    if len(words) == 1:
        return DOES_NOT, f"{words[0]} {under}"
    return DEPENDS, "; ".join(
        f"{word} under {int((own.decision == word).sum())} combinations" for word in words
    )


def _on_new_samples(
    own: pd.DataFrame, evidence: Dependence, combinations: Sequence[Combination]
) -> tuple[str, str]:
    if evidence.combinations < 2:
        return UNDECIDED, f"there are new samples of {evidence.combinations} combinations only"
    power = (
        f"power of {evidence.lowest_share:.2f} to {evidence.highest_share:.2f} "
        f"by {int(own.data_sets.max())} new samples of each"
    )
    words = _words(own[own.data_sets > 0])
    if len(words) == 1:
        return DOES_NOT, f"{words[0]} {_under_all(evidence, combinations)}: {power}"
    if evidence.differ:
        return DEPENDS, _ends(own, combinations, "new samples")
    return UNDECIDED, f"{power} lies about a limit; no difference among combinations is shown"


def _on_data_sets(
    own: pd.DataFrame, evidence: Dependence, combinations: Sequence[Combination]
) -> tuple[str, str]:
    if not evidence.data_sets:
        return UNDECIDED, f"none of {len(own)} data sets decides"
    deciding = own[own.data_sets > 0]
    every = f"supported in {int(deciding.supported.sum())} of {evidence.data_sets} data sets"
    if evidence.undecided:
        every += f" that decide, of {len(own)}"
    some = f"; {evidence.print_the_tables} of these data sets print the tables"
    missed = some if (evidence.print_the_tables or 0) < evidence.data_sets else ""
    if len(_words(deciding)) == 1:
        under = f"under {evidence.combinations} of {len(combinations)} combinations"
        if evidence.data_sets < LEAST or evidence.combinations < 2:
            return UNDECIDED, f"{every}, {under}: too few to say{missed}"
        if evidence.by_correlations:
            return CANNOT, f"{every}; the same on other data with the same correlations{missed}"
        return DOES_NOT, f"{every}, {under}: evidence, no proof{missed}"
    if evidence.differ and not evidence.by_correlations:
        return DEPENDS, _ends(deciding, combinations, "data sets") + missed
    shown = deciding[deciding.prints]
    among = f"in {int(shown.supported.sum())} of {len(shown)} that print the tables"
    if len(_words(shown)) < 2:
        return UNDECIDED, f"{every}, but {among}"
    if evidence.by_correlations:
        return LEFT_OPEN, (
            f"{every}; a function of the correlations alone: their unprinted digits decide, and "
            "which of these exist depends on the items"
        )
    if not evidence.compared:
        return UNDECIDED, f"{every}; combinations are not compared, for too few data sets"
    return LEFT_OPEN, f"{every}, {among}; no difference among combinations is shown"


ANSWERS = {NO_RESPONSES: _without_responses, SAMPLES: _on_new_samples, DATA_SET: _on_data_sets}


def _answer(
    own: pd.DataFrame, evidence: Dependence, combinations: Sequence[Combination]
) -> tuple[str, str]:
    """Whether what is decided depends on what is assumed, and why that is said."""
    if len(combinations) == 1:
        return CANNOT, "nothing is assumed that could be something else"
    return ANSWERS[own.kind.iloc[0]](own, evidence, combinations)


def _unanswered(
    verdicts: Sequence[tuple[str, str]], answered: set[tuple[str, str]]
) -> list[Dependence]:
    return [
        Dependence(*key, WHOLE, UNDECIDED, "not decided again")
        for key in verdicts
        if key not in answered
    ]


def _under_all(evidence: Dependence, combinations: Sequence[Combination]) -> str:
    whole = len(combinations)
    if evidence.combinations == whole:
        return f"under all {whole} combinations of assumptions"
    return f"under all {evidence.combinations} of {whole} combinations that responses can have"


def _ends(deciding: pd.DataFrame, combinations: Sequence[Combination], what: str) -> str:
    """The combinations of the lowest and the highest share that supports."""
    shares = _shares(deciding)
    return "supported in " + ", in ".join(
        f"{int(end.supported)} of {int(end.data_sets)} {what} {_stated(combinations[end.Index])}"
        for at in (shares.share.idxmin(), shares.share.idxmax())
        for end in shares.loc[[at]].itertuples()
    )


def _stated(combination: Combination) -> str:
    labels = combination.labels
    return f"at mean {labels['mean']}, SD {labels['sd']} and items {labels['items']}"


def _shares(deciding: pd.DataFrame) -> pd.DataFrame:
    counts = deciding.groupby("combination")[["supported", "data_sets"]].sum()
    return counts.assign(share=counts.supported / counts.data_sets)


def _largest_change(own: pd.DataFrame) -> float:
    """By how much estimate and p differ among combinations; infinite where decisions do."""
    if len(set(own.decision)) > 1:
        return np.inf
    numbers = own[["estimate", "p"]].to_numpy(dtype=float)
    missing = np.isnan(numbers)
    if (missing != missing[0]).any():
        return np.inf
    return float(np.max(np.ptp(numbers[:, ~missing[0]], axis=0), initial=0.0))


def _compare_ranks(deciding: pd.DataFrame, sign: int) -> float:
    """p of no difference among combinations, from ranks of signed z; NaN where none can be told."""
    from scipy.stats import f_oneway, rankdata

    z = -ndtri(deciding.p.to_numpy() / 2) * np.sign(deciding.estimate.to_numpy() * sign)
    ranks = rankdata(z)
    groups = [ranks[places] for places in deciding.groupby("combination").indices.values()]
    if len(groups) < 2 or len(ranks) <= len(groups):
        return np.nan
    return 1.0 if np.ptp(ranks) == 0 else float(f_oneway(*groups).pvalue)


def compare_shares(supported: ArrayLike, sizes: ArrayLike, rng: np.random.Generator) -> float:
    """p of the same share in all groups: the chi-squared statistic among permutations.

    The share of ways to deal the same answers to groups of the same sizes that are as uneven:
    right for small groups too, within the error of simulation, which goes on until `ENOUGH` such
    ways are found (Besag and Clifford 1991).

    Parameters
    ----------
    supported, sizes : array_like of int, shape (groups,)
    rng : numpy.random.Generator

    Returns
    -------
    float
        NaN for one group, or groups of one: these cannot be told apart.
    """
    supported, sizes = np.asarray(supported), np.asarray(sizes)
    whole, total = int(sizes.sum()), int(supported.sum())
    if len(sizes) < 2 or whole <= len(sizes):
        return np.nan
    if total in (0, whole):
        return 1.0
    # With these margins chi-squared is an increasing linear function of this.
    observed = (supported**2 / sizes).sum()
    for deals in DEALS:
        dealt = rng.multivariate_hypergeometric(sizes, total, size=deals, method="marginals")
        # Ways that are exactly as uneven count, however their sums round.
        uneven = int(((dealt**2 / sizes).sum(axis=1) >= observed * (1 - SAME)).sum())
        if uneven >= ENOUGH:
            break
    return (1 + uneven) / (1 + deals)
