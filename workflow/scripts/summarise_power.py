"""Add up the simulated blocks: power, replication, sampling distributions, exaggeration."""

import json

from adapter import logged, read_study, read_text, write_csv, write_svg

with logged(snakemake) as log:
    import pandas as pd

    from retrace.regression import power
    from retrace.regression.figures import power_curves
    from retrace.regression.plans import plans_of, stream_of

    study, params = read_study(snakemake.input.study), snakemake.params
    shares = [json.loads(read_text(path)) for path in snakemake.input.blocks]
    columns = {
        "power": power.POWER_COLUMNS,
        "required": power.REQUIRED_COLUMNS,
        "replication": power.REPLICATION_COLUMNS,
        "sampling": power.SAMPLING_COLUMNS,
        "exaggeration": power.EXAGGERATION_COLUMNS,
    }
    rows = {name: [] for name in columns}
    for number, (name, plan) in enumerate(plans_of(study, params.alpha, params.mc_error).items()):
        blocks = [block for share in shares for block in share[name]]
        simulated = len(blocks)
        blocks = power.add_until_precise(plan, blocks, stream_of(params.seed, params.paper, number))
        log.info("%s: %d blocks, %d of them added", name, len(blocks), len(blocks) - simulated)
        by_size = power.power_rows(plan, blocks)
        rows["power"] += by_size
        rows["required"] += power.required_rows(plan, by_size)
        rows["replication"] += power.replication_rows(plan, blocks)
        rows["sampling"] += power.sampling_rows(plan, blocks)
        at_n = [b for b in blocks if b["n"] == plan.n and b["population"] == power.NORMAL]
        rows["exaggeration"] += power.exaggeration_rows(plan, power.NORMAL, at_n)
    for name, table in rows.items():
        write_csv(snakemake.output[name], pd.DataFrame(table, columns=list(columns[name])))
    frame = pd.DataFrame(rows["power"], columns=list(power.POWER_COLUMNS))
    title = f"Power of the design of {params.paper}, effects as printed"
    write_svg(snakemake.output.curves, power_curves(frame, study.n, params.alpha, title))
