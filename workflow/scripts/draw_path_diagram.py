"""Draw a fitted structural equation model of a study."""

import json

from adapter import logged, read_text, write_text
from retrace.papers.study import Study
from retrace.reporting.study_diagrams import draw_study_model

with logged(snakemake) as log:
    study, params = Study.model_validate_json(read_text(snakemake.input.study)), snakemake.params
    records = json.loads(read_text(snakemake.input.solutions))
    diagram = draw_study_model(study, params.model, records, params.method_shares, params.level)
    write_text(snakemake.output.diagram, diagram.svg)
    log.info("%s: %s", params.model, diagram.remark)
