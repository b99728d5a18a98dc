"""The drawing of the rule graph."""

import pytest

from retrace.reporting.drawing import svg_from_dot
from retrace.reporting.rule_graph import describe_rule_graph, read_rule_graph, rules_of, title_of

# As `snakemake --rulegraph dot` prints it.
DOT = """digraph snakemake_dag {
    graph[bgcolor=white, margin=0];
    0[label = "all", color = "0.00 0.6 0.85", style="rounded"];
    1[label = "render", color = "0.33 0.6 0.85", style="rounded"];
    2[label = "parse", color = "0.67 0.6 0.85", style="rounded"];
    3[label = "match", color = "0.50 0.6 0.85", style="rounded"];
    1 -> 0
    2 -> 1
    3 -> 1
    2 -> 3
}
"""


def test_the_graph_has_the_rules_and_their_order():
    graph = read_rule_graph(DOT)
    assert sorted(graph) == ["all", "match", "parse", "render"]
    assert ("parse", "match") in graph.edges


def test_edges_that_follow_from_others_are_left_out():
    text = describe_rule_graph(read_rule_graph(DOT), {"Stage": ["parse", "match", "render"]})
    assert '"parse" -> "match"' in text
    assert '"match" -> "render"' in text
    assert '"parse" -> "render"' not in text
    assert "all" not in text


def test_a_text_without_rules_is_refused():
    with pytest.raises(ValueError, match="no rule graph"):
        read_rule_graph("digraph {}")


def test_rules_are_read_from_a_snakefile():
    assert rules_of("rule a:\n    input: 1\n\ncheckpoint b:\n# rule c:\n") == ["a", "b"]


def test_a_stage_is_called_what_its_file_says_first():
    assert title_of('"""Structural equation models: the fit."""\n') == "Structural equation models"


def test_a_rule_file_that_does_not_say_its_stage_is_refused():
    with pytest.raises(ValueError, match="opens with"):
        title_of("rule a:\n")


def test_the_drawing_is_the_same_every_time():
    text = describe_rule_graph(read_rule_graph(DOT), {"Stage": ["parse", "match", "render"]})
    svg = svg_from_dot(text)
    assert svg == svg_from_dot(text)
    assert svg.count('class="node"') == 3


def test_a_broken_graph_is_refused_with_graphvizs_words():
    with pytest.raises(ValueError, match="Graphviz"):
        svg_from_dot("digraph {")
