"""Tables: what people read, as LaTeX (booktabs), HTML and Markdown, with the same cells as CSV."""


rule render_study_tables:
    input:
        study=rules.check_study.output.study,
        comparison=rules.compare_printed.output.comparison,
        missing=rules.compare_printed.output.not_checkable,
        templates=TEMPLATES,
    output:
        correlations_tex="results/tables/{paper}_correlations.tex",
        correlations_html=report(
            "results/tables/{paper}_correlations.html",
            caption="../report/correlations.rst",
            category="Tables",
            labels={"paper": "{paper}", "table": "Correlations as printed"},
        ),
        correlations_md="results/tables/{paper}_correlations.md",
        correlations_csv="results/tables/{paper}_correlations.csv",
        comparison_tex="results/tables/{paper}_comparison.tex",
        comparison_html=report(
            "results/tables/{paper}_comparison.html",
            caption="../report/comparison.rst",
            category="Tables",
            labels={"paper": "{paper}", "table": "Printed and recomputed"},
        ),
        comparison_md="results/tables/{paper}_comparison.md",
        comparison_csv="results/tables/{paper}_comparison.csv",
    log:
        "results/logs/{paper}/render_study_tables.log",
    cache: CACHE
    conda:
        "../../envs/rendering.yaml"
    threads: 1
    resources:
        mem_mb=per_attempt(500),
        runtime=per_attempt(5),
    params:
        paper="{paper}",
        code=digest("render_study_tables.py"),
    message:
        "Set the tables of {wildcards.paper}: correlations, and printed beside recomputed."
    script:
        "../scripts/render_study_tables.py"


rule render_shared_works:
    input:
        shared="results/bibliography/shared_works.csv",
        works=rules.match_works.output.works,
        templates=TEMPLATES,
    output:
        tex="results/tables/shared_works.tex",
        html=report(
            "results/tables/shared_works.html",
            caption="../report/shared_works.rst",
            category="Tables",
            labels={"paper": "all", "table": "Works of several papers"},
        ),
        md="results/tables/shared_works.md",
        csv="results/tables/shared_works.csv",
    log:
        "results/logs/render_shared_works.log",
    cache: CACHE
    conda:
        "../../envs/rendering.yaml"
    threads: 1
    resources:
        mem_mb=per_attempt(500),
        runtime=per_attempt(5),
    params:
        code=digest("render_shared_works.py"),
    message:
        "Set the table of the works that several papers refer to."
    script:
        "../scripts/render_shared_works.py"


rule summarise_findings:
    input:
        papers=rules.list_papers.output.papers,
        findings=rules.gather_findings.output.findings,
        overview=WORKFLOW / "report/overview.rst",
        templates=TEMPLATES,
    output:
        tex="results/tables/summary.tex",
        html=report(
            "results/tables/summary.html",
            caption="../report/summary.rst",
            category="Summary",
            labels={"paper": "all", "table": "What was found"},
        ),
        md="results/tables/summary.md",
        csv="results/tables/summary.csv",
        overview="results/overview.rst",
    log:
        "results/logs/summarise_findings.log",
    cache: CACHE
    conda:
        "../../envs/rendering.yaml"
    threads: 1
    resources:
        mem_mb=per_attempt(500),
        runtime=per_attempt(5),
    params:
        code=digest("summarise_findings.py"),
    message:
        "Sum up what was found, by paper and question, and for the report's first page."
    script:
        "../scripts/summarise_findings.py"


# Every result, the secondary ones too: one that is deleted, or that a program installed later
# would make, is made before the report looks for it.
rule tables:
    input:
        REFUSALS,
        expand(rules.render_study_tables.output, paper=STUDIES),
        rules.render_shared_works.output,
        rules.summarise_findings.output,
