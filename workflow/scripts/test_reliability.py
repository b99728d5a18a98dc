"""Test a study's hypotheses under measurement error."""

import pandas as pd

from adapter import logged, read_text, write_csv, write_svg
from retrace.sem import suite
from retrace.sem.figures import draw_reliability
from retrace.streams import random_stream
from retrace.study import Study

with logged(snakemake) as log:
    study, params = Study.model_validate_json(read_text(snakemake.input.study)), snakemake.params
    rng = random_stream(params.seed, params.paper, "test_reliability")
    grid, summary = suite.reliability_rows(study, params.alpha, params.lowest, params.points, rng)
    log.info("%d hypotheses", len(study.hypotheses))
    out = snakemake.output
    write_csv(out.reliability, pd.DataFrame(grid, columns=suite.RELIABILITY_COLUMNS))
    write_csv(out.summary, pd.DataFrame(summary, columns=suite.ROBUSTNESS_COLUMNS))
    write_svg(out.figure, draw_reliability(grid, params.alpha))
