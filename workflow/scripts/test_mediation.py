"""Draw intervals of the paths and indirect effects of a study's alternative models."""

import json

from adapter import logged, read_text, write_rows
from retrace.papers.study import Study
from retrace.provenance.streams import random_stream
from retrace.robustness.mediation import Drawn, Effect, effect_rows
from retrace.robustness.structural_solutions import read_solutions

with logged(snakemake) as log:
    study, params = Study.model_validate_json(read_text(snakemake.input.study)), snakemake.params
    fits = read_solutions(json.loads(read_text(snakemake.input.solutions)))
    rng = random_stream(params.seed, study.key, "test_mediation")
    effects, counts = effect_rows(study, fits, params.draws, rng)
    for row in counts:
        log.info("%s", row)
    write_rows(snakemake.output.mediation, effects, Effect._fields)
    write_rows(snakemake.output.draws, counts, Drawn._fields)
