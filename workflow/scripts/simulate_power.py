"""Simulate one share of the blocks that a study's power rests on."""

from adapter import logged, read_study, write_json

with logged(snakemake) as log:
    from retrace.regression.plans import plans_of, stream_of
    from retrace.regression.power import share_of, simulate_block

    study, params = read_study(snakemake.input.study), snakemake.params
    shares = {}
    for number, (name, plan) in enumerate(plans_of(study, params.alpha, params.mc_error).items()):
        tasks = share_of(plan.tasks(), params.chunk, params.chunks)
        streams = stream_of(params.seed, params.paper, number)
        shares[name] = []
        for done, task in enumerate(tasks, start=1):
            shares[name].append(simulate_block(plan, task, streams(task)))
            if done % 25 == 0 or done == len(tasks):
                log.info("%s: %d of %d blocks", name, done, len(tasks))
    write_json(snakemake.output.blocks, shares)
