"""Draw continuous data whose sample correlations are the printed ones."""

from adapter import logged, read_text, write_parquet
from retrace.papers.study import Study

with logged(snakemake) as log:
    import numpy as np
    import pandas as pd

    from retrace.provenance.streams import random_stream
    from retrace.synthetic import continuous
    from retrace.synthetic.from_study import target_to_draw

    study = Study.model_validate_json(read_text(snakemake.input.study))
    target = target_to_draw(study)
    rng = random_stream(snakemake.params.seed, study.paper, "synthesise_continuous")
    if target.why_not_drawn:
        log.warning("%s", target.why_not_drawn)
        data = np.empty((0, target.k))
    else:
        R = study.correlation_matrix
        data = continuous(R, target.n, rng, target.mean, target.sd, target.names)
    write_parquet(snakemake.output.data, pd.DataFrame(data, columns=list(target.names)))
    log.info("%d rows of %d columns", *data.shape)
