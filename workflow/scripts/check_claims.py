"""Check a paper's claims against its own tables, and set them as a table."""

from adapter import logged, read_texts, write_rows, write_texts
from retrace.claims.sandbox import decide_claims
from retrace.papers import read_paper
from retrace.papers.overview import describe
from retrace.reporting import render_all
from retrace.reporting.claims_tables import CheckedClaim, claim_rows, claims_table
from retrace.reporting.labels import paper_label

with logged(snakemake) as log:
    paper = read_paper(snakemake.params.folder)
    verdicts = decide_claims(paper.claims.claims, paper.claims.tables)
    rows = claim_rows(paper.key, verdicts)
    for row in rows:
        log.info("%s: %s", row.claim, row.verdict)
    facts = describe(paper.key, paper.facts)
    called = paper_label(facts.authors, facts.year)
    table = claims_table(paper.key, called, rows, paper.claims.decimal_commas)
    templates = read_texts(snakemake.input.templates)
    write_texts(snakemake.output, render_all(table, templates))
    write_rows(snakemake.output.claims, rows, CheckedClaim._fields)
