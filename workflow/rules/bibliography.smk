"""Bibliography: references and citations of all papers, as works that can be checked."""


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
        mem_mb=per_attempt(500),
        runtime=per_attempt(5),
    params:
        style=lambda wildcards: paper_of(wildcards).facts.bibliography.style,
        paper="{paper}",
        content=lambda wildcards: file_digest(*reference_files(wildcards).values()),
        code=digest("parse_references.py"),
    message:
        "Read the references of {wildcards.paper}."
    script:
        "../scripts/parse_references.py"


rule resolve_citations:
    input:
        references=expand(rules.parse_references.output.csv, paper=LISTING),
        citations=citation_files(),
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
        mem_mb=per_attempt(500),
        runtime=per_attempt(5),
    params:
        listing=LISTING,
        citing=CITING,
        content=lambda wildcards: file_digest(*citation_files()),
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
        links=report(
            "results/bibliography/links.csv",
            caption="../report/links.rst",
            category="Bibliography",
            labels={"table": "Which work each reference and citation means"},
        ),
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
        mem_mb=per_attempt(1000),
        runtime=per_attempt(10),
    params:
        listing=LISTING,
        code=digest("match_works.py"),
    message:
        "Match the references and citations of all papers to works."
    script:
        "../scripts/match_works.py"


rule find_conflicts:
    input:
        references=expand(rules.parse_references.output.csv, paper=LISTING),
        links=rules.match_works.output.links,
    output:
        conflicts=report(
            "results/bibliography/conflicts.csv",
            caption="../report/conflicts.rst",
            category="Bibliography",
            labels={"table": "Where papers disagree about a work"},
        ),
    log:
        "results/logs/find_conflicts.log",
    cache: CACHE
    conda:
        "../../envs/bibliography.yaml"
    threads: 1
    resources:
        mem_mb=per_attempt(500),
        runtime=per_attempt(5),
    params:
        listing=LISTING,
        code=digest("find_conflicts.py"),
    message:
        "Find where papers disagree about a work."
    script:
        "../scripts/find_conflicts.py"


rule compute_coupling:
    input:
        works=rules.match_works.output.works,
    output:
        coupling=report(
            "results/bibliography/coupling.csv",
            caption="../report/coupling.rst",
            category="Bibliography",
            labels={"table": "Bibliographic coupling"},
        ),
        shared=report(
            "results/bibliography/shared_works.csv",
            caption="../report/shared_works.rst",
            category="Bibliography",
            labels={"table": "Works that papers share"},
        ),
    log:
        "results/logs/compute_coupling.log",
    cache: CACHE
    conda:
        "../../envs/bibliography.yaml"
    threads: 1
    resources:
        mem_mb=per_attempt(500),
        runtime=per_attempt(5),
    params:
        code=digest("compute_coupling.py"),
    message:
        "Measure how much of their literature the papers share."
    script:
        "../scripts/compute_coupling.py"


rule draw_network:
    input:
        works=rules.match_works.output.works,
        papers=rules.list_papers.output.papers,
    output:
        figure=report(
            "results/bibliography/network.svg",
            caption="../report/network.rst",
            category="Bibliography",
            labels={"figure": "Papers and the works they share"},
        ),
        graphml="results/bibliography/network.graphml",
    log:
        "results/logs/draw_network.log",
    cache: CACHE
    conda:
        "../../envs/bibliography.yaml"
    threads: 1
    resources:
        mem_mb=per_attempt(500),
        runtime=per_attempt(5),
    params:
        code=digest("draw_network.py"),
    message:
        "Draw the papers and the works they share."
    script:
        "../scripts/draw_network.py"


# Every result, the secondary ones too: one that is deleted, or that a program installed later
# would make, is made before the report looks for it.
rule bibliography:
    input:
        REFUSALS,
        expand(rules.parse_references.output, paper=LISTING),
        rules.resolve_citations.output,
        rules.match_works.output,
        rules.find_conflicts.output,
        rules.compute_coupling.output,
        rules.draw_network.output,
