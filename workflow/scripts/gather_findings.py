"""Gather what every stage found, of all papers, in one table."""

from pathlib import Path

import pandas as pd

from adapter import logged, read_strings, run_folder, write_csv
from retrace.assumptions.findings import dependence_findings
from retrace.bibliography.findings import (
    citation_findings,
    conflict_findings,
    nothing_known,
    reference_findings,
    uncited_findings,
)
from retrace.checks.shared.findings import check_findings
from retrace.claims.findings import claim_findings
from retrace.findings import COLUMNS, LITERATURE, in_order
from retrace.papers.findings import impossible_findings, refused_findings
from retrace.robustness.findings import (
    effect_findings,
    model_findings,
    opinion_findings,
    verdict_findings,
)
from retrace.synthetic.findings import unmet_findings

# What is said of one file that each of some papers has.
OF_ONE_FILE = {
    "studies": {
        "impossible": impossible_findings,
        "checks": check_findings,
        "unmet": unmet_findings,
        "sem_fit": model_findings,
        "sem_latent_fit": model_findings,
        "mediation": effect_findings,
        "opinions": opinion_findings,
        "assumptions": dependence_findings,
    },
    "testing": {"verdicts": verdict_findings},
    "listing": {"references": reference_findings},
    "claimants": {"claims": claim_findings},
}

with logged(snakemake) as log:
    given, params = snakemake.input, snakemake.params
    results = run_folder(snakemake) / "results"

    def name(file):
        return Path(file).relative_to(results).as_posix()

    papers = read_strings(given.papers)["paper"].tolist()
    found = list(refused_findings(read_strings(given.refused), name(given.refused)))
    for those, finders in OF_ONE_FILE.items():
        for what, finder in finders.items():
            for paper, file in zip(params[those], given.get(what, []), strict=True):
                found += finder(paper, read_strings(file), name(file))
    for what, finder in {
        "citations": citation_findings,
        "uncited": uncited_findings,
        "conflicts": conflict_findings,
    }.items():
        table = read_strings(given[what])
        for paper in papers:
            found += finder(paper, table, name(given[what]))
    known = {row.paper for row in found if row.question == LITERATURE}
    found += [nothing_known(paper) for paper in papers if paper not in known]
    table = pd.DataFrame(in_order(found, papers), columns=list(COLUMNS))
    write_csv(snakemake.output.findings, table)
    log.info("%s", table["weight"].value_counts().to_dict())
