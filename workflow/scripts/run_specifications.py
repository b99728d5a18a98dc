"""Run every specification of a study's hypotheses, and ask what overturns each."""

from adapter import logged, read_text, write_csv, write_svg
from retrace.papers.study import Study

with logged(snakemake) as log:
    import pandas as pd

    from retrace.checks.regression.from_study import hypotheses_of, models_of
    from retrace.provenance.streams import random_stream
    from retrace.reporting.regression_figures import company_figure, specification_curve
    from retrace.robustness.tables import analyse

    study = Study.model_validate_json(read_text(snakemake.input.study))
    alpha, paper, seed = (snakemake.params[name] for name in ("alpha", "paper", "seed"))
    continuous, likert = (
        pd.read_parquet(snakemake.input[name]) for name in ("continuous", "likert")
    )
    hypotheses = hypotheses_of(study)
    found = analyse(
        models_of(study),
        hypotheses,
        continuous,
        likert,
        alpha,
        random_stream(seed, paper, "bootstrap"),
    )
    log.info("%d specifications", len(found.specifications))
    for name in ("specifications", "robustness", "overturning", "suppression", "confounding"):
        write_csv(snakemake.output[name], getattr(found, name))
    title = f"Specifications of the hypotheses of {paper}{study.proviso}"
    curve = specification_curve(found.specifications, alpha, title)
    write_svg(snakemake.output.curve, curve)
    title = f"Hypotheses of {paper} in every set of predictors{study.proviso}"
    signs = {h.name: h.sign for h in hypotheses}
    company = company_figure(found.specifications, found.suppression, signs, alpha, title)
    write_svg(snakemake.output.company, company)
