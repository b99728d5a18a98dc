"""Check a paper's study and write it in the form that the later stages read."""

from adapter import logged, write_rows, write_text
from retrace.papers.check_study import read_study
from retrace.papers.study import Impossible

with logged(snakemake) as log:
    study = read_study(snakemake.params.folder, snakemake.params.sample)
    log.info("n = %d, %d constructs, %d models", study.n, len(study.names), len(study.models))
    log.info("correlations: %s", study.proviso.strip() or "as printed")
    for each in study.impossible:
        log.warning("%s, %s: %s", each.file, each.place, each.why)
    rows = study.model_dump(include={"impossible"})["impossible"]
    write_rows(snakemake.output.impossible, rows, list(Impossible.model_fields))
    write_text(snakemake.output.study, study.model_dump_json(indent=1) + "\n")
