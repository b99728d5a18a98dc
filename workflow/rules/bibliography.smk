"""Bibliography: references and citations of all papers, as works that can be checked."""


rule parse_references:
    input:
        unpack(reference_files),
    output:
        csv=shown("results/bibliography/{paper}/references.csv"),
        bib="results/bibliography/{paper}/references.bib",
        json="results/bibliography/{paper}/references.json",
    log:
        "results/logs/{paper}/parse_references.log",
    cache: CACHE
    conda:
        "../../envs/bibliography.yaml"
    threads: 1
    resources:
        **limits(mb=500, minutes=5),
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
        uncited=shown("results/bibliography/uncited.csv"),
    log:
        "results/logs/resolve_citations.log",
    cache: CACHE
    conda:
        "../../envs/bibliography.yaml"
    threads: 1
    resources:
        **limits(mb=500, minutes=5),
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
        works=shown("results/bibliography/works.csv"),
        bib="results/bibliography/works.bib",
        links=shown("results/bibliography/links.csv"),
        citations=shown("results/bibliography/citations.csv"),
    log:
        "results/logs/match_works.log",
    cache: CACHE
    conda:
        "../../envs/bibliography.yaml"
    threads: 1
    resources:
        **limits(mb=1000, minutes=10),
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
        conflicts=shown("results/bibliography/conflicts.csv"),
    log:
        "results/logs/find_conflicts.log",
    cache: CACHE
    conda:
        "../../envs/bibliography.yaml"
    threads: 1
    resources:
        **limits(mb=500, minutes=5),
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
        coupling=shown("results/bibliography/coupling.csv"),
        shared=shown("results/bibliography/shared_works.csv"),
    log:
        "results/logs/compute_coupling.log",
    cache: CACHE
    conda:
        "../../envs/bibliography.yaml"
    threads: 1
    resources:
        **limits(mb=500, minutes=5),
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
        figure=shown("results/bibliography/network.svg"),
        graphml="results/bibliography/network.graphml",
    log:
        "results/logs/draw_network.log",
    cache: CACHE
    conda:
        "../../envs/bibliography.yaml"
    threads: 1
    resources:
        **limits(mb=500, minutes=5),
    params:
        code=digest("draw_network.py"),
    message:
        "Draw the papers and the works they share."
    script:
        "../scripts/draw_network.py"


rule bibliography:
    input:
        REFUSALS,
        expand(rules.parse_references.output, paper=LISTING),
        rules.resolve_citations.output,
        rules.match_works.output,
        rules.find_conflicts.output,
        rules.compute_coupling.output,
        rules.draw_network.output,
