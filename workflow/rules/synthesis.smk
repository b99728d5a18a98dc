"""Synthesis: data that print what a study prints, and how far the print pins them down."""


rule synthesis:
    input:
        expand(
            "results/studies/{paper}/synthetic/{data}.parquet",
            paper=STUDIES,
            data=["continuous", "likert", "items"],
        ),
        expand("results/studies/{paper}/synthetic/fidelity.csv", paper=STUDIES),


rule synthesise_continuous:
    input:
        study=rules.check_study.output.study,
    output:
        data="results/studies/{paper}/synthetic/continuous.parquet",
    log:
        "results/logs/{paper}/synthesise_continuous.log",
    cache: CACHE
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=per_attempt(1000),
        runtime=per_attempt(5),
    params:
        paper="{paper}",
        seed=config["seed"],
        code=digest("synthesise_continuous.py"),
    message:
        "Draw continuous data with exactly the correlations of {wildcards.paper}."
    script:
        "../scripts/synthesise_continuous.py"


rule synthesise_likert:
    input:
        study=rules.check_study.output.study,
        continuous=rules.synthesise_continuous.output.data,
    output:
        scores="results/studies/{paper}/synthetic/likert.parquet",
        responses="results/studies/{paper}/synthetic/items.parquet",
        fidelity=report(
            "results/studies/{paper}/synthetic/fidelity.csv",
            caption="../report/fidelity.rst",
            category="Synthetic data",
            subcategory="{paper}",
            labels={"table": "Printed against achieved"},
        ),
    log:
        "results/logs/{paper}/synthesise_likert.log",
    cache: CACHE
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=per_attempt(1000),
        runtime=per_attempt(10),
    params:
        paper="{paper}",
        seed=config["seed"],
        code=digest("synthesise_likert.py"),
    message:
        "Draw responses, with items, that print what {wildcards.paper} prints."
    script:
        "../scripts/synthesise_likert.py"
