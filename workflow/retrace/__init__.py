"""Retrace: re-derive a published survey paper from the numbers it prints.

The package is a library of pure functions on arrays and frames. It knows nothing of Snakemake;
`workflow/scripts` holds the adapters that read a rule's inputs, call the library and write its
outputs. Each room (subpackage) can be used from a notebook on its own, and says in its docstring
what it is for; CONTRIBUTING.md has a map of them. The main doors stand open here:

>>> import retrace
>>> retrace.grim(retrace.Printed.parse("3.48"), 25)
True

Importing this package imports nothing else: a door is opened when it is first named.
"""

from importlib import import_module

# As `typing` has it, which takes longer to import than all of this.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from retrace.bibliography.printed_lists.references import parse_references
    from retrace.claims.sandbox import check_claims
    from retrace.estimators.least_squares import ols_from_correlations
    from retrace.matrices.envelope import envelopes
    from retrace.papers import Paper, PaperError, read_paper, read_papers
    from retrace.printed.granularity import debit, grim, grimmer
    from retrace.printed.numbers import Printed
    from retrace.provenance.streams import random_stream
    from retrace.reporting import Column, Table, render
    from retrace.sem import fit, fit_data
    from retrace.synthetic import LikertTarget, Scale, continuous, likert

__version__ = "0.1.0"

_DOORS = {
    "Column": "retrace.reporting",
    "LikertTarget": "retrace.synthetic",
    "Scale": "retrace.synthetic",
    "Paper": "retrace.papers",
    "PaperError": "retrace.papers",
    "Printed": "retrace.printed.numbers",
    "Table": "retrace.reporting",
    "check_claims": "retrace.claims.sandbox",
    "continuous": "retrace.synthetic",
    "debit": "retrace.printed.granularity",
    "envelopes": "retrace.matrices.envelope",
    "fit": "retrace.sem",
    "fit_data": "retrace.sem",
    "grim": "retrace.printed.granularity",
    "grimmer": "retrace.printed.granularity",
    "likert": "retrace.synthetic",
    "ols_from_correlations": "retrace.estimators.least_squares",
    "parse_references": "retrace.bibliography.printed_lists.references",
    "random_stream": "retrace.provenance.streams",
    "read_paper": "retrace.papers",
    "read_papers": "retrace.papers",
    "render": "retrace.reporting",
}

__all__ = [
    "Column",
    "LikertTarget",
    "Paper",
    "PaperError",
    "Printed",
    "Scale",
    "Table",
    "__version__",
    "check_claims",
    "continuous",
    "debit",
    "envelopes",
    "fit",
    "fit_data",
    "grim",
    "grimmer",
    "likert",
    "ols_from_correlations",
    "parse_references",
    "random_stream",
    "read_paper",
    "read_papers",
    "render",
]


def __getattr__(name: str) -> object:
    """Open a door (PEP 562): import the room that has the name, and keep the name here."""
    if name not in _DOORS:
        raise AttributeError(f"module 'retrace' has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(_DOORS[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
