"""lavaan's opinion on fitted models: the same matrices, the same parameters, one run of R."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path

from retrace.robustness.other_programs import Answer, Opinion
from retrace.sem.fitting import Fit
from retrace.sem.specification import FIXED, FREE, SAMPLE, Specification

# Exit status of `ask_lavaan.R` where R has no lavaan.
NO_LAVAAN = 3
# Says nothing, or names R and lavaan with their versions.
_VERSIONS = 'cat(R.version.string, "lavaan", as.character(packageVersion("lavaan")))'
_LONGEST_START = 60


def lavaan_version() -> str | None:
    """R and lavaan with their versions, None where R does not run or has no lavaan."""
    try:
        done = subprocess.run(
            ["Rscript", "-e", _VERSIONS],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            text=True,
            errors="replace",
            timeout=_LONGEST_START,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = " ".join(done.stdout.split())
    return found if done.returncode == 0 and "lavaan" in found else None


def ask_lavaan(fits: Mapping[str, Fit], script: Path | None = None) -> dict[str, Answer]:
    """Fit the models of solutions to their matrices with lavaan.

    Parameters
    ----------
    fits : mapping
        Solutions by the models' names.
    script : Path, optional
        `ask_lavaan.R`, which reads what `lavaan_request` writes and writes what `read_answers`
        reads; that beside this module where none is given.
    """
    if script is None:
        with as_file(files("retrace.robustness") / "ask_lavaan.R") as beside:
            return ask_lavaan(fits, beside)
    if shutil.which("Rscript") is None:
        return dict.fromkeys(fits, Answer(why_not="R is not installed"))
    done = subprocess.run(
        ["Rscript", str(script)],
        input=lavaan_request(fits),
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode == NO_LAVAAN:
        return dict.fromkeys(fits, Answer(why_not="R has no lavaan"))
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or ["without a word"])[-1]
        why_not = f"R ended with status {done.returncode}: {said[:200]}"
        return dict.fromkeys(fits, Answer(why_not=why_not))
    return read_answers(done.stdout, list(fits))


def lavaan_request(fits: Mapping[str, Fit]) -> str:
    """Every model as a row of CSV: index, n, syntax, variables and covariances (by rows)."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["index", "n", "syntax", "variables", "covariances"])
    for index, solution in enumerate(fits.values()):
        specification = solution.structure.specification
        cells = " ".join(repr(float(cell)) for cell in solution.sample.ravel())
        syntax = lavaan_syntax(specification).replace("\n", ";")
        table.writerow([index, solution.n, syntax, " ".join(specification.observed), cells])
    return text.getvalue()


def read_answers(text: str, names: list[str]) -> dict[str, Answer]:
    """lavaan's answers by model from CSV: index, lhs, op, rhs, est, se, why_not."""
    found: dict[str, dict[str, Opinion]] = {name: {} for name in names}
    reasons: dict[str, str] = {}
    for row in csv.DictReader(io.StringIO(text)):
        name = names[int(row["index"])]
        if row["why_not"]:
            reasons[name] = f"lavaan {row['why_not']}"
        else:
            opinion = Opinion(float(row["est"]), float(row["se"]))
            found[name][f"{row['lhs']}{row['op']}{row['rhs']}"] = opinion
    return {name: Answer(found[name], reasons.get(name, "")) for name in names}


def lavaan_syntax(specification: Specification) -> str:
    """The model in lavaan's syntax, every parameter written out, for `lavaan::lavaan()`."""
    lines = []
    for p in specification.parameters:
        if p.state == SAMPLE:
            continue
        terms = [f"{p.value!r}*{p.rhs}"] if p.state == FIXED else []
        if p.state == FREE and p.op == "=~":
            terms.append(f"NA*{p.rhs}")
        if p.state == FREE and p.label:
            terms.append(f"{p.label}*{p.rhs}")
        lines.append(f"{p.lhs} {p.op} {' + '.join(terms) or p.rhs}")
    if specification.constraints:
        # These may be about what is defined.
        lines += [f"{d.name} := {d.expression}" for d in specification.definitions]
    lines += [f"{c.left} == {c.right}" for c in specification.constraints]
    return "\n".join(lines)
