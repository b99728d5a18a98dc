"""Put the claims of all papers into one table, and count them by verdict."""

import pandas as pd

from adapter import logged, read_strings, read_text, write_csv, write_text
from retrace.reporting import render_all
from retrace.reporting.claims_tables import CLAIM_COLUMNS, claims_summary, missing_papers
from retrace.reporting.labels import paper_labels

with logged(snakemake) as log:
    claims = pd.concat([read_strings(name) for name in snakemake.input.claims], ignore_index=True)
    claims = claims[list(CLAIM_COLUMNS)]
    papers, refused = read_strings(snakemake.input.papers), read_strings(snakemake.input.refused)
    labels = paper_labels(papers)
    called = {key: name for key, name in labels.items() if key in set(claims["paper"])}
    missing = missing_papers(labels, called, refused["paper"], "claims")
    table = claims_summary(claims, called, missing)
    templates = {name: read_text(name) for name in snakemake.input.templates}
    for kind, text in render_all(table, templates).items():
        write_text(snakemake.output[kind], text)
    write_csv(snakemake.output.claims, claims)
    log.info("%d claims of %d papers", len(claims), len(called))
