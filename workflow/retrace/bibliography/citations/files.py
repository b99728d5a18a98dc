"""The citations of a paper, from the file that has them: its text, or a table of them."""

from __future__ import annotations

import io
from collections.abc import Iterable

from retrace.bibliography.citations.citation import Citation
from retrace.bibliography.citations.mentions import find_citations
from retrace.bibliography.record import Reference


def read_citations(text: str, name: str, references: Iterable[Reference]) -> list[Citation]:
    """Read a table of citations, or find those of a full text.

    Parameters
    ----------
    text : str
        The content.
    name : str
        The file's name: `.csv` is a table with columns citation, year and mentions.
    references : iterable of Reference
        The paper's own list, whose names tell citations from other capitalised words.
    """
    if not name.endswith(".csv"):
        return find_citations(text, [each.family for r in references for each in r.authors])
    import pandas as pd

    table = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    return [Citation(r.citation, r.year, int(r.mentions)) for r in table.itertuples()]
