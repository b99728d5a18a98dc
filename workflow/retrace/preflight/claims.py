"""Claims of paper folders: their queries checked before any job."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from retrace.claims.claim import VALUE
from retrace.claims.query import QueryError
from retrace.claims.sandbox import SandboxError, try_claims
from retrace.claims.verdicts import FAILS, NOT_CHECKABLE, Verdict
from retrace.papers import PaperError, PaperParts, Problem


def check_queries(
    papers: Iterable[PaperParts], warn: Callable[[Problem], object] = lambda problem: None
) -> None:
    """Run the queries of all claims, so that a wrong one stops before any job.

    Parameters
    ----------
    papers : iterable of PaperParts
        The papers; those without claims are passed over.
    warn : callable
        Told of each claim that fails without a sentence in fairness, which is no error: who writes
        the claim has to see first that it fails; of each whose evaluation comes to no value, which
        is not checkable; and of each that is not computed because the time for all claims of its
        paper is used up.

    Raises
    ------
    PaperError
        With every claim whose query or reported value is wrong as it is written, by its file and
        id.
    """
    problems: list[Problem] = []
    for paper in papers:
        if paper.claims is None or not paper.claims.claims:
            continue
        try:
            verdicts, found = try_claims(paper.claims.claims, paper.claims.tables)
        except QueryError as error:
            problems.append(Problem(paper.description, "tables", str(error)))
            continue
        except SandboxError as error:
            problems.append(Problem(paper.claims.file, "", str(error)))
            continue
        file = paper.claims.file
        for fault in found:
            place = f"claim {fault.claim}"
            if fault.evaluated:
                warn(Problem(file, place, f"not checkable, not computed: {fault.message}"))
            else:
                problems.append(Problem(file, place, fault.message))
        for verdict in verdicts:
            place = f"claim {verdict.claim.id}"
            if verdict.verdict == FAILS and not verdict.claim.fair:
                warn(Problem(file, place, _without_sentence(verdict)))
            if verdict.verdict == NOT_CHECKABLE and verdict.claim.query:
                warn(Problem(file, place, f"not checkable, {verdict.computed}"))
    if problems:
        raise PaperError(problems)


def _without_sentence(verdict: Verdict) -> str:
    reported = verdict.claim.reported
    against = f"reported {reported!r}, " if reported else ""
    computed = "computed" if verdict.claim.gives == VALUE else "rows that break the rule"
    return (
        f"fails: {against}{computed}: {verdict.computed}. If that is right, add fair: one sentence "
        "about the disagreement that its authors would accept as fair"
    )
