"""Draw the graph of the rules that make the results."""

from adapter import ask_snakemake, logged, read_text, write_text
from retrace.reporting.drawing import svg_from_dot
from retrace.reporting.rule_graph import describe_rule_graph, read_rule_graph, rules_of, title_of

with logged(snakemake):
    graph = read_rule_graph(ask_snakemake(snakemake, "--quiet", "all", "--rulegraph", "dot"))
    stages = {title_of(text): rules_of(text) for text in map(read_text, snakemake.input.rules)}
    write_text(snakemake.output.svg, svg_from_dot(describe_rule_graph(graph, stages)))
