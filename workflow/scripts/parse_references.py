"""Read a paper's references and write them as a table, as BibTeX and as CSL-JSON."""

from dataclasses import replace

from adapter import logged, read_text, write_csv, write_text
from retrace.bibliography.export import to_bibtex, to_csl_json
from retrace.bibliography.record import to_frame
from retrace.bibliography.references import read_list

with logged(snakemake) as log:
    references = read_list(
        read_text(snakemake.input.references).splitlines(), snakemake.params.style
    )
    if snakemake.input.get("further_reading"):
        lines = read_text(snakemake.input.further_reading).splitlines()
        references += [
            replace(r, index=len(references) + r.index, list="further reading")
            for r in read_list(lines, snakemake.params.style)
        ]
    problems = [r for r in references if r.problems]
    log.info("%d references, %d with a problem noted", len(references), len(problems))
    for reference in problems:
        log.info("%d: %s", reference.index, "; ".join(reference.problems))
    write_csv(snakemake.output.csv, to_frame(references))
    write_text(snakemake.output.bib, to_bibtex(references))
    write_text(snakemake.output.json, to_csl_json(references))
