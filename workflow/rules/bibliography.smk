"""Bibliography: references and citations of all papers, as works that can be checked."""

# Papers with a reference list, and papers whose citations are known.
LISTING = [key for key, paper in PAPERS.items() if paper.facts.bibliography.references]
CITING = [key for key, paper in PAPERS.items() if paper.facts.bibliography.citations]


rule bibliography:
    input:
        expand(
            "results/bibliography/{paper}/references.{form}",
            paper=LISTING,
            form=["csv", "bib", "json"],
        ),
        expand(
            "results/bibliography/{table}.csv",
            table=["works", "links", "citations", "uncited"],
        ),
        "results/bibliography/works.bib",


rule parse_references:
    input:
        unpack(reference_files),
    output:
        csv=report(
            "results/bibliography/{paper}/references.csv",
            caption="../report/references.rst",
            category="Bibliography",
            labels={"table": "References of {paper}"},
        ),
        bib="results/bibliography/{paper}/references.bib",
        json="results/bibliography/{paper}/references.json",
    log:
        "results/logs/{paper}/parse_references.log",
    cache: CACHE
    conda:
        "../../envs/bibliography.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        style=lambda wildcards: paper_of(wildcards).facts.bibliography.style,
        paper="{paper}",
        code=digest("parse_references.py"),
    message:
        "Read the references of {wildcards.paper}."
    script:
        "../scripts/parse_references.py"


rule resolve_citations:
    input:
        references=expand(rules.parse_references.output.csv, paper=LISTING),
        citations=[
            PAPERS[key].file(PAPERS[key].facts.bibliography.citations)
            for key in CITING
        ],
    output:
        resolved="results/bibliography/resolved.csv",
        uncited=report(
            "results/bibliography/uncited.csv",
            caption="../report/uncited.rst",
            category="Bibliography",
            labels={"table": "References that the text does not cite"},
        ),
    log:
        "results/logs/resolve_citations.log",
    cache: CACHE
    conda:
        "../../envs/bibliography.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        listing=LISTING,
        citing=CITING,
        code=digest("resolve_citations.py"),
    message:
        "Link the citations of each paper to its own references."
    script:
        "../scripts/resolve_citations.py"


rule match_works:
    input:
        references=expand(rules.parse_references.output.csv, paper=LISTING),
        resolved=rules.resolve_citations.output.resolved,
    output:
        works=report(
            "results/bibliography/works.csv",
            caption="../report/works.rst",
            category="Bibliography",
            labels={"table": "Works"},
        ),
        bib="results/bibliography/works.bib",
        links="results/bibliography/links.csv",
        citations=report(
            "results/bibliography/citations.csv",
            caption="../report/citations.rst",
            category="Bibliography",
            labels={"table": "Citations and what they mean"},
        ),
    log:
        "results/logs/match_works.log",
    cache: CACHE
    conda:
        "../../envs/bibliography.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        listing=LISTING,
        code=digest("match_works.py"),
    message:
        "Match the references and citations of all papers to works."
    script:
        "../scripts/match_works.py"
