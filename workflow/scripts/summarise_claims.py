"""Put the claims of all papers into one table, and count them by verdict."""

import pandas as pd

from adapter import logged, read_strings, read_texts, write_csv, write_texts
from retrace.reporting import render_all
from retrace.reporting.claims_tables import ClaimSummary, claims_summary, missing_papers
from retrace.reporting.labels import among, paper_labels

with logged(snakemake) as log:
    claims = pd.concat([read_strings(name) for name in snakemake.input.claims], ignore_index=True)
    claims = claims[list(ClaimSummary._fields)]
    labels = paper_labels(read_strings(snakemake.input.papers))
    called = among(labels, set(claims["paper"]))
    refused = read_strings(snakemake.input.refused)["paper"]
    missing = missing_papers(labels, called, refused, "claims")
    table = claims_summary(claims, called, missing)
    write_texts(snakemake.output, render_all(table, read_texts(snakemake.input.templates)))
    write_csv(snakemake.output.claims, claims)
    log.info("%d claims of %d papers", len(claims), len(called))
