"""What is said of refused papers: every problem, whose it is, and what is left of them."""

import pytest

from retrace.papers import Problem
from retrace.papers.paper import Refused
from retrace.preflight.refusals import describe_refusals

REFUSED = [
    Refused("b", "papers/b", [Problem("papers/b/paper.yaml", "line 7, keyword", "unknown key")]),
    Refused("c", "papers/c", [Problem("papers/c/paper.yaml", "", f"fault {k}") for k in (1, 2)]),
]


def test_without_a_refused_paper_nothing_is_said(tmp_path):
    assert describe_refusals([], tmp_path) == ""


def test_every_problem_and_every_paper_is_named(tmp_path):
    said = describe_refusals(REFUSED, tmp_path).splitlines()
    assert said == [
        "3 problems in the paper folders:",
        "  papers/b/paper.yaml, line 7, keyword: unknown key",
        "  papers/c/paper.yaml: fault 1",
        "  papers/c/paper.yaml: fault 2",
        "Refused: b, c. The other papers run.",
    ]


@pytest.mark.parametrize("part", ["studies/c/checks.csv", "bibliography/c/x.csv", "claims/c.csv"])
def test_what_an_earlier_run_left_is_named(tmp_path, part):
    (tmp_path / part).parent.mkdir(parents=True)
    (tmp_path / part).touch()
    said = describe_refusals(REFUSED, tmp_path).splitlines()
    assert said[-1].startswith(f"What {tmp_path}/ has of c is of an earlier run: it is left alone")
