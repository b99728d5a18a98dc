"""Compare the data sets of an ensemble where print leaves them free; draw the synthetic data."""

from adapter import logged, read_strings, read_text, write_csv, write_parquet, write_svg
from retrace.study import Study

with logged(snakemake) as log:
    import pandas as pd

    from retrace.synthesis.ensemble import DRAW, describe_ensemble, summarise_ensemble
    from retrace.synthesis.figures import (
        ensemble_spread,
        response_distributions,
        target_against_achieved,
    )
    from retrace.synthesis.from_study import likert_target

    study = Study.model_validate_json(read_text(snakemake.input.study))
    target = likert_target(study)
    alpha = snakemake.params.alpha
    ensemble = pd.concat([pd.read_parquet(file) for file in snakemake.input.ensemble])
    described = describe_ensemble(target, ensemble)
    write_parquet(snakemake.output.described, described)
    write_csv(snakemake.output.summary, summarise_ensemble(described, alpha))

    count = ensemble[DRAW].nunique()
    title = f"{study.paper}: {count} data sets that print the same tables"
    write_svg(snakemake.output.spread, ensemble_spread(target, described, alpha, title))
    fidelity = read_strings(snakemake.input.fidelity).astype({"achieved": float})
    title = f"{study.paper}: printed against achieved"
    write_svg(snakemake.output.achieved, target_against_achieved(fidelity, title))
    scores = pd.read_parquet(snakemake.input.scores)[list(target.names)].to_numpy()
    labels = {name: construct.label for name, construct in study.constructs.items()}
    title = f"{study.paper}: one synthetic data set"
    write_svg(snakemake.output.distributions, response_distributions(target, scores, labels, title))
    log.info("%d data sets", count)
