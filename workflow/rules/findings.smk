"""Findings: what a reader should act on, of every stage, in one table."""


rule gather_findings:
    input:
        papers=rules.list_papers.output.papers,
        refused=rules.list_papers.output.refused,
        checks=expand(rules.compare_printed.output.checks, study=STUDIES),
        unmet=expand(rules.synthesise_likert.output.unmet, study=STUDIES),
        verdicts=expand(rules.decide_hypotheses.output.verdicts, study=TESTING),
        overturning=expand(rules.run_specifications.output.overturning, study=TESTING),
        suppression=expand(rules.run_specifications.output.suppression, study=TESTING),
        confounding=expand(rules.run_specifications.output.confounding, study=TESTING),
        reliability=expand(rules.test_reliability.output.summary, study=TESTING),
        replication=expand(rules.summarise_power.output.replication, study=TESTING),
        exaggeration=expand(rules.summarise_power.output.exaggeration, study=TESTING),
        sem_fit=expand(rules.fit_sem.output.fit, study=STUDIES),
        sem_latent_fit=expand(rules.fit_latent_models.output.fit, study=STUDIES),
        mediation=expand(rules.test_mediation.output.mediation, study=STUDIES),
        opinions=expand(rules.compare_opinions.output.opinions, study=STUDIES),
        assumptions=expand(rules.compare_assumptions.output.verdicts, study=STUDIES),
        references=expand(rules.parse_references.output.csv, paper=LISTING),
        citations=rules.match_works.output.citations,
        uncited=rules.resolve_citations.output.uncited,
        conflicts=rules.find_conflicts.output.conflicts,
        claims=expand(rules.check_claims.output.claims, paper=CLAIMANTS),
        crosswalk=rules.compare_statements.output.statements if CROSSED else [],
    output:
        findings=shown("results/findings.csv"),
    log:
        "results/logs/gather_findings.log",
    cache: CACHE
    conda:
        "../../envs/rendering.yaml"
    threads: 1
    resources:
        **limits(mb=1000, minutes=5),
    params:
        studies=list(STUDIES),
        testing=TESTING,
        listing=LISTING,
        claimants=CLAIMANTS,
        code=digest("gather_findings.py"),
    message:
        "Gather what every stage found, of all papers."
    script:
        "../scripts/gather_findings.py"


rule findings:
    input:
        REFUSALS,
        rules.gather_findings.output,
