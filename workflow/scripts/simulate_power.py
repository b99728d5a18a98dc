"""Simulate one share of the blocks that a study's power rests on."""

from adapter import logged, read_text, write_json
from retrace.papers.study import Study

with logged(snakemake) as log:
    from retrace.power.plans import left_out, plan_of, stream_of
    from retrace.power.simulation import simulate_block
    from retrace.provenance.streams import share_of

    study, params = Study.model_validate_json(read_text(snakemake.input.study)), snakemake.params
    aside = left_out(study)
    for name, why in aside.items():
        log.warning("no samples for %s: %s", name, why)
    blocks = []
    if aside.keys() != study.hypotheses.keys():
        plan = plan_of(study, params.alpha, params.mc_error)
        if plan.no_likert:
            log.warning("no samples of responses: %s", plan.no_likert)
        streams = stream_of(params.seed, params.paper)
        tasks = share_of(plan.tasks(), params.chunk, params.chunks)
        for done, task in enumerate(tasks, start=1):
            blocks.append(simulate_block(plan, task, streams(task)))
            if done % 25 == 0 or done == len(tasks):
                log.info("%d of %d blocks", done, len(tasks))
    write_json(snakemake.output.blocks, blocks)
