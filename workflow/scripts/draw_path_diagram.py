"""Draw a fitted structural equation model of a study."""

import json

from adapter import logged, read_text, write_text
from retrace.papers.study import Study
from retrace.reporting.path_diagram import draw_nothing, draw_path_diagram
from retrace.robustness.structural_models import study_models
from retrace.robustness.structural_solutions import read_solutions
from retrace.robustness.structural_tables import unfit_models

with logged(snakemake) as log:
    study, params = Study.model_validate_json(read_text(snakemake.input.study)), snakemake.params
    records = json.loads(read_text(snakemake.input.solutions))
    labels = {key: construct.label for key, construct in study.constructs.items()}
    if params.model in records:
        (fit,) = read_solutions({params.model: records[params.model]}).values()
        diagram = draw_path_diagram(fit, labels, title=params.model, alpha=params.alpha)
        log.info("%s: %s", params.model, "; ".join(fit.problems) or "converged, proper")
    else:
        unfit = unfit_models(study, study_models(study, params.method_shares))
        diagram = draw_nothing(params.model, unfit[params.model])
        log.warning("%s is not fitted", params.model)
    write_text(snakemake.output.diagram, diagram)
