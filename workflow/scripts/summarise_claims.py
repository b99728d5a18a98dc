"""Put the claims of all papers into one table, and count them by verdict."""

import pandas as pd

from adapter import logged, read_strings, read_texts, write_csv, write_texts
from retrace.reporting import render_all
from retrace.reporting.claims_tables import CLAIM_COLUMNS, claims_summary
from retrace.reporting.labels import paper_labels

with logged(snakemake) as log:
    claims = pd.concat([read_strings(name) for name in snakemake.input.claims], ignore_index=True)
    claims = claims[list(CLAIM_COLUMNS)]
    called = paper_labels(read_strings(snakemake.input.papers), set(claims["paper"]))
    templates = read_texts(snakemake.input.templates)
    write_texts(snakemake.output, render_all(claims_summary(claims, called), templates))
    write_csv(snakemake.output.claims, claims)
    log.info("%d claims of %d papers", len(claims), len(called))
