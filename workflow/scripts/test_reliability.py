"""Test a study's hypotheses under measurement error."""

from adapter import logged, read_text, write_rows, write_svg
from retrace.papers.study import Study
from retrace.provenance.streams import random_stream
from retrace.reporting.reliability_figure import draw_reliability
from retrace.robustness.measurement_error import (
    AtReliability,
    OverReliabilities,
    reliability_rows,
)

with logged(snakemake) as log:
    study, params = Study.model_validate_json(read_text(snakemake.input.study)), snakemake.params
    rng = random_stream(params.seed, study.key, "test_reliability")
    grid, summary = reliability_rows(study, params.level, params.lowest, params.points, rng)
    log.info("%d hypotheses", len(study.hypotheses))
    out = snakemake.output
    write_rows(out.reliability, grid, AtReliability._fields)
    write_rows(out.summary, summary, OverReliabilities._fields)
    write_svg(out.figure, draw_reliability(grid, params.level))
