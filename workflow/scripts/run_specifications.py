"""Run every specification of a study's hypotheses, and ask what overturns each."""

from adapter import logged, read_text, write_csv, write_svg
from retrace.study import Study

with logged(snakemake) as log:
    import pandas as pd

    from retrace.regression import specifications as specs
    from retrace.regression.confounding import confounding_table
    from retrace.regression.errors import estimates_under_other_errors, ordinal_estimates
    from retrace.regression.figures import company_figure, specification_curve
    from retrace.regression.from_study import hypotheses_of, models_of
    from retrace.regression.matrix import critical_t
    from retrace.regression.overturning import overturning_table
    from retrace.regression.suppression import suppression_table
    from retrace.streams import random_stream

    study = Study.model_validate_json(read_text(snakemake.input.study))
    alpha, paper = snakemake.params.alpha, snakemake.params.paper
    models, hypotheses = models_of(study), hypotheses_of(study)
    continuous = pd.read_parquet(snakemake.input.continuous)
    likert = pd.read_parquet(snakemake.input.likert)
    rows, tables = [], []
    for number, name in enumerate(dict.fromkeys(h.model for h in hypotheses)):
        model = models[name]
        own = [h for h in hypotheses if h.model == name]
        for hypothesis in own:
            rows += specs.from_equations(models, hypothesis, alpha)
            rows += specs.from_correlations(model, hypothesis, alpha)
        columns = [*model.predictors, model.outcome]
        for place, (label, data) in enumerate(
            {"continuous data": continuous, "Likert data": likert}.items()
        ):
            stream = random_stream(
                snakemake.params.seed, paper, "run_specifications", 2 * number + place
            )
            found = estimates_under_other_errors(data[columns], model.predictors, stream)
            rows += specs.from_estimates(found, own, label, alpha)
        ordinal = ordinal_estimates(likert[columns], model.predictors)
        rows += specs.from_estimates(ordinal, own, "Likert data", alpha)
        log.info("%s: data analysed", name)
        arguments = (model.R, model.n, model.predictors)
        tables.append(
            (
                overturning_table(*arguments, model.outcome, own, alpha),
                suppression_table(*arguments, own, alpha),
                confounding_table(*arguments, own, alpha),
            )
        )
        log.info("%s: overturning changes found", name)
    table = specs.specification_table(rows)
    write_csv(snakemake.output.specifications, table)
    write_csv(snakemake.output.robustness, specs.robustness_table(table))
    overturning, suppression, confounding = (
        pd.concat(parts, ignore_index=True) for parts in zip(*tables, strict=True)
    )
    write_csv(snakemake.output.overturning, overturning)
    write_csv(snakemake.output.suppression, suppression)
    write_csv(snakemake.output.confounding, confounding)
    write_svg(
        snakemake.output.curve,
        specification_curve(table, f"Specifications of the hypotheses of {paper}"),
    )
    critical = {h.name: h.sign * float(critical_t(alpha, models[h.model].df)) for h in hypotheses}
    write_svg(
        snakemake.output.company,
        company_figure(
            table, suppression, critical, f"Hypotheses of {paper} in every set of predictors"
        ),
    )
