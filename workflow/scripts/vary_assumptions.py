"""Decide and recompute everything again under other assumed means and item counts."""

from adapter import logged, read_text, write_csv
from retrace.study import Study

with logged(snakemake) as log:
    from functools import partial

    import pandas as pd

    from retrace.streams import random_stream
    from retrace.synthesis.downstream import decide_latent_models, decide_new_samples
    from retrace.synthesis.from_study import hypotheses_of, likert_target
    from retrace.synthesis.sensitivity import (
        compare_variations,
        decide_variations,
        vary_assumptions,
    )

    params = snakemake.params
    study = Study.model_validate_json(read_text(snakemake.input.study))
    target = likert_target(study)
    stream = partial(random_stream, params.seed, study.paper, "vary_assumptions")
    variations = []

    def refused(mean, items, error):
        log.warning("mean %g, %d items: %s", mean, items, error)

    for variation in vary_assumptions(target, params.draws, stream, refused=refused):
        variations.append(variation)
        log.info("mean %g, %d items, draw %d", variation.mean, variation.items, variation.draw)
    latent, sampled = (
        partial(random_stream, params.seed, study.paper, f"vary_assumptions: {name}")
        for name in ("latent models", "new samples")
    )
    tables = [
        decide_variations(target, variations, hypotheses_of(study), params.alpha),
        decide_latent_models(study, variations, params.alphas, params.alpha, latent),
        decide_new_samples(study, variations, params.alpha, sampled),
    ]
    decided = [table for table in tables if len(table)] or tables[:1]
    write_csv(snakemake.output.decisions, pd.concat(decided, ignore_index=True))
    write_csv(snakemake.output.statistics, compare_variations(target, variations))
