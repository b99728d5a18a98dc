"""Say what is wrong with a paper that cannot be read, and fail."""

import sys

from adapter import logged
from retrace.papers import Problem

with logged(snakemake) as log:
    for problem in snakemake.params.problems:
        log.error("%s", Problem(*problem))
    sys.exit(1)
