"""The result tables of a study's checks, one a technique, from the same record as its rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from retrace.checks.shared.record import Record


def study_tables(record: Record) -> dict:
    """The tables of a study by name, `pandas.DataFrame`.

    `comparison` (fields of `Compared`), `not_checkable` (`Missing`), `envelopes` (`Bracket`),
    `printed_tests` (`Related`), `stars` (`Starred`) and `legends` (`FittedLegend`).
    """
    from retrace.checks.regression import tables

    record = record.by_convention
    found = list(record.comparisons.values())
    rows: dict[str, tuple[type[NamedTuple], Sequence[tuple]]] = {
        "comparison": (tables.Compared, [row for each in found for row in each.compared]),
        "not_checkable": (tables.Missing, [row for each in found for row in each.missing]),
        "envelopes": (tables.Bracket, [row for each in found for row in each.brackets]),
        "printed_tests": (
            tables.Related,
            [row for each in record.relations.values() for row in each],
        ),
        "stars": (tables.Starred, [row for each in record.stars for row in each.rows]),
        "legends": (tables.FittedLegend, [row for each in record.stars for row in each.legends]),
    }
    return {name: tables.table_of(content, kind) for name, (kind, content) in rows.items()}


def feasibility_table(record: Record) -> dict[str, dict]:
    """Whether all printed numbers of each model hold at once, and the standard deviations of all.

    By model, as `record_of` has it, and the answer on standard deviations under
    `STANDARD_DEVIATIONS`.
    """
    from retrace.checks.regression.feasibility import record_of
    from retrace.checks.regression.sd_ratios import STANDARD_DEVIATIONS, sd_record

    record = record.by_convention
    models = {
        name: record_of(record.models[name], found, record.one_sided[name])
        for name, found in record.feasibility.items()
    }
    return models | {STANDARD_DEVIATIONS: sd_record(*record.ratios)}
