"""Add up the simulated blocks: power, replication, sampling distributions, exaggeration."""

import json

from adapter import logged, read_text, write_csv, write_svg
from retrace.papers.study import Study

with logged(snakemake) as log:
    from retrace.power.plans import left_out, plan_of, stream_of
    from retrace.power.tables import TARGETS, add_until_precise, tables
    from retrace.reporting.regression_figures import power_curves
    from retrace.reporting.synthetic_figures import nothing_figure

    study, params = Study.model_validate_json(read_text(snakemake.input.study)), snakemake.params
    title = f"Power of the design of {params.paper}, effects as printed{study.proviso}"
    aside = left_out(study)
    plan, blocks = None, []
    if aside.keys() != study.hypotheses.keys():
        plan = plan_of(study, params.alpha, params.mc_error)
        shares = [json.loads(read_text(path)) for path in snakemake.input.blocks]
        simulated = [block for share in shares for block in share]
        blocks = add_until_precise(plan, simulated, stream_of(params.seed, params.paper))
        log.info("%d blocks, %d of them added", len(blocks), len(blocks) - len(simulated))
    found = tables(plan, blocks)
    for name, table in found.items():
        write_csv(snakemake.output[name], table)
    if plan is None:
        why = "; ".join(dict.fromkeys(aside.values()))
        figure = nothing_figure(title, f"no samples are simulated: {why}")
    else:
        if aside:
            title += f"\n(without {', '.join(aside)}, whose correlations no data have)"
        figure = power_curves(found["power"], study.n, params.alpha, TARGETS, title)
    write_svg(snakemake.output.curves, figure)
