"""Arithmetic on parameter labels, with exact derivatives: what `:=` and `==` are made of.

Expressions are parsed into a tree and evaluated by forward-mode differentiation, so that the delta
method needs no numerical derivatives and nothing is ever handed to Python's own evaluator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrace.sem.tokens import Token, TokenReader

Array = NDArray[np.floating]
# Operations inside one another, and brackets, signs and powers: more is no model but a mistake.
DEEPEST, DEEPEST_BRACKETS = 200, 50

# A value (...,) and its gradient with respect to the parameters (..., q).
Dual = tuple[Array, Array]

# Name: (function, derivative).
FUNCTIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "exp": (np.exp, np.exp),
    "log": (np.log, np.reciprocal),
    "sqrt": (np.sqrt, lambda x: 0.5 / np.sqrt(x)),
    "abs": (np.abs, np.sign),
}


@dataclass(frozen=True)
class Expression:
    """A node: a number, a label, or an operation (`+ - * / ^ neg` or a function) on operands."""

    operation: str
    operands: tuple[Expression, ...] = ()
    value: float = 0.0
    label: Token | None = None
    depth: int = 0

    def labels(self) -> list[Token]:
        """The labels used, in order of appearance."""
        own = [self.label] if self.label is not None else []
        return own + [token for operand in self.operands for token in operand.labels()]

    def __str__(self) -> str:
        """The expression in the syntax it was read from, every operation in brackets."""
        if self.label is not None:
            return self.label.text
        if self.operation == "number":
            return repr(self.value)
        parts = [str(operand) for operand in self.operands]
        if self.operation == "neg":
            return f"(-{parts[0]})"
        if self.operation in FUNCTIONS:
            return f"{self.operation}({parts[0]})"
        return f"({parts[0]} {self.operation} {parts[1]})"

    def evaluate(self, duals: Mapping[str, Dual]) -> Dual:
        """Value and gradient, given those of every label."""
        if self.label is not None:
            return duals[self.label.text]
        if self.operation == "number":
            value, gradient = next(iter(duals.values()))
            return np.full_like(value, self.value), np.zeros_like(gradient)
        parts = [operand.evaluate(duals) for operand in self.operands]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return _apply(self.operation, parts)


def _apply(operation: str, parts: list[Dual]) -> Dual:
    (x, dx) = parts[0]
    if operation == "neg":
        return -x, -dx
    if operation in FUNCTIONS:
        function, derivative = FUNCTIONS[operation]
        return function(x), derivative(x)[..., None] * dx
    (y, dy) = parts[1]
    if operation == "+":
        return x + y, dx + dy
    if operation == "-":
        return x - y, dx - dy
    if operation == "*":
        return x * y, x[..., None] * dy + y[..., None] * dx
    if operation == "/":
        return x / y, dx / y[..., None] - (x / y**2)[..., None] * dy
    power = x**y
    gradient = (y * x ** (y - 1))[..., None] * dx
    if np.any(dy):  # the logarithm is needed only where the exponent itself is estimated
        gradient = gradient + (power * np.log(x))[..., None] * dy
    return power, gradient


def parse_expression(reader: TokenReader) -> Expression:
    """Read an expression: `+ -`, then `* /`, then unary minus, then `^` (also `**`).

    Raises
    ------
    ModelSyntaxError
        Where something else than a number, label, function or bracket stands.
    """
    return _sum(reader)


def _sum(reader: TokenReader) -> Expression:
    left = _product(reader)
    while reader.at("+", "-"):
        sign = reader.take()
        left = _operation(sign, left, _product(reader))
    return left


def _product(reader: TokenReader) -> Expression:
    left = _negation(reader)
    while reader.at("*", "/"):
        sign = reader.take()
        left = _operation(sign, left, _negation(reader))
    return left


def _negation(reader: TokenReader) -> Expression:
    with reader.nested(DEEPEST_BRACKETS):
        if reader.at("-"):
            sign = reader.take()
            return _operation(sign, _negation(reader), name="neg")
        base = _atom(reader)
        if reader.at("^", "**"):
            sign = reader.take()
            return _operation(sign, base, _negation(reader), name="^")
        return base


def _operation(where: Token, *operands: Expression, name: str = "") -> Expression:
    """An operation on operands, by default the one that the token names."""
    depth = 1 + max(operand.depth for operand in operands)
    if depth > DEEPEST:
        raise where.error(f"more than {DEEPEST} operations inside one another")
    return Expression(name or where.text, operands, depth=depth)


def _atom(reader: TokenReader) -> Expression:
    token = reader.take()
    if token.kind == "number":
        return Expression("number", value=token.number)
    if token.kind == "operator" and token.text == "(":
        inner = _sum(reader)
        reader.expect(")")
        return inner
    if token.kind == "name" and reader.at("("):
        if token.text not in FUNCTIONS:
            raise token.error(
                f"function `{token.text}` is not known; known are {', '.join(sorted(FUNCTIONS))}"
            )
        reader.take()
        inner = _sum(reader)
        reader.expect(")")
        return _operation(token, inner)
    if token.kind == "name":
        return Expression("label", label=token)
    raise token.error(f"a number, a label or `(` expected, found {token.shown}")
