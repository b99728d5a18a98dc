"""How many references a file asks to be read, before anything reads it."""

from __future__ import annotations

import re
from itertools import islice

# Of a file; the longest printed lists have some thousands.
MOST_REFERENCES = 50_000
# Lists, objects and what stands in them: forty for each of so many references.
MOST_VALUES = 2_000_000
_STARTS = {
    "bib": re.compile(r"@\s*+\w*+\s*+[{(]"),
    "ris": re.compile(r"(?:^|[\r\n])\ufeff*(?:TY|ER)\s{0,2}-"),
    # Anything else has one on each line that is not blank.
    "": re.compile(r"\S[^\r\n]*"),
}
_VALUES = re.compile(r'"(?:[^"\\]|\\.)*+"?|([\[{,])', re.DOTALL)


def too_many(text: str, name: str) -> str:
    """What is wrong with the number of references in a file, by its ending; empty if nothing is.

    Beginnings are counted: there may be fewer references, and never more.
    """
    ending = name.rpartition(".")[2].lower()
    if ending == "json":
        values = (match for match in _VALUES.finditer(text) if match[1])
        if next(islice(values, MOST_VALUES, None), None):
            return f"more than {MOST_VALUES:,} values, which are allowed"
        return ""
    starts = _STARTS.get(ending, _STARTS[""]).finditer(text)
    if next(islice(starts, MOST_REFERENCES, None), None):
        return f"more than {MOST_REFERENCES:,} references, which are allowed"
    return ""
