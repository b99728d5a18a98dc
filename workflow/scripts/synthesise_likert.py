"""Draw responses and items that print what a study prints, and list what they achieve."""

from adapter import logged, read_text, write_csv, write_parquet
from retrace.papers.study import Study

with logged(snakemake) as log:
    import numpy as np
    import pandas as pd

    from retrace.provenance.streams import random_stream
    from retrace.synthetic import (
        check_data,
        check_items,
        fidelity_frame,
        items_frame,
        likert,
        nothing_drawn,
        split_all,
    )
    from retrace.synthetic.from_study import target_to_draw
    from retrace.synthetic.integer_moments import correlation_steps
    from retrace.synthetic.why_missed import unmet_frame

    study = Study.model_validate_json(read_text(snakemake.input.study))
    target = target_to_draw(study)
    continuous = pd.read_parquet(snakemake.input.continuous)[list(target.names)].to_numpy()
    rng = random_stream(snakemake.params.seed, study.paper, "synthesise_likert")
    if target.why_not_drawn:
        result, items = nothing_drawn(target)
    else:
        result = likert(target, rng)
        items = split_all(target, result.data, rng, nearest=True)
    alphas = check_items(target, items)
    fidelity = fidelity_frame(
        [*check_data(target, continuous, "continuous"), *result.fidelity, *alphas]
    )
    write_parquet(snakemake.output.scores, result.frame())
    write_parquet(snakemake.output.responses, items_frame(items))
    write_csv(snakemake.output.fidelity, fidelity)
    unmet = unmet_frame(
        target, [*result.missed, *(row for row in alphas if not row.matched)], result.data
    )
    write_csv(snakemake.output.unmet, unmet)
    for row in unmet.itertuples():
        log.warning("%s of %s, %s: %s", row.statistic, row.term, row.printed, row.why)
    rows = [*result.fidelity, *alphas]
    steps = correlation_steps(target)[np.tril_indices(target.k, -1)]
    log.info("correlations move in steps of %.2g to %.2g", steps.min(), steps.max())
    log.info("%d of %d statistics match", sum(row.matched for row in rows), len(rows))
