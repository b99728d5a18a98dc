"""Bibliographies by the ending of their file: printed lists, BibTeX, RIS and CSL-JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from retrace.bibliography.printed_lists.references import read_list
from retrace.bibliography.readers.bibtex import read_bibtex
from retrace.bibliography.readers.csl_json import read_csl_json
from retrace.bibliography.readers.fields import LINE_END, FormatError
from retrace.bibliography.readers.ris import read_ris
from retrace.bibliography.record import Reference
from retrace.bibliography.texts import without_halves
from retrace.untrusted.reference_counts import too_many


def read_file(text: str, name: str, style: str = "auto") -> list[Reference]:
    """Read a bibliography, by the ending of its file's name.

    Parameters
    ----------
    text : str
        The content.
    name : str
        The file's name: `.bib`, `.ris` and `.json` are formats of their own, anything else is
        one printed reference a line; blank lines are none.
    style : str
        The printed style, as `references.read_list` takes it.

    Returns
    -------
    list of Reference

    Raises
    ------
    FormatError
        If a `.json` file is no list of CSL items, or a file has more references than are read.
    ValueError
        If the style is not known.
    """
    readers: dict[str, Callable[[str], list[Reference]]] = {
        "bib": read_bibtex,
        "ris": read_ris,
        "json": read_csl_json,
    }
    reader = readers.get(name.rpartition(".")[2].lower())
    if problem := too_many(text, name):
        raise FormatError(problem)
    text = without_halves(text)
    if reader is None:
        lines = LINE_END.split(text)
        return read_list([line for line in lines if line.strip()], style)
    return reader(text)


def read_lists(lists: Mapping[str, tuple[str, str]], style: str = "auto") -> list[Reference]:
    """Read the lists of a paper, one after the other.

    Parameters
    ----------
    lists : mapping
        Content and name of each file, as `read_file` takes them; `references` comes first, and
        `further_reading` may follow.
    style : str
        Of both.

    Returns
    -------
    list of Reference
        Counted through; each has the `list` that it is of.
    """
    text, name = lists["references"]
    references = read_file(text, name, style)
    if "further_reading" in lists:
        text, name = lists["further_reading"]
        references += [
            replace(r, index=len(references) + r.index, list="further reading")
            for r in read_file(text, name, style)
        ]
    return references
