"""Fit latent models to synthetic items of a study, for each alpha of the settings.

Items of the study's synthetic responses are reported in full. What they decide varies with the
responses, so items of other data sets that print the same tables decide beside them.
"""

from functools import partial

import pandas as pd

from adapter import logged, read_text, write_json, write_rows
from retrace.papers.study import Study
from retrace.provenance.streams import random_stream
from retrace.robustness import latent_ensemble as latent
from retrace.robustness import structural_tables as tables
from retrace.robustness.latent_models import fit_latent_models
from retrace.robustness.structural_solutions import solution_records

with logged(snakemake) as log:
    study, params = Study.model_validate_json(read_text(snakemake.input.study)), snakemake.params
    stream = partial(random_stream, params.seed, study.key, "fit_latent_models")
    scores = pd.read_parquet(snakemake.input.scores)[study.names].to_numpy()
    found = fit_latent_models(study, scores, params.reliabilities, stream(0))
    for name, reason in found.unfit.items():
        log.warning("%s: %s", name, reason)
    out = snakemake.output
    write_json(out.solutions, solution_records(found.fits, found.models))
    write_rows(out.sem, tables.estimate_rows(found.fits), tables.ModelEstimate._fields)
    rows = tables.fit_rows(found.fits, found.models, found.unfit)
    write_rows(out.fit, rows, tables.ModelFit._fields)

    ensemble = pd.concat(pd.read_parquet(file) for file in snakemake.input.ensemble)
    others = latent.fit_ensemble(study, ensemble, params.data_sets, params.reliabilities, stream)
    rows = latent.latent_decisions(study, [("likert", found), *others.items()], params.level)
    log.info("items of %d data sets beside the study's own", len(others))
    write_rows(out.verdicts, latent.latent_cells(rows), latent.LATENT_VERDICTS)
