"""Papers: what their folders say, checked, in the form that every later stage reads."""


rule list_papers:
    input:
        # What is used of a paper's files is among the params, and decides; not a file's time.
        descriptions=[ancient(paper.description) for paper in PAPERS.values()],
    output:
        papers=shown("results/papers.csv"),
        refused=shown("results/refused.csv"),
    log:
        "results/logs/list_papers.log",
    cache: CACHE
    localrule: True
    conda:
        "../../envs/papers.yaml"
    threads: 1
    resources:
        **limits(mb=500, minutes=5),
    params:
        folders={key: paper.folder.as_posix() for key, paper in PAPERS.items()},
        content=content_digest(
            [describe(key, paper.facts) for key, paper in PAPERS.items()]
        ),
        refused=REFUSED,
        code=digest("list_papers.py"),
    message:
        "List the papers with what each of them prints."
    script:
        "../scripts/list_papers.py"


rule check_study:
    input:
        files=ancient(study_files),
    output:
        study="results/studies/{study}/study.json",
        impossible=shown("results/studies/{study}/impossible.csv"),
    log:
        "results/logs/{study}/check_study.log",
    cache: CACHE
    conda:
        "../../envs/papers.yaml"
    threads: 1
    resources:
        **limits(mb=500, minutes=5),
    params:
        folder=lambda wildcards: PAPERS[study_of(wildcards).paper].folder.as_posix(),
        sample=lambda wildcards: study_of(wildcards).sample,
        content=lambda wildcards: content_digest(study_of(wildcards)),
        code=digest("check_study.py"),
    message:
        "Check the study of {wildcards.study}: its tables, models and hypotheses."
    script:
        "../scripts/check_study.py"


# It makes nothing: it says what is wrong, and fails.
rule refuse_paper:
    output:
        never="results/refused/{refused}.txt",
    log:
        "results/logs/refuse_paper/{refused}.log",
    retries: 0
    localrule: True
    conda:
        "../../envs/papers.yaml"
    threads: 1
    resources:
        **limits(mb=500, minutes=5),
    params:
        problems=lambda wildcards: REFUSED[wildcards.refused],
    message:
        "Refuse {wildcards.refused}, which cannot be read."
    script:
        "../scripts/refuse_paper.py"


rule papers:
    input:
        REFUSALS,
        rules.list_papers.output,
        expand(rules.check_study.output, study=STUDIES),
