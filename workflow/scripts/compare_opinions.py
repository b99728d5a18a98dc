"""Compare a study's estimates with semopy's, and with lavaan's where R has it."""

import subprocess
import tempfile
from pathlib import Path

import pandas as pd

from adapter import logged, read_csv, read_study, write_csv, write_text
from retrace.sem import opinions
from retrace.sem.study_models import study_models
from retrace.sem.suite import fit_study


def lavaan_opinions(fits, script):
    """lavaan's opinions by model; None where R has no lavaan."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for index, fit in enumerate(fits.values()):
            specification = fit.structure.specification
            write_text(place / f"{index}.lav", opinions.lavaan_syntax(specification) + "\n")
            matrix = pd.DataFrame(fit.sample, columns=list(specification.observed))
            write_csv(place / f"{index}.csv", matrix)
        sizes = [{"index": index, "n": fit.n} for index, fit in enumerate(fits.values())]
        write_csv(place / "models.csv", pd.DataFrame(sizes))
        # lavaan's own checks before its estimates: an R without it is no failure.
        if subprocess.run(["Rscript", "-e", "library(lavaan)"], check=False).returncode:
            return None
        subprocess.run(["Rscript", str(script), folder], check=True)
        answers = read_csv(place / "estimates.csv")
    return {
        name: {
            f"{row.lhs}{row.op}{row.rhs}": opinions.Opinion(row.est, row.se)
            for row in answers[answers["index"] == index].itertuples()
        }
        for index, name in enumerate(fits)
    }


with logged(snakemake) as log:
    study = read_study(snakemake.input.study)
    fits = fit_study(study, study_models(study, snakemake.params.method_shares))
    # A solution that is not there, or not unique, has nothing to compare.
    fits = {
        name: fit
        for name, fit in fits.items()
        if fit.converged and not any("identified" in problem for problem in fit.problems)
    }
    compared = {
        name: opinions.compare(fit, "semopy", opinions.semopy_opinion(fit))
        for name, fit in fits.items()
        if not fit.structure.specification.constraints
    }
    answers = lavaan_opinions(fits, snakemake.input.lavaan) if snakemake.params.lavaan else None
    if answers is None:
        log.info("lavaan was not asked")
    for name, found in (answers or {}).items():
        own = opinions.compare(fits[name], "lavaan", found)
        compared[name] = [*compared.get(name, []), *own]
    differing = [
        f"{name}: {line}"
        for name, comparisons in compared.items()
        for line in opinions.disagreements(comparisons)
    ]
    if differing:
        raise ArithmeticError("opinions differ\n" + "\n".join(differing))
    rows = opinions.opinion_rows(compared)
    log.info("%d parameters of %d models agree", len(rows), len(compared))
    write_csv(snakemake.output.opinions, pd.DataFrame(rows, columns=opinions.OPINION_COLUMNS))
