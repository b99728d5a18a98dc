"""Draw this job's share of the data sets that all print a study's tables, and analyse each."""

from adapter import logged, progress, read_text, write_parquet
from retrace.papers.study import Study

with logged(snakemake) as log:
    from functools import partial

    from retrace.checks.regression.from_study import effects_on_data
    from retrace.estimators.estimators_on_data import resampling_counts
    from retrace.provenance.streams import random_stream, share_of
    from retrace.synthetic.ensemble import (
        EffectsOnData,
        analyse_ensemble,
        draw_share,
        ensemble_frame,
    )
    from retrace.synthetic.from_study import estimated_models, target_to_draw

    params = snakemake.params
    study = Study.model_validate_json(read_text(snakemake.input.study))
    target = target_to_draw(study)
    stream = partial(random_stream, params.seed, study.key, "synthesise_ensemble")
    draws = share_of(range(params.data_sets), params.chunk, params.chunks)
    drawn = draw_share(target, draws, stream, progress(log, "data sets", 20))
    log.info("%d data sets %s", len(drawn), target.why_not_drawn)
    write_parquet(snakemake.output.data, ensemble_frame(target, drawn))

    # One set of resamples for all data sets, whichever job has them.
    counts = resampling_counts(
        target.rows_drawn, random_stream(params.seed, study.key, "bootstrap")
    )
    models, effects = estimated_models(study), EffectsOnData(effects_on_data(study), study.models)
    statistics, estimates = analyse_ensemble(target, models, drawn, counts, effects)
    write_parquet(snakemake.output.statistics, statistics)
    write_parquet(snakemake.output.estimates, estimates)
    log.info("%d statistics and estimates", len(statistics) + len(estimates))
