"""Add up the simulated blocks: power, replication, sampling distributions, exaggeration."""

import json

from adapter import logged, read_text, write_csv, write_svg
from retrace.papers.study import Study

with logged(snakemake) as log:
    from retrace.power.plans import Settings
    from retrace.power.tables import add_shares
    from retrace.reporting.power_figure import power_figure

    study, params = Study.model_validate_json(read_text(snakemake.input.study)), snakemake.params
    settings = Settings(params.level, params.mc_error, params.seed)
    shares = [json.loads(read_text(path)) for path in snakemake.input.blocks]
    found = add_shares(study, settings, shares)
    log.info("%d blocks, %d of them added", found.blocks, found.added)
    for name, table in found.tables.items():
        write_csv(snakemake.output[name], table)
    figure = power_figure(study, found.tables["power"], params.level)
    write_svg(snakemake.output.curves, figure)
