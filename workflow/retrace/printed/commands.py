"""Commands on printed numbers: can whole numbers have this mean, and this deviation?"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrace.printed.numbers import Printed

MOST_N = 1_000_000_000
# Totals that an answer lists.
_LISTED = 3


def add_commands(add: Callable[..., argparse.ArgumentParser]) -> None:
    """`retrace grim`."""
    command = add(
        "grim",
        "can n whole numbers have a printed mean (GRIM), and SD (GRIMMER, DEBIT)?",
        grim,
        description=(
            "Whether n answers in whole numbers can have the printed mean, and the printed "
            "standard deviation: GRIM (Brown and Heathers 2017), GRIMMER (Anaya 2016, Allard "
            "2018), and for zeros and ones DEBIT (Heathers and Brown 2019). Exact; ties round "
            "either way."
        ),
        example="retrace grim 3.48 25 --sd 1.02",
    )
    command.add_argument("mean", type=printed, metavar="MEAN", help="as printed, decimals and all")
    command.add_argument("n", type=count, metavar="N", help="how many answered")
    command.add_argument(
        "--items", type=count, default=1, help="items that each score is the mean of (default 1)"
    )
    command.add_argument("--sd", type=printed, help="standard deviation as printed")
    command.add_argument(
        "--binary", action="store_true", help="answers are 0 or 1: test the SD with DEBIT"
    )


def printed(text: str) -> Printed:
    """A printed number, for argparse."""
    from retrace.printed.numbers import Printed

    try:
        return Printed.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def count(text: str) -> int:
    """A whole number from 1 to a thousand million, for argparse."""
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and 1 <= int(text) <= MOST_N):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to {MOST_N:,}")
    return int(text)


def grim(options: argparse.Namespace) -> tuple[int, list[dict], str]:
    """A row a test, with the totals that print like the mean, or those beside them."""
    from retrace.printed import granularity

    mean, sd, n, items = options.mean, options.sd, options.n, options.items
    try:
        totals = granularity.possible_totals(mean, n, items)
        rows = [_row("GRIM", mean.text, bool(totals), _totals(mean, totals, n * items))]
        if sd is not None and options.binary:
            found = granularity.debit(mean, sd, n)
            some = "a share of ones" if found else "no share of ones"
            rows.append(_row("DEBIT", sd.text, found, f"{some} that prints like the mean gives it"))
        elif sd is not None:
            found = granularity.grimmer(mean, sd, n, items)
            some = "a whole sum of squares" if found else "no whole sum of squares"
            of = "of these totals gives it" if totals else "gives it, for there is no total"
            rows.append(_row("GRIMMER", sd.text, found, f"{some} {of}"))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return int(any(row["verdict"] == "impossible" for row in rows)), rows, ""


def _row(test: str, text: str, possible: bool, because: str) -> dict:
    verdict = "possible" if possible else "impossible"
    return {"test": test, "printed": text, "verdict": verdict, "because": because}


def _totals(mean: Printed, totals: range, answers: int) -> str:
    """The totals that print like the mean, or the two nearest ones with their means."""
    if totals:
        more = f" and {len(totals) - _LISTED:,} more" if len(totals) > _LISTED else ""
        return f"totals of {answers:,}: {', '.join(map(str, totals[:_LISTED]))}{more}"
    below = int(mean.number * answers // 1)
    near = [
        f"{total}/{answers} = {total / answers:.{mean.decimals + 2}f}"
        for total in (below, below + 1)
    ]
    return f"next to it are {near[0]} and {near[1]}"
