"""Tables: what people read, as LaTeX (booktabs), HTML and Markdown, with the same cells as CSV."""


rule render_study_tables:
    input:
        study=rules.check_study.output.study,
        comparison=rules.compare_printed.output.comparison,
        missing=rules.compare_printed.output.not_checkable,
        templates=TEMPLATES,
    output:
        **table_files("{study}_correlations", prefix="correlations_"),
        **table_files("{study}_comparison", prefix="comparison_"),
    log:
        "results/logs/{study}/render_study_tables.log",
    cache: CACHE
    conda:
        "../../envs/rendering.yaml"
    threads: 1
    resources:
        **limits(mb=500, minutes=5),
    params:
        study="{study}",
        code=digest("render_study_tables.py"),
    message:
        "Set the tables of {wildcards.study}: correlations, and printed beside recomputed."
    script:
        "../scripts/render_study_tables.py"


rule render_shared_works:
    input:
        shared="results/bibliography/shared_works.csv",
        works=rules.match_works.output.works,
        templates=TEMPLATES,
    output:
        **table_files("shared_works"),
    log:
        "results/logs/render_shared_works.log",
    cache: CACHE
    conda:
        "../../envs/rendering.yaml"
    threads: 1
    resources:
        **limits(mb=500, minutes=5),
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
        **table_files("summary"),
        overview="results/overview.rst",
    log:
        "results/logs/summarise_findings.log",
    cache: CACHE
    conda:
        "../../envs/rendering.yaml"
    threads: 1
    resources:
        **limits(mb=500, minutes=5),
    params:
        code=digest("summarise_findings.py"),
    message:
        "Sum up what was found, by paper and question, and for the report's first page."
    script:
        "../scripts/summarise_findings.py"


rule tables:
    input:
        REFUSALS,
        expand(rules.render_study_tables.output, study=STUDIES),
        rules.render_shared_works.output,
        rules.summarise_findings.output,
