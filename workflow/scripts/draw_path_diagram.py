"""Draw a structural equation model of a study."""

import json

from adapter import logged, read_text, write_text
from retrace.reporting.diagram_layout import lay_out

with logged(snakemake):
    described = json.loads(read_text(snakemake.input.diagrams))
    write_text(snakemake.output.diagram, lay_out(described[snakemake.params.model]))
