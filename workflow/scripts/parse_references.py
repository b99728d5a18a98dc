"""Read a paper's references and write them as a table, as BibTeX and as CSL-JSON."""

from adapter import logged, read_text, write_csv, write_text
from retrace.bibliography.export import to_bibtex, to_csl_json
from retrace.bibliography.readers.formats import read_lists
from retrace.bibliography.record import to_frame

with logged(snakemake) as log:
    lists = {name: (read_text(path), path) for name, path in snakemake.input.items()}
    references = read_lists(lists, snakemake.params.style)
    table = to_frame(references)
    noted = table[table["problems"] != ""]
    log.info("%d references, %d with a problem noted", len(table), len(noted))
    for row in noted.itertuples():
        log.info("%d: %s", row.index, row.problems)
    write_csv(snakemake.output.csv, table)
    write_text(snakemake.output.bib, to_bibtex(references))
    write_text(snakemake.output.json, to_csl_json(references))
