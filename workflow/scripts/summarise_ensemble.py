"""Compare the data sets of an ensemble where print leaves them free; draw the synthetic data."""

from adapter import logged, read_strings, read_text, write_csv, write_parquet, write_svg
from retrace.papers.study import Study

with logged(snakemake) as log:
    import pandas as pd

    from retrace.checks.regression.from_study import hypotheses_of
    from retrace.reporting.ensemble_figures import Drawn, ensemble_figures
    from retrace.synthetic.ensemble import join_shares
    from retrace.synthetic.ensemble_summary import (
        decide_ensemble,
        describe_ensemble,
        stated_ensemble,
        summarise_ensemble,
    )
    from retrace.synthetic.from_study import target_to_draw

    given, out, level = snakemake.input, snakemake.output, snakemake.params.level
    study = Study.model_validate_json(read_text(given.study))
    target = target_to_draw(study)
    ensemble, statistics, estimates = (
        join_shares([pd.read_parquet(file) for file in given[name]])
        for name in ("ensemble", "statistics", "estimates")
    )
    described = describe_ensemble(target, ensemble, statistics, estimates)
    write_parquet(out.described, described)
    write_csv(out.summary, summarise_ensemble(described, estimates, level))
    decisions = decide_ensemble(statistics, estimates, hypotheses_of(study), level)
    write_csv(out.decisions, decisions)
    stated = stated_ensemble(statistics)
    fidelity, scores = read_strings(given.fidelity), pd.read_parquet(given.scores)
    drawn = Drawn(stated, described, estimates, fidelity, scores)
    for name, figure in ensemble_figures(study, target, drawn, level).items():
        write_svg(out[name], figure)
    log.info("%s", stated)
