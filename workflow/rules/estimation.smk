"""Estimation: regressions from the printed correlations, and whether the printed numbers follow."""

# Studies with hypotheses, and how many jobs share the simulation of each: any number gives the
# same results.
TESTING = [key for key in STUDIES if PAPERS[key].study.hypotheses]
CHUNKS = config["power"]["chunks"]


rule estimate_ols:
    input:
        study=rules.check_study.output.study,
        continuous=rules.synthesise_continuous.output.data,
        likert=rules.synthesise_likert.output.scores,
    output:
        ols=report(
            "results/studies/{paper}/ols.csv",
            caption="../report/ols.rst",
            category="Estimates",
            subcategory="{paper}",
            labels={"table": "Regression coefficients"},
        ),
    log:
        "results/logs/{paper}/estimate_ols.log",
    cache: CACHE
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=per_attempt(1000),
        runtime=per_attempt(5),
    params:
        paper="{paper}",
        code=digest("estimate_ols.py"),
    message:
        "Estimate the regressions of {wildcards.paper} from its correlations and on synthetic data."
    script:
        "../scripts/estimate_ols.py"


rule compare_printed:
    input:
        study=rules.check_study.output.study,
    output:
        comparison=report(
            "results/studies/{paper}/comparison.csv",
            caption="../report/comparison.rst",
            category="Verdicts",
            subcategory="{paper}",
            labels={"table": "Printed against recomputed"},
        ),
        not_checkable=report(
            "results/studies/{paper}/not_checkable.csv",
            caption="../report/not_checkable.rst",
            category="Verdicts",
            subcategory="{paper}",
            labels={"table": "What cannot be checked, and why"},
        ),
        envelopes=report(
            "results/studies/{paper}/envelopes.csv",
            caption="../report/envelopes.rst",
            category="Estimates",
            subcategory="{paper}",
            labels={"table": "Envelopes"},
        ),
        printed_tests=report(
            "results/studies/{paper}/printed_tests.csv",
            caption="../report/printed_tests.rst",
            category="Verdicts",
            subcategory="{paper}",
            labels={"table": "Printed tests against each other"},
        ),
        stars=report(
            "results/studies/{paper}/stars.csv",
            caption="../report/stars.rst",
            category="Verdicts",
            subcategory="{paper}",
            labels={"table": "Stars"},
        ),
        legends=report(
            "results/studies/{paper}/legends.csv",
            caption="../report/legends.rst",
            category="Verdicts",
            subcategory="{paper}",
            labels={"table": "Legends that fit the stars"},
        ),
        feasibility=report(
            "results/studies/{paper}/feasibility.json",
            caption="../report/feasibility.rst",
            category="Verdicts",
            subcategory="{paper}",
            labels={"table": "All printed numbers at once"},
        ),
        checks=report(
            "results/studies/{paper}/checks.csv",
            caption="../report/checks.rst",
            category="Verdicts",
            subcategory="{paper}",
            labels={"table": "Every check of every printed number"},
        ),
    log:
        "results/logs/{paper}/compare_printed.log",
    cache: CACHE
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=per_attempt(1000),
        runtime=per_attempt(10),
    params:
        paper="{paper}",
        code=digest("compare_printed.py"),
    message:
        "Check every number that {wildcards.paper} prints of its study."
    script:
        "../scripts/compare_printed.py"


rule gather_checks:
    input:
        checks=expand(rules.compare_printed.output.checks, paper=STUDIES),
    output:
        checks=report(
            "results/checks.csv",
            caption="../report/checks.rst",
            category="Verdicts",
            labels={"table": "Every check of all papers"},
        ),
    log:
        "results/logs/gather_checks.log",
    cache: CACHE
    localrule: True
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=per_attempt(1000),
        runtime=per_attempt(5),
    params:
        papers=list(PAPERS),
        studies=STUDIES,
        code=digest("gather_checks.py"),
    message:
        "Gather what was checked, and what could not be, of all papers."
    script:
        "../scripts/gather_checks.py"


rule run_specifications:
    input:
        study=rules.check_study.output.study,
        continuous=rules.synthesise_continuous.output.data,
        likert=rules.synthesise_likert.output.scores,
    output:
        specifications=report(
            "results/studies/{paper}/specifications.csv",
            caption="../report/specifications.rst",
            category="Robustness",
            subcategory="{paper}",
            labels={"table": "All specifications"},
        ),
        robustness=report(
            "results/studies/{paper}/robustness.csv",
            caption="../report/robustness.rst",
            category="Robustness",
            subcategory="{paper}",
            labels={"table": "Share that supports"},
        ),
        overturning=report(
            "results/studies/{paper}/overturning.csv",
            caption="../report/overturning.rst",
            category="Robustness",
            subcategory="{paper}",
            labels={"table": "What overturns each hypothesis"},
        ),
        suppression=report(
            "results/studies/{paper}/suppression.csv",
            caption="../report/suppression.rst",
            category="Robustness",
            subcategory="{paper}",
            labels={"table": "Which predictors a hypothesis needs"},
        ),
        confounding=report(
            "results/studies/{paper}/confounding.csv",
            caption="../report/confounding.rst",
            category="Robustness",
            subcategory="{paper}",
            labels={"table": "Omitted confounders"},
        ),
        curve=report(
            "results/studies/{paper}/specifications.svg",
            caption="../report/specification_curve.rst",
            category="Robustness",
            subcategory="{paper}",
            labels={"figure": "Specification curve"},
        ),
        company=report(
            "results/studies/{paper}/suppression.svg",
            caption="../report/suppression_figure.rst",
            category="Robustness",
            subcategory="{paper}",
            labels={"figure": "Hypotheses in every set of predictors"},
        ),
    log:
        "results/logs/{paper}/run_specifications.log",
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
        seed=config["seed"],
        code=digest("run_specifications.py"),
    message:
        "Run every specification of the hypotheses of {wildcards.paper}."
    script:
        "../scripts/run_specifications.py"


rule simulate_power:
    input:
        study=rules.check_study.output.study,
    output:
        blocks="results/studies/{paper}/power/{chunk}-of-{chunks}.json",
    log:
        "results/logs/{paper}/simulate_power/{chunk}-of-{chunks}.log",
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
        seed=config["seed"],
        mc_error=config["power"]["mc_error"],
        chunk=lambda wildcards: int(wildcards.chunk),
        chunks=lambda wildcards: int(wildcards.chunks),
        code=digest("simulate_power.py"),
    message:
        "Simulate new samples of {wildcards.paper}, share {wildcards.chunk} of {wildcards.chunks}."
    script:
        "../scripts/simulate_power.py"


rule summarise_power:
    input:
        study=rules.check_study.output.study,
        blocks=expand(
            "results/studies/{{paper}}/power/{chunk}-of-{chunks}.json",
            chunk=range(1, CHUNKS + 1),
            chunks=CHUNKS,
        ),
    output:
        power=report(
            "results/studies/{paper}/power.csv",
            caption="../report/power.rst",
            category="Robustness",
            subcategory="{paper}",
            labels={"table": "Power by sample size"},
        ),
        required=report(
            "results/studies/{paper}/required_n.csv",
            caption="../report/required_n.rst",
            category="Robustness",
            subcategory="{paper}",
            labels={"table": "Sample sizes for given power"},
        ),
        replication=report(
            "results/studies/{paper}/replication.csv",
            caption="../report/replication.rst",
            category="Robustness",
            subcategory="{paper}",
            labels={"table": "Replication"},
        ),
        sampling=report(
            "results/studies/{paper}/sampling.csv",
            caption="../report/sampling.rst",
            category="Robustness",
            subcategory="{paper}",
            labels={"table": "Sampling distributions"},
        ),
        exaggeration=report(
            "results/studies/{paper}/exaggeration.csv",
            caption="../report/exaggeration.rst",
            category="Robustness",
            subcategory="{paper}",
            labels={"table": "Errors of sign and size"},
        ),
        curves=report(
            "results/studies/{paper}/power.svg",
            caption="../report/power_curves.rst",
            category="Robustness",
            subcategory="{paper}",
            labels={"figure": "Power curves"},
        ),
    log:
        "results/logs/{paper}/summarise_power.log",
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
        seed=config["seed"],
        mc_error=config["power"]["mc_error"],
        code=digest("summarise_power.py"),
    message:
        "Add up the simulated samples of {wildcards.paper}: power and replication."
    script:
        "../scripts/summarise_power.py"


rule decide_hypotheses:
    input:
        study=rules.check_study.output.study,
        specifications=rules.run_specifications.output.specifications,
        ensemble=rules.summarise_ensemble.output.decisions,
        confounding=rules.run_specifications.output.confounding,
        replication=rules.summarise_power.output.replication,
        sem=rules.fit_sem.output.verdicts,
        latent=rules.fit_latent_models.output.verdicts,
    output:
        verdicts=report(
            "results/studies/{paper}/verdicts.csv",
            caption="../report/verdicts.rst",
            category="Verdicts",
            subcategory="{paper}",
            labels={"table": "Hypotheses by analyses"},
        ),
        matrix=report(
            "results/studies/{paper}/verdicts.svg",
            caption="../report/verdict_matrix.rst",
            category="Verdicts",
            subcategory="{paper}",
            labels={"figure": "Hypotheses by analyses"},
        ),
    log:
        "results/logs/{paper}/decide_hypotheses.log",
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
        code=digest("decide_hypotheses.py"),
    message:
        "Decide the hypotheses of {wildcards.paper} under every analysis."
    script:
        "../scripts/decide_hypotheses.py"


# Every result, the secondary ones too: one that is deleted, or that a program installed later
# would make, is made before the report looks for it.
rule estimation:
    input:
        REFUSALS,
        expand(rules.estimate_ols.output, paper=STUDIES),
        expand(rules.compare_printed.output, paper=STUDIES),
        rules.gather_checks.output,
        expand(rules.run_specifications.output, paper=TESTING),
        expand(rules.summarise_power.output, paper=TESTING),
        expand(rules.decide_hypotheses.output, paper=TESTING),
