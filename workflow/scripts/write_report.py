"""Write Snakemake's own report of the results of all stages."""

import os

from adapter import ask_snakemake, logged, run_folder, write

with logged(snakemake):
    # A path within the run's folder: in that of the folder itself a `$` would be expanded.
    write(
        snakemake.output.report,
        lambda part: ask_snakemake(
            snakemake,
            "--report",
            os.path.relpath(part, run_folder(snakemake)),
            "--",
            *snakemake.params.targets,
        ),
    )
