"""Compare every number that a study prints with what its correlations imply."""

from adapter import logged, read_text, write_csv, write_json
from retrace.papers.study import Study

with logged(snakemake) as log:
    from retrace.checks import check_paper, table_of
    from retrace.checks.shared.record import Record
    from retrace.checks.shared.tables import feasibility_table, study_tables

    study = Study.model_validate_json(read_text(snakemake.input.study))
    record = Record(study.paper, study)
    for name, table in study_tables(record).items():
        write_csv(snakemake.output[name], table)
    write_json(snakemake.output.feasibility, feasibility_table(record))
    checks = table_of(check_paper(record))
    write_csv(snakemake.output.checks, checks)
    log.info("verdicts: %s", checks.verdict.value_counts().to_dict())
