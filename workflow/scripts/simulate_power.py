"""Simulate one share of the blocks that a study's power rests on."""

from adapter import logged, progress, read_text, write_json
from retrace.papers.study import Study

with logged(snakemake) as log:
    from retrace.power.plans import Settings
    from retrace.power.shares import simulate_share

    study, params = Study.model_validate_json(read_text(snakemake.input.study)), snakemake.params
    settings = Settings(params.level, params.mc_error, params.seed)
    done = progress(log, "blocks", 25)
    share = simulate_share(study, settings, params.chunk, params.chunks, done)
    for remark in share.remarks:
        log.warning("%s", remark)
    write_json(snakemake.output.blocks, share.blocks)
