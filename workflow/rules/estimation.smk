"""Estimation: regressions from the printed correlations, and whether the printed numbers follow."""

# Studies with hypotheses, and how many jobs share the simulation of each: any number gives the
# same results.
TESTING = [key for key, study in STUDIES.items() if study.hypotheses]
CHUNKS = config["power"]["chunks"]


rule estimate_ols:
    input:
        study=rules.check_study.output.study,
        continuous=rules.synthesise_continuous.output.data,
        likert=rules.synthesise_likert.output.scores,
    output:
        ols=shown("results/studies/{study}/ols.csv"),
    log:
        "results/logs/{study}/estimate_ols.log",
    cache: CACHE
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        **limits(mb=1000, minutes=5),
    params:
        study="{study}",
        code=digest("estimate_ols.py"),
    message:
        "Estimate the regressions of {wildcards.study} from its correlations and on synthetic data."
    script:
        "../scripts/estimate_ols.py"


rule compare_printed:
    input:
        study=rules.check_study.output.study,
    output:
        comparison=shown("results/studies/{study}/comparison.csv"),
        not_checkable=shown("results/studies/{study}/not_checkable.csv"),
        envelopes=shown("results/studies/{study}/envelopes.csv"),
        printed_tests=shown("results/studies/{study}/printed_tests.csv"),
        stars=shown("results/studies/{study}/stars.csv"),
        legends=shown("results/studies/{study}/legends.csv"),
        feasibility=shown("results/studies/{study}/feasibility.json"),
        checks=shown("results/studies/{study}/checks.csv"),
    log:
        "results/logs/{study}/compare_printed.log",
    cache: CACHE
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        **limits(mb=1000, minutes=10),
    params:
        study="{study}",
        code=digest("compare_printed.py"),
    message:
        "Check every number that {wildcards.study} prints of its study."
    script:
        "../scripts/compare_printed.py"


rule gather_checks:
    input:
        checks=expand(rules.compare_printed.output.checks, study=STUDIES),
    output:
        checks=shown("results/checks.csv"),
    log:
        "results/logs/gather_checks.log",
    cache: CACHE
    localrule: True
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        **limits(mb=1000, minutes=5),
    params:
        papers=list(PAPERS),
        studies=list(STUDIES),
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
        specifications=shown("results/studies/{study}/specifications.csv"),
        robustness=shown("results/studies/{study}/robustness.csv"),
        overturning=shown("results/studies/{study}/overturning.csv"),
        suppression=shown("results/studies/{study}/suppression.csv"),
        confounding=shown("results/studies/{study}/confounding.csv"),
        curve=shown("results/studies/{study}/specifications.svg"),
        company=shown("results/studies/{study}/suppression.svg"),
    log:
        "results/logs/{study}/run_specifications.log",
    cache: CACHE
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        **limits(mb=1000, minutes=10),
    params:
        study="{study}",
        level=config["level"],
        seed=config["seed"],
        code=digest("run_specifications.py"),
    message:
        "Run every specification of the hypotheses of {wildcards.study}."
    script:
        "../scripts/run_specifications.py"


rule simulate_power:
    input:
        study=rules.check_study.output.study,
    output:
        blocks="results/studies/{study}/power/{chunk}-of-{chunks}.json",
    log:
        "results/logs/{study}/simulate_power/{chunk}-of-{chunks}.log",
    cache: CACHE
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        **limits(mb=1000, minutes=10),
    params:
        study="{study}",
        level=config["level"],
        seed=config["seed"],
        mc_error=config["power"]["mc_error"],
        chunk=lambda wildcards: int(wildcards.chunk),
        chunks=lambda wildcards: int(wildcards.chunks),
        code=digest("simulate_power.py"),
    message:
        "Simulate new samples of {wildcards.study}, share {wildcards.chunk} of {wildcards.chunks}."
    script:
        "../scripts/simulate_power.py"


rule summarise_power:
    input:
        study=rules.check_study.output.study,
        blocks=expand(
            "results/studies/{{study}}/power/{chunk}-of-{chunks}.json",
            chunk=range(1, CHUNKS + 1),
            chunks=CHUNKS,
        ),
    output:
        power=shown("results/studies/{study}/power.csv"),
        required=shown("results/studies/{study}/required_n.csv"),
        replication=shown("results/studies/{study}/replication.csv"),
        sampling=shown("results/studies/{study}/sampling.csv"),
        exaggeration=shown("results/studies/{study}/exaggeration.csv"),
        curves=shown("results/studies/{study}/power.svg"),
    log:
        "results/logs/{study}/summarise_power.log",
    cache: CACHE
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        **limits(mb=1000, minutes=10),
    params:
        study="{study}",
        level=config["level"],
        seed=config["seed"],
        mc_error=config["power"]["mc_error"],
        code=digest("summarise_power.py"),
    message:
        "Add up the simulated samples of {wildcards.study}: power and replication."
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
        verdicts=shown("results/studies/{study}/verdicts.csv"),
        matrix=shown("results/studies/{study}/verdicts.svg"),
    log:
        "results/logs/{study}/decide_hypotheses.log",
    cache: CACHE
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        **limits(mb=1000, minutes=10),
    params:
        study="{study}",
        level=config["level"],
        code=digest("decide_hypotheses.py"),
    message:
        "Decide the hypotheses of {wildcards.study} under every analysis."
    script:
        "../scripts/decide_hypotheses.py"


rule estimation:
    input:
        REFUSALS,
        expand(rules.estimate_ols.output, study=STUDIES),
        expand(rules.compare_printed.output, study=STUDIES),
        rules.gather_checks.output,
        expand(rules.run_specifications.output, study=TESTING),
        expand(rules.summarise_power.output, study=TESTING),
        expand(rules.decide_hypotheses.output, study=TESTING),
