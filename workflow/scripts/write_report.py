"""Write Snakemake's own report of the results of all stages."""

from adapter import ask_snakemake, logged, write

with logged(snakemake):
    write(
        snakemake.output.report,
        lambda part: ask_snakemake(
            snakemake, "--report", str(part.absolute()), "--", *snakemake.params.targets
        ),
    )
