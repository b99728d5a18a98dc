"""Tokens of the model syntax, each with the line and column it starts at."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


class ModelSyntaxError(ValueError):
    """A model that cannot be read; names line and column, both counted from 1."""

    def __init__(self, message: str, line: int, column: int):
        super().__init__(f"line {line}, column {column}: {message}")
        self.message, self.line, self.column = message, line, column


@dataclass(frozen=True)
class Token:
    """One token: `kind` is name, number, string, operator, newline or end."""

    kind: str
    text: str
    line: int
    column: int

    def error(self, message: str) -> ModelSyntaxError:
        """A syntax error at this token."""
        return ModelSyntaxError(message, self.line, self.column)

    @property
    def number(self) -> float:
        """The value of a number; an error where it is too large to be one."""
        value = float(self.text)
        if not math.isfinite(value):
            raise self.error(f"`{self.text}` is too large")
        return value

    @property
    def shown(self) -> str:
        """How error messages refer to the token."""
        return {"newline": "the end of the line", "end": "the end of the model"}.get(
            self.kind, f"`{shortened(self.text)}`"
        )


# As much of a token as a message shows.
LONGEST_SHOWN = 60


def shortened(text: str) -> str:
    """A token's text, cut where no message needs all of it."""
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


NAME = r"[^\W\d_][\w.]*|\.[^\W\d_][\w.]*"
# Longer operators first. Operators that are recognised only to be refused by name are here too.
_TOKEN = re.compile(
    rf"""(?P<blank>[ \t\r\f]+|[#!][^\n]*)
      | (?P<newline>\n|;)
      | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
      | (?P<name>{NAME})
      | (?P<string>"[^"\n]*"|'[^'\n]*')
      | (?P<operator>=~|~~|~\*~|<~|:=|==|<=|>=|\*\*|%[^%\s]*%|[~*+\-/^(),<>|%:?=])
    """,
    re.VERBOSE,
)

# What starts like a number and is none.
_WORD = re.compile(r"[\d.][\w.]*")


def tokenise(text: str) -> list[Token]:
    """Split a model into tokens.

    A line break ends a statement unless it stands beside an operator that must go on: a model may
    be wrapped before or after `+`, and after any other operator or an opening bracket.

    Raises
    ------
    ModelSyntaxError
        At a character that no token starts with.
    """
    tokens: list[Token] = []
    position, line, line_start, depth = 0, 1, 0, 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        column = position - line_start + 1
        if match is None:
            raise ModelSyntaxError(_unreadable(text, position), line, column)
        kind = match.lastgroup or ""
        if kind == "newline":
            if depth == 0:
                tokens.append(Token("newline", match[0], line, column))
            if match[0] == "\n":
                line, line_start = line + 1, match.end()
        elif kind != "blank":
            depth += {"(": 1, ")": -1}.get(match[0], 0) if kind == "operator" else 0
            tokens.append(Token(kind, match[0], line, column))
        position = match.end()
    tokens.append(Token("end", "", line, position - line_start + 1))
    return _joined_lines(tokens)


def _unreadable(text: str, position: int) -> str:
    """What to say of a place where no token starts."""
    named = "names start with a letter and go on with letters, digits, dots and underscores"
    if word := _WORD.match(text, position):
        return f"`{shortened(word[0])}` is neither a number nor a name; {named}"
    return f"{text[position]!r} is not part of the model syntax; {named}"


def _joined_lines(tokens: list[Token]) -> list[Token]:
    """Drop the line breaks at which a statement goes on."""
    kept: list[Token] = []
    for token, following in zip(tokens, [*tokens[1:], tokens[-1]], strict=True):
        if token.kind == "newline" and token.text == "\n":
            after_operator = bool(kept) and kept[-1].kind == "operator" and kept[-1].text != ")"
            if after_operator or (following.kind == "operator" and following.text in "+*"):
                continue
        if token.kind == "newline" and (not kept or kept[-1].kind == "newline"):
            continue
        kept.append(token)
    return kept


class TokenReader:
    """A cursor over tokens with one token of lookahead."""

    def __init__(self, tokens: list[Token]):
        self._tokens = tokens
        self._index = 0
        self._depth = 0

    @property
    def next(self) -> Token:
        """The token to be read next."""
        return self._tokens[self._index]

    @property
    def after_next(self) -> Token:
        """The token behind the next one."""
        return self._tokens[min(self._index + 1, len(self._tokens) - 1)]

    def statement(self) -> list[Token]:
        """The tokens up to the end of the statement, unread."""
        end = self._index
        while self._tokens[end].kind not in ("newline", "end"):
            end += 1
        return self._tokens[self._index : end]

    def take(self) -> Token:
        """Read a token."""
        token = self.next
        if token.kind != "end":
            self._index += 1
        return token

    @contextmanager
    def nested(self, deepest: int) -> Iterator[None]:
        """Read something that may hold its like, at most `deepest` times."""
        self._depth += 1
        if self._depth > deepest:
            raise self.next.error(f"more than {deepest} brackets, signs or powers inside another")
        yield
        self._depth -= 1

    def at(self, *operators: str) -> bool:
        """Whether the next token is one of these operators."""
        return self.next.kind == "operator" and self.next.text in operators

    def expect(self, operator: str) -> Token:
        """Read this operator, or raise."""
        if not self.at(operator):
            raise self.next.error(f"`{operator}` expected, found {self.next.shown}")
        return self.take()
