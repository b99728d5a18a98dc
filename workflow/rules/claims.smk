"""Claims: what the papers state, against their own tables, and against one another."""

# Papers whose statements are part of the crosswalk.
CROSSED = [key for key in CLAIMANTS if PAPERS[key].claims.statements]


rule check_claims:
    input:
        files=ancient(lambda wildcards: paper_of(wildcards).claim_files),
        templates=TEMPLATES,
    output:
        claims="results/claims/{paper}.csv",
        tex="results/tables/{paper}_claims.tex",
        html=report(
            "results/tables/{paper}_claims.html",
            caption="../report/claims.rst",
            category="Claims",
            subcategory="{paper}",
            labels={"table": "Claims against the paper's tables"},
        ),
        md="results/tables/{paper}_claims.md",
        csv="results/tables/{paper}_claims.csv",
    log:
        "results/logs/{paper}/check_claims.log",
    cache: CACHE
    conda:
        "../../envs/claims.yaml"
    threads: 1
    resources:
        mem_mb=per_attempt(1000),
        runtime=per_attempt(5),
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
        claims=report(
            "results/claims.csv",
            caption="../report/all_claims.rst",
            category="Claims",
            subcategory="All papers",
            labels={"table": "Every claim and its verdict"},
        ),
        tex="results/tables/claims.tex",
        html=report(
            "results/tables/claims.html",
            caption="../report/claims_summary.rst",
            category="Claims",
            subcategory="All papers",
            labels={"table": "Claims by verdict"},
        ),
        md="results/tables/claims.md",
        csv="results/tables/claims.csv",
    log:
        "results/logs/summarise_claims.log",
    cache: CACHE
    conda:
        "../../envs/claims.yaml"
    threads: 1
    resources:
        mem_mb=per_attempt(500),
        runtime=per_attempt(5),
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
        statements="results/crosswalk.csv",
        figure=report(
            "results/crosswalk.svg",
            caption="../report/crosswalk.rst",
            category="Claims",
            subcategory="All papers",
            labels={"figure": "Crosswalk of the papers"},
        ),
        tex="results/tables/crosswalk.tex",
        html=report(
            "results/tables/crosswalk.html",
            caption="../report/crosswalk_table.rst",
            category="Claims",
            subcategory="All papers",
            labels={"table": "Crosswalk, pairs of several papers"},
        ),
        md="results/tables/crosswalk.md",
        csv="results/tables/crosswalk.csv",
    log:
        "results/logs/compare_statements.log",
    cache: CACHE
    conda:
        "../../envs/claims.yaml"
    threads: 1
    resources:
        mem_mb=per_attempt(500),
        runtime=per_attempt(5),
    params:
        folders=[PAPERS[key].folder.as_posix() for key in CROSSED],
        content=content_digest([PAPERS[key].claims.statements for key in CROSSED]),
        code=digest("compare_statements.py"),
    message:
        "Put hypotheses, propositions and findings of the papers side by side."
    script:
        "../scripts/compare_statements.py"


# Every result, the secondary ones too: one that is deleted, or that a program installed later
# would make, is made before the report looks for it.
rule claims:
    input:
        REFUSALS,
        expand(rules.check_claims.output, paper=CLAIMANTS),
        rules.summarise_claims.output if CLAIMANTS else [],
        rules.compare_statements.output if CROSSED else [],
