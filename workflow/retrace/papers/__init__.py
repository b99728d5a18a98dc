"""Papers: folders of facts, read as untrusted data and checked before anything is computed.

>>> from retrace.papers import read_papers
>>> papers = read_papers(["resources/papers"])  # doctest: +SKIP
>>> papers["magni2022"].study.n  # doctest: +SKIP
300
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from retrace.papers.paper import (
        Paper,
        PaperParts,
        Papers,
        Refused,
        read_folders,
        read_paper,
        read_papers,
    )
    from retrace.papers.reading import PaperError, Problem

__all__ = [
    "Paper",
    "PaperError",
    "PaperParts",
    "Papers",
    "Problem",
    "Refused",
    "read_folders",
    "read_paper",
    "read_papers",
]


def __getattr__(name: str) -> Any:
    """Names of this room are loaded as they are used: most jobs need a study, not a folder."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "reading" if name in ("PaperError", "Problem") else "paper"
    return getattr(import_module(f"{__name__}.{home}"), name)
