"""Tables: what is in them comes out of LaTeX, HTML and Markdown as it went in."""

import csv
import io
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pypandoc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrace.papers import read_paper
from retrace.reporting import Column, Table, render, to_csv
from retrace.reporting.study_tables import comparison_table, correlation_table, fixed
from retrace.reporting.table import escape_markdown
from retrace.reporting.works_tables import shared_works_table

ROOT = Path(__file__).parents[2]


class Cells(HTMLParser):
    """The texts of a table's cells, row by row."""

    def __init__(self):
        super().__init__()
        self.rows, self.open = [], False

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self.open = True

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.open = False

    def handle_data(self, data):
        if self.open:
            self.rows[-1][-1] += data


NOTHING_MISSING = pd.DataFrame(columns=["model", "term", "statistic", "printed", "missing"])


def cells(html: str) -> list[list[str]]:
    parser = Cells()
    parser.feed(html)
    return [[" ".join(cell.split()) for cell in row] for row in parser.rows]


def through_pandoc(table: Table, kind: str) -> list[list[str]]:
    """Outside truth: pandoc reads what the template wrote."""
    text = render(table, kind)
    if kind == "html":
        return cells(text)
    source = {"tex": "latex", "md": "gfm"}[kind]
    return cells(pypandoc.convert_text(text, "html", format=source, extra_args=["--wrap=none"]))


AWKWARD = Table(
    title="R&D, 50 % of #1_{x}",
    columns=[Column("A & B"), Column("p", "right")],
    rows=[
        ["R&D <b>“x”</b> | y_1 * z", "−0.076**"],
        [r"a\b ~ ^ $5 {c}", "0.05*"],
        ["[link](x)", ""],
    ],
    notes=["10 % of <n>."],
)


@pytest.mark.parametrize("kind", ["tex", "html", "md"])
def test_awkward_characters_come_out_as_they_went_in(kind):
    found = through_pandoc(AWKWARD, kind)
    expected = [[column.heading for column in AWKWARD.columns], *AWKWARD.rows]
    if kind == "tex":  # LaTeX's minus is a mathematical sign, which pandoc shows as such
        found = [[cell.replace("\\(", "").replace("\\)", "") for cell in row] for row in found]
    assert found == expected


@pytest.mark.parametrize("kind", ["tex", "html", "md"])
@pytest.mark.parametrize("text", ["{{ 6 * 7 }}", "{% set x = 42 %}", "<< 6 * 7 >>", "<% do 42 %>"])
def test_a_template_in_a_papers_text_stays_text(kind, text):
    """In Jinja2's own marks and in those of the templates for LaTeX."""
    table = Table(text, [Column(text)], [[text]], notes=[text])
    assert through_pandoc(table, kind) == [[text], [text]]


@pytest.mark.parametrize("kind", ["tex", "html", "md"])
@pytest.mark.parametrize(
    "text",
    ["$x$ and $y$", "a~b~ ~~c~~", "&lt;b&gt; &#60;", "H_1^2^", "{.class}", r"\alpha", "#1 % @a"],
)
def test_marks_of_other_languages_stay_text(kind, text):
    """As labels have them: TeX's mathematics, Markdown's deletions, HTML's entities."""
    found = through_pandoc(Table(text, [Column("c")], [[text]]), kind)
    assert found[1:] == [[text]]


@pytest.mark.parametrize("note", ["# a", "- a", "+ a", "1. a", "2) a", "---", "#"])
def test_a_note_is_a_paragraph_whatever_it_begins_with(note):
    text = render(Table("t", [Column("c")], [["x"]], notes=[note]), "md")
    shown = pypandoc.convert_text(text, "html", format="gfm", extra_args=["--wrap=none"])
    assert shown.rstrip().endswith(f"<p>{note}</p>")


def test_numbers_keep_their_looks_in_markdown():
    cells = ["-.08", "0.98", "200+", "R&D", "1.5"]
    assert [escape_markdown(cell) for cell in cells] == cells


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=12))
def test_any_text_survives_html(text):
    table = Table("t", [Column("c")], [[text]])
    assert cells(render(table, "html")) == [["c"], [" ".join(text.split())]]


def test_csv_has_the_headings_and_cells():
    rows = list(csv.reader(io.StringIO(to_csv(AWKWARD))))
    assert rows == [["A & B", "p"], *AWKWARD.rows]


def test_a_ragged_table_is_refused():
    with pytest.raises(ValueError, match="row 2 has 1 cells, the table has 2 columns"):
        Table("t", [Column("a"), Column("b")], [["1", "2"], ["1"]])


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.12345, 3, "0.123"),
        (-0.5, 1, "−0.5"),
        (-0.0004, 3, "0.000"),
        (float("nan"), 3, ""),
        (2, 2, "2.00"),
        (float("inf"), 3, "∞"),
        (float("-inf"), 3, "−∞"),
        # Ties, of numbers that are binary fractions and of some that are not: to the even digit.
        (0.125, 2, "0.12"),
        (0.375, 2, "0.38"),
        (-0.125, 2, "−0.12"),
        (2.5, 0, "2"),
        (3.5, 0, "4"),
        (2.675, 2, "2.68"),
        (1.005, 2, "1.00"),
        (0.0005, 3, "0.000"),
        (-0.0005, 3, "0.000"),
        (0.0015, 3, "0.002"),
        (1e22, 1, "10000000000000000000000.0"),
    ],
)
def test_numbers_are_set_with_their_decimals(value, decimals, text):
    assert fixed(value, decimals) == text


def test_tables_say_that_they_were_printed_with_decimal_commas():
    study = read_paper(ROOT / "resources/papers/magni2022").study
    study = study.model_copy(update={"decimal_commas": ["tables/table4.csv"]})
    nothing = pd.DataFrame(columns=["model", "term", "statistic", "printed", "verdict"])
    note = "Printed with decimal commas, read and shown with points: tables/table4.csv."
    assert note in correlation_table(study).notes
    assert note in comparison_table(study, nothing, NOTHING_MISSING).notes


def test_the_correlation_table_prints_what_table_4_prints():
    """Table 4 of magni2022."""
    study = read_paper(ROOT / "resources/papers/magni2022").study
    table = correlation_table(study)
    assert table.rows[3][1:] == ["0.433**", "0.031", "0.139*", "1", ""]
    assert table.rows[4][4] == "−0.076"
    assert "** significant at 5 %" in table.notes[0]


def test_the_comparison_table_shows_one_decimal_more_than_printed():
    study = read_paper(ROOT / "resources/papers/magni2022").study
    frame = pd.DataFrame(
        [
            ["full", "customer", "t", "2.451", 2.46037, 2.4401, 2.4799, "within rounding"],
            ["full", "", "durbin_watson", "1.951", None, None, None, "not checkable"],
        ],
        columns=["model", "term", "statistic", "printed", "recomputed", "low", "high", "verdict"],
    )
    missing = pd.DataFrame(
        [["full", "(model)", "durbin_watson", "1.951", "residuals in order"]],
        columns=["model", "term", "statistic", "printed", "missing"],
    )
    table = comparison_table(study, frame, missing)
    assert table.notes[-1] == "Not printed, for Durbin–Watson: residuals in order."
    assert table.rows[0][2:] == ["2.451", "2.4604", "2.4401 to 2.4799", "within rounding"]
    assert table.rows[1] == ["Whole model", "Durbin–Watson", "1.951", "", "", "not checkable"]


def test_the_comparison_table_names_the_model_where_there_are_several():
    study = read_paper(ROOT / "resources/papers/magni2022").study
    rows = [
        [model, "customer", "t", "2.451", 2.46, 2.44, 2.48, "within rounding"]
        for model in ("full", "customer_alone")
    ]
    columns = ["model", "term", "statistic", "printed", "recomputed", "low", "high", "verdict"]
    table = comparison_table(study, pd.DataFrame(rows, columns=columns), NOTHING_MISSING)
    assert [row[0] for row in table.rows] == ["full", "customer_alone"]


def test_the_comparison_table_tells_the_constant_from_the_whole_model():
    study = read_paper(ROOT / "resources/papers/magni2022").study
    rows = [
        ["full", "(Constant)", "b", "3.120", 3.1, 3.0, 3.2, "within rounding"],
        ["full", "(model)", "r2", "0.053", 0.0528, 0.05, 0.06, "reproduced"],
    ]
    columns = ["model", "term", "statistic", "printed", "recomputed", "low", "high", "verdict"]
    table = comparison_table(study, pd.DataFrame(rows, columns=columns), NOTHING_MISSING)
    assert [row[0] for row in table.rows] == ["Constant", "Whole model"]


def test_the_table_of_shared_works_names_papers_and_counts_all_works():
    shared = pd.DataFrame(
        [["c1", "3", "p1;p2;p3", "2003", "Zander", "Three", "10.1/c"]],
        columns=["work", "n_papers", "papers", "year", "first_author", "title", "doi"],
    )
    table = shared_works_table(shared, 451)
    assert table.rows == [["Zander", "2003", "Three", "p1, p2, p3", "10.1/c"]]
    assert "1 of 451" in table.title
