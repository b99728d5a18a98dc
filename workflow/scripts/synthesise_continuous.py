"""Draw continuous data whose sample correlations are the printed ones."""

from adapter import logged, read_study, write_parquet

with logged(snakemake) as log:
    import pandas as pd

    from retrace.streams import random_stream
    from retrace.synthesis import continuous
    from retrace.synthesis.from_study import likert_target

    study = read_study(snakemake.input.study)
    target = likert_target(study)
    rng = random_stream(snakemake.params.seed, study.paper, "synthesise_continuous")
    data = continuous(target.R, target.n, rng, target.mean, target.sd, target.names)
    write_parquet(snakemake.output.data, pd.DataFrame(data, columns=list(target.names)))
    log.info("%d rows of %d columns", *data.shape)
