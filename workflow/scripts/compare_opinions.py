"""Compare a study's estimates with semopy's, and with lavaan's where R has it."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import pandas as pd

from adapter import logged, read_csv, read_text, write_csv, write_text
from retrace.sem import opinions
from retrace.sem.latent import fit_latent_models
from retrace.sem.study_models import study_models
from retrace.sem.suite import fit_study
from retrace.streams import random_stream
from retrace.study import Study


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
        # The job may run in a container, where there is none.
        if shutil.which("Rscript") is None:
            return None
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
    study, params = Study.model_validate_json(read_text(snakemake.input.study)), snakemake.params
    fits = fit_study(study, study_models(study, params.method_shares))
    scores = pd.read_parquet(snakemake.input.scores)[study.names].to_numpy()
    rng = random_stream(params.seed, params.paper, "fit_latent_models")
    fits |= fit_latent_models(study, scores, params.alphas, params.level, rng).fits
    # A solution that is not there, or not unique, has nothing to compare.
    fits = {
        name: fit
        for name, fit in fits.items()
        if fit.converged and not any("identified" in problem for problem in fit.problems)
    }
    compared = {}
    for name, fit in fits.items():
        reason = opinions.why_not_semopy(fit)
        opinion = None if reason else opinions.semopy_opinion(fit)
        if opinion is None:
            log.info("%s: no opinion of semopy: %s", name, reason or "it did not converge")
        else:
            compared[name] = opinions.compare(fit, "semopy", opinion)
    answers = lavaan_opinions(fits, snakemake.input.lavaan) if params.lavaan else None
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
    rows = opinions.opinion_rows(fits, compared)
    log.info("%d parameters of %d models agree", len(rows), len(compared))
    write_csv(snakemake.output.opinions, pd.DataFrame(rows, columns=opinions.OPINION_COLUMNS))
