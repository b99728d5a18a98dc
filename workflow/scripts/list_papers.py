"""List the papers with what each of them prints, and those that cannot be read."""

import pandas as pd

from adapter import logged, write_csv
from retrace.papers.overview import Described, describe, read_facts, refused_table

with logged(snakemake) as log:
    folders = snakemake.params.folders
    rows = [describe(key, read_facts(folder)) for key, folder in folders.items()]
    log.info("%d papers", len(rows))
    write_csv(snakemake.output.papers, pd.DataFrame(rows, columns=Described._fields))
    refused = refused_table(snakemake.params.refused)
    write_csv(snakemake.output.refused, refused)
    log.info("%d problems of papers that are refused", len(refused))
