"""Draw the graph of the rules that make the results."""

from pathlib import Path

from adapter import ask_snakemake, logged, read_text, write_text
from retrace.drawing import svg_from_dot
from retrace.rulegraph import describe_rule_graph, read_rule_graph, rules_of

with logged(snakemake):
    graph = read_rule_graph(ask_snakemake(snakemake, "--quiet", "all", "--rulegraph", "dot"))
    stages = {
        Path(file).stem.capitalize(): rules_of(read_text(file)) for file in snakemake.input.rules
    }
    write_text(snakemake.output.svg, svg_from_dot(describe_rule_graph(graph, stages)))
