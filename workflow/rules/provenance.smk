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
        svg=report(
            "results/provenance/rulegraph.svg",
            caption="../report/rulegraph.rst",
            category="Provenance",
            labels={"figure": "Rule graph"},
        ),
    log:
        "results/logs/draw_rule_graph.log",
    cache: CACHE
    localrule: True
    conda:
        "../../envs/rendering.yaml"
    threads: 1
    resources:
        mem_mb=per_attempt(500),
        runtime=per_attempt(5),
    params:
        # What decides which rules there is work for.
        selections=[list(PAPERS), STUDIES, TESTING, LISTING, CITING, CLAIMANTS, CROSSED],
        code=digest("draw_rule_graph.py"),
    message:
        "Draw the graph of the rules."
    script:
        "../scripts/draw_rule_graph.py"


# Every result, the secondary ones too: one that is deleted, or that a program installed later
# would make, is made before the report looks for it.
rule provenance:
    input:
        REFUSALS,
        rules.draw_rule_graph.output,
