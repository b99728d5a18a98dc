"""Decide and recompute this job's share of everything under other assumptions."""

from adapter import logged, read_text, write_parquet
from retrace.papers.study import Study

with logged(snakemake) as log:
    from retrace.assumptions.assumed import combinations
    from retrace.assumptions.sensitivity import Settings, tasks_of, vary_assumptions
    from retrace.provenance.streams import random_stream, share_of

    params = snakemake.params
    study = Study.model_validate_json(read_text(snakemake.input.study))
    varied = combinations(study)
    tasks = share_of(tasks_of(varied, params.draws), params.chunk, params.chunks)

    def stream(what, combination, draw):
        rule = f"vary_assumptions: {what} {combination}"
        return random_stream(params.seed, study.paper, rule, draw)

    def done(number, task):
        if number % 10 == 0 or number == len(tasks):
            log.info("%d of %d tasks, %s", number, len(tasks), varied[task.combination].labels)

    settings = Settings(params.alpha, params.alphas, params.method_shares)
    found = vary_assumptions(varied, tasks, settings, stream, done)
    for name, table in found.frames().items():
        write_parquet(snakemake.output[name], table)
