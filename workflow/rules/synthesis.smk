"""Synthesis: data that print what a study prints, and how far the print pins them down."""


rule synthesise_continuous:
    input:
        study=rules.check_study.output.study,
    output:
        data="results/studies/{study}/synthetic/continuous.parquet",
    log:
        "results/logs/{study}/synthesise_continuous.log",
    cache: CACHE
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        **limits(mb=1000, minutes=5),
    params:
        study="{study}",
        seed=config["seed"],
        code=digest("synthesise_continuous.py"),
    message:
        "Draw continuous data with exactly the correlations of {wildcards.study}."
    script:
        "../scripts/synthesise_continuous.py"


rule synthesise_likert:
    input:
        study=rules.check_study.output.study,
        continuous=rules.synthesise_continuous.output.data,
    output:
        scores="results/studies/{study}/synthetic/likert.parquet",
        responses="results/studies/{study}/synthetic/items.parquet",
        fidelity=shown("results/studies/{study}/synthetic/fidelity.csv"),
        unmet="results/studies/{study}/synthetic/unmet.csv",
        measures="results/studies/{study}/synthetic/measures.csv",
    log:
        "results/logs/{study}/synthesise_likert.log",
    cache: CACHE
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        **limits(mb=1000, minutes=10),
    params:
        study="{study}",
        seed=config["seed"],
        code=digest("synthesise_likert.py"),
    message:
        "Draw responses, with items, that print what {wildcards.study} prints."
    script:
        "../scripts/synthesise_likert.py"


rule synthesise_ensemble:
    input:
        study=rules.check_study.output.study,
    output:
        data="results/studies/{study}/synthetic/ensemble/{chunk}-of-{chunks}.parquet",
        statistics="results/studies/{study}/synthetic/ensemble_statistics/{chunk}-of-{chunks}.parquet",
        estimates="results/studies/{study}/synthetic/ensemble_estimates/{chunk}-of-{chunks}.parquet",
    log:
        "results/logs/{study}/synthesise_ensemble/{chunk}-of-{chunks}.log",
    cache: CACHE
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        **limits(mb=1000, minutes=30),
    params:
        study="{study}",
        seed=config["seed"],
        data_sets=config["synthesis"]["data_sets"],
        chunk=lambda wildcards: int(wildcards.chunk),
        chunks=lambda wildcards: int(wildcards.chunks),
        code=digest("synthesise_ensemble.py"),
    message:
        "Draw and analyse data sets made to print what {wildcards.study} prints, share {wildcards.chunk} of {wildcards.chunks}."
    script:
        "../scripts/synthesise_ensemble.py"


rule summarise_ensemble:
    input:
        study=rules.check_study.output.study,
        ensemble=synthesis_shares("ensemble"),
        statistics=synthesis_shares("ensemble_statistics"),
        estimates=synthesis_shares("ensemble_estimates"),
        scores=rules.synthesise_likert.output.scores,
        fidelity=rules.synthesise_likert.output.fidelity,
    output:
        summary=shown("results/studies/{study}/synthetic/ensemble.csv"),
        decisions=shown("results/studies/{study}/synthetic/ensemble_decisions.csv"),
        described="results/studies/{study}/synthetic/ensemble_statistics.parquet",
        spread=shown("results/studies/{study}/synthetic/ensemble.svg"),
        distributions=shown("results/studies/{study}/synthetic/distributions.svg"),
        achieved=shown("results/studies/{study}/synthetic/fidelity.svg"),
    log:
        "results/logs/{study}/summarise_ensemble.log",
    cache: CACHE
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        **limits(mb=1000, minutes=10),
    params:
        study="{study}",
        level=config["level"],
        code=digest("summarise_ensemble.py"),
    message:
        "Measure how much the printed tables of {wildcards.study} pin down."
    script:
        "../scripts/summarise_ensemble.py"


rule vary_assumptions:
    input:
        study=rules.check_study.output.study,
    output:
        data_sets="results/studies/{study}/synthetic/assumption_data_sets/{chunk}-of-{chunks}.parquet",
        decisions="results/studies/{study}/synthetic/assumption_decisions/{chunk}-of-{chunks}.parquet",
        statistics="results/studies/{study}/synthetic/assumption_statistics/{chunk}-of-{chunks}.parquet",
    log:
        "results/logs/{study}/vary_assumptions/{chunk}-of-{chunks}.log",
    cache: CACHE
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        **limits(mb=1000, minutes=30),
    params:
        study="{study}",
        seed=config["seed"],
        level=config["level"],
        reliabilities=config["sem"]["reliabilities"],
        method_shares=config["sem"]["method_shares"],
        draws=config["synthesis"]["assumption_draws"],
        chunk=lambda wildcards: int(wildcards.chunk),
        chunks=lambda wildcards: int(wildcards.chunks),
        code=digest("vary_assumptions.py"),
    message:
        "Vary what is assumed for {wildcards.study}, share {wildcards.chunk} of {wildcards.chunks}."
    script:
        "../scripts/vary_assumptions.py"


rule compare_assumptions:
    input:
        study=rules.check_study.output.study,
        data_sets=synthesis_shares("assumption_data_sets"),
        decisions=synthesis_shares("assumption_decisions"),
        statistics=synthesis_shares("assumption_statistics"),
        verdicts=verdicts_to_answer,
    output:
        verdicts=shown("results/studies/{study}/synthetic/assumption_verdicts.csv"),
        decisions=shown("results/studies/{study}/synthetic/assumption_decisions.csv"),
        statistics=shown("results/studies/{study}/synthetic/assumption_statistics.csv"),
        combinations=shown(
            "results/studies/{study}/synthetic/assumption_combinations.csv"
        ),
        figure=shown("results/studies/{study}/synthetic/assumption_decisions.svg"),
    log:
        "results/logs/{study}/compare_assumptions.log",
    cache: CACHE
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        **limits(mb=1000, minutes=10),
    params:
        study="{study}",
        seed=config["seed"],
        code=digest("compare_assumptions.py"),
    message:
        "Say which decisions of {wildcards.study} depend on what is assumed."
    script:
        "../scripts/compare_assumptions.py"


rule synthesis:
    input:
        REFUSALS,
        expand(rules.synthesise_continuous.output, study=STUDIES),
        expand(rules.synthesise_likert.output, study=STUDIES),
        expand(rules.summarise_ensemble.output, study=STUDIES),
        expand(rules.compare_assumptions.output, study=STUDIES),
