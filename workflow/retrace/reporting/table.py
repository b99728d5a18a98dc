"""A table of texts, and its rendering from a template."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
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

    def __post_init__(self):
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


_ESCAPES = {"tex": escape_latex, "html": escape_html, "md": escape_markdown}


@cache
def _environment(kind: str) -> jinja2.Environment:
    # Braces and percent signs are LaTeX's own; its templates use other marks.
    latex_marks: dict[str, Any] = {
        "block_start_string": "<%",
        "block_end_string": "%>",
        "variable_start_string": "<<",
        "variable_end_string": ">>",
        "comment_start_string": "<#",
        "comment_end_string": "#>",
    }
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # HTML: what is not marked as safe is escaped, also where a template forgets to.
        autoescape=kind == "html",
        **(latex_marks if kind == "tex" else {}),
    )
    environment.filters["text"] = _ESCAPES[kind]
    return environment


def render(table: Table, template: str, kind: Literal["tex", "html", "md"]) -> str:
    """Set a table.

    Parameters
    ----------
    table : Table
    template : str
        Text of a Jinja2 template that shows `table`; its filter `text` escapes for `kind`.
        Templates for LaTeX write `<< >>` for values and `<% %>` for statements.
    kind : {"tex", "html", "md"}

    Raises
    ------
    jinja2.TemplateError
        If the template is not one, or uses what a table does not have.
    """
    return _environment(kind).from_string(template).render(table=table)


def render_all(table: Table, templates: Mapping[str, str]) -> dict[str, str]:
    """Set a table in every kind there is a template of, and as CSV.

    Parameters
    ----------
    table : Table
    templates : mapping
        Texts of templates by file name, as `table.html.j2`: the part before `.j2` is the kind.

    Returns
    -------
    dict
        Texts by kind: csv, and tex, html and md where a template is given.
    """
    texts = {"csv": to_csv(table)}
    for name, template in templates.items():
        kind: Any = name.removesuffix(".j2").rpartition(".")[2]
        texts[kind] = render(table, template, kind)
    return texts


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
