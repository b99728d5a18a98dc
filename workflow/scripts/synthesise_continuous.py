"""Draw continuous data whose sample correlations are the printed ones."""

from adapter import logged, read_text, write_parquet
from retrace.papers.study import Study

with logged(snakemake) as log:
    from retrace.provenance.streams import random_stream
    from retrace.synthetic.study_continuous import draw_continuous

    study = Study.model_validate_json(read_text(snakemake.input.study))
    rng = random_stream(snakemake.params.seed, study.key, "synthesise_continuous")
    data, why_not = draw_continuous(study, rng)
    write_parquet(snakemake.output.data, data)
    log.info("%d rows of %d columns %s", *data.shape, why_not)
