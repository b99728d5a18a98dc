"""Compare a study's estimates with semopy's, and beside these with lavaan's where R has it."""

import json
from pathlib import Path

import pandas as pd

from adapter import logged, read_text, write_csv
from retrace.papers.study import Study
from retrace.robustness.lavaan_estimates import ask_lavaan
from retrace.robustness.other_programs import (
    OPINION_COLUMNS,
    Answer,
    opinion_rows,
    why_not_comparable,
)
from retrace.robustness.semopy_estimates import ask_semopy
from retrace.robustness.structural_models import errors_in_variables_models
from retrace.robustness.structural_solutions import read_solutions
from retrace.robustness.structural_tables import fit_study

with logged(snakemake) as log:
    study = Study.model_validate_json(read_text(snakemake.input.study))
    fits = read_solutions(json.loads(read_text(snakemake.input.solutions)))
    fits |= fit_study(study, errors_in_variables_models(study))
    fits |= read_solutions(json.loads(read_text(snakemake.input.latent)))
    asked = {name: fit for name, fit in fits.items() if not why_not_comparable(fit)}
    answers = {
        "semopy": {name: ask_semopy(fit) for name, fit in asked.items()},
        "lavaan": dict.fromkeys(asked, Answer(why_not="lavaan was not asked")),
    }
    rows, differing = opinion_rows(fits, answers)
    # Without lavaan, this table is the same whatever is installed beside Retrace.
    two = [column for column in OPINION_COLUMNS if not column.endswith("_lavaan")]
    write_csv(snakemake.output.opinions, pd.DataFrame(rows, columns=two))
    if snakemake.output.get("lavaan"):
        answers["lavaan"] = ask_lavaan(asked, Path(snakemake.input.lavaan))
        rows, differing = opinion_rows(fits, answers)
        write_csv(snakemake.output.lavaan, pd.DataFrame(rows, columns=OPINION_COLUMNS))
    for program, about in answers.items():
        for name, answer in about.items():
            log.info("%s: %s: %s", name, program, answer.why_not or "has an opinion")
    # The tables say it too, in their column `agrees`: a program may stop short of the minimum.
    for line in differing:
        log.warning("Programs that fitted the same model differ: %s", line)
