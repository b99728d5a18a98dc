"""Structural equation models: the study's regressions as path models, and their robustness."""


rule fit_sem:
    input:
        study=rules.check_study.output.study,
    output:
        solutions="results/studies/{paper}/sem_solutions.json",
        sem=shown("results/studies/{paper}/sem.csv"),
        fit=shown("results/studies/{paper}/sem_fit.csv"),
        residuals="results/studies/{paper}/sem_residuals.csv",
        modification=shown("results/studies/{paper}/sem_modification.csv"),
        verdicts=shown("results/studies/{paper}/sem_verdicts.csv"),
    log:
        "results/logs/{paper}/fit_sem.log",
    cache: CACHE
    conda:
        "../../envs/sem.yaml"
    threads: 1
    resources:
        **limits(mb=500, minutes=5),
    params:
        paper="{paper}",
        level=config["level"],
        method_shares=config["sem"]["method_shares"],
        code=digest("fit_sem.py"),
    message:
        "Fit the structural equation models of {wildcards.paper}."
    script:
        "../scripts/fit_sem.py"


rule draw_path_diagram:
    input:
        study=rules.check_study.output.study,
        solutions=rules.fit_sem.output.solutions,
    output:
        diagram=shown("results/studies/{paper}/path_diagrams/{model}.svg"),
    log:
        "results/logs/{paper}/draw_path_diagram/{model}.log",
    cache: CACHE
    localrule: True
    conda:
        "../../envs/sem.yaml"
    threads: 1
    resources:
        **limits(mb=500, minutes=5),
    params:
        model="{model}",
        level=config["level"],
        method_shares=config["sem"]["method_shares"],
        code=digest("draw_path_diagram.py"),
    message:
        "Draw the model {wildcards.model} of {wildcards.paper}."
    script:
        "../scripts/draw_path_diagram.py"


rule fit_latent_models:
    input:
        study=rules.check_study.output.study,
        scores=rules.synthesise_likert.output.scores,
        ensemble=rules.summarise_ensemble.input.ensemble,
    output:
        solutions="results/studies/{paper}/sem_latent_solutions.json",
        sem="results/studies/{paper}/sem_latent.csv",
        fit=shown("results/studies/{paper}/sem_latent_fit.csv"),
        verdicts=shown("results/studies/{paper}/sem_latent_verdicts.csv"),
    log:
        "results/logs/{paper}/fit_latent_models.log",
    cache: CACHE
    conda:
        "../../envs/sem.yaml"
    threads: 1
    resources:
        **limits(mb=500, minutes=5),
    params:
        paper="{paper}",
        seed=config["seed"],
        level=config["level"],
        reliabilities=config["sem"]["reliabilities"],
        data_sets=config["sem"]["latent_data_sets"],
        code=digest("fit_latent_models.py"),
    message:
        "Fit latent models to synthetic items of {wildcards.paper}."
    script:
        "../scripts/fit_latent_models.py"


rule test_mediation:
    input:
        study=rules.check_study.output.study,
        solutions=rules.fit_sem.output.solutions,
    output:
        mediation=shown("results/studies/{paper}/mediation.csv"),
        draws="results/studies/{paper}/mediation_draws.csv",
    log:
        "results/logs/{paper}/test_mediation.log",
    cache: CACHE
    conda:
        "../../envs/sem.yaml"
    threads: 1
    resources:
        **limits(mb=1000, minutes=10),
    params:
        paper="{paper}",
        seed=config["seed"],
        draws=config["sem"]["draws"],
        code=digest("test_mediation.py"),
    message:
        "Draw intervals of the effects in the alternative models of {wildcards.paper}."
    script:
        "../scripts/test_mediation.py"


rule test_reliability:
    input:
        study=rules.check_study.output.study,
    output:
        reliability=shown("results/studies/{paper}/reliability.csv"),
        summary=shown("results/studies/{paper}/reliability_summary.csv"),
        figure=shown("results/studies/{paper}/reliability.svg"),
    log:
        "results/logs/{paper}/test_reliability.log",
    cache: CACHE
    conda:
        "../../envs/sem.yaml"
    threads: 1
    resources:
        **limits(mb=1000, minutes=10),
    params:
        paper="{paper}",
        seed=config["seed"],
        level=config["level"],
        lowest=config["sem"]["lowest_reliability"],
        points=config["sem"]["reliability_points"],
        code=digest("test_reliability.py"),
    message:
        "Test the hypotheses of {wildcards.paper} under measurement error."
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
        opinions=shown("results/studies/{paper}/opinions.csv"),
    log:
        "results/logs/{paper}/compare_opinions.log",
    cache: CACHE
    conda:
        "../../envs/sem.yaml"
    threads: 1
    resources:
        **limits(mb=1000, minutes=10),
    params:
        paper="{paper}",
        versions=LAVAAN,
        code=digest("compare_opinions.py"),
    message:
        "Compare the estimates of {wildcards.paper} with those of semopy and lavaan."
    script:
        "../scripts/compare_opinions.py"


rule sem:
    input:
        REFUSALS,
        expand(rules.fit_sem.output, paper=STUDIES),
        path_diagrams(),
        expand(rules.fit_latent_models.output, paper=STUDIES),
        expand(rules.test_mediation.output, paper=STUDIES),
        expand(rules.test_reliability.output, paper=STUDIES),
        expand(rules.compare_opinions.output, paper=STUDIES),
