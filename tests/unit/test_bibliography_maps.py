"""Coupling and network."""

from __future__ import annotations

import io
import re
from itertools import combinations
from math import sqrt
from xml.etree import ElementTree

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrace.bibliography.works.coupling import (
    couple,
    couple_papers,
    coupling_table,
    shared_works,
    works_of_papers,
)
from retrace.reporting.labels import paper_label, paper_labels
from retrace.reporting.works_network import (
    MOST_COLUMNS,
    MOST_ROWS,
    NetworkWork,
    draw_shared_works,
    graphml,
    most_shared,
    network_works,
)

WORKS = [
    NetworkWork("ou2014swift", "Ou (2014)", "Swift <guanxi> & trust", "2014", ("a", "b")),
    NetworkWork("yin2009case", "Yin (2009)", "Case studies", "2009", ("a", "b", "c")),
    NetworkWork("doz2011qualitative", "Doz (2011)", "", "2011", ("c",)),
]
PAPERS = {"a": "A et al. (2020)", "b": "B (2021)", "c": "C"}


def test_coupling_of_two_small_sets():
    """By hand: two shared of four and three works, five in all."""
    assert couple("abcd", "cde") == (2, 2 / 5, 2 / sqrt(12))


sets = st.frozensets(st.integers(0, 12), max_size=8)


@given(sets, sets)
def test_coupling_is_symmetric_and_bounded(one, other):
    shared, jaccard, salton = couple(one, other)
    assert (shared, jaccard, salton) == couple(other, one)
    # Jaccard never exceeds Salton's cosine (inequality of the means), nor either of them 1.
    assert 0 <= jaccard <= salton + 1e-15
    assert salton <= 1 + 1e-15
    assert couple(one, one)[1:] == ((1.0, pytest.approx(1.0)) if one else (0.0, 0.0))


def test_every_two_papers_are_coupled_once():
    works = works_of_papers({work.key: work.papers for work in WORKS})
    table = couple_papers(works)
    assert [(c.paper_a, c.paper_b, c.shared) for c in table] == [
        ("a", "b", 2),
        ("a", "c", 1),
        ("b", "c", 1),
    ]


def test_the_graph_reads_back_with_every_paper_work_and_reference():
    graph = nx.read_graphml(io.StringIO(graphml(WORKS, PAPERS)))
    assert graph.number_of_nodes() == 6
    assert graph.number_of_edges() == 6
    assert graph.nodes["work:ou2014swift"] == {
        "label": "Ou (2014)",
        "kind": "work",
        "title": "Swift <guanxi> & trust",
        "year": "2014",
        "papers": 2,
    }
    assert ("paper:c", "work:doz2011qualitative") in graph.edges


def test_every_attribute_of_the_graph_is_declared_with_its_type():
    """As the GraphML primer asks: Gephi and Cytoscape make columns of the declared keys alone."""
    text = graphml(WORKS, PAPERS)
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n')
    root = ElementTree.fromstring(text.encode())
    space = "{http://graphml.graphdrawing.org/xmlns}"
    keys = {key.get("id"): key.get("attr.type") for key in root.iter(f"{space}key")}
    assert keys == {
        "label": "string",
        "kind": "string",
        "title": "string",
        "year": "string",
        "papers": "long",
    }
    nodes = [node.get("id") for node in root.iter(f"{space}node")]
    assert len(nodes) == len(set(nodes)) == 6
    assert {data.get("key") for data in root.iter(f"{space}data")} <= set(keys)
    ends = {edge.get(end) for edge in root.iter(f"{space}edge") for end in ("source", "target")}
    assert ends <= set(nodes)


def test_the_graph_does_not_depend_on_the_order_of_the_works():
    assert graphml(WORKS[::-1], dict(reversed(PAPERS.items()))) == graphml(WORKS, PAPERS)


@given(st.text() | st.sampled_from(["\x00", "\ufffe", "\uffff", "]]>", "\x1b"]))
def test_any_title_makes_a_graph_that_reads_back(title):
    works = [WORKS[0]._replace(title=title.encode("utf-8", "replace").decode())]
    graph = nx.read_graphml(io.StringIO(graphml(works, PAPERS)))
    assert graph.number_of_edges() == 2


def test_the_figure_names_the_shared_works_and_counts_each_papers_works():
    figure = draw_shared_works(WORKS, PAPERS)
    (axes,) = figure.axes
    assert [t.get_text() for t in axes.get_yticklabels()] == [
        "Yin (2009) Case studies",
        "Ou (2014) Swift <guanxi> & trust",
    ]
    assert [t.get_text() for t in axes.get_xticklabels()] == [
        "A et al.\n(2020)\n2 works,\n2 shared",
        "B\n(2021)\n2 works,\n2 shared",
        "C\n2 works,\n1 shared",
    ]


def test_labels_of_the_figure_can_be_read_at_its_own_size():
    """No label is cut off or smaller than 8 points, however long titles are."""
    title = "internationalization " * 20
    long = [w._replace(title=title, label="Osarenkhoe et al. (2020)") for w in WORKS]
    figure = draw_shared_works(long, PAPERS)
    figure.draw_without_rendering()
    (axes,) = figure.axes
    assert all(t.get_fontsize() >= 8 for t in axes.get_yticklabels())
    box = figure.bbox
    for text in [*axes.get_yticklabels(), *axes.get_xticklabels()]:
        extent = text.get_window_extent()
        assert extent.x0 >= box.x0
        assert extent.x1 <= box.x1


def test_a_long_list_of_shared_works_is_cut_and_says_so():
    many = [WORKS[0]._replace(key=f"w{i}", year=str(i)) for i in range(MOST_ROWS + 3)]
    (axes,) = draw_shared_works(many, PAPERS).axes
    assert len(axes.get_yticks()) == MOST_ROWS
    assert re.match("3 more works", axes.get_xlabel())


def test_of_many_papers_those_that_share_most_are_drawn():
    papers = {f"p{i:02}": f"Paper {i} (2001)" for i in range(MOST_COLUMNS + 8)}
    works = [NetworkWork("both", "Yin (2009)", "", "2009", ("p18", "p19"))]
    works += [NetworkWork(f"own{p}", "Ou (2014)", "", "2014", (p,)) for p in papers]
    (axes,) = draw_shared_works(works, papers).axes
    heads = [t.get_text() for t in axes.get_xticklabels()]
    assert len(heads) == MOST_COLUMNS
    assert sum("1 shared" in head for head in heads) == 2
    assert axes.get_xlabel() == "8 more papers share less"


def test_heads_of_many_papers_do_not_overlap():
    papers = {f"p{i:02}": f"Puthusserry-Wiedersheim et al. ({2001 + i})" for i in range(14)}
    works = [
        NetworkWork(f"w{i}", "Yin (2009)", "internationalization " * 20, "2009", tuple(papers))
        for i in range(200)
    ]
    figure = draw_shared_works(works, papers)
    figure.draw_without_rendering()
    (axes,) = figure.axes
    boxes = [t.get_window_extent() for t in axes.get_xticklabels() + axes.get_yticklabels()]
    for one, other in combinations(boxes, 2):
        assert one.x1 <= other.x0 or other.x1 <= one.x0 or one.y1 <= other.y0 or other.y1 <= one.y0
    assert all(figure.bbox.containsx(box.x0) and figure.bbox.containsy(box.y1) for box in boxes)


def test_a_title_with_dollars_and_tex_is_drawn_as_it_is():
    works = [WORKS[0]._replace(title="From $1 to $9: \\frac{a}")]
    figure = draw_shared_works(works, PAPERS)
    figure.draw_without_rendering()
    (label,) = figure.axes[0].get_yticklabels()
    assert label.get_text() == "Ou (2014) From $1 to $9: \\frac{a}"
    assert not label.get_parse_math()


def test_papers_that_share_nothing_are_drawn_and_it_is_said():
    (axes,) = draw_shared_works([WORKS[2]], PAPERS).axes
    assert list(axes.get_yticks()) == []
    assert axes.get_xlabel() == "No work is shared by two papers"
    draw_shared_works([], {})


def test_the_most_shared_works_come_first():
    assert [work.key for work in most_shared(WORKS)] == ["yin2009case", "ou2014swift"]


@pytest.mark.parametrize(
    ("authors", "year", "label"),
    [
        ("Magni, D.; Chierici, R.; Fait, M.", "2022", "Magni et al. (2022)"),
        ("Johanson, J.; Vahlne, J.", "1977", "Johanson and Vahlne (1977)"),
        ("OECD", "", "OECD"),
    ],
)
def test_what_a_paper_is_called(authors, year, label):
    assert paper_label(authors, year) == label


def test_labels_of_papers_stand_in_the_order_of_their_table():
    papers = pd.DataFrame(
        [["b", "Ash, A.; Elm, E.", "2001"], ["a", "Oak, O.", ""], ["c", "Fir, F.", "1999"]],
        columns=["paper", "authors", "year"],
    )
    assert list(paper_labels(papers).items()) == [
        ("b", "Ash and Elm (2001)"),
        ("a", "Oak"),
        ("c", "Fir (1999)"),
    ]


TABLE = pd.DataFrame(
    [
        ["w", "a", "1", "1990", "Ash", "One", "", "Ash (1990)"],
        ["x", "a;b;c", "3", "2001", "Elm", "All", "10.1/x", "Elm (2001)"],
        ["y", "b;c", "2", "2000", "Oak", "Two", "", "Oak (2000)"],
        ["z", "a;b;c", "3", "1999", "Fir", "Old", "", "Fir (1999)"],
    ],
    columns=["work", "papers", "n_papers", "year", "first_author", "title", "doi", "cited_as"],
)


def test_the_table_of_works_gives_the_coupling_of_papers():
    # a has w, x, z; b and c have x, y, z: two of four shared by a and b, all three by b and c.
    assert coupling_table(TABLE).to_numpy().tolist() == [
        ["a", "b", 2, 0.5, 2 / 3],
        ["a", "c", 2, 0.5, 2 / 3],
        ["b", "c", 3, 1.0, 1.0],
    ]


def test_shared_works_are_those_of_several_papers_most_shared_and_oldest_first():
    assert shared_works(TABLE)["work"].tolist() == ["z", "x", "y"]
    assert shared_works(TABLE)["n_papers"].tolist() == [3, 3, 2]


def test_the_table_of_works_gives_the_nodes_of_the_network():
    assert network_works(TABLE)[1] == NetworkWork("x", "Elm (2001)", "All", "2001", ("a", "b", "c"))
