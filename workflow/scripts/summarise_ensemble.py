"""Compare the data sets of an ensemble where print leaves them free; draw the synthetic data."""

from adapter import logged, read_strings, read_text, write_csv, write_parquet, write_svg
from retrace.papers.study import Study

with logged(snakemake) as log:
    import pandas as pd

    from retrace.checks.regression.from_study import hypotheses_of
    from retrace.reporting.synthetic_figures import (
        ensemble_spread,
        nothing_figure,
        response_distributions,
        target_against_achieved,
    )
    from retrace.synthetic.ensemble import DRAW
    from retrace.synthetic.ensemble_summary import (
        decide_ensemble,
        describe_ensemble,
        stated_ensemble,
        summarise_ensemble,
    )
    from retrace.synthetic.from_study import target_to_draw

    def gathered(files):
        """One table of all jobs' shares, in the order of draws however they were shared out."""
        parts = [pd.read_parquet(file) for file in files]
        # A job with nothing to do has columns without types.
        filled = [part for part in parts if len(part)] or parts[:1]
        return pd.concat(filled).sort_values(DRAW, kind="stable", ignore_index=True)

    study = Study.model_validate_json(read_text(snakemake.input.study))
    target = target_to_draw(study)
    alpha = snakemake.params.alpha
    ensemble, statistics, estimates = (
        gathered(snakemake.input[name]) for name in ("ensemble", "statistics", "estimates")
    )
    described = describe_ensemble(target, ensemble, statistics, estimates)
    write_parquet(snakemake.output.described, described)
    write_csv(snakemake.output.summary, summarise_ensemble(described, alpha))
    decisions = decide_ensemble(statistics, estimates, hypotheses_of(study), alpha)
    write_csv(snakemake.output.decisions, decisions)

    stated = stated_ensemble(statistics)
    titles = {
        "spread": f"{study.paper}: {stated}",
        "achieved": f"{study.paper}: printed against achieved",
        "distributions": f"{study.paper}: one synthetic data set",
    }
    if why := target.why_not_drawn:
        figures = {name: nothing_figure(title, why) for name, title in titles.items()}
    else:
        fidelity = read_strings(snakemake.input.fidelity).astype({"achieved": float})
        scores = pd.read_parquet(snakemake.input.scores)[list(target.names)].to_numpy()
        labels = {name: construct.label for name, construct in study.constructs.items()}
        figures = {
            "spread": ensemble_spread(target, described, alpha, titles["spread"]),
            "achieved": target_against_achieved(fidelity, titles["achieved"], study.models),
            "distributions": response_distributions(
                target, scores, labels, titles["distributions"]
            ),
        }
    for name, figure in figures.items():
        write_svg(snakemake.output[name], figure)
    log.info("%s", stated)
