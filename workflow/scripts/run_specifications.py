"""Run every specification of a study's hypotheses, and ask what overturns each."""

from adapter import logged, read_text, write_csv, write_svg
from retrace.papers.study import Study

with logged(snakemake) as log:
    import pandas as pd

    from retrace.checks.regression.from_study import hypotheses_of, models_of, term_signs_of
    from retrace.provenance.streams import random_stream
    from retrace.reporting.regression_figures import company_figure, specification_curve
    from retrace.robustness.tables import analyse

    study = Study.model_validate_json(read_text(snakemake.input.study))
    params = snakemake.params
    continuous, likert = (
        pd.read_parquet(snakemake.input[name]) for name in ("continuous", "likert")
    )
    rng = random_stream(params.seed, study.key, "bootstrap")
    stated = (models_of(study), hypotheses_of(study))
    found = analyse(*stated, continuous, likert, params.level, rng)
    log.info("%d specifications", len(found.specifications))
    for name in ("specifications", "robustness", "overturning", "suppression", "confounding"):
        write_csv(snakemake.output[name], getattr(found, name))
    title = f"Specifications of the hypotheses of {study.called}{study.proviso}"
    curve = specification_curve(found.specifications, params.level, title)
    write_svg(snakemake.output.curve, curve)
    title = f"Hypotheses of {study.called} in every set of predictors{study.proviso}"
    drawn = (found.specifications, found.suppression, term_signs_of(study))
    company = company_figure(*drawn, params.level, title)
    write_svg(snakemake.output.company, company)
