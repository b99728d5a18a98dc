"""What every stage found, of all papers, in one table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from retrace.assumptions.findings import dependence_findings
from retrace.bibliography.findings import (
    citation_findings,
    conflict_findings,
    nothing_known,
    reference_findings,
    uncited_findings,
)
from retrace.checks.shared.findings import check_findings
from retrace.claims.findings import claim_findings, crosswalk_findings
from retrace.decisions import REPORTED
from retrace.findings import COLUMNS, LITERATURE, Finding, in_order
from retrace.papers.findings import refused_findings
from retrace.papers.keys import split_key
from retrace.power.findings import exaggeration_findings, replication_findings
from retrace.robustness.findings import (
    confounding_findings,
    effect_findings,
    model_findings,
    opinion_findings,
    overturning_findings,
    reliability_findings,
    suppression_findings,
    verdict_findings,
)
from retrace.synthetic.findings import unmet_findings

if TYPE_CHECKING:
    import pandas as pd

    # Paper, its table as text, and the table's file to findings.
    Finder = Callable[[str, pd.DataFrame, str], Iterable[Finding]]

# What is said of a table that each of some papers has. Tables of those that test hypotheses come
# with a column more, `reported`: what the paper concludes of each.
OF_ONE_PAPER: dict[str, dict[str, Finder]] = {
    "studies": {
        "checks": check_findings,
        "unmet": unmet_findings,
        "sem_fit": model_findings,
        "sem_latent_fit": model_findings,
        "mediation": effect_findings,
        "opinions": opinion_findings,
        "assumptions": dependence_findings,
    },
    "testing": {
        "verdicts": verdict_findings,
        "overturning": overturning_findings,
        "suppression": suppression_findings,
        "confounding": confounding_findings,
        "reliability": reliability_findings,
        "replication": replication_findings,
        "exaggeration": exaggeration_findings,
    },
    "listing": {"references": reference_findings},
    "claimants": {"claims": claim_findings},
}
# What is said of a table of all papers.
OF_ALL_PAPERS: dict[str, Finder] = {
    "citations": citation_findings,
    "uncited": uncited_findings,
    "conflicts": conflict_findings,
    "crosswalk": crosswalk_findings,
}


def gather_findings(
    tables: Mapping[str, Mapping[str, pd.DataFrame]], groups: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """All findings, by paper and question, heaviest first.

    Parameters
    ----------
    tables : mapping
        What stages found, all as text: by kind (`papers`, `refused`, those of `OF_ONE_PAPER` and of
        `OF_ALL_PAPERS`), then by file under `results/`. A kind that no paper has may be missing.
    groups : mapping
        The papers of each group of `OF_ONE_PAPER`, in the order of its tables; in its place the
        studies of a paper with several samples, by their keys.

    Returns
    -------
    DataFrame
        `retrace.findings.COLUMNS`. A paper of whose literature nothing is known has a row for that.
        What is found in one of several samples begins with its name.

    Raises
    ------
    ValueError
        If a group has more or fewer papers than tables of a kind.
    """
    import pandas as pd

    [papers] = (table["paper"].tolist() for table in tables["papers"].values())
    [(file, refused)] = tables["refused"].items()
    found = list(refused_findings(refused, file))
    verdicts = tables.get("verdicts", {}).values()
    concluded = dict(zip(groups["testing"], map(_concluded, verdicts), strict=True))
    for group, kinds in OF_ONE_PAPER.items():
        for kind, of_one in kinds.items():
            own = tables.get(kind, {}).items()
            for key, (file, table) in zip(groups[group], own, strict=True):
                if group == "testing":
                    reported = table["hypothesis"].map(concluded[key]).fillna("")
                    table = table.assign(reported=reported)
                paper, sample = split_key(key)
                found += (_of_sample(sample, each) for each in of_one(paper, table, file))
    for kind, of_all in OF_ALL_PAPERS.items():
        for file, table in tables.get(kind, {}).items():
            for paper in papers:
                found += of_all(paper, table, file)
    known = {row.paper for row in found if row.question == LITERATURE}
    found += [nothing_known(paper) for paper in papers if paper not in known]
    return pd.DataFrame(in_order(found, papers), columns=list(COLUMNS))


def _of_sample(sample: str, finding: Finding) -> Finding:
    """A finding that says in which of several samples it was found."""
    return finding._replace(finding=f"{sample}: {finding.finding}") if sample else finding


def _concluded(verdicts: pd.DataFrame) -> dict[str, str]:
    """What a paper concludes of each hypothesis, from its `verdicts.csv`."""
    reported = verdicts[verdicts["analysis"] == REPORTED]
    return dict(zip(reported["hypothesis"], reported["decision"], strict=True))
