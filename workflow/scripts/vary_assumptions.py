"""Decide and recompute everything again under other assumed means and item counts."""

from adapter import logged, read_text, write_csv
from retrace.study import Study

with logged(snakemake) as log:
    from functools import partial

    from retrace.streams import random_stream
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
    decisions = decide_variations(target, variations, hypotheses_of(study), params.alpha)
    write_csv(snakemake.output.decisions, decisions)
    write_csv(snakemake.output.statistics, compare_variations(target, variations))
