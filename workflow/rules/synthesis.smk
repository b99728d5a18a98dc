"""Synthesis: data that print what a study prints, and how far the print pins them down."""

# Jobs that share the data sets of an ensemble; their number changes no result.
ENSEMBLE_CHUNKS = config["synthesis"]["chunks"]


def ensemble_shares(kind):
    """One kind of file of every job that shares the ensemble of a paper."""
    return expand(
        f"results/studies/{{{{paper}}}}/synthetic/{kind}/{{chunk}}-of-{{chunks}}.parquet",
        chunk=range(1, ENSEMBLE_CHUNKS + 1),
        chunks=ENSEMBLE_CHUNKS,
    )


rule synthesis:
    input:
        expand(
            "results/studies/{paper}/synthetic/{data}.parquet",
            paper=STUDIES,
            data=["continuous", "likert", "items"],
        ),
        expand(
            "results/studies/{paper}/synthetic/{table}.csv",
            paper=STUDIES,
            table=[
                "fidelity",
                "ensemble",
                "ensemble_decisions",
                "assumption_decisions",
                "assumption_statistics",
            ],
        ),


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
        unmet="results/studies/{paper}/synthetic/unmet.csv",
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


rule synthesise_ensemble:
    input:
        study=rules.check_study.output.study,
    output:
        data="results/studies/{paper}/synthetic/ensemble/{chunk}-of-{chunks}.parquet",
        statistics="results/studies/{paper}/synthetic/ensemble_statistics/{chunk}-of-{chunks}.parquet",
        estimates="results/studies/{paper}/synthetic/ensemble_estimates/{chunk}-of-{chunks}.parquet",
    log:
        "results/logs/{paper}/synthesise_ensemble/{chunk}-of-{chunks}.log",
    cache: CACHE
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=per_attempt(1000),
        runtime=per_attempt(30),
    params:
        paper="{paper}",
        seed=config["seed"],
        data_sets=config["synthesis"]["data_sets"],
        chunk=lambda wildcards: int(wildcards.chunk),
        chunks=lambda wildcards: int(wildcards.chunks),
        code=digest("synthesise_ensemble.py"),
    message:
        "Draw and analyse data sets that all print what {wildcards.paper} prints, share {wildcards.chunk} of {wildcards.chunks}."
    script:
        "../scripts/synthesise_ensemble.py"


rule summarise_ensemble:
    input:
        study=rules.check_study.output.study,
        ensemble=ensemble_shares("ensemble"),
        statistics=ensemble_shares("ensemble_statistics"),
        estimates=ensemble_shares("ensemble_estimates"),
        scores=rules.synthesise_likert.output.scores,
        fidelity=rules.synthesise_likert.output.fidelity,
    output:
        summary=report(
            "results/studies/{paper}/synthetic/ensemble.csv",
            caption="../report/ensemble.rst",
            category="Synthetic data",
            subcategory="{paper}",
            labels={"table": "What the printed tables leave open"},
        ),
        decisions=report(
            "results/studies/{paper}/synthetic/ensemble_decisions.csv",
            caption="../report/ensemble_decisions.rst",
            category="Synthetic data",
            subcategory="{paper}",
            labels={"table": "What data sets that print the same decide"},
        ),
        described="results/studies/{paper}/synthetic/ensemble_statistics.parquet",
        spread=report(
            "results/studies/{paper}/synthetic/ensemble.svg",
            caption="../report/ensemble.rst",
            category="Synthetic data",
            subcategory="{paper}",
            labels={"figure": "What the printed tables leave open"},
        ),
        distributions=report(
            "results/studies/{paper}/synthetic/distributions.svg",
            caption="../report/distributions.rst",
            category="Synthetic data",
            subcategory="{paper}",
            labels={"figure": "Distribution of responses"},
        ),
        achieved=report(
            "results/studies/{paper}/synthetic/fidelity.svg",
            caption="../report/fidelity.rst",
            category="Synthetic data",
            subcategory="{paper}",
            labels={"figure": "Printed against achieved"},
        ),
    log:
        "results/logs/{paper}/summarise_ensemble.log",
    cache: CACHE
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=per_attempt(1000),
        runtime=per_attempt(10),
    params:
        paper="{paper}",
        alpha=config["alpha"],
        code=digest("summarise_ensemble.py"),
    message:
        "Measure how much the printed tables of {wildcards.paper} pin down."
    script:
        "../scripts/summarise_ensemble.py"


rule vary_assumptions:
    input:
        study=rules.check_study.output.study,
    output:
        decisions=report(
            "results/studies/{paper}/synthetic/assumption_decisions.csv",
            caption="../report/assumption_decisions.rst",
            category="Synthetic data",
            subcategory="{paper}",
            labels={"table": "Decisions under other assumptions"},
        ),
        statistics=report(
            "results/studies/{paper}/synthetic/assumption_statistics.csv",
            caption="../report/assumption_statistics.rst",
            category="Synthetic data",
            subcategory="{paper}",
            labels={"table": "Statistics under other assumptions"},
        ),
    log:
        "results/logs/{paper}/vary_assumptions.log",
    cache: CACHE
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=per_attempt(1000),
        runtime=per_attempt(30),
    params:
        paper="{paper}",
        seed=config["seed"],
        alpha=config["alpha"],
        alphas=config["sem"]["alphas"],
        draws=config["synthesis"]["assumption_draws"],
        code=digest("vary_assumptions.py"),
    message:
        "Vary the means and item counts that are assumed for {wildcards.paper}."
    script:
        "../scripts/vary_assumptions.py"
