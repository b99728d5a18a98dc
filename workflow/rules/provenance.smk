"""Provenance: how every result came about."""


rule draw_rule_graph:
    input:
        snakefile=BASE / "Snakefile",
        # The report reads everything; its arrows would hide the others.
        rules=[
            file
            for file in sorted((WORKFLOW / "rules").glob("*.smk"))
            if file.stem not in ("common", "report")
        ],
        common=WORKFLOW / "rules" / "common.smk",
    output:
        svg=shown("results/provenance/rulegraph.svg"),
    log:
        "results/logs/draw_rule_graph.log",
    cache: CACHE
    localrule: True
    conda:
        "../../envs/rendering.yaml"
    threads: 1
    resources:
        **limits(mb=500, minutes=5),
    params:
        # What decides which rules there is work for.
        selections=[
            list(PAPERS),
            list(STUDIES),
            TESTING,
            LISTING,
            CITING,
            CLAIMANTS,
            CROSSED,
        ],
        code=digest("draw_rule_graph.py"),
    message:
        "Draw the graph of the rules."
    script:
        "../scripts/draw_rule_graph.py"


rule provenance:
    input:
        REFUSALS,
        rules.draw_rule_graph.output,
