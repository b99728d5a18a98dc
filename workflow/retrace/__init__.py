"""Retrace: re-derive a published survey paper from the numbers it prints.

The package is a library of pure functions on arrays and frames. It knows nothing of Snakemake;
`workflow/scripts` holds the adapters that read a rule's inputs, call the library and write its
outputs. Each stage is a subpackage or module that can be used from a notebook on its own.
"""

__version__ = "0.1.0"
