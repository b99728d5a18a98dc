"""Structural equation models: the study's regressions as path models, and their robustness."""


rule fit_sem:
    input:
        study=rules.check_study.output.study,
    output:
        solutions="results/studies/{study}/sem_solutions.json",
        sem=shown("results/studies/{study}/sem.csv"),
        fit=shown("results/studies/{study}/sem_fit.csv"),
        residuals="results/studies/{study}/sem_residuals.csv",
        modification=shown("results/studies/{study}/sem_modification.csv"),
        verdicts=shown("results/studies/{study}/sem_verdicts.csv"),
        diagrams="results/studies/{study}/sem_diagrams.json",
    log:
        "results/logs/{study}/fit_sem.log",
    cache: CACHE
    conda:
        "../../envs/sem.yaml"
    threads: 1
    resources:
        **limits(mb=500, minutes=5),
    params:
        study="{study}",
        level=config["level"],
        method_shares=config["sem"]["method_shares"],
        code=digest("fit_sem.py"),
    message:
        "Fit the structural equation models of {wildcards.study}."
    script:
        "../scripts/fit_sem.py"


rule draw_path_diagram:
    input:
        diagrams=rules.fit_sem.output.diagrams,
    output:
        diagram=shown("results/studies/{study}/path_diagrams/{model}.svg"),
    log:
        "results/logs/{study}/draw_path_diagram/{model}.log",
    cache: CACHE
    localrule: True
    conda:
        "../../envs/sem.yaml"
    threads: 1
    resources:
        **limits(mb=500, minutes=5),
    params:
        model="{model}",
        code=digest("draw_path_diagram.py"),
    message:
        "Draw the model {wildcards.model} of {wildcards.study}."
    script:
        "../scripts/draw_path_diagram.py"


rule fit_latent_models:
    input:
        study=rules.check_study.output.study,
        scores=rules.synthesise_likert.output.scores,
        ensemble=rules.summarise_ensemble.input.ensemble,
    output:
        solutions="results/studies/{study}/sem_latent_solutions.json",
        sem="results/studies/{study}/sem_latent.csv",
        fit=shown("results/studies/{study}/sem_latent_fit.csv"),
        verdicts=shown("results/studies/{study}/sem_latent_verdicts.csv"),
    log:
        "results/logs/{study}/fit_latent_models.log",
    cache: CACHE
    conda:
        "../../envs/sem.yaml"
    threads: 1
    resources:
        **limits(mb=500, minutes=5),
    params:
        study="{study}",
        seed=config["seed"],
        level=config["level"],
        reliabilities=config["sem"]["reliabilities"],
        data_sets=config["sem"]["latent_data_sets"],
        code=digest("fit_latent_models.py"),
    message:
        "Fit latent models to synthetic items of {wildcards.study}."
    script:
        "../scripts/fit_latent_models.py"


rule test_mediation:
    input:
        study=rules.check_study.output.study,
        solutions=rules.fit_sem.output.solutions,
    output:
        mediation=shown("results/studies/{study}/mediation.csv"),
        draws="results/studies/{study}/mediation_draws.csv",
    log:
        "results/logs/{study}/test_mediation.log",
    cache: CACHE
    conda:
        "../../envs/sem.yaml"
    threads: 1
    resources:
        **limits(mb=1000, minutes=10),
    params:
        study="{study}",
        seed=config["seed"],
        draws=config["sem"]["draws"],
        code=digest("test_mediation.py"),
    message:
        "Draw intervals of the effects in the alternative models of {wildcards.study}."
    script:
        "../scripts/test_mediation.py"


rule test_reliability:
    input:
        study=rules.check_study.output.study,
    output:
        reliability=shown("results/studies/{study}/reliability.csv"),
        summary=shown("results/studies/{study}/reliability_summary.csv"),
        figure=shown("results/studies/{study}/reliability.svg"),
    log:
        "results/logs/{study}/test_reliability.log",
    cache: CACHE
    conda:
        "../../envs/sem.yaml"
    threads: 1
    resources:
        **limits(mb=1000, minutes=10),
    params:
        study="{study}",
        seed=config["seed"],
        level=config["level"],
        lowest=config["sem"]["lowest_reliability"],
        points=config["sem"]["reliability_points"],
        code=digest("test_reliability.py"),
    message:
        "Test the hypotheses of {wildcards.study} under measurement error."
    script:
        "../scripts/test_reliability.py"


rule compare_opinions:
    input:
        study=rules.check_study.output.study,
        solutions=rules.fit_sem.output.solutions,
        latent=rules.fit_latent_models.output.solutions,
        lavaan=WORKFLOW / "retrace" / "robustness" / "ask_lavaan.R",
    output:
        **lavaan_output(),
        opinions=shown("results/studies/{study}/opinions.csv"),
    log:
        "results/logs/{study}/compare_opinions.log",
    cache: CACHE
    conda:
        "../../envs/sem.yaml"
    threads: 1
    resources:
        **limits(mb=1000, minutes=10),
    params:
        study="{study}",
        versions=LAVAAN,
        code=digest("compare_opinions.py"),
    message:
        "Compare the estimates of {wildcards.study} with those of semopy and lavaan."
    script:
        "../scripts/compare_opinions.py"


rule sem:
    input:
        REFUSALS,
        expand(rules.fit_sem.output, study=STUDIES),
        path_diagrams(),
        expand(rules.fit_latent_models.output, study=STUDIES),
        expand(rules.test_mediation.output, study=STUDIES),
        expand(rules.test_reliability.output, study=STUDIES),
        expand(rules.compare_opinions.output, study=STUDIES),
