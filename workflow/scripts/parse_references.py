"""Read a paper's references and write them as a table, as BibTeX and as CSL-JSON."""

from dataclasses import replace

from adapter import logged, read_text, write_csv, write_text
from retrace.bibliography.export import to_bibtex, to_csl_json
from retrace.bibliography.readers.formats import read_file
from retrace.bibliography.record import to_frame

with logged(snakemake) as log:
    path, style = snakemake.input.references, snakemake.params.style
    references = read_file(read_text(path), path, style)
    if snakemake.input.get("further_reading"):
        path = snakemake.input.further_reading
        references += [
            replace(r, index=len(references) + r.index, list="further reading")
            for r in read_file(read_text(path), path, style)
        ]
    problems = [r for r in references if r.problems]
    log.info("%d references, %d with a problem noted", len(references), len(problems))
    for reference in problems:
        log.info("%d: %s", reference.index, "; ".join(reference.problem_texts))
    write_csv(snakemake.output.csv, to_frame(references))
    write_text(snakemake.output.bib, to_bibtex(references))
    write_text(snakemake.output.json, to_csl_json(references))
