"""Draw responses and items that print what a study prints, and list what they achieve."""

from adapter import logged, read_text, write_csv, write_parquet
from retrace.papers.study import Study

with logged(snakemake) as log:
    import pandas as pd

    from retrace.provenance.streams import random_stream
    from retrace.synthetic.study_responses import draw_responses

    study, out = Study.model_validate_json(read_text(snakemake.input.study)), snakemake.output
    rng = random_stream(snakemake.params.seed, study.key, "synthesise_likert")
    found = draw_responses(study, pd.read_parquet(snakemake.input.continuous), rng)
    write_parquet(out.scores, found.scores)
    write_parquet(out.responses, found.items)
    write_csv(out.fidelity, found.fidelity)
    write_csv(out.unmet, found.unmet)
    write_csv(out.measures, found.measures)
    for row in found.unmet.itertuples():
        log.warning("%s of %s, %s: %s", row.statistic, row.term, row.printed, row.why)
    steps = (found.steps.min(), found.steps.max())
    log.info("correlations move in steps of %.2g to %.2g", *steps)
    log.info("%d of %d statistics match", found.matched, found.printed)
