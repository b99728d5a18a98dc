"""Compare a study's estimates with semopy's, and beside these with lavaan's where R has it."""

import json
from pathlib import Path

from adapter import logged, read_text, write_csv
from retrace.papers.study import Study
from retrace.robustness.asked_programs import ask_programs
from retrace.robustness.structural_models import errors_in_variables_models
from retrace.robustness.structural_solutions import read_solutions
from retrace.robustness.structural_tables import fit_study

with logged(snakemake) as log:
    study = Study.model_validate_json(read_text(snakemake.input.study))
    fits = read_solutions(json.loads(read_text(snakemake.input.solutions)))
    fits |= fit_study(study, errors_in_variables_models(study))
    fits |= read_solutions(json.loads(read_text(snakemake.input.latent)))
    asked = ask_programs(fits, snakemake.output.keys(), Path(snakemake.input.lavaan))
    for name, table in asked.tables.items():
        write_csv(snakemake.output[name], table)
    for line in asked.answered:
        log.info("%s", line)
    # The tables say it too, in their column `agrees`: a program may stop short of the minimum.
    for line in asked.differing:
        log.warning("Programs that fitted the same model differ: %s", line)
