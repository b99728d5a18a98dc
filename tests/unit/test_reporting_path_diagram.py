"""Path diagrams: what is on them, and that it can be read."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from sem_reference import MAGNI, MAGNI_NAMES, published_cases

from retrace.papers import read_paper
from retrace.reporting.diagram_layout import lay_out
from retrace.reporting.path_diagram import draw_path_diagram, path_diagram
from retrace.reporting.study_diagrams import describe_diagrams
from retrace.robustness.structural_models import study_models
from retrace.robustness.structural_tables import fit_study
from retrace.sem import Fit, fit

ROOT = Path(__file__).parents[2]
# Helvetica's digits are 0.556 of its size wide, and its numbers 0.72 high.
DIGIT, HEIGHT, SIZE = 0.556, 0.72, 11.0


@pytest.fixture(scope="module")
def study():
    return read_paper(ROOT / "resources" / "papers" / "magni2022").study


@pytest.fixture(scope="module")
def fits(study):
    return fit_study(study, study_models(study, (0.1,)))


def fifteen_factors(*, second_order: bool) -> Fit:
    """Fifteen factors with 43 items: two factors above ten of them, or all covarying."""
    sizes = [3] * 13 + [2] * 2
    items = {f"f{k}": [f"x{k}_{i}" for i in range(size)] for k, size in enumerate(sizes)}
    lines = [f"{factor} =~ " + " + ".join(own) for factor, own in items.items()]
    if second_order:
        lines.append("g =~ " + " + ".join(f"f{k}" for k in range(5)))
        lines.append("h =~ " + " + ".join(f"f{k}" for k in range(5, 10)))
        lines += ["f13 ~ g + h + f10 + f11", "f14 ~ f13 + f12"]
    names = [name for own in items.values() for name in own]
    loadings = np.array([[0.8 * (n in own) for own in items.values()] for n in names])
    sigma = loadings @ (0.3 + 0.7 * np.eye(15)) @ loadings.T + 0.36 * np.eye(43)
    return fit("\n".join(lines), sigma, 340, names)


def svg_elements(svg: str, kind: str) -> list[ElementTree.Element]:
    return [node for node in ElementTree.fromstring(svg).iter() if node.tag.endswith("}" + kind)]


def svg_texts(solution: Fit, *arguments, **options) -> list[str]:
    return [
        t.text or ""
        for t in svg_elements(draw_path_diagram(solution, *arguments, **options), "text")
    ]


def number_boxes(svg: str) -> list[tuple[float, float, float, float]]:
    """Where the numbers of arrows stand: left, bottom, right, top."""
    boxes = []
    for text in svg_elements(svg, "text"):
        if text.get("paint-order"):
            x, y = float(text.get("x")), float(text.get("y"))
            half = DIGIT * SIZE * len(text.text) / 2
            boxes.append((x - half, y - HEIGHT * SIZE, x + half, y))
    return boxes


def node_boxes(svg: str) -> list[tuple[float, float, float, float]]:
    boxes = []
    for group in svg_elements(svg, "g"):
        if group.get("class") != "node":
            continue
        shape = group[1]
        if shape.tag.endswith("ellipse"):
            cx, cy, rx, ry = (float(shape.get(key)) for key in ("cx", "cy", "rx", "ry"))
            # The box inside the ellipse: a number may stand in the corners that it leaves.
            boxes.append((cx - 0.7 * rx, cy - 0.7 * ry, cx + 0.7 * rx, cy + 0.7 * ry))
        else:
            points = [tuple(map(float, point.split(","))) for point in shape.get("points").split()]
            x, y = zip(*points, strict=True)
            boxes.append((min(x), min(y), max(x), max(y)))
    return boxes


def apart(a, b) -> bool:
    return a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def assert_readable(solution: Fit) -> None:
    svg = draw_path_diagram(solution)
    numbers, nodes = number_boxes(svg), node_boxes(svg)
    assert len(numbers) == svg.count('class="edge"') > 0
    assert all(apart(a, b) for a, b in combinations(numbers, 2))
    assert all(apart(number, node) for number in numbers for node in nodes)
    assert all(apart(a, b) for a, b in combinations(nodes, 2))
    # Numbers come last, over every line, and a white rim parts them from it.
    root = ElementTree.fromstring(svg)
    graph = next(node for node in root if node.tag.endswith("}g"))
    last = list(graph)[-len(numbers) :]
    assert {(text.get("stroke"), text.get("paint-order")) for text in last} == {("white", "stroke")}


@pytest.mark.parametrize("name", list(published_cases()))
def test_no_number_stands_on_another_or_on_a_variable(name):
    case = published_cases()[name]
    assert_readable(
        fit(case.model, case.matrix, case.n, case.names, std_lv=case.std_lv, rescale=case.rescale)
    )


def test_every_diagram_of_the_paper_is_readable(fits):
    for solution in fits.values():
        assert_readable(solution)


@pytest.mark.parametrize("second_order", [True, False])
def test_fifteen_factors_with_43_items_are_readable(second_order):
    solution = fifteen_factors(second_order=second_order)
    assert_readable(solution)
    texts = svg_texts(solution)
    # Their covariances are a table: one number a pair of exogenous factors.
    exogenous = 5 if second_order else 15
    assert "Covariances, standardised" in texts
    factors = [t for t in texts if re.fullmatch(r"\d+\s+[fgh]\d*", t)]
    assert len(factors) == exogenous
    arrows = sum(e.op in ("=~", "~") for e in solution.estimates)
    numbers = [t for t in texts if re.fullmatch(r"\u2212?\d+\.\d{3}", t)]
    assert len(numbers) == arrows + exogenous * (exogenous - 1) // 2


def test_up_to_three_covariances_are_arcs():
    model = "risk ~ customer + market + economic"
    few = fit(model, MAGNI, 300, MAGNI_NAMES)
    many = fit(model + " + readiness", MAGNI, 300, MAGNI_NAMES)
    assert path_diagram(few).count("dir=both") == 3
    assert "Covariances" not in path_diagram(few)
    assert path_diagram(many).count("dir=both") == 0
    assert "Covariances" in path_diagram(many)


def test_a_path_diagram_shows_every_standardised_effect_and_the_fit(fits, study):
    labels = {name: c.label for name, c in study.constructs.items()}
    solution = fits["full_mediation"]
    texts = " ".join(svg_texts(solution, labels, title="Full mediation"))
    for e in solution.estimates:
        if e.op == "~":
            assert f"{e.std:.3f}".replace("-", "−") in texts
    assert "Full mediation" in texts
    assert f"({solution.measures.df} df)" in texts
    assert "Market-specific" in texts
    assert f"R² = {solution.r_squared['risk']:.3f}" in texts


def test_factors_are_ellipses_and_scores_are_boxes():
    case = published_cases()["second_order"]
    solution = fit(case.model, case.matrix, case.n, case.names, rescale=False)
    graph = path_diagram(solution)
    shapes = dict(re.findall(r'^ +"(\w+)" \[shape=(\w+)', graph, re.MULTILINE))
    assert {name for name, shape in shapes.items() if shape == "ellipse"} == {
        *("visual", "textual", "speed", "g"),
    }
    assert shapes["x1"] == "box"


def test_an_improper_solution_says_so_in_its_diagram():
    r = np.array([[1, 0.9, 0.9], [0.9, 1, 0.65], [0.9, 0.65, 1]])
    solution = fit("f =~ a + b + c", r, 200, list("abc"), std_lv=True)
    assert "Improper: negative variance: a~~a" in " ".join(svg_texts(solution))


def test_names_and_labels_cannot_break_a_diagram():
    r = np.array([[1, 0.5], [0.5, 1]])
    solution = fit("b ~ a", r, 50, ["a", "b"])
    texts = svg_texts(solution, {"a": 'quo"te\\n <b>&', "b": "]; x -> y"})
    assert any('quo"te' in text for text in texts)
    assert any("]; x -> y" in text for text in texts)


def test_entities_in_labels_are_shown_as_they_are_written():
    r = np.array([[1, 0.5], [0.5, 1]])
    solution = fit("b ~ a", r, 50, ["a", "b"])
    texts = svg_texts(solution, {"a": "R&amp;D &#945;", "b": r"x &lt; $y$ \G"}, title="A &alpha;")
    assert {"R&amp;D &#945;", r"x &lt; $y$ \G", "A &alpha;"} <= set(texts)


def test_every_model_of_a_study_is_described_or_says_why_there_is_none(fits, study):
    described = describe_diagrams(study, fits, {"bare": "none prints alike"}, 0.05)
    assert list(described) == [*fits, "bare"]
    labels = {key: construct.label for key, construct in study.constructs.items()}
    drawn = draw_path_diagram(fits["full"], labels, title="full", level=0.05)
    assert lay_out(described["full"]) == drawn
    missing = svg_elements(lay_out(described["bare"]), "text")
    assert [text.text for text in missing] == ["bare", "Not fitted: none prints alike"]
