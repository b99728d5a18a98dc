"""The model syntax: lavaan's, for one group and no mean structure.

    visual =~ x1 + x2 + x3        # a factor and its indicators
    y ~ a*x + start(0.2)*z        # a regression, with a label and a starting value
    x1 ~~ x2                      # a (residual) covariance
    x1 ~~ 0.3*x1                  # a fixed variance
    indirect := a * b             # a defined parameter
    a == b                        # a linear equality, of labels and of what `:=` defines

`NA*x` frees what would be fixed, a number fixes, `0.5?x` is `start(0.5)*x`, equal labels make
parameters equal. `#` and `!`
start comments; a statement ends with its line or with `;`. See Rosseel (2012), *Journal of
Statistical Software* 48(2), for the syntax that this follows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from retrace.sem.expressions import Expression, parse_expression
from retrace.sem.tokens import NAME, ModelSyntaxError, Token, TokenReader, shortened, tokenise

__all__ = ["Constraint", "Definition", "ModelSyntax", "ModelSyntaxError", "Term", "parse_model"]

RELATIONS = ("=~", "~~", "~")
# What the syntax of lavaan has and this one refuses, with the reason: in place of a relation,
RELATIONS_REFUSED = {
    "<~": "formative factors are not supported; regress an outcome on the indicators instead",
    "~*~": "scaling factors belong to categorical models, which are not supported",
    "|": "thresholds belong to categorical models, which are not supported",
}
# anywhere,
INEQUALITIES = ("<", ">", "<=", ">=")
REFUSED = {
    **dict.fromkeys(INEQUALITIES, "inequality constraints are not supported; `==` is"),
    ":": "interactions are not supported; compute the product as a variable of its own",
    "?": "a starting value is a number, as in `0.5?x` or `start(0.5)*x`",
    "=": "`=` alone says nothing: `==` constrains, `:=` defines, `=~` measures, `~` regresses",
}
# in place of a modifier,
MODIFIERS_REFUSED = {
    "equal": "equal() is not supported; give both parameters the same label",
    "c": "c(...) gives one value a group; models have one group here",
    "efa": "efa(): exploratory factors are not supported",
    "upper": "upper(): bounds of parameters are not supported",
    "lower": "lower(): bounds of parameters are not supported",
    "prior": "prior(): priors belong to Bayesian models, which are not supported",
    "rv": "rv(): random slopes belong to multilevel models, which are not supported",
}
# and at the start of a block.
BLOCKS = {
    "group": "several groups are not supported",
    "level": "multilevel models are not supported",
    "block": "several blocks are not supported",
    "class": "latent classes are not supported",
}
INTERCEPT = (
    "intercepts are not supported: the analysis is of covariances; a number fixes a parameter when "
    "`*` and a variable follow"
)


@dataclass(frozen=True)
class Term:
    """One relation between two variables, as written.

    Attributes
    ----------
    lhs, op, rhs : str
        As in `lhs =~ rhs`; `op` is `=~`, `~` or `~~`.
    fixed : float or None
        The value it is fixed at.
    freed : bool
        Whether `NA*` frees it.
    label : str
        Its label, or empty.
    start : float or None
        Its starting value.
    where : Token
        Where the right-hand variable stands.
    """

    lhs: str
    op: str
    rhs: str
    where: Token
    fixed: float | None = None
    freed: bool = False
    label: str = ""
    start: float | None = None


@dataclass(frozen=True)
class Definition:
    """A defined parameter, `name := expression`."""

    name: str
    expression: Expression
    where: Token


@dataclass(frozen=True)
class Constraint:
    """An equality between expressions, `left == right`."""

    left: Expression
    right: Expression
    where: Token


@dataclass(frozen=True)
class ModelSyntax:
    """A model as written: its relations, defined parameters and constraints."""

    terms: tuple[Term, ...]
    definitions: tuple[Definition, ...]
    constraints: tuple[Constraint, ...]


def parse_model(text: str) -> ModelSyntax:
    """Read a model.

    Parameters
    ----------
    text : str
        The model in lavaan's syntax; see the module's description for what is covered.

    Returns
    -------
    ModelSyntax
        Relations in the order in which they are written; a relation that is written twice, as in
        `y ~ a*x + start(1)*x`, is one with both modifiers. lavaan reads one modifier a term and
        drops others without a word; here `a*start(1)*x` is refused.

    Raises
    ------
    ModelSyntaxError
        With line and column.
    """
    if not isinstance(text, str):
        raise TypeError(f"a model is a string in lavaan's syntax, not a {type(text).__name__}")
    reader = TokenReader(tokenise(text))
    terms: dict[tuple[str, str, str], Term] = {}
    definitions: list[Definition] = []
    constraints: list[Constraint] = []
    while reader.next.kind != "end":
        if reader.next.kind == "newline":
            reader.take()
            continue
        if reader.next.kind == "name" and reader.after_next.text == ":=":
            where = reader.take()
            reader.take()
            if any(where.text == other.name for other in definitions):
                raise where.error(f"`{where.text}` is defined twice")
            definitions.append(Definition(where.text, parse_expression(reader), where))
        elif block := _block(reader):
            raise reader.next.error(block)
        elif _is_constraint(reader):
            where = reader.next
            left = parse_expression(reader)
            if not reader.at("=="):
                raise _unexpected(reader.next)
            reader.take()
            constraints.append(Constraint(left, parse_expression(reader), where))
        else:
            for term in _relation(reader):
                _add(terms, term)
        if reader.next.kind not in ("newline", "end"):
            raise _unexpected(reader.next)
    if not terms:
        raise reader.next.error("the model has no relation such as `y ~ x` or `f =~ x1 + x2`")
    return ModelSyntax(tuple(terms.values()), tuple(definitions), tuple(constraints))


def _unexpected(token: Token) -> ModelSyntaxError:
    """The error at a token that nothing here can start with."""
    if token.kind == "operator":
        if token.text.startswith("%"):
            return token.error(f"`{token.text}` is no operation; known are + - * / ^")
        if token.text in REFUSED:
            return token.error(REFUSED[token.text])
    return token.error(f"unexpected {token.shown}")


def _block(reader: TokenReader) -> str:
    """Why the statement that starts here, such as `group: 1`, is refused; empty if it is none."""
    tokens = reader.statement()
    if len(tokens) != 3 or tokens[1].text != ":":
        return ""
    reason = BLOCKS.get(tokens[0].text.lower())
    return f"`{tokens[0].text}:` starts a block; {reason}" if reason else ""


def _is_constraint(reader: TokenReader) -> bool:
    """Whether the statement that starts here is an equality: has `==` before its end."""
    for token in reader.statement():
        if token.text in ("=~", "~", "~~"):
            return False
        if token.kind == "operator" and token.text in INEQUALITIES:
            raise _unexpected(token)
        if token.text == "==":
            return True
    return False


def _relation(reader: TokenReader) -> list[Term]:
    """Read `a + b op modifier*x + ...`."""
    left = [_variable(reader)]
    while reader.at("+"):
        reader.take()
        left.append(_variable(reader))
    if not reader.at(*RELATIONS):
        raise _no_relation(reader.next, left[-1])
    op = reader.take().text
    right = [_modified(reader, op)]
    while reader.at("+"):
        reader.take()
        right.append(_modified(reader, op))
    return [replace(term, lhs=name.text) for name in left for term in right]


def _no_relation(token: Token, before: Token) -> ModelSyntaxError:
    """The error at what follows a left-hand side and is no relation."""
    if token.kind == "operator":
        if token.text in RELATIONS_REFUSED:
            return token.error(RELATIONS_REFUSED[token.text])
        if token.text == "(" and before.text in MODIFIERS_REFUSED:
            return before.error(MODIFIERS_REFUSED[before.text])
        if token.text in ("*", "("):
            return before.error("modifiers stand on the right-hand side of a relation")
        if token.text in REFUSED or token.text.startswith("%"):
            return _unexpected(token)
    return token.error(f"`=~`, `~`, `~~`, `:=` or `==` expected, found {token.shown}")


def _variable(reader: TokenReader) -> Token:
    token = reader.take()
    if token.kind == "string":
        raise token.error(f"a variable's name stands without quotes; found {token.shown}")
    if token.kind != "name":
        raise token.error(f"a variable's name expected, found {token.shown}")
    if reader.at(":"):
        raise _unexpected(reader.next)
    return token


def _modified(reader: TokenReader, op: str) -> Term:
    """Read one term of a right-hand side with its modifier."""
    modifier = reader.next
    change = _modifier(reader)
    if change is None:
        name = _variable(reader)
        return Term("", op, name.text, name)
    if reader.at("?") and "fixed" in change:
        change = {"start": change["fixed"]}
    elif not reader.at("*"):
        raise _no_variable(modifier, reader.next, op, change)
    reader.take()
    second = reader.next
    if (again := _modifier(reader)) is not None:
        if ("fixed" in again or second.kind == "string") and not reader.at("*"):
            raise _no_variable(second, reader.next, op, again)
        raise second.error("one modifier a term: write `0.5*x + a*x` rather than `0.5*a*x`")
    name = _variable(reader)
    return Term("", op, name.text, name, **change)


def _no_variable(modifier: Token, following: Token, op: str, change: dict) -> ModelSyntaxError:
    """The error at a modifier that no variable follows: often what stands for an intercept."""
    ends = following.kind in ("newline", "end") or following.text in ("+", "-")
    if "fixed" in change and ends:
        expected = f"a variable expected, found {modifier.shown}"
        return modifier.error(INTERCEPT if op == "~" else expected)
    if modifier.kind == "string" and ends:
        return modifier.error(
            f"a variable's name stands without quotes; in quotes {modifier.shown} is a label, "
            "which `*` and a variable follow"
        )
    if following.kind == "operator" and following.text in ("/", "^", "**"):
        return following.error("a modifier is one number, not an expression")
    if following.text == "?":
        return _unexpected(following)
    return following.error(f"`*` expected after a modifier, found {following.shown}")


def _modifier(reader: TokenReader) -> dict | None:
    """Read a modifier, without its `*`; None where a variable stands instead."""
    token = reader.next
    if reader.at("-", "+") or token.kind == "number":
        return {"fixed": _number(reader)}
    if token.kind == "string":
        return {"label": _label(reader.take())}
    if token.kind != "name":
        raise token.error(f"a variable or a modifier expected, found {token.shown}")
    if reader.after_next.text == "(" and reader.after_next.kind == "operator":
        return _called_modifier(reader)
    if reader.after_next.kind == "operator" and reader.after_next.text == "?":
        raise _unexpected(reader.after_next)
    if reader.after_next.kind == "operator" and reader.after_next.text == "*":
        reader.take()
        return {"freed": True} if token.text == "NA" else {"label": token.text}
    return None


def _called_modifier(reader: TokenReader) -> dict:
    name = reader.take()
    reader.expect("(")
    if name.text in MODIFIERS_REFUSED:
        raise name.error(MODIFIERS_REFUSED[name.text])
    if name.text in ("start", "label") and reader.next.text == "c":
        raise reader.next.error(MODIFIERS_REFUSED["c"])
    if name.text == "start":
        change: dict = {"start": _number(reader)}
    elif name.text == "label":
        token = reader.take()
        if token.kind != "string":
            raise token.error(f'{name.text}() takes a label in quotes, as in {name.text}("a")')
        change = {"label": _label(token)}
    else:
        raise name.error(
            f"modifier `{shortened(name.text)}()` is not known; known are start(), label()"
        )
    reader.expect(")")
    return change


def _label(token: Token) -> str:
    label = token.text[1:-1]
    if not re.fullmatch(NAME, label):
        raise token.error("a label has letters, digits, `.` and `_`, a letter first")
    return label


def _number(reader: TokenReader) -> float:
    sign = 1.0
    while reader.at("-", "+"):
        sign = -sign if reader.take().text == "-" else sign
    token = reader.take()
    if token.kind != "number":
        raise token.error(f"a number expected, found {token.shown}")
    return sign * token.number


def _add(terms: dict[tuple[str, str, str], Term], term: Term) -> None:
    """Add a term, or merge its modifiers into the same term written before."""
    if term.lhs == term.rhs and term.op != "~~":
        raise term.where.error(f"`{term.lhs} {term.op} {term.rhs}` relates a variable to itself")
    key = (term.lhs, term.op, term.rhs)
    if term.op == "~~" and (term.rhs, term.op, term.lhs) in terms:
        key = (term.rhs, term.op, term.lhs)
    old = terms.get(key)
    if old is None:
        terms[key] = term
        return
    changes: dict = {}
    for field, unset in (("fixed", None), ("freed", False), ("label", ""), ("start", None)):
        before, now = getattr(old, field), getattr(term, field)
        if now != unset:
            if before not in (unset, now):
                raise term.where.error(f"`{' '.join(key)}` is given twice with different modifiers")
            changes[field] = now
    if not changes:
        raise term.where.error(f"`{' '.join(key)}` is written twice")
    # What the two say together is wrong, if anything is, since the second.
    terms[key] = replace(old, where=term.where, **changes)
