"""What there may be to look at in a reference: each kind of problem with its code and sentence."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class ProblemCode(Enum):
    """A kind of problem; its value is the sentence, with names for what differs in each case.

    Result files call it by its name in small letters: `no_author`.
    """

    # Of any reference.
    NO_AUTHOR = "no author"
    NO_YEAR = "no year"
    NO_TITLE = "no title"
    NO_SOURCE = "no source: neither container, publisher, URL nor DOI"
    MALFORMED_DOI = "malformed DOI: {doi}"
    PAGES_RUN_BACKWARDS = "pages run backwards: {first}-{last}"
    # Of a printed one.
    NOT_UTF8 = "not valid UTF-8: characters replaced"
    NOT_UNICODE = "not valid Unicode: characters replaced"
    EMPTY_LINE = "empty line"
    LONG_LINE = "longer than {most} characters: only those were read"
    OTHER_STYLE = "printed in another style than the list: {style}"
    NAMES_AND_TITLE = "names and title were not told apart"
    AUTHORS_LEFT_OUT = "not every author is printed"
    AHEAD_OF_PRINT = "ahead of print: no volume and issue yet"
    DASH_MAY_BE_LOST = "pages {digits}: {first}-{last} without its dash?"
    RANGE_OR_ARTICLE_NUMBER = (
        "pages {digits}: an article number, or {first}-{last} without its dash"
    )
    SEVERAL_RANGES = "pages {digits}: a lost dash, {ranges}"
    NO_RANGE = "pages {digits}: a lost dash, but no range makes sense"
    # Of an entry of a file.
    NOT_BIBTEX = "not valid BibTeX: {reason}"
    UNDEFINED_MACRO = "{field} uses the macro {macro}, which no @string defines"
    LONG_FIELD = "{field} {why}, so it is left out"
    ADDS_TOO_MUCH = (
        "{what} would bring what macros and cross-references add to the file above {most:,} "
        "characters, which are allowed; it is left out"
    )
    NO_OTHER_ENTRY = "{key}: crossref to {named}, which is no other entry"
    LONG_CROSSREF = (
        "{key}: crossref leads over more than {most} entries, which are allowed; {named} and what "
        "it refers to are left out"
    )
    LONG_TEX = "{field}: {length:,} characters of TeX; {most:,} are allowed: {text}"
    UNREAD_TEX = "{field}: TeX that cannot be read, or nested deeper than {deepest}: {text}"
    NOT_RIS = "not valid RIS: no TY line"
    NO_OBJECT = "item {index} is no object but {kind}"
    NO_TEXT = "{field} is no text but {kind}"
    NO_NAME = "{field} {number} has no name in the form of CSL"
    NO_DATE = "{field} is no date in the form of CSL"

    def of(self, **values: object) -> Problem:
        """The problem of this kind with the values that its sentence asks for.

        Raises
        ------
        KeyError
            If one of them is missing.
        """
        return Problem(self, self.value.format(**values))


class Problem(NamedTuple):
    """What a reader should look at in one reference: the kind, and the sentence about it."""

    code: ProblemCode
    text: str


def join_problems(problems: list[Problem]) -> tuple[str, str]:
    """Sentences, and codes, as two cells of a table; each joined with `; `."""
    texts = "; ".join(problem.text for problem in problems)
    return texts, "; ".join(problem.code.name.lower() for problem in problems)


def split_problems(texts: str, codes: str) -> list[Problem]:
    """Problems from the two cells that `join_problems` writes.

    Every code comes back; where a value in a sentence has a `; ` of its own, what follows that
    stands with the next code.

    Raises
    ------
    KeyError
        If there is no such code.
    ValueError
        If there are sentences without codes, or fewer sentences than codes.
    """
    kinds = [ProblemCode[name.upper()] for name in codes.split("; ")] if codes else []
    pieces = texts.split("; ") if texts else []
    sentences = []
    for kind in kinds[:-1]:
        own = 1 + kind.value.count("; ")
        sentences.append("; ".join(pieces[:own]))
        pieces = pieces[own:]
    if pieces:
        sentences.append("; ".join(pieces))
    return [Problem(*each) for each in zip(kinds, sentences, strict=True)]
