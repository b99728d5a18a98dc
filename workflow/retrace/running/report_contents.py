"""What the report of a run shows: a table with the caption and the place of each result."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from typing import Any

# What stands beside a result in the report's lists: one of the last two says what it is.
LABELS = ("paper", "table", "figure")
COLUMNS = ("file", "caption", "category", "subcategory", *LABELS)


class ContentsError(ValueError):
    """A table of contents that cannot be used; the message has every problem with its line."""


def read_contents(text: str, captions: Collection[str]) -> dict[str, dict[str, Any]]:
    """Read the table of what the report shows.

    Parameters
    ----------
    text : str
        CSV with `COLUMNS`; the last four may be empty. Wildcards stand in braces.
    captions : collection of str
        The captions that there are, by the names of their files without the ending.

    Returns
    -------
    dict
        By file: `caption`, `category`, `subcategory` (None where it is empty) and `labels`, those
        of `LABELS` that are not empty.

    Raises
    ------
    ContentsError
        If the columns are others, a file has two lines, a line has no caption that there is, no
        category, or not either of table and figure.
    """
    rows = csv.DictReader(io.StringIO(text))
    if tuple(rows.fieldnames or ()) != COLUMNS:
        found = ",".join(rows.fieldnames or ())
        raise ContentsError(f"line 1: found columns {found}; allowed is {','.join(COLUMNS)}")
    contents: dict[str, dict[str, Any]] = {}
    problems = []
    for row in rows:
        problems += [
            f"line {rows.line_num}: {problem}" for problem in _problems(row, captions, contents)
        ]
        contents[row["file"]] = {
            "caption": row["caption"],
            "category": row["category"],
            "subcategory": row["subcategory"] or None,
            "labels": {name: row[name] for name in LABELS if row[name]},
        }
    if problems:
        raise ContentsError("\n".join(problems))
    return contents


def _problems(
    row: Mapping[Any, Any], captions: Collection[str], contents: Collection[str]
) -> Iterator[str]:
    if None in row or None in row.values():
        yield f"{row['file']}: it has not {len(COLUMNS)} cells"
        return
    if row["file"] in contents:
        yield f"{row['file']} has a line already"
    if row["caption"] not in captions:
        yield f"{row['file']}: there is no caption {row['caption']}.rst"
    if not row["category"]:
        yield f"{row['file']}: it has no category"
    if bool(row["table"]) == bool(row["figure"]):
        yield f"{row['file']}: it is named as a table or as a figure, as one of them"
