"""Printed reference lists, line by line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from retrace.bibliography import pages
from retrace.bibliography.names import may_be_names, parse_names
from retrace.bibliography.printed_lists import markup
from retrace.bibliography.printed_lists.imprint import is_imprint
from retrace.bibliography.printed_lists.parts import Tail, split_tail
from retrace.bibliography.printed_lists.source import fill_source
from retrace.bibliography.printed_lists.styles import STYLES, detect_style
from retrace.bibliography.problem_codes import ProblemCode
from retrace.bibliography.problems import note_problems
from retrace.bibliography.record import Reference, to_frame
from retrace.untrusted.nearest import did_you_mean

if TYPE_CHECKING:
    import pandas as pd


def parse_references(lines: Iterable[str | bytes], style: str = "auto") -> pd.DataFrame:
    """Read a printed reference list.

    Parameters
    ----------
    lines : iterable of str or bytes
        One printed reference each, with whatever markup extraction left.
    style : str
        `auto`, `apa` (the edition is found), or one of `styles.STYLES`: emerald, apa6, apa7,
        springer, elsevier, chicago.

    Returns
    -------
    pandas.DataFrame
        One row a line, in order, with `record.COLUMNS`; `raw` is the line as given. What cannot
        be read is left empty and noted under `problems`.

    Raises
    ------
    ValueError
        If the style is not known. No line raises, whatever it holds.
    """
    return to_frame(read_list(lines, style))


def read_list(lines: Iterable[str | bytes], style: str = "auto") -> list[Reference]:
    """As `parse_references`, as records."""
    if style not in STYLES and style not in ("auto", "apa"):
        known = ["auto", "apa", *STYLES]
        meant = did_you_mean(style, known)
        raise ValueError(f"style {style!r} is not known; allowed are {', '.join(known)}{meant}")
    decoded = [markup.decode(line) for line in lines]
    cleaned = [markup.clean(text) for text, _ in decoded]
    texts = [text for text, _ in cleaned]
    if style == "auto":
        shown = [detect_style(text) for text in texts]
        chosen = list_style(shown)
        # A line of another style in the same list is read in its own.
        styles = [own if _family(own) not in ("", _family(chosen)) else chosen for own in shown]
    else:
        chosen = _apa_edition(map(detect_style, texts)) if style == "apa" else style
        styles = [chosen] * len(texts)
    references = []
    for index, ((raw, problems), (text, emphasised), own) in enumerate(
        zip(decoded, cleaned, styles, strict=True), start=1
    ):
        reference = Reference(index=index, raw=raw, style=own, problems=list(problems))
        if len(raw) > markup.LONGEST_LINE:
            reference.problems.append(ProblemCode.LONG_LINE.of(most=markup.LONGEST_LINE))
        if own != chosen:
            reference.problems.append(ProblemCode.OTHER_STYLE.of(style=own))
        _read(reference, text, emphasised)
        references.append(reference)
    if pages.dashes_were_lost(references):
        pages.restore_dashes(references)
    else:
        pages.note_lost_dashes(references)
    return references


def list_style(shown: Sequence[str]) -> str:
    """The style of a list whose lines show these styles; `apa7` where none shows any."""
    votes = Counter(_family(name) for name in shown if name)
    if not votes:
        return "apa7"
    most = max(sorted(votes), key=votes.__getitem__)
    return _apa_edition(shown) if most == "apa" else most


def _family(style: str) -> str:
    """Both editions of APA are one style, when it comes to telling styles apart."""
    return "apa" if style.startswith("apa") else style


def _apa_edition(shown: Iterable[str]) -> str:
    """Whether a list in APA style follows the 6th or the 7th edition.

    One line in six with a mark of the older one is enough: `doi:`, `Place: Publisher`.
    """
    votes = [name for name in shown if _family(name) == "apa"]
    return "apa6" if votes and votes.count("apa6") * 6 >= len(votes) else "apa7"


def _read(reference: Reference, text: str, emphasised: list[str]) -> None:
    """Fill in a reference from its cleaned line, in the style it is marked with."""
    problems = reference.problems
    if not text:
        problems.append(ProblemCode.EMPTY_LINE.of())
        return
    style = STYLES[reference.style]
    tail = split_tail(text)
    _identifiers(reference, tail)
    body = f" {tail.body} "
    year = style.year.search(body)
    if year is None:
        problems.append(ProblemCode.NAMES_AND_TITLE.of())
        reference.title = tail.body
        note_problems(reference)
        return
    reference.year = year["year"].replace(". ", ".")  # n. d.
    before, rest = body[: year.start() + 1].strip(), body[year.end() :].strip()
    if _is_title(before, rest):
        # Without an author the title stands before the year.
        separator = "" if before[-1:] in '"”' else ". "
        rest, before = f"{before.rstrip('.')}{separator}{rest}".strip(), ""
    reference.authors, editors, truncated = parse_names(before, style.names)
    if truncated:
        problems.append(ProblemCode.AUTHORS_LEFT_OUT.of())
    fill_source(reference, rest, style, emphasised, editors)
    note_problems(reference)


_SOURCE_ALONE = re.compile(r"[^.?!]{3,120}, \d{1,4}(?:\([^()]{1,20}\))?(?:, [^,]{1,20})?\.?$")


def _is_title(before: str, rest: str) -> bool:
    """Whether what stands before the year is the title: quoted, or all but the source."""
    if before[:1] in ('"', "“"):
        return True
    if " " not in before:
        return False
    if not rest or (_SOURCE_ALONE.match(rest) and "," not in before):
        return True
    return is_imprint(rest) and not may_be_names(before)


def _identifiers(reference: Reference, tail: Tail) -> None:
    reference.doi = tail.doi
    reference.url = tail.url
    reference.accessed = tail.accessed
    reference.note = tail.note
