"""Decide and recompute this job's share of everything under other assumptions."""

from adapter import logged, read_text, write_parquet
from retrace.study import Study

with logged(snakemake) as log:
    from retrace.regression.power import share_of
    from retrace.streams import random_stream
    from retrace.synthesis.assumptions import combinations
    from retrace.synthesis.sensitivity import Settings, tasks_of, vary_assumptions

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
