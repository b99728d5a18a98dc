"""Honest tables called wrong, and errors found: simulated studies, printed and judged.

Usage: PYTHONPATH=workflow:tests/unit python benchmarks/detection/measure.py \\
    [HONEST [ERRONEOUS [HARD]]]

Every study is simulated from raw data (1 to 8 predictors, n from 30 to 2,000, factors, skew and
response scales), analysed by ordinary least squares on the data, and printed with 2 or 3 decimals:
correlations, SDs, b, beta, SE, t, p with stars, confidence limits, VIF, R2, adjusted R2, F and its
p. Honest tables are judged as printed, and so are hard ones: outcomes that the predictors nearly
determine, near collinearity, n from k + 2 to 20,000, 1 to 3 decimals. Errors are then put into one
place at a time.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
from judged_tables import compare, relations_of
from simulated_studies import hard_study, honest_study, wrong_stars

from retrace.checks.regression import recomputed
from retrace.checks.regression.feasibility import FEASIBLE, INFEASIBLE, joint_feasibility
from retrace.checks.regression.printed_model import WHOLE_MODEL
from retrace.checks.regression.tables import ONE_SIDED
from retrace.matrices.rounding_box import NoMatrixError
from retrace.printed.numbers import Printed
from retrace.printed.verdicts import CONTRADICTED
from retrace.provenance.streams import random_stream

# Judging all numbers at once costs more than one by one, so it is done for every tenth study.
JOINT_EVERY = 10
SIZES = [(0, 0.05, "below 0.05"), (0.05, 0.5, "0.05 to 0.5"), (0.5, np.inf, "0.5 on")]

_envelopes = recomputed.envelopes
_known = {}


def envelopes_once(low, high, wanted):
    """Envelopes of the last box: most errors leave the correlations as they are."""
    key = (low.tobytes(), high.tobytes(), tuple(wanted))
    if key not in _known:
        _known.clear()
        _known[key] = _envelopes(low, high, wanted)
    return _known[key]


def judge(model) -> tuple[int, int]:
    """Numbers contradicted by the correlations, and by each other."""
    relations = relations_of(model)
    relations = relations[relations.reading != ONE_SIDED]
    try:
        comparison, *_ = compare(model)
    except NoMatrixError:  # refused before anything is judged
        return len(list(model.reports())), 0
    return (
        int((comparison.verdict == CONTRADICTED).sum()),
        int((relations.verdict == CONTRADICTED).sum()),
    )


def honest(simulated, count: int) -> None:
    numbers = Counter()
    for seed in range(count):
        study = simulated(seed)
        if study is None:
            continue
        model, correlations = study
        comparison, *_ = compare(model)
        relations = relations_of(model)
        relations = relations[relations.reading != ONE_SIDED]
        numbers["studies"] += 1
        numbers["printed numbers"] += len(comparison)
        numbers["  contradicted by the correlations"] += int(
            (comparison.verdict == CONTRADICTED).sum()
        )
        numbers["relations"] += len(relations)
        numbers["  contradicted"] += int((relations.verdict == CONTRADICTED).sum())
        numbers["starred cells"] += len(correlations) + model.k
        numbers["  with wrong stars"] += wrong_stars(model, correlations)
        if seed % JOINT_EVERY == 0:
            status = joint_feasibility(model, boxes=2).status
            numbers["tables judged all at once"] += 1
            numbers["  called infeasible"] += status == INFEASIBLE
            numbers["  shown feasible"] += status == FEASIBLE
        if (seed + 1) % 500 == 0:
            print(f"  {seed + 1} of {count}", file=sys.stderr, flush=True)
    print("| honest tables | count |\n|---|--:|")
    for name, number in numbers.items():
        print(f"| {name.replace('  ', '&nbsp;&nbsp;')} | {number:,} |")


def with_cell(model, term: str, statistic: str, text: str):
    if term == WHOLE_MODEL:
        overall = {**model.overall, statistic: Printed.parse(text)}
        return replace(model, overall=overall)
    reported = {name: dict(row) for name, row in model.reported.items()}
    reported[term][statistic] = Printed.parse(text)
    return replace(model, reported=reported)


def swapped_digits(text: str) -> list[str]:
    """The number with each pair of unequal neighbouring digits exchanged."""
    found = []
    for i in range(len(text) - 1):
        a, b = text[i], text[i + 1]
        if a.isdigit() and b.isdigit() and a != b:
            found.append(text[:i] + b + a + text[i + 2 :])
    return found


def errors_in(model, stream):
    """(kind, size, model) for one error of every kind that this table can hold."""
    term = model.predictors[stream.integers(model.k)]
    for statistic in ("b", "beta", "se", "t", "p", "ci_low", "vif", "r2", "f"):
        place = WHOLE_MODEL if statistic in model.overall else term
        cells = model.overall if place == WHOLE_MODEL else model.reported[term]
        text = cells[statistic].text.rstrip("*")
        options = swapped_digits(text)
        # A p above 1 is refused before it is judged.
        if statistic in ("p", "r2"):
            options = [option for option in options if float(option) <= 1]
        if options:
            wrong = options[stream.integers(len(options))]
            size = abs(float(wrong) - float(text))
            yield f"digits swapped in {statistic}", size, with_cell(model, place, statistic, wrong)
    a, b = sorted(stream.choice(model.k + 1, size=2, replace=False))
    if model.R[a, b] != 0:
        R, low, high = (np.array(matrix) for matrix in (model.R, model.low, model.high))
        for matrix, end in ((R, -R[a, b]), (low, -high[a, b]), (high, -low[a, b])):
            matrix[a, b] = matrix[b, a] = end
        size = 2 * abs(float(model.R[a, b]))
        yield "sign lost in a correlation", size, replace(model, R=R, low=low, high=high)
    t = model.reported[term]["t"]
    if t.value != 0:
        flipped = t.text[1:] if t.text.startswith("-") else f"-{t.text}"
        yield "sign lost in t", 2 * abs(t.value), with_cell(model, term, "t", flipped)
        flipped = model.reported[term]["beta"].text
        flipped = flipped[1:] if flipped.startswith("-") else f"-{flipped}"
        size = 2 * abs(float(flipped))
        yield "sign lost in beta", size, with_cell(model, term, "beta", flipped)
    if model.k > 1:
        other = next(name for name in model.predictors if name != term)
        reported = dict(model.reported)
        reported[term], reported[other] = reported[other], reported[term]
        size = abs(model.reported[term]["t"].value - model.reported[other]["t"].value)
        yield "two rows exchanged", size, replace(model, reported=reported)
    for factor in (0.9, 0.95, 1.05, 1.1):
        n = round(model.n * factor)
        if n > model.k + 2 and n != model.n:
            label = f"n wrong by {abs(100 * factor - 100):.0f} %"
            yield label, float(abs(n - model.n)), replace(model, n=n)


def star_errors(model, correlations, stream):
    """Correlations with one cell's stars moved by one level, and how far p is from the level."""
    keys = sorted(correlations)
    pair = keys[stream.integers(len(keys))]
    marks = ["", "*", "**", "***"]
    now = marks.index(correlations[pair].stars)
    moved = now + (1 if now == 0 or (now < 3 and stream.random() < 0.5) else -1)
    changed = dict(correlations)
    bare = correlations[pair].text.rstrip("*")
    changed[pair] = Printed.parse(bare + marks[moved])
    return changed


def wilson(found: int, cases: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    z2 = 1.959964**2
    middle = (found + z2 / 2) / (cases + z2)
    reach = np.sqrt(z2 * (found * (cases - found) / cases + z2 / 4)) / (cases + z2)
    return middle - reach, middle + reach


def erroneous(count: int, first_seed: int = 1_000_000) -> None:
    found = defaultdict(list)
    for seed in range(first_seed, first_seed + count):
        study = honest_study(seed)
        if study is None:
            continue
        model, correlations = study
        stream = random_stream(seed, "benchmark", "errors")
        for kind, size, wrong in errors_in(model, stream):
            by_correlations, by_relations = judge(wrong)
            found[kind].append((size, by_correlations > 0, by_relations > 0))
        changed = star_errors(model, correlations, stream)
        found["stars of a correlation wrong by one"].append(
            (1.0, wrong_stars(model, changed) > 0, False)
        )
        if (seed - first_seed + 1) % 100 == 0:
            print(f"  {seed - first_seed + 1} of {count}", file=sys.stderr, flush=True)
    print("\n| error | size | cases | correlations or stars | printed tests | either | 95 % |")
    print("|---|---|--:|--:|--:|--:|---|")
    for kind in sorted(found):
        cases = found[kind]
        sized = "swapped" in kind or "sign" in kind or "exchanged" in kind
        for low, high, label in [(0, np.inf, "any"), *(SIZES if sized else [])]:
            own = [case for case in cases if low <= case[0] < high]
            if own:
                a, b = (np.mean([case[i] for case in own]) for i in (1, 2))
                either = sum(case[1] or case[2] for case in own)
                ends = wilson(either, len(own))
                print(
                    f"| {kind} | {label} | {len(own)} | {100 * a:.0f} % | {100 * b:.0f} % | "
                    f"{100 * either / len(own):.0f} % | "
                    f"{100 * ends[0]:.0f} to {100 * ends[1]:.0f} % |"
                )


def main() -> None:
    recomputed.envelopes = envelopes_once
    given = [int(argument) for argument in sys.argv[1:]]
    counts = given + [10_000, 600, 1_000][len(given) :]
    honest(honest_study, counts[0])
    erroneous(counts[1])
    honest(hard_study, counts[2])


if __name__ == "__main__":
    main()
