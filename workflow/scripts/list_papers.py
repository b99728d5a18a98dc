"""List the papers with what each of them prints."""

import pandas as pd

from adapter import logged, write_csv
from retrace.papers import read_papers
from retrace.papers.overview import describe

with logged(snakemake) as log:
    papers = read_papers(snakemake.params.roots)
    rows = [describe(paper) for paper in papers.values()]
    log.info("%d papers", len(rows))
    write_csv(snakemake.output.papers, pd.DataFrame(rows))
