"""Check a paper's study and write it in the form that the later stages read."""

from adapter import logged, write_text
from retrace.papers.check_study import read_study

with logged(snakemake) as log:
    study = read_study(snakemake.params.folder)
    log.info("n = %d, %d constructs, %d models", study.n, len(study.names), len(study.models))
    if study.stand_in:
        log.warning("the printed correlations are indefinite by rounding; a matrix stands in")
    write_text(snakemake.output.study, study.model_dump_json(indent=1) + "\n")
