"""Sum up what was found, by paper and question."""

from adapter import logged, read_strings, read_text, write_text
from retrace.reporting import render_all
from retrace.reporting.summary import summary_table

with logged(snakemake):
    given = snakemake.input

    def by_paper(papers, files):
        return {paper: read_strings(file) for paper, file in zip(papers, files, strict=True)}

    table = summary_table(
        read_strings(given.papers),
        by_paper(snakemake.params.listing, given.references),
        read_strings(given.citations),
        read_strings(given.conflicts),
        by_paper(snakemake.params.studies, given.comparisons),
        by_paper(snakemake.params.testing, given.verdicts),
        *(read_strings(file) for file in given.claims),
    )
    templates = {name: read_text(name) for name in given.templates}
    for kind, text in render_all(table, templates).items():
        write_text(snakemake.output[kind], text)
