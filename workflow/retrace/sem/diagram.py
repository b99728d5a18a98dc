"""Path diagrams in Graphviz's language, with standardised estimates.

Boxes are observed variables and ellipses are factors; a single-headed arrow is an effect, a
double-headed one a covariance (of residuals, where both variables are explained). Numbers are
completely standardised. An effect that differs from 0 at the given level is drawn solid and dark,
any other dashed and light, a fixed one thin. Explained variables carry their R2.
"""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap

import numpy as np

from retrace.sem.fitting import Estimate, Fit

DARK, LIGHT, FIXED = "#1b2a41", "#8a94a6", "#5c677d"
LABEL_WIDTH = 22


def path_diagram(
    solution: Fit, labels: Mapping[str, str] | None = None, *, title: str = "", alpha: float = 0.05
) -> str:
    """Describe a fitted model as a graph.

    Parameters
    ----------
    solution : Fit
    labels : mapping, optional
        What to call variables, by name.
    title : str
        Printed above; an improper or unconverged solution says so below it.
    alpha : float
        Level at which an effect counts as different from 0.

    Returns
    -------
    str
        A graph for `retrace.drawing.svg_from_dot`.
    """
    labels = labels or {}
    specification = solution.structure.specification
    heading = [title] if title else []
    heading += [f"Improper: {problem}" for problem in solution.problems]
    heading += [_fit_line(solution)]
    lines = [
        "digraph model {",
        "  graph [rankdir=LR, nodesep=0.35, ranksep=1.5, splines=true, labelloc=t, fontsize=13,",
        f'    fontname="Helvetica", label={_quoted(chr(10).join(heading))}];',
        '  node [fontname="Helvetica", fontsize=12, style=filled, fillcolor="#f5f7fa",',
        f'    color="{DARK}", margin="0.15,0.08"];',
        '  edge [fontname="Helvetica", fontsize=11, arrowsize=0.7];',
    ]
    for name in (*specification.observed, *specification.latent):
        if _hidden(solution, name):
            continue
        shape = "ellipse" if name in specification.latent else "box"
        lines.append(
            f"  {_quoted(name)} [shape={shape}, label={_quoted(_node(solution, name, labels))}];"
        )
    for e in solution.estimates:
        edge = _edge(solution, e, alpha)
        if edge:
            lines.append(f"  {edge}")
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _number(value: float) -> str:
    """Three decimals with a minus sign."""
    return f"{value:.3f}".replace("-", "\N{MINUS SIGN}") if np.isfinite(value) else "?"


def _fit_line(solution: Fit) -> str:
    m = solution.measures
    if m.df <= 0:
        return f"n = {solution.n}, saturated"
    return (
        f"n = {solution.n}, chi-square {m.chi2:.2f} ({m.df} df), CFI {m.cfi:.3f}, "
        f"RMSEA {m.rmsea:.3f}, SRMR {m.srmr:.3f}"
    )


def _hidden(solution: Fit, name: str) -> bool:
    """An indicator that is its factor without error adds nothing to the picture."""
    return name in solution.structure.specification.observed and _exact_factor(solution, name) != ""


def _exact_factor(solution: Fit, indicator: str) -> str:
    """The factor that an indicator measures alone and without error; empty if there is none."""
    loadings = [e for e in solution.estimates if e.op == "=~" and e.rhs == indicator]
    effects = [e for e in solution.estimates if e.op == "~" and indicator in (e.lhs, e.rhs)]
    if len(loadings) != 1 or effects:
        return ""
    siblings = [e for e in solution.estimates if e.op == "=~" and e.lhs == loadings[0].lhs]
    exact = abs(solution[f"{indicator} ~~ {indicator}"].est) < 1e-12
    return loadings[0].lhs if exact and len(siblings) == 1 else ""


def _node(solution: Fit, name: str, labels: Mapping[str, str]) -> str:
    stem, _, base = name.rpartition(".")
    text = labels.get(name) or labels.get(base, base)
    if stem:
        text = f"{text} ({stem})"
    text = "\n".join(wrap(text, LABEL_WIDTH))
    explained = solution.r_squared.get(name)
    indicator = any(e.op == "=~" and e.rhs == name for e in solution.estimates)
    if explained is not None and not indicator:
        text += f"\nR² = {_number(explained)}"
    return text


def _edge(solution: Fit, e: Estimate, alpha: float) -> str:
    if e.op == ":=" or (e.op == "~~" and e.lhs == e.rhs):
        return ""
    if _hidden(solution, e.rhs) or _hidden(solution, e.lhs):
        return ""
    if e.op == "~~" and e.est == 0 and not np.isfinite(e.se):
        return ""
    free = np.isfinite(e.se)
    differs = free and e.p < alpha
    colour = DARK if differs else (LIGHT if free else FIXED)
    style = "solid" if differs or not free else "dashed"
    width = 1.8 if differs else 0.9
    attributes = f'label="{_number(e.std)}", color="{colour}", fontcolor="{colour}", style={style}'
    attributes += f", penwidth={width}"
    if e.op == "~~":
        start, end = e.lhs, e.rhs
        attributes += ", dir=both, constraint=false, arrowtail=vee, arrowhead=vee"
    elif e.op == "=~":
        start, end = e.lhs, e.rhs
    else:
        start, end = e.rhs, e.lhs
    return f"{_quoted(start)} -> {_quoted(end)} [{attributes}];"
