"""Estimation: regressions from the printed correlations, and whether the printed numbers follow."""


rule estimation:
    input:
        expand("results/studies/{paper}/ols.csv", paper=STUDIES),
        expand("results/studies/{paper}/comparison.csv", paper=STUDIES),
        expand("results/studies/{paper}/printed_tests.csv", paper=STUDIES),
        expand("results/studies/{paper}/stars.csv", paper=STUDIES),
        expand("results/studies/{paper}/feasibility.json", paper=STUDIES),


rule estimate_ols:
    input:
        study=rules.check_study.output.study,
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
        mem_mb=1000,
        runtime=5,
    params:
        paper="{paper}",
        code=digest("estimate_ols.py"),
    message:
        "Estimate the regressions of {wildcards.paper} from its correlations."
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
        not_checkable="results/studies/{paper}/not_checkable.csv",
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
        legends="results/studies/{paper}/legends.csv",
        feasibility=report(
            "results/studies/{paper}/feasibility.json",
            caption="../report/feasibility.rst",
            category="Verdicts",
            subcategory="{paper}",
            labels={"table": "All printed numbers at once"},
        ),
    log:
        "results/logs/{paper}/compare_printed.log",
    cache: CACHE
    conda:
        "../../envs/statistics.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        paper="{paper}",
        code=digest("compare_printed.py"),
    message:
        "Compare every number that {wildcards.paper} prints with what its correlations imply."
    script:
        "../scripts/compare_printed.py"
