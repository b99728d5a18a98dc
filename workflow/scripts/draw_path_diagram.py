"""Draw a fitted structural equation model of a study."""

import json

from adapter import logged, read_text, write_text
from retrace.papers.study import Study
from retrace.reporting.path_diagram import draw_path_diagram
from retrace.robustness.structural_solutions import read_solutions

with logged(snakemake) as log:
    study, params = Study.model_validate_json(read_text(snakemake.input.study)), snakemake.params
    records = json.loads(read_text(snakemake.input.solutions))
    (fit,) = read_solutions({params.model: records[params.model]}).values()
    labels = {key: construct.label for key, construct in study.constructs.items()}
    diagram = draw_path_diagram(fit, labels, title=params.model, alpha=params.alpha)
    write_text(snakemake.output.diagram, diagram)
    log.info("%s: %s", params.model, "; ".join(fit.problems) or "converged, proper")
