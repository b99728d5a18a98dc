"""Claims: what the papers state, against their own tables, and against one another."""

# Papers whose statements are part of the crosswalk.
CROSSED = [key for key in CLAIMANTS if PAPERS[key].claims.statements]


rule check_claims:
    input:
        files=ancient(lambda wildcards: paper_of(wildcards).claim_files),
        templates=TEMPLATES,
    output:
        **table_files("{paper}_claims"),
        claims="results/claims/{paper}.csv",
    log:
        "results/logs/{paper}/check_claims.log",
    cache: CACHE
    conda:
        "../../envs/claims.yaml"
    threads: 1
    resources:
        **limits(mb=1000, minutes=5),
    params:
        paper="{paper}",
        folder=lambda wildcards: paper_of(wildcards).folder.as_posix(),
        content=lambda wildcards: claims_digest(paper_of(wildcards)),
        code=digest("check_claims.py"),
    message:
        "Check what {wildcards.paper} states against its own tables."
    script:
        "../scripts/check_claims.py"


rule summarise_claims:
    input:
        claims=expand(rules.check_claims.output.claims, paper=CLAIMANTS),
        papers=rules.list_papers.output.papers,
        refused=rules.list_papers.output.refused,
        templates=TEMPLATES,
    output:
        **table_files("claims"),
        claims=shown("results/claims.csv"),
    log:
        "results/logs/summarise_claims.log",
    cache: CACHE
    conda:
        "../../envs/claims.yaml"
    threads: 1
    resources:
        **limits(mb=500, minutes=5),
    params:
        code=digest("summarise_claims.py"),
    message:
        "Count the claims of all papers by verdict."
    script:
        "../scripts/summarise_claims.py"


rule compare_statements:
    input:
        files=[ancient(file) for key in CROSSED for file in PAPERS[key].claim_files],
        papers=rules.list_papers.output.papers,
        refused=rules.list_papers.output.refused,
        templates=TEMPLATES,
    output:
        **table_files("crosswalk"),
        statements="results/crosswalk.csv",
        figure=shown("results/crosswalk.svg"),
    log:
        "results/logs/compare_statements.log",
    cache: CACHE
    conda:
        "../../envs/claims.yaml"
    threads: 1
    resources:
        **limits(mb=500, minutes=5),
    params:
        folders=[PAPERS[key].folder.as_posix() for key in CROSSED],
        content=content_digest([PAPERS[key].claims.statements for key in CROSSED]),
        code=digest("compare_statements.py"),
    message:
        "Put hypotheses, propositions and findings of the papers side by side."
    script:
        "../scripts/compare_statements.py"


rule claims:
    input:
        REFUSALS,
        expand(rules.check_claims.output, paper=CLAIMANTS),
        rules.summarise_claims.output if CLAIMANTS else [],
        rules.compare_statements.output if CROSSED else [],
