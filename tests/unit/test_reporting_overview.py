"""The report opens on what to look at first, and a paper's text stays text there."""

from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from docutils.core import publish_parts
from jinja2 import Environment

from retrace.findings import COLUMNS
from retrace.reporting.overview import LONGEST, MOST_ROWS, PLACE, overview

PAGE = Path(__file__).parents[2] / "workflow/report/overview.rst"


def found(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Findings of paper, statement and weight."""
    full = [(paper, "numbers", "c", said, weight, "f.csv") for paper, said, weight in rows]
    return pd.DataFrame(full, columns=list(COLUMNS))


class Cells(HTMLParser):
    """The texts of a table's cells, row by row, and where links lead."""

    def __init__(self):
        super().__init__()
        self.rows, self.links, self.open = [], [], False

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self.open = True
        elif tag == "a":
            self.links.append(dict(attrs).get("href"))

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.open = False

    def handle_data(self, data):
        if self.open:
            self.rows[-1][-1] += data.strip("\n")


def shown(findings: pd.DataFrame, text: str = PLACE, files=("findings.csv",)) -> Cells:
    """The page as Snakemake makes it: through Jinja, with a target for each file, and docutils."""

    class Snakemake:
        config = {"papers": ["here"], "seed": 1, "alpha": 0.05}

    page = overview(text, findings)
    page += "".join(f"\n\n.. _{name}: javascript:app.show('{name}')\n" for name in files)
    files = [{"target": name} for name in files]
    rendered = Environment().from_string(page).render(snakemake=Snakemake, files=files)
    # A mark that is read wrongly stops here; it would stand in the page otherwise.
    settings = {"halt_level": 2, "report_level": 5}
    html = publish_parts(rendered, writer="html", settings_overrides=settings)["html_body"]
    cells = Cells()
    cells.feed(html)
    return cells


def test_the_heaviest_come_first_and_else_the_order_stays():
    rows = [
        *(("a", "a1", "open"), ("a", "a2", "tally"), ("b", "b1", "doubt"), ("b", "b2", "grave")),
        *(("c", "c1", "unread"), ("c", "c2", "grave")),
    ]
    table = shown(found(*rows))
    assert table.rows == [
        ["Weight", "Paper", "Finding"],
        ["unread", "c", "c1"],
        ["grave", "b", "b2"],
        ["grave", "c", "c2"],
        ["doubt", "b", "b1"],
        ["open", "a", "a1"],
    ]
    assert table.links == ["javascript:app.show('findings.csv')"]


def test_ten_are_shown_and_all_are_counted():
    findings = found(*[("a", f"finding {k}", "doubt") for k in range(13)], ("a", "x", "grave"))
    assert len(shown(findings).rows) == 1 + MOST_ROWS == 11
    assert "All 14 findings (1 grave, 13 doubt)" in overview(PLACE, findings)


def test_without_anything_to_act_on_that_is_said():
    assert "Nothing was found" in overview(PLACE, found(("a", "3 claims", "tally")))
    assert "Nothing was found" in overview(PLACE, found())


def test_a_report_without_the_findings_has_no_link_to_them():
    assert shown(found(("a", "x", "grave")), files=()).links == []


@pytest.mark.parametrize(
    "text",
    [
        "{{ 6 * 7 }} {% for x in y %} {# a #} {%",
        "*a* **b** `c`_ ``d`` |e| f_ g__ [h]_ _`i` :j:`k` \\l",
        "- a",
        "* - a",
        "1. a",
        ".. raw:: html <b>",
        "<script>alert(1)</script> & &amp;",
        "a\u2028.. raw:: html",
        "a\n\n   * - b",
        "=== ---",
        "R² = .5; ‘q’ “q” 數",
    ],
)
def test_a_papers_text_stays_text(text):
    table = shown(found((text, text, "grave")))
    assert table.rows[1] == ["grave", *[" ".join(text.split())] * 2]
    assert table.links == ["javascript:app.show('findings.csv')"]


def test_long_texts_are_cut_between_words_where_there_are_any():
    for text in ("word " * LONGEST, "x" * 2 * LONGEST):
        (_, (*_, cut)) = shown(found(("a", text, "grave"))).rows
        assert cut.endswith(" …")
        assert text.startswith(cut.removesuffix(" …"))
        assert LONGEST - 5 <= len(cut) <= LONGEST + 2


def test_the_page_of_the_report_has_one_place_for_findings():
    page = PAGE.read_text(encoding="utf-8")
    assert len(shown(found(("a", "x", "grave")), page).rows) == 2
    for wrong in ("", PLACE * 2):
        with pytest.raises(ValueError, match=r"one line '\.\. findings'"):
            overview(wrong, found())
