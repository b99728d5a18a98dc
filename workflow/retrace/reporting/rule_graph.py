"""The graph of a workflow's rules, drawn by stage."""

from __future__ import annotations

import re
from collections.abc import Mapping

import networkx as nx

from retrace.reporting.palette import FIELDS, GREY, PALE, QUIET, WHITE

_NODE = re.compile(r'^\s*(\d+)\s*\[.*?label\s*=\s*"([^"]*)"')
_EDGE = re.compile(r"^\s*(\d+)\s*->\s*(\d+)\s*;?\s*$")
_RULE = re.compile(r"^(?:rule|checkpoint)\s+(\w+)\s*:", re.MULTILINE)

_TITLE = re.compile(r'"""([^:"\n]+):')


def read_rule_graph(dot: str) -> nx.DiGraph:
    """The graph that `snakemake --rulegraph dot` prints, with rule names as nodes.

    Raises
    ------
    ValueError
        If there is no rule in the text.
    """
    names: dict[str, str] = {}
    edges: list[tuple[str, str]] = []
    for line in dot.splitlines():
        if node := _NODE.match(line):
            names[node[1]] = node[2].split("\\n")[0]
        elif edge := _EDGE.match(line):
            edges.append((edge[1], edge[2]))
    if not names:
        raise ValueError("no rule graph in the output of snakemake --rulegraph dot")
    graph = nx.DiGraph()
    graph.add_nodes_from(sorted(names.values()))
    graph.add_edges_from(sorted((names[a], names[b]) for a, b in edges))
    return graph


def rules_of(snakefile: str) -> list[str]:
    """The rules that the text of a Snakefile defines, in its order."""
    return _RULE.findall(snakefile)


def title_of(snakefile: str) -> str:
    """The stage that a rule file is about: what its docstring says before the colon.

    Raises
    ------
    ValueError
        If the file does not open with such a docstring.
    """
    match = _TITLE.match(snakefile)
    if match is None:
        raise ValueError('a rule file opens with """<Stage>: what it is about."""')
    return match[1]


def describe_rule_graph(graph: nx.DiGraph, stages: Mapping[str, list[str]]) -> str:
    """The graph in Graphviz's language: stages as boxes, and only edges that say something new.

    Parameters
    ----------
    graph : networkx.DiGraph
        Rules; an edge runs from the rule that makes a file to the one that reads it.
    stages : mapping
        Rules of each stage. Rules of no stage, such as the default target, are left out.

    Returns
    -------
    str
        Edges that follow from a longer way through the graph are left out (its transitive
        reduction), so that the picture shows the order of work and not every file.
    """
    drawn = {rule for rules in stages.values() for rule in rules} & set(graph)
    reduced = nx.transitive_reduction(graph.subgraph(drawn))
    lines = [
        "digraph rules {",
        '  graph [rankdir=TB, fontname="Helvetica", nodesep=0.18, ranksep=0.38,'
        f' bgcolor="{WHITE}"];',
        '  node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=11,'
        f' color="{QUIET}", height=0.32, margin="0.10,0.04"];',
        f'  edge [color="{GREY}", arrowsize=0.6];',
    ]
    for number, (stage, rules) in enumerate(stages.items()):
        members = [rule for rule in rules if rule in drawn]
        if not members:
            continue
        colour = FIELDS[number % len(FIELDS)]
        lines += [
            f"  subgraph cluster_{number} {{",
            f'    label="{stage}"; labeljust=l; fontsize=12; color="{PALE}"; style=rounded;',
            *(
                f'    "{rule}" [label="{rule.replace("_", " ")}", fillcolor="{colour}"];'
                for rule in members
            ),
            "  }",
        ]
    lines += [f'  "{a}" -> "{b}";' for a, b in sorted(reduced.edges)]
    return "\n".join([*lines, "}", ""])
