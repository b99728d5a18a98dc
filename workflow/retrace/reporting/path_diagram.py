"""Path diagrams with standardised estimates.

Boxes are observed variables and ellipses are factors; a single-headed arrow is an effect, a
double-headed one a covariance (of residuals, where both variables are explained). Numbers are
completely standardised. An effect that differs from 0 at the given level is drawn solid and dark,
any other dashed and light, a fixed one thin. Explained variables carry their R2.

Indicators of exogenous factors stand on the left, those of explained ones on the right, a factor of
everything (method, bifactor) left of all. More covariances than `MOST_ARCS` are a table below the
drawing, as a printed matrix of correlations: that many arcs could not be told apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from textwrap import wrap

import numpy as np

from retrace.reporting.diagram_layout import lay_out
from retrace.reporting.palette import BAND, GREY, INK, QUIET
from retrace.sem.fitting import Estimate, Fit

LABEL_WIDTH, HEADING_WIDTH = 22, 90
MOST_ARCS = 3


def draw_path_diagram(
    solution: Fit, labels: Mapping[str, str] | None = None, *, title: str = "", level: float = 0.05
) -> str:
    """Draw a fitted model as SVG; parameters as `path_diagram`'s."""
    return lay_out(path_diagram(solution, labels, title=title, level=level))


def no_diagram(title: str, why: str) -> str:
    """Describe in the same language what stands in place of a model that is not fitted: why not."""
    lines = [*wrap(title, HEADING_WIDTH), *wrap(f"Not fitted: {why}", HEADING_WIDTH)]
    label = _quoted(chr(10).join(lines))
    return f'digraph model {{ why [shape=plaintext, fontname="Helvetica", label={label}]; }}'


def path_diagram(
    solution: Fit, labels: Mapping[str, str] | None = None, *, title: str = "", level: float = 0.05
) -> str:
    """Describe a fitted model as a graph in Graphviz's language.

    Parameters
    ----------
    solution : Fit
    labels : mapping, optional
        What to call variables, by name.
    title : str
        Printed above; an improper or unconverged solution says so below it.
    level : float
        Level at which an effect counts as different from 0.
    """
    shown = [e for e in solution.estimates if _is_drawn(solution, e)]
    covariances = [e for e in shown if e.op == "~~"]
    tabled = covariances if len(covariances) > MOST_ARCS else []
    specification = solution.structure.specification
    heading = wrap(title, HEADING_WIDTH)
    for problem in solution.problems:
        heading += wrap(f"Improper: {problem}", HEADING_WIDTH)
    heading += [_fit_line(solution)]
    lines = [
        "digraph model {",
        "  graph [rankdir=LR, nodesep=0.3, ranksep=1.5, splines=true, labelloc=b, fontsize=12,",
        f'    fontname="Helvetica", label={_table(solution, tabled, labels or {}, level)}];',
        f'  node [fontname="Helvetica", fontsize=12, style=filled, fillcolor="{BAND}",',
        f'    color="{INK}", margin="0.15,0.08"];',
        '  edge [fontname="Helvetica", fontsize=11, arrowsize=0.7];',
        "  subgraph cluster_model {",
        "    graph [pencolor=none, labelloc=t, fontsize=13,",
        f"      label={_quoted(chr(10).join(heading))}];",
    ]
    for name in (*specification.observed, *specification.latent):
        if not _hidden(solution, name):
            shape = "ellipse" if name in specification.latent else "box"
            label = _quoted(_node(solution, name, labels or {}))
            lines.append(f"    {_quoted(name)} [shape={shape}, label={label}];")
    leftward = _factors_with_indicators_on_the_left(solution)
    lines += [
        f"    {_edge(e, level, reverse=e.op == '=~' and e.lhs in leftward)}"
        for e in shown
        if e not in tabled
    ]
    return "\n".join([*lines, "  }", "}"]) + "\n"


def _quoted(text: str) -> str:
    # Graphviz reads entities of HTML in texts too: `&lt;` would be `<`.
    for character, written in (("&", "&amp;"), ("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n")):
        text = text.replace(character, written)
    return f'"{text}"'


def _number(value: float) -> str:
    """Three decimals with a minus sign."""
    return f"{value:.3f}".replace("-", "\N{MINUS SIGN}") if np.isfinite(value) else "?"


def _fit_line(solution: Fit) -> str:
    m = solution.measures
    if m.df <= 0 and m.chi2 == 0:
        return f"n = {solution.n}, saturated"
    return (
        f"n = {solution.n}, chi-square {m.chi2:.2f} ({m.df} df), CFI {m.cfi:.3f}, "
        f"RMSEA {m.rmsea:.3f}, SRMR {m.srmr:.3f}"
    )


# What is drawn ----------------------------------------------------------------------------------


def _is_drawn(solution: Fit, e: Estimate) -> bool:
    if e.op == ":=" or (e.op == "~~" and e.lhs == e.rhs):
        return False
    if _hidden(solution, e.rhs) or _hidden(solution, e.lhs):
        return False
    # A covariance that is fixed to 0 is none.
    return not (e.op == "~~" and e.est == 0 and not np.isfinite(e.se))


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


def _factors_with_indicators_on_the_left(solution: Fit) -> set[str]:
    """Factors that nothing explains, nor the factors above them, but for a factor of everything."""
    indicators: dict[str, set[str]] = {}
    above: dict[str, set[str]] = {}
    for e in solution.estimates:
        if e.op == "=~":
            indicators.setdefault(e.lhs, set()).add(e.rhs)
            above.setdefault(e.rhs, set()).add(e.lhs)
    explained = {e.lhs for e in solution.estimates if e.op == "~"}

    def general(factor: str) -> bool:
        rivals = {f for i in indicators[factor] for f in above[i]} - {factor}
        shared = all(len(above[i]) > 1 for i in indicators[factor])
        return shared and all(len(indicators[f]) < len(indicators[factor]) for f in rivals)

    found = {f for f in indicators if f not in explained and not general(f)}
    while falling := {
        f for f in found if any(a not in found and not general(a) for a in above.get(f, ()))
    }:
        found -= falling
    return found


# Nodes, arrows and the table ----------------------------------------------------------------------


def _name(name: str, labels: Mapping[str, str]) -> str:
    stem, _, base = name.rpartition(".")
    text = labels.get(name) or labels.get(base, base)
    return f"{text} ({stem})" if stem else text


def _node(solution: Fit, name: str, labels: Mapping[str, str]) -> str:
    text = "\n".join(wrap(_name(name, labels), LABEL_WIDTH))
    explained = solution.r_squared.get(name)
    indicator = any(e.op == "=~" and e.rhs == name for e in solution.estimates)
    if explained is not None and not indicator:
        text += f"\nR² = {_number(explained)}"
    return text


@dataclass(frozen=True)
class _Stroke:
    """How an estimate is drawn."""

    colour: str
    style: str
    width: float


def _stroke(e: Estimate, level: float) -> _Stroke:
    free = bool(np.isfinite(e.se))
    differs = free and e.p <= level
    colour = INK if differs else (GREY if free else QUIET)
    style = "solid" if differs or not free else "dashed"
    return _Stroke(colour, style, 1.8 if differs else 0.9)


def _edge(e: Estimate, level: float, *, reverse: bool) -> str:
    stroke = _stroke(e, level)
    attributes = f'label="{_number(e.std)}", color="{stroke.colour}", fontcolor="{stroke.colour}"'
    attributes += f", style={stroke.style}, penwidth={stroke.width}"
    start, end = (e.rhs, e.lhs) if e.op == "~" or reverse else (e.lhs, e.rhs)
    if e.op == "~~":
        attributes += ", dir=both, constraint=false, arrowtail=vee, arrowhead=vee"
    elif reverse:
        # Graphviz puts where an edge starts on the left.
        attributes += ", dir=back"
    return f"{_quoted(start)} -> {_quoted(end)} [{attributes}];"


def _table(
    solution: Fit, covariances: list[Estimate], labels: Mapping[str, str], level: float
) -> str:
    """Covariances as a lower triangle: what differs from 0 dark, what does not light."""
    if not covariances:
        return '""'
    named = {name for e in covariances for name in (e.lhs, e.rhs)}
    names = [name for name in solution.structure.variables if name in named]
    cells = {frozenset((e.lhs, e.rhs)): e for e in covariances}
    columns = "".join(f'<td width="44" align="right">{k}</td>' for k in range(1, len(names)))
    rows = [f'<td align="left">Covariances, standardised</td>{columns}']
    for k, name in enumerate(names):
        row = f'<td align="left">{k + 1}  {escape(_name(name, labels))}</td>'
        for other in names[:k]:
            e = cells.get(frozenset((name, other)))
            text = ""
            if e is not None:
                text = f'<font color="{_stroke(e, level).colour}">{_number(e.std)}</font>'
            row += f'<td width="44" align="right">{text}</td>'
        rows.append(row)
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<<table border="0" cellborder="0" cellspacing="0" cellpadding="3">{body}</table>>'
