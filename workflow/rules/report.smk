"""Report: every result with its caption, on one page that needs no network."""

# Every stage is a target rule of its own, and all of them go into the report. Each asks for every
# result of its rules, the secondary ones too: one that is deleted, or that a program installed later
# would make, is made before the report looks for it.
STAGES = [
    "papers",
    "bibliography",
    "synthesis",
    "estimation",
    "sem",
    "claims",
    "findings",
    "tables",
    "provenance",
]


rule write_report:
    input:
        # The report has all results there are: papers that are refused have none.
        [
            file
            for stage in STAGES
            for file in getattr(rules, stage).input
            if Path(file).parent.name != "refused"
        ],
        snakefile=BASE / "Snakefile",
        captions=sorted((WORKFLOW / "report").glob("*.*")),
        style=WORKFLOW / "retrace/reporting/templates/style.css",
    output:
        report="results/report.html",
    log:
        "results/logs/write_report.log",
    localrule: True
    conda:
        "../../envs/rendering.yaml"
    threads: 1
    resources:
        **limits(mb=1000, minutes=10),
    params:
        targets=STAGES,
        code=digest("write_report.py"),
    message:
        "Write the report of all results."
    script:
        "../scripts/write_report.py"
