"""Draw a study's structural equation models as path diagrams."""

from pathlib import Path

from adapter import logged, read_text, write_text
from retrace.sem.diagram import draw_path_diagram
from retrace.sem.solution_tables import fit_study
from retrace.sem.study_models import study_models
from retrace.study import Study

with logged(snakemake) as log:
    study = Study.model_validate_json(read_text(snakemake.input.study))
    labels = {key: construct.label for key, construct in study.constructs.items()}
    folder = Path(snakemake.output.diagrams)
    folder.mkdir(parents=True, exist_ok=True)
    models = study_models(study, snakemake.params.method_shares)
    for name, fit in fit_study(study, models).items():
        diagram = draw_path_diagram(fit, labels, title=name, alpha=snakemake.params.alpha)
        write_text(folder / f"{name}.svg", diagram)
    log.info("%d diagrams", len(models))
