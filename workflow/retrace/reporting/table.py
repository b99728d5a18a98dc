"""A table of texts, and its rendering from the templates in `templates/`."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import PurePath
from types import MappingProxyType
from typing import Any, Literal

import jinja2
from markupsafe import Markup


@dataclass(frozen=True)
class Column:
    """A column's heading and alignment; numbers go to the right.

    A column of long texts has a width, as a share of the line, in which they are broken.
    """

    heading: str
    align: Literal["left", "right", "center"] = "left"
    width: float = 0.0


@dataclass(frozen=True)
class Table:
    """A table whose cells are texts, ready to be set.

    Attributes
    ----------
    title : str
        What the table shows.
    columns : list of Column
    rows : list of list of str
        One text a column.
    notes : list of str
        What a reader must know: sources, legend, what is assumed.
    label : str
        Key of the table for references within a LaTeX document.

    Raises
    ------
    ValueError
        If a row has another number of cells than there are columns.
    """

    title: str
    columns: list[Column]
    rows: list[list[str]]
    notes: list[str] = field(default_factory=list)
    label: str = ""

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise ValueError(
                    f"row {number} has {len(row)} cells, the table has {len(self.columns)} columns"
                )


_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "−": r"$-$",
    "≤": r"$\leq$",
    "≥": r"$\geq$",
    "×": r"$\times$",
    "→": r"$\rightarrow$",
    "²": r"\textsuperscript{2}",
}
_LATEX_SPECIAL = re.compile("|".join(map(re.escape, _LATEX)))
# A minus sign before a number, so that LaTeX does not set it as a hyphen.
_LATEX_MINUS = re.compile(r"^-(?=[\d.])")
# With `$` and `~`, which GitHub takes for mathematics and deletions, and what begins an entity.
_MARKDOWN_SPECIAL = re.compile(r"([\\`*_\[\]<>|$~]|&(?=#?\w+;))")
# What makes a heading, list or line of a paragraph.
_MARKDOWN_START = re.compile(r"^(?:(\d+)(?=[.)](?: |$))|(?=[#+-]+(?: |$)))")


def escape_latex(text: object) -> str:
    """A text as LaTeX sets it, for the engines that read UTF-8."""
    escaped = _LATEX_SPECIAL.sub(lambda match: _LATEX[match[0]], str(text))
    escaped = " ".join(_LATEX_MINUS.sub("$-$", escaped).split())
    # After the end of a row, LaTeX would read these as an option of the line break.
    return f"{{{escaped[0]}}}{escaped[1:]}" if escaped[:1] in ("[", "*") else escaped


def escape_markdown(text: object) -> str:
    """A text that Markdown shows as it is, on one line of a pipe table."""
    escaped = " ".join(_MARKDOWN_SPECIAL.sub(r"\\\1", str(text)).split())
    return _MARKDOWN_START.sub(r"\1\\", escaped)


def escape_html(text: object) -> Markup:
    """A text that HTML shows as it is."""
    return Markup.escape(text)


Kind = Literal["tex", "html", "md"]
_KINDS: tuple[Kind, ...] = ("tex", "html", "md")
_ESCAPES = {"tex": escape_latex, "html": escape_html, "md": escape_markdown}


# Braces and percent signs are LaTeX's own; its templates use other marks.
_LATEX_MARKS: dict[str, Any] = {
    "block_start_string": "<%",
    "block_end_string": "%>",
    "variable_start_string": "<<",
    "variable_end_string": ">>",
    "comment_start_string": "<#",
    "comment_end_string": "#>",
}


@cache
def package_templates() -> Mapping[str, str]:
    """The texts of the templates that come with Retrace, by file name, styles among them."""
    folder = files("retrace.reporting") / "templates"
    found = sorted(folder.iterdir(), key=lambda file: file.name)
    return MappingProxyType({file.name: file.read_text(encoding="utf-8") for file in found})


@cache
def _environment(kind: str, templates: tuple[tuple[str, str], ...]) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.DictLoader(dict(templates)),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # HTML: what is not marked as safe is escaped, also where a template forgets to.
        autoescape=kind == "html",
        **(_LATEX_MARKS if kind == "tex" else {}),
    )
    environment.filters["text"] = _ESCAPES[kind]
    return environment


def render(table: Table, kind: Kind, templates: Mapping[str, str] | None = None) -> str:
    """Set a table.

    Parameters
    ----------
    table : Table
    kind : {"tex", "html", "md"}
    templates : mapping, optional
        Texts of Jinja2 templates by file name, those that come with Retrace where none is given.
        `table.<kind>.j2` shows `table`, and may extend or include others; its filter `text`
        escapes for `kind`. Templates for LaTeX write `<< >>` for values and `<% %>` for
        statements.

    Raises
    ------
    jinja2.TemplateError
        If a template is not there, is not one, or uses what a table does not have.
    """
    given = package_templates() if templates is None else _by_file_name(templates)
    environment = _environment(kind, tuple(sorted(given.items())))
    return environment.get_template(f"table.{kind}.j2").render(table=table)


def render_all(table: Table, templates: Mapping[str, str] | None = None) -> dict[str, str]:
    """Set a table in every kind there is a template of, and as CSV.

    Parameters
    ----------
    table : Table
    templates : mapping, optional
        Texts of templates by file name or path, as `table.html.j2`: what stands between `table.`
        and `.j2` is the kind; others are what these extend or include. Those that come with
        Retrace where none is given.

    Returns
    -------
    dict
        Texts by kind: csv, and tex, html and md where a template is given.
    """
    given = package_templates() if templates is None else _by_file_name(templates)
    kinds = [kind for kind in _KINDS if f"table.{kind}.j2" in given]
    return {"csv": to_csv(table)} | {kind: render(table, kind, given) for kind in kinds}


def _by_file_name(templates: Mapping[str, str]) -> dict[str, str]:
    return {PurePath(name).name: text for name, text in templates.items()}


def decimal_comma_notes(tables: Sequence[str]) -> list[str]:
    """What a reader must know of tables that are printed with decimal commas, if there are any."""
    if not tables:
        return []
    return [f"Printed with decimal commas, read and shown with points: {', '.join(tables)}."]


def to_csv(table: Table) -> str:
    """The table's headings and cells as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.heading for column in table.columns])
    writer.writerows(table.rows)
    return text.getvalue()
