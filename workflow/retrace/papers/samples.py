"""The samples of a `study:` section: what each has of its own, and what several have in common.

A sample has the keys of its own entry and, key by key, those of the section that it has not. A
section without `samples:` is of one sample, which has no name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrace.papers.reading import Place
from retrace.papers.schema import (
    MAX_CONSTRUCTS,
    MAX_HYPOTHESES,
    MAX_MODELS,
    MAX_TABLES,
    CorrelationTable,
    StudyEntry,
    StudySection,
)
from retrace.papers.study import DESCRIPTION, MOST_RESPONDENTS, section_path

# Where a sample has no usable n, its tables are checked with this one, which no study has.
STAND_IN_N = MOST_RESPONDENTS
# Entries of all samples of a paper: so many times those that one sample may have.
TIMES_ONE_SAMPLE = 5
_MOST_OF_ALL = {
    "constructs": MAX_CONSTRUCTS,
    "models": MAX_MODELS,
    "regressions": MAX_TABLES,
    "effects": MAX_TABLES,
    "hypotheses": MAX_HYPOTHESES,
    "alternatives": MAX_MODELS,
}
# Keys of samples name folders of results, with that of the paper before them.
_SAMPLE_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_OTHER = {"lower": "upper", "upper": "lower"}
_SIDES = {"lower": "below", "upper": "above"}


@dataclass(frozen=True)
class Sample:
    """One sample as its paper describes it.

    Attributes
    ----------
    name : str
        Its key; empty where the paper has one sample.
    entry : StudyEntry
        All that is said of it.
    own : frozenset of str
        The keys that it has itself; the others are those of `study:`.
    shared : frozenset of str
        Files, and sections of `paper.yaml`, in which other samples have numbers too.
    """

    name: str
    entry: StudyEntry
    own: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()

    def path(self, *at: str) -> str:
        """A field of the sample, `at` from below `study:`, without its line."""
        return section_path("" if at[0] not in self.own else self.name, *at)

    def place(self, of_description: Place) -> Place:
        """What names a field of a study by its path, for the fields of this sample."""

        def place(*at: str | int) -> str:
            if self.name and (len(at) == 1 or at[1] in self.own):
                at = (*at[:1], "samples", self.name, *at[1:])
            return of_description(*at)

        return place


def has_samples(section: StudySection) -> bool:
    """Whether a section has `samples:`, and is none itself."""
    return "samples" in section.model_fields_set


def samples_of(section: StudySection | None) -> list[Sample]:
    """The samples of a section with what each has; those without variables cannot be read.

    One without an n has `STAND_IN_N`; `section_problems` says so.
    """
    if section is None:
        return []
    keys = set(StudyEntry.model_fields)
    common = {key: getattr(section, key) for key in section.model_fields_set & keys}
    merged: dict[str, StudyEntry] = {}
    owned: dict[str, frozenset[str]] = {}
    for name, entry in section.samples.items() if has_samples(section) else [("", section)]:
        owned[name] = frozenset(entry.model_fields_set & keys) if name else frozenset()
        fields = common | {key: getattr(entry, key) for key in owned[name]}
        if fields.get("n") is None:
            fields["n"] = STAND_IN_N
        if fields.get("constructs"):
            # Its parts have been validated.
            merged[name] = StudyEntry.model_construct(**fields)
    counted = Counter(Path(file) for entry in merged.values() for file in files_of(entry))
    several = {file for file, count in counted.items() if count > 1}
    return [
        Sample(name, entry, owned[name], frozenset(_shared(name, entry, owned[name], several)))
        for name, entry in merged.items()
    ]


def read_with(samples: Sequence[Sample], name: str) -> list[Sample]:
    """The samples that one is read with: all, where any is compared with another, else itself."""
    compared = any(h.between for each in samples for h in each.entry.hypotheses.values())
    return [each for each in samples if compared or each.name == name]


def _shared(name: str, entry: StudyEntry, own: frozenset[str], several: set[Path]) -> Iterator[str]:
    """The files and sections that a sample has in common with others."""
    if name:
        yield from (file for file in files_of(entry) if Path(file) in several)
        for key in entry.model_fields_set - own:
            yield f"{DESCRIPTION}, {section_path('', key)}"


def files_of(entry: StudyEntry) -> list[str]:
    """The files with the tables of a sample, each once."""
    table = entry.correlations
    files = [table if isinstance(table, str | None) else table.file]
    files += [model.reported for model in entry.models.values()]
    files += [regressions.file for regressions in entry.regressions.values()]
    files += [effects.file for effects in entry.effects.values()]
    return list(dict.fromkeys(file for file in files if file))


def section_problems(section: StudySection) -> Iterator[tuple[tuple[str, ...], str]]:
    """What is wrong with a section whose parts are as its schema says: path and message each."""
    yield from _missing(section)
    yield from _lone_triangle(section)
    if not has_samples(section):
        return
    names = list(section.samples)
    if len(names) < 2:
        found = f"{names[0]!r} alone" if names else "none"
        yield (
            ("study", "samples"),
            f"{found}; where a paper has one sample, its keys stand under `study:` itself",
        )
    folded: dict[str, str] = {}
    for name in names:
        at = ("study", "samples", name)
        twin = folded.setdefault(name.casefold(), name)
        if not _SAMPLE_KEY.fullmatch(name):
            yield at, f"{name!r} is no key of a sample: letters, digits, - and _, 64 at most"
        elif twin != name:
            yield at, f"{name!r} and {twin!r} are one name to some file systems"
    for key in sorted(section.model_fields_set - {"samples"}):
        if names and all(key in each.model_fields_set for each in section.samples.values()):
            yield ("study", key), "read by no sample: each has its own"
    samples = samples_of(section)
    for key, most in _MOST_OF_ALL.items():
        total = sum(len(getattr(sample.entry, key)) for sample in samples)
        if total > TIMES_ONE_SAMPLE * most:
            message = f"{total} {key} of all samples together; at most {TIMES_ONE_SAMPLE * most}"
            yield ("study", "samples"), message


def _missing(section: StudySection) -> Iterator[tuple[tuple[str, ...], str]]:
    """What each sample needs, and neither it nor the section has."""
    several = has_samples(section)
    for name, entry in section.samples.items() if several else [("", section)]:
        at = ("study", "samples", name) if several else ("study",)
        for key in ("n", "constructs"):
            if not getattr(entry, key) and not getattr(section, key):
                where = f"; sample {name} has none, nor has `study:`" if several else ""
                yield (*at, key), f"missing; it is required{where}"


def _lone_triangle(section: StudySection) -> Iterator[tuple[tuple[str, ...], str]]:
    """Halves of tables that no sample reads while another reads the other half."""
    read: dict[tuple[Path, str], Sample] = {}
    for sample in samples_of(section):
        table = sample.entry.correlations
        if isinstance(table, CorrelationTable) and table.triangle:
            read.setdefault((Path(table.file), table.triangle), sample)
    for (file, triangle), sample in read.items():
        other = _OTHER[triangle]
        if (file, other) not in read:
            inside = ("samples", sample.name) if "correlations" in sample.own else ()
            message = (
                f"no sample reads what stands {_SIDES[other]} the diagonal of {file.as_posix()}: "
                f"another has `triangle: {other}`; where that is no sample, `above: other` says so"
            )
            yield ("study", *inside, "correlations"), message
