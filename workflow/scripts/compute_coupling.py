"""Measure how much of their literature papers share."""

import pandas as pd

from adapter import logged, read_strings, write_csv
from retrace.bibliography.works.coupling import COLUMNS, couple_papers, works_of_papers

with logged(snakemake) as log:
    works = read_strings(snakemake.input.works)
    papers = dict(zip(works["work"], works["papers"].str.split(";"), strict=True))
    coupling = couple_papers(works_of_papers(papers))
    sharing = sum(pair.shared > 0 for pair in coupling)
    log.info("%d of %d pairs of papers share works", sharing, len(coupling))
    write_csv(snakemake.output.coupling, pd.DataFrame(coupling, columns=COLUMNS))
    shared = works.assign(n_papers=works["n_papers"].astype(int)).query("n_papers > 1")
    order = shared.sort_values(["n_papers", "year", "work"], ascending=[False, True, True])
    columns = ["work", "n_papers", "papers", "year", "first_author", "title", "doi"]
    write_csv(snakemake.output.shared, order[columns])
