"""The picture of a path diagram, from its description in Graphviz's language."""

from __future__ import annotations

from xml.etree import ElementTree

from retrace.reporting.drawing import svg_from_dot

SVG = "http://www.w3.org/2000/svg"


def lay_out(graph: str) -> str:
    """Lay out what `retrace.reporting.path_diagram` describes, as SVG.

    Raises
    ------
    FileNotFoundError, ValueError
        As `retrace.reporting.drawing.svg_from_dot` does.
    """
    return _numbers_on_top(svg_from_dot(graph))


def _numbers_on_top(svg: str) -> str:
    """Move the numbers of arrows over everything else, with a white rim that parts them from it."""
    ElementTree.register_namespace("", SVG)
    root = ElementTree.fromstring(svg)
    graph = root.find(f"{{{SVG}}}g")
    assert graph is not None, "Graphviz draws a graph as one group"
    edges = graph.findall(f"{{{SVG}}}g[@class='edge']")
    if not edges:
        return svg
    for edge in edges:
        for text in edge.findall(f"{{{SVG}}}text"):
            edge.remove(text)
            text.attrib |= {"paint-order": "stroke", "stroke": "white", "stroke-width": "4"}
            text.attrib |= {"stroke-linejoin": "round"}
            graph.append(text)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=False) + "\n"
