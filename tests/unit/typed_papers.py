"""Papers typed as they are printed, for what is read of them and never refused."""

from __future__ import annotations

from pathlib import Path

import yaml

from retrace.checks import check_paper
from retrace.checks.contract import Row
from retrace.checks.shared.record import Record
from retrace.papers.check_study import read_study
from retrace.papers.study import Study

LABELS = {"trust": "Trust", "size": "Firm size", "export": "Exports"}


def typed_paper(folder: Path, tables: dict[str, str], **study: object) -> Study:
    """A paper with these tables, by the names of their files, and this `study:` section, read.

    Of 120 people and the variables of `LABELS`, where `study` says nothing else.
    """
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    for name, text in tables.items():
        (folder / f"tables/{name}.csv").write_text(text.strip("\n") + "\n", encoding="utf-8")
    constructs = {key: {"label": label} for key, label in LABELS.items()}
    description = {
        "title": "A",
        "authors": [{"given": "A", "family": "B"}],
        "licence": {"name": "CC0"},
        "study": {"n": 120, "constructs": constructs} | study,
    }
    (folder / "paper.yaml").write_text(yaml.safe_dump(description, sort_keys=False))
    return read_study(folder)


def rows_of(study: Study) -> list[Row]:
    """What every check says of a study."""
    return check_paper(Record(study.paper, study))
