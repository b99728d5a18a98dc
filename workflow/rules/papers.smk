"""Papers: what their folders say, checked, in the form that every later stage reads."""


rule papers:
    input:
        "results/papers.csv",
        expand("results/studies/{paper}/study.json", paper=STUDIES),


rule list_papers:
    input:
        descriptions=[paper.description for paper in PAPERS.values()],
    output:
        papers=report(
            "results/papers.csv",
            caption="../report/papers.rst",
            category="Papers",
            labels={"table": "Papers and what they print"},
        ),
    log:
        "results/logs/list_papers.log",
    cache: CACHE
    localrule: True
    conda:
        "../../envs/papers.yaml"
    threads: 1
    resources:
        mem_mb=per_attempt(500),
        runtime=per_attempt(5),
    params:
        folders={key: paper.folder.as_posix() for key, paper in PAPERS.items()},
        code=digest("list_papers.py"),
    message:
        "List the papers with what each of them prints."
    script:
        "../scripts/list_papers.py"


rule check_study:
    input:
        files=lambda wildcards: paper_of(wildcards).study_files,
    output:
        study="results/studies/{paper}/study.json",
    log:
        "results/logs/{paper}/check_study.log",
    cache: CACHE
    conda:
        "../../envs/papers.yaml"
    threads: 1
    resources:
        mem_mb=per_attempt(500),
        runtime=per_attempt(5),
    params:
        folder=lambda wildcards: paper_of(wildcards).folder.as_posix(),
        code=digest("check_study.py"),
    message:
        "Check the study of {wildcards.paper}: its tables, models and hypotheses."
    script:
        "../scripts/check_study.py"
