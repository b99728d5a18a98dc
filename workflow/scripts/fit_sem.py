"""Fit a study's structural equation models to its printed correlations."""

from adapter import logged, read_text, write_json, write_rows
from retrace.papers.study import Study
from retrace.reporting.study_diagrams import describe_diagrams
from retrace.robustness import structural_tables as tables
from retrace.robustness.structural_decisions import StructuralDecision, decision_rows
from retrace.robustness.structural_models import study_models
from retrace.robustness.structural_solutions import solution_records

with logged(snakemake) as log:
    study = Study.model_validate_json(read_text(snakemake.input.study))
    level = snakemake.params.level
    models = study_models(study, snakemake.params.method_shares)
    fits, unfit = tables.fit_study(study, models), tables.unfit_models(study, models)
    for name, reason in unfit.items():
        log.warning("%s: not fitted: %s", name, reason)
    for name, fit in fits.items():
        log.info("%s: %s", name, "; ".join(fit.problems) or "converged, proper")
    out = snakemake.output
    write_json(out.solutions, solution_records(fits, models))
    write_json(out.diagrams, describe_diagrams(study, fits, unfit, level))
    write_rows(out.sem, tables.estimate_rows(fits), tables.ModelEstimate._fields)
    rows = tables.fit_rows(fits, models, unfit)
    write_rows(out.fit, rows, tables.ModelFit._fields)
    rows = tables.residual_rows(fits)
    write_rows(out.residuals, rows, tables.ModelResidual._fields)
    rows = tables.modification_rows(fits)
    write_rows(out.modification, rows, tables.ModelModification._fields)
    rows = decision_rows(study, fits, models, level, unfit)
    write_rows(out.verdicts, rows, StructuralDecision._fields)
