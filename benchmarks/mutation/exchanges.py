"""What a mutant is: one place of a module's tree where something stands for something else."""

from __future__ import annotations

import ast

_COMPARISONS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_BOOLEAN = {ast.And: ast.Or, ast.Or: ast.And}


class _Exchange(ast.NodeTransformer):
    """Exchange the `wanted`-th place that can be, counted in the order of the tree."""

    def __init__(self, wanted: int | None = None):
        self.wanted = wanted
        self.count = 0
        self.line = 0

    def visit(self, node: ast.AST) -> ast.AST:
        # Annotations and docstrings do nothing.
        if isinstance(node, ast.AnnAssign):
            if node.value is not None:
                node.value = self.visit(node.value)
            return node
        if isinstance(node, ast.arg) or _is_docstring(node):
            return node
        if isinstance(node, ast.FunctionDef):
            returns, node.returns = node.returns, None
            node = self.generic_visit(node)
            node.returns = returns
            return node
        node = self.generic_visit(node)
        other = _other(node)
        if other is None:
            return node
        self.count += 1
        if self.count - 1 != self.wanted:
            return node
        self.line = node.lineno
        return ast.copy_location(other, node)


def _other(node: ast.AST) -> ast.expr | None:
    """What may stand in place of a node, None where nothing does."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in _COMPARISONS:
            return ast.Compare(node.left, [_COMPARISONS[type(op)]()], node.comparators)
        case ast.BinOp() if type(node.op) in _OPERATORS and not _is_text(node):
            return ast.BinOp(node.left, _OPERATORS[type(node.op)](), node.right)
        case ast.BoolOp():
            return ast.BoolOp(_BOOLEAN[type(node.op)](), node.values)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            return node.operand
        case ast.Constant(value=bool(value)):
            return ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            return ast.Constant(value + 1 if value + 1 != value else 0)  # 1e300 + 1 is 1e300
        case ast.IfExp():
            return ast.IfExp(node.test, node.orelse, node.body)
    return None


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_text(node: ast.BinOp) -> bool:
    """Whether an operand is a text: no matter of numbers."""
    return any(
        isinstance(side, ast.JoinedStr)
        or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )


def count_places(source: str) -> int:
    """How many mutants a module has."""
    counter = _Exchange()
    counter.visit(ast.parse(source))
    return counter.count


def exchanged(source: str, number: int) -> tuple[str, int, int, str, str]:
    """A mutant of a module.

    Returns
    -------
    source, line, number, before, after
        Its source, the line of the original that differs, and that statement in both.
    """
    exchange = _Exchange(number)
    changed = ast.unparse(ast.fix_missing_locations(exchange.visit(ast.parse(source))))
    original = ast.unparse(ast.parse(source))
    before, after = next(
        (a.strip(), b.strip())
        for a, b in zip(original.splitlines(), changed.splitlines(), strict=True)
        if a != b
    )
    return changed, exchange.line, number, before, after
