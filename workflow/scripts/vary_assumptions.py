"""Decide and recompute this job's share of everything under other assumptions."""

from adapter import logged, progress, read_text, write_parquet
from retrace.papers.study import Study

with logged(snakemake) as log:
    from retrace.assumptions.assumed import combinations
    from retrace.assumptions.sensitivity import Settings, stream_of, tasks_of, vary_assumptions
    from retrace.provenance.streams import share_of

    params = snakemake.params
    study = Study.model_validate_json(read_text(snakemake.input.study))
    varied = combinations(study)
    tasks = share_of(tasks_of(varied, params.draws), params.chunk, params.chunks)
    settings = Settings(params.level, params.reliabilities, params.method_shares)
    stream, done = stream_of(params.seed, study.key), progress(log, "tasks", 10)
    found = vary_assumptions(varied, tasks, settings, stream, done)
    for name, table in found.frames().items():
        write_parquet(snakemake.output[name], table)
