"""Pages have one look, whose files come with the package and can be replaced by a caller's own."""

import re
from pathlib import Path

import jinja2
import pytest

from retrace.reporting import Column, Table, render, render_all
from retrace.reporting.table import package_templates

FOLDER = Path(__file__).parents[2] / "workflow/retrace/reporting/templates"
TABLE = Table("Means", [Column("Construct", width=0.5), Column("M", "right")], [["Trust", "4.2"]])


def test_templates_are_the_files_of_the_package():
    assert set(package_templates()) == {path.name for path in FOLDER.iterdir()}
    assert package_templates()["style.css"] == (FOLDER / "style.css").read_text(encoding="utf-8")


def test_every_kind_with_a_template_is_made_and_csv():
    made = render_all(TABLE)
    assert sorted(made) == ["csv", "html", "md", "tex"]
    assert made == render_all(TABLE, {f"any/where/{k}": v for k, v in package_templates().items()})


def test_a_page_holds_the_one_style_and_needs_no_other_file():
    page = render(TABLE, "html")
    style = re.search(r"<style>\n(.*?)</style>", page, re.DOTALL)[1]
    assert style.strip() == package_templates()["style.css"].strip()
    assert not re.search(r"(?:src|href)=|url\(|@import", page)
    assert page.startswith("<!DOCTYPE html>")
    assert page.endswith("</html>\n")


def test_a_template_brings_no_style_of_its_own():
    """What each page said for itself would be said differently on the next."""
    for name, text in package_templates().items():
        if name.endswith(".html.j2") and name != "page.html.j2":
            assert '{% extends "page.html.j2" %}' in text, name
            assert "<style" not in text, name


def test_the_style_leaves_alone_what_is_no_page_of_ours():
    """Snakemake's report is given it too: letters and colours hold everywhere, and nothing else.

    But for its own first page, by names that our pages do not have.
    """
    style = re.sub(r"/\*.*?\*/", "", package_templates()["style.css"], flags=re.DOTALL)
    assert style.isascii()
    inner = re.sub(r"@media print \{(.*)\}", r"\1", style, flags=re.DOTALL)
    selectors = [
        part.strip() for block in re.findall(r"([^{}]+)\{", inner) for part in block.split(",")
    ]
    first_page = {".prose.max-w-lg", ".overflow-auto.items-center"}
    others = {each for each in selectors if not each.startswith(".page")}
    assert others == {":root", "body", *first_page}


def test_templates_of_a_callers_own_are_used_alone():
    own = {"table.md.j2": "{% include 'head.j2' %}{{ table.rows|length }}", "head.j2": "rows: "}
    assert render(TABLE, "md", own) == "rows: 1"
    assert sorted(render_all(TABLE, own)) == ["csv", "md"]
    with pytest.raises(jinja2.TemplateNotFound, match=r"table\.html\.j2"):
        render(TABLE, "html", own)


def test_the_schema_of_settings_cannot_be_changed_by_its_reader():
    from retrace.running.settings import settings_schema

    with pytest.raises(TypeError):
        settings_schema()["properties"] = {}
