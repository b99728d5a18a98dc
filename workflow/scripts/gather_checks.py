"""Gather the rows of every paper's checks; a paper without a study has one for each check."""

from adapter import logged, read_strings, write_csv

with logged(snakemake):
    from retrace.checks import gather_papers

    files = zip(snakemake.params.studies, snakemake.input.checks, strict=True)
    tables = {paper: read_strings(file) for paper, file in files}
    write_csv(snakemake.output.checks, gather_papers(snakemake.params.papers, tables))
