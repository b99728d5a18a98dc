"""Add up the simulated blocks: power, replication, sampling distributions, exaggeration."""

import json

from adapter import logged, read_text, write_csv, write_svg
from retrace.study import Study

with logged(snakemake) as log:
    import pandas as pd

    from retrace.regression import power_tables as tables_of
    from retrace.regression.figures import power_curves
    from retrace.regression.plans import plan_of, stream_of
    from retrace.regression.power import NORMAL

    study, params = Study.model_validate_json(read_text(snakemake.input.study)), snakemake.params
    plan = plan_of(study, params.alpha, params.mc_error)
    shares = [json.loads(read_text(path)) for path in snakemake.input.blocks]
    simulated = [block for share in shares for block in share]
    blocks = tables_of.add_until_precise(plan, simulated, stream_of(params.seed, params.paper))
    log.info("%d blocks, %d of them added", len(blocks), len(blocks) - len(simulated))
    by_size = tables_of.power_rows(plan, blocks)
    at_n = [b for b in blocks if b["n"] == plan.n and b["population"] == NORMAL]
    tables = {
        "power": (by_size, tables_of.POWER_COLUMNS),
        "required": (tables_of.required_rows(plan, by_size), tables_of.REQUIRED_COLUMNS),
        "replication": (tables_of.replication_rows(plan, blocks), tables_of.REPLICATION_COLUMNS),
        "sampling": (tables_of.sampling_rows(plan, blocks), tables_of.SAMPLING_COLUMNS),
        "exaggeration": (
            tables_of.exaggeration_rows(plan, NORMAL, at_n),
            tables_of.EXAGGERATION_COLUMNS,
        ),
    }
    frames = {
        name: pd.DataFrame(rows, columns=list(columns)) for name, (rows, columns) in tables.items()
    }
    for name, frame in frames.items():
        write_csv(snakemake.output[name], frame)
    title = f"Power of the design of {params.paper}, effects as printed"
    figure = power_curves(frames["power"], study.n, params.alpha, tables_of.TARGETS, title)
    write_svg(snakemake.output.curves, figure)
