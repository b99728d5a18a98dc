"""Write Snakemake's own report of the results of all stages, in the style of Retrace's pages."""

import os
import shutil
import tempfile
from pathlib import Path

from adapter import ask_snakemake, logged, run_folder, write

with logged(snakemake), tempfile.TemporaryDirectory() as folder:
    # Snakemake expands a `$` in the paths of report and style: that of the report is within the
    # run's folder, the style is a copy.
    style = shutil.copy(snakemake.input.style, Path(folder) / "style.css")
    write(
        snakemake.output.report,
        lambda part: ask_snakemake(
            snakemake,
            "--report",
            os.path.relpath(part, run_folder(snakemake)),
            "--report-stylesheet",
            str(style),
            "--",
            *snakemake.params.targets,
        ),
    )
