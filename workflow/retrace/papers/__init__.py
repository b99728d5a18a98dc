"""Papers: folders of facts, read as untrusted data and checked before anything is computed.

>>> from retrace.papers import read_papers
>>> papers = read_papers(["resources/papers"])  # doctest: +SKIP
>>> papers["magni2022"].study.n  # doctest: +SKIP
300
"""

from retrace.papers.paper import Paper, Papers, Refused, read_folders, read_paper, read_papers
from retrace.papers.reading import PaperError, Problem

__all__ = [
    "Paper",
    "PaperError",
    "Papers",
    "Problem",
    "Refused",
    "read_folders",
    "read_paper",
    "read_papers",
]
