"""Draw intervals of the paths and indirect effects of a study's alternative models."""

import pandas as pd

from adapter import logged, read_text, write_csv
from retrace.sem.effects import COUNT_COLUMNS, EFFECT_COLUMNS, effect_rows
from retrace.sem.solution_tables import fit_study
from retrace.sem.study_models import study_models
from retrace.streams import random_stream
from retrace.study import Study

with logged(snakemake) as log:
    study, params = Study.model_validate_json(read_text(snakemake.input.study)), snakemake.params
    fits = fit_study(study, study_models(study))
    rng = random_stream(params.seed, params.paper, "test_mediation")
    effects, counts = effect_rows(study, fits, params.draws, rng)
    for row in counts:
        log.info("%s", row)
    write_csv(snakemake.output.mediation, pd.DataFrame(effects, columns=EFFECT_COLUMNS))
    write_csv(snakemake.output.draws, pd.DataFrame(counts, columns=COUNT_COLUMNS))
