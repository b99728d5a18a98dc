"""The network of papers and works: as GraphML, and the works that papers share as a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

from retrace.reporting.palette import BLUE, INK, PALE

# More rows and columns than these cannot be read on one page.
MOST_ROWS = 60
MOST_COLUMNS = 12
LABEL_WIDTH = 88
# Up to so many columns their heads have room side by side; more stand upright.
COLUMNS_ABREAST = 4
HEAD_WIDTH = 36
XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


class NetworkWork(NamedTuple):
    """A work as a node: its key, what to call it, and the papers that refer to or cite it."""

    key: str
    label: str
    title: str
    year: str
    papers: tuple[str, ...]


def network_works(works: pd.DataFrame) -> list[NetworkWork]:
    """The works of the network, from the columns of `works.csv`, all as text."""
    return [
        NetworkWork(
            row["work"], row["cited_as"], row["title"], row["year"], tuple(row["papers"].split(";"))
        )
        for row in works.to_dict("records")
    ]


def graphml(works: Sequence[NetworkWork], papers: Mapping[str, str]) -> str:
    """The whole network as GraphML, as Gephi and Cytoscape open it.

    Parameters
    ----------
    works : sequence of NetworkWork
    papers : mapping
        Label of each paper by its key.

    Returns
    -------
    str
        A directed graph; nodes have `label`, `kind` (paper or work), `title`, `year` and
        `papers` (how many refer to the work), edges lead from a paper to its works.
    """
    import networkx as nx

    graph = nx.DiGraph()
    for key in sorted(papers):
        graph.add_node(
            f"paper:{key}", label=_xml_text(papers[key]), kind="paper", title="", year="", papers=0
        )
    for work in sorted(works):
        graph.add_node(
            f"work:{work.key}",
            label=_xml_text(work.label),
            kind="work",
            title=_xml_text(work.title),
            year=work.year,
            papers=len(work.papers),
        )
        for paper in work.papers:
            graph.add_edge(f"paper:{paper}", f"work:{work.key}")
    return "\n".join([XML_DECLARATION, *nx.generate_graphml(graph, named_key_ids=True)]) + "\n"


def _xml_text(text: str) -> str:
    """A text without the characters that XML 1.0 has no place for (section 2.2)."""
    return "".join(c if c >= " " and c not in "\ufffe\uffff" else " " for c in text)


def most_shared(works: Sequence[NetworkWork]) -> list[NetworkWork]:
    """Works of two papers or more: those of most papers first, then by year and label."""
    shared = [work for work in works if len(work.papers) > 1]
    return sorted(shared, key=lambda work: (-len(work.papers), work.year, work.label, work.key))


def draw_shared_works(works: Sequence[NetworkWork], papers: Mapping[str, str]) -> Figure:
    """Draw which papers share which works: a row a work, a column a paper.

    Parameters
    ----------
    works : sequence of NetworkWork
        All works; those of one paper only count in the head of its column.
    papers : mapping
        Label of each paper by its key.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from matplotlib.figure import Figure

    shared = most_shared(works)
    counts = {key: [0, 0] for key in papers}
    for work in works:
        for paper in work.papers:
            if paper in counts:
                counts[paper][0] += 1
                counts[paper][1] += len(work.papers) > 1
    # The papers that share most, should there be more than fit.
    keys = sorted(sorted(papers, key=lambda key: (-counts[key][1], key))[:MOST_COLUMNS])
    column = {key: position for position, key in enumerate(keys)}
    shared = [work for work in shared if sum(paper in column for paper in work.papers) > 1]
    notes = []
    if len(shared) > MOST_ROWS:
        notes.append(f"{len(shared) - MOST_ROWS} more works are shared by fewer papers")
        shared = shared[:MOST_ROWS]
    if len(papers) > len(keys):
        notes.append(f"{len(papers) - len(keys)} more papers share less")
    if not shared:
        notes.append("No work is shared by two papers")
    rows = max(len(shared), 1)
    figure = Figure(figsize=(11, 1.5 + 0.27 * rows), layout="constrained")
    axes = figure.add_subplot()
    for row, work in enumerate(shared):
        at = sorted(column[paper] for paper in work.papers if paper in column)
        axes.plot([at[0], at[-1]], [row, row], color=BLUE, linewidth=1.6, zorder=1)
        # On top of the line: a paper that it passes by does not share the work.
        axes.scatter(range(len(keys)), [row] * len(keys), s=26, color=PALE, zorder=2)
        axes.scatter(at, [row] * len(at), s=52, color=BLUE, zorder=3)
    labels = [shorten(f"{w.label} {w.title}", LABEL_WIDTH, placeholder=" …") for w in shared]
    # A dollar in a title is money, not mathematics.
    plain: dict[str, Any] = {"fontsize": 8.5, "color": INK, "parse_math": False}
    axes.set_yticks(range(len(shared)), labels, **plain)
    upright = len(keys) > COLUMNS_ABREAST
    heads = [_head(papers[key], counts[key][0], counts[key][1], upright) for key in keys]
    axes.set_xticks(range(len(keys)), heads, rotation=90 if upright else 0, **plain)
    axes.xaxis.tick_top()
    axes.set_xlim(-0.5, max(len(keys), 1) - 0.5)
    axes.set_ylim(rows - 0.4, -0.6)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    if notes:
        axes.set_xlabel("; ".join(notes), fontsize=8.5, color=INK)
    return figure


def _head(label: str, count: int, shared: int, upright: bool) -> str:
    """What stands above a paper's column."""
    label = shorten(label, HEAD_WIDTH, placeholder=" …")
    if upright:
        return f"{label}\n{count} works, {shared} shared"
    return f"{label.replace(' (', chr(10) + '(')}\n{count} works,\n{shared} shared"
