"""A paper: what its folder says of it, checked."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from retrace.papers.check_claims import PaperClaims, check_claims
from retrace.papers.check_study import check_samples, outline_of
from retrace.papers.description import read_description
from retrace.papers.keys import study_key
from retrace.papers.reading import Folder, PaperError, Place, Problem
from retrace.papers.samples import files_of, read_with, samples_of
from retrace.papers.schema import BibliographyFiles, PaperEntry
from retrace.papers.study import Impossible, Study
from retrace.untrusted.nesting import too_deep
from retrace.untrusted.reference_counts import MOST_REFERENCES, too_many

# As citations are made: `2017a`, `n.d.`, `in press`.
CITED_YEAR = re.compile(r"[0-9]{4}[a-z]{0,2}|(?:n\.d\.|in press|forthcoming)(?:-[a-z])?")
_MENTIONS = re.compile(r"0*[1-9][0-9]{0,5}")
# Keys name folders of results, rules' wildcards and BibTeX entries.
PAPER_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
# Folders that file systems, archives and file managers leave beside a user's own; others of theirs
# begin with a dot.
LEFT_BY_SYSTEMS = frozenset(
    {
        *("__MACOSX", "__pycache__", "@eaDir", "#recycle", "lost+found"),
        *("$RECYCLE.BIN", "System Volume Information"),
    }
)


class Mentions(NamedTuple):
    """How often a text cites a work, a row of a paper's `citations.csv`, as it is written there."""

    citation: str
    year: str
    mentions: str


@dataclass(frozen=True)
class PaperParts:
    """What can be read of a paper's folder, whether or not it has a problem.

    Attributes
    ----------
    key : str
        Name of the folder.
    folder : Path
        The folder itself.
    facts : PaperEntry or None
        Content of `paper.yaml`; None where something in it is wrong.
    studies : dict
        The quantitative part, with its tables read in, by key: of a paper with one sample `{key:
        study}`, of one with several `{"key.women": study, "key.men": study}`, else empty.
    claims : PaperClaims or None
        What it states that its tables can confirm or refute.
    outlines : dict
        The studies' constructs without their tables and models, where the folder has a problem.
    impossible : tuple of Impossible
        What the studies print that no data have, whether or not the folder has a problem.
    """

    key: str
    folder: Path
    facts: PaperEntry | None
    studies: dict[str, Study] = field(default_factory=dict)
    claims: PaperClaims | None = None
    outlines: dict[str, Study] = field(default_factory=dict)
    impossible: tuple[Impossible, ...] = ()

    @property
    def study(self) -> Study | None:
        """The study of a paper with one sample; None where it has no quantitative part.

        Raises
        ------
        ValueError
            If the paper has several samples: `studies` has each.
        """
        if len(self.studies) > 1:
            names = ", ".join(self.studies)
            raise ValueError(f"{self.key} has several samples: studies has {names}")
        return next(iter(self.studies.values()), None)

    @property
    def description(self) -> str:
        """`paper.yaml` itself."""
        return (self.folder / "paper.yaml").as_posix()


@dataclass(frozen=True)
class Paper(PaperParts):
    """A paper whose folder has no problem: its facts are all there, and it has no outline."""

    facts: PaperEntry

    def file(self, name: str | None) -> str | None:
        """A file of the folder as a path that Snakemake can take, None for None."""
        return None if name is None else (self.folder / name).as_posix()

    def _files(self, names: Iterable[str]) -> list[str]:
        return [(self.folder / name).as_posix() for name in names]

    def study_files(self, sample: str = "") -> list[str]:
        """The files that a study, or one of its samples, is read from."""
        samples = samples_of(self.facts.study)
        if all(each.name != sample for each in samples):
            return []
        read = read_with(samples, sample)
        files = dict.fromkeys(file for each in read for file in files_of(each.entry))
        return [self.description, *self._files(files)]

    @property
    def table_files(self) -> dict[str, str]:
        """The files of the transcribed tables, by their keys."""
        return {
            key: (self.folder / table.file).as_posix() for key, table in self.facts.tables.items()
        }

    @property
    def claim_files(self) -> list[str]:
        """The files that the claims are decided by: theirs, the tables, and what names them."""
        if self.facts.claims is None:
            return []
        entry = self.facts.claims
        names = [name for name in (entry.claims, entry.quantities, entry.crosswalk) if name]
        return [self.description, *self._files(names), *self.table_files.values()]


@dataclass(frozen=True)
class Refused:
    """A paper that cannot be read.

    Attributes
    ----------
    name : str
        What it goes by: the name of its folder, with `_` for what no key has.
    folder : str
        The folder itself, or the link that leads to none.
    problems : list of Problem
        Everything that is wrong with it.
    """

    name: str
    folder: str
    problems: list[Problem]


@dataclass(frozen=True)
class Papers:
    """Everything under folders of papers.

    Attributes
    ----------
    read : dict
        The papers without a problem by key, in the order of their keys.
    refused : list of Refused
        The others, by name.
    partial : list of PaperParts
        What could be read of these all the same, for further checks.
    """

    read: dict[str, Paper]
    refused: list[Refused]
    partial: list[PaperParts]


def read_papers(roots: Iterable[str | Path]) -> dict[str, Paper]:
    """Read every paper folder under the given folders.

    Parameters
    ----------
    roots : iterable of path
        Folders whose subfolders are papers.

    Returns
    -------
    dict
        Papers by key, in the order of their keys.

    Raises
    ------
    PaperError
        With every problem of every folder.
    """
    found = read_folders(roots)
    if found.refused:
        problems = [problem for each in found.refused for problem in each.problems]
        raise PaperError(problems, [*found.read.values(), *found.partial])
    return found.read


def read_folders(roots: Iterable[str | Path]) -> Papers:
    """Read every paper folder under the given folders: what is wrong with one refuses it alone.

    Raises
    ------
    PaperError
        If one of the given folders is none or cannot be looked into, or there is no paper folder
        in any of them: that is no paper's fault.
    """
    problems: list[Problem] = []
    papers: dict[str, Paper] = {}
    refused: list[Refused] = []
    partial: list[PaperParts] = []
    folders: dict[str, Path] = {}
    given = [Path(root) for root in roots]
    for root in given:
        if problem := _no_root(root):
            problems.append(Problem(root.as_posix(), "", problem))
            continue
        refused += [refusal(Path(link.file), [link]) for link in _links_to_nowhere(root)]
        for folder in sorted(path for path in root.iterdir() if path.is_dir()):
            if folder.name.startswith(".") or folder.name in LEFT_BY_SYSTEMS:
                continue
            # Some file systems do not tell upper from lower case; results of two such keys clash.
            twin = folders.setdefault(folder.name.casefold(), folder)
            if twin is not folder:
                message = f"paper key {folder.name!r} is taken by {twin.as_posix()}"
                refused.append(refusal(folder, [Problem(folder.as_posix(), "", message)]))
                continue
            try:
                papers[folder.name] = read_paper(folder)
            except PaperError as error:
                refused.append(refusal(folder, error.problems))
                partial.extend(error.papers)
    if not papers and not refused and not problems:
        places = ", ".join(root.as_posix() for root in given)
        problems.append(Problem(places, "", "no paper folder; each paper is a folder there"))
    if problems:
        problems += [problem for each in refused for problem in each.problems]
        raise PaperError(problems, [*papers.values(), *partial])
    return Papers(dict(sorted(papers.items())), refused, partial)


def refusal(folder: Path, problems: list[Problem]) -> Refused:
    """The refusal of a paper's folder, under a name that is one of a file on every system."""
    name = re.sub(r"[^A-Za-z0-9_-]", "_", folder.name)[:64] or "_"
    return Refused(name, folder.as_posix(), problems)


def _no_root(root: Path) -> str:
    """What keeps a folder of papers from being looked into; else empty."""
    if not root.is_dir():
        return "there is no such folder of papers"
    return "" if os.access(root, os.R_OK | os.X_OK) else "cannot be read: permission denied"


def _links_to_nowhere(root: Path) -> list[Problem]:
    """Links in a folder of papers to what is not there, as a link to itself: a paper is missing."""
    return [
        Problem(path.as_posix(), "", "a link that leads nowhere")
        for path in sorted(root.iterdir())
        if path.is_symlink() and not os.path.exists(path) and not path.name.startswith(".")
    ]


def read_paper(root: str | Path) -> Paper:
    """Read and check one paper's folder.

    Raises
    ------
    PaperError
        With every problem of the folder, each with its file and line or field.
    """
    folder = Folder(Path(root))
    key = folder.root.name
    if not PAPER_KEY.fullmatch(key):
        folder.problem("", "", f"{key!r} is no paper key: letters, digits, - and _, 64 at most")
    description = read_description(folder)
    facts, sections, place = description.facts, description.sections, description.place
    if sections.bibliography:
        _check_bibliography(folder, sections.bibliography, place)
    tables, files = {}, {}
    for name, entry in sections.tables.items():
        file = folder.path(entry.file, place("tables", name, "file"))
        if file is not None and (table := folder.table(file)):
            tables[name], files[name] = table, file
    samples = samples_of(sections.study)
    outlines = {study_key(key, each.name): outline_of(key, each) for each in samples}
    found = check_samples(folder, key, samples, place)
    studies = {study_key(key, name): study for name, study in found.items()}
    labels = {name: entry.label for name, entry in sections.tables.items()}
    # What the study reads with decimal commas, claims read so too.
    commas = {name for name, file in files.items() if file in folder.decimal_commas}
    claims = None
    if sections.claims:
        claims = check_claims(folder, sections.claims, tables, labels, commas, place)
    if folder.problems or facts is None:
        whole = studies if facts is not None else {}
        drafts = {name: outline for name, outline in outlines.items() if outline}
        impossible = tuple(folder.impossible)
        partial = PaperParts(key, folder.root, facts, whole, claims, drafts, impossible)
        raise PaperError(folder.problems, [partial])
    return Paper(key, folder.root, facts, studies, claims, {}, tuple(folder.impossible))


def _check_bibliography(folder: Folder, bibliography: BibliographyFiles, place: Place) -> None:
    for entry, name in (
        ("references", bibliography.references),
        ("further_reading", bibliography.further_reading),
    ):
        file = folder.path(name, place("bibliography", entry)) if name else None
        text = folder.text(file) if file else None
        if not name or text is None:
            continue
        if not text.strip():
            folder.problem(name, "", "no reference in it; one a line is expected")
        elif problem := too_many(text, name):
            folder.problem(name, "", problem)
        elif name.lower().endswith(".json"):
            _check_csl_json(folder, name, text)
    if bibliography.citations:
        file = folder.path(bibliography.citations, place("bibliography", "citations"))
        if file and bibliography.citations.lower().endswith(".csv"):
            table = folder.table(file)
            if table is not None:
                _check_citations(folder, bibliography.citations, *table)
        elif file:
            # Anything but a table is the paper's full text.
            folder.text(file)


def _check_csl_json(folder: Folder, name: str, text: str) -> None:
    # The bibliography stage reads the items, and keeps those that are none with a problem noted;
    # here it is enough that there are some. Importing its reader would re-run every study whenever
    # that stage changes.
    if problem := too_deep(text):
        folder.problem(name, "", f"{problem}; a list of CSL items is expected")
        return
    try:
        content = json.loads(text, parse_int=str)
    except json.JSONDecodeError as error:
        folder.problem(name, f"line {error.lineno}", f"not valid JSON: {error.msg}")
        return
    items = content.get("items") if isinstance(content, dict) else content
    if isinstance(items, list) and len(items) > MOST_REFERENCES:
        message = f"{len(items):,} references; {MOST_REFERENCES:,} are allowed"
        folder.problem(name, "", message)
        return
    if not isinstance(items, list) or not any(isinstance(item, dict) for item in items):
        folder.problem(name, "", "no list of CSL items, each an object with a type and a title")


def _check_citations(folder: Folder, name: str, header: list[str], rows: list) -> None:
    columns = list(Mentions._fields)
    if header != columns:
        folder.problem(name, "line 1", f"found {','.join(header)}, expected {','.join(columns)}")
        return
    for line, (citation, year, mentions) in rows:
        if not citation.strip():
            folder.problem(name, f"line {line}", "citation: empty, expected the names as cited")
        if not CITED_YEAR.fullmatch(year):
            folder.problem(
                name,
                f"line {line}",
                f"year: {year!r} is no year with its letter (2017a), n.d., in press or forthcoming",
            )
        if not _MENTIONS.fullmatch(mentions):
            message = f"mentions: {mentions!r} is no count from 1 to 999999"
            folder.problem(name, f"line {line}", message)
