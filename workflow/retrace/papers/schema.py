"""The schema of `paper.yaml`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema

from retrace.papers.study import (
    MOST_RESPONDENTS,
    Alternative,
    Assumptions,
    Construct,
    Correction,
    Decision,
    Errors,
    Frozen,
    PrintedNumber,
    Scale,
    Whole,
)
from retrace.printed.numbers import Printed

Style = Literal["auto", "emerald", "apa", "springer", "elsevier", "chicago"]

MAX_CONSTRUCTS = 200
MAX_MODELS = 500
MAX_TABLES = 500


def _one_line(text: object) -> str:
    if isinstance(text, bool) or not isinstance(text, str | int):
        raise ValueError(f"found {text!r}, expected a text")
    return str(text)


def _no_percentage(printed: Printed | None) -> Printed | None:
    if printed is not None and printed.percent:
        raise ValueError(f"{printed} is a percentage; write the number itself")
    return printed


# Volumes and years are printed as numbers; YAML may give them as integers.
Text = Annotated[str, PlainValidator(_one_line), WithJsonSchema({"type": ["string", "integer"]})]


# A level of significance.
Level = Annotated[float, Field(gt=0, lt=1)]

# Observations of a table.
Count = Annotated[Whole, Field(gt=3, le=MOST_RESPONDENTS)]

# A level of confidence.
Confidence = Annotated[float, Field(ge=0.5, lt=1)]

# What a column of a table of regressions may hold.
Held = Literal["b", "beta", "se", "t", "p", "vif", "tolerance", "ci_low", "ci_high", "ci"]

# A statistic that is no share of anything.
Statistic = Annotated[PrintedNumber, AfterValidator(_no_percentage)]


class Person(Frozen):
    """An author of the paper, as printed."""

    family: Text
    given: Text = ""


class Licence(Frozen):
    """The licence under which the paper, and so the facts taken from it, can be used."""

    name: Text
    url: Text = ""


class BibliographyFiles(Frozen):
    """Where a paper's references and citations are."""

    references: str | None = None
    style: Style = "auto"
    further_reading: str | None = None
    citations: str | None = None


class TableFile(Frozen):
    """A transcribed table, and where the paper prints it."""

    file: str
    label: Text
    title: Text = ""
    printed: Text


class ClaimFiles(Frozen):
    """Where a paper's claims, its quantities and its part of the crosswalk are."""

    claims: str
    quantities: str
    crosswalk: str | None = None


class ModelEntry(Frozen):
    """A regression of the study; `reported` is the CSV file of its printed table.

    `errors` and `level` are as of a table of regressions.
    """

    outcome: str
    predictors: list[str] = Field(min_length=1)
    reported: str | None = None
    r2: PrintedNumber | None = None
    adjusted_r2: PrintedNumber | None = None
    f: Statistic | None = None
    f_p: PrintedNumber | None = None
    durbin_watson: Statistic | None = None
    printed: Text = ""
    errors: Errors = "ols"
    level: Confidence | None = None


class TableEntry(Frozen):
    """A printed table of results: its file, and what its note says.

    `stars` are those of the study where the table has none of its own; `tails` is how many its p
    values count, and `corrected` how they are for several tests. `rows` says of headings that are
    neither keys nor labels, or may be both a variable and a statistic, which they are; null leaves
    a row or column unread.
    """

    file: str
    printed: Text = ""
    stars: dict[str, Level] | None = None
    tails: Literal[1, 2] = 2
    corrected: Correction | None = None
    rows: dict[str, str | None] = {}


class CorrelationTable(TableEntry):
    """A table of correlations, with means, SDs and other statistics of its variables if printed.

    `diagonal` is the statistic that stands on the diagonal; `above` what stands above it where
    that is something else than the correlations. `n` is that of the study where none is given,
    `pairwise` where each pair has its own for its missing values.
    """

    diagonal: Literal["alpha", "omega", "cr", "ave_root"] | None = None
    above: Literal["correlations", "htmt", "other"] = "correlations"
    n: Count | Literal["pairwise"] | None = None


class ColumnEntry(Frozen):
    """A column of a table of regressions: whose model it is, and what its cells hold."""

    model: Text | None = None
    outcome: str | None = None
    holds: Annotated[list[Held], Field(max_length=2)] = []


class RegressionTable(TableEntry):
    """A table of regressions as it looks.

    `estimate` is what the number of a cell is where its heading does not say it, `brackets` what
    stands in round brackets behind or below it. `unprinted` names rows, or other parts of every
    model of the table, that stand for predictors without printed coefficients, with how many they
    are where that is printed. `steps` says whether a step prints all its terms, the new ones, or
    the coefficients of the last equation.

    `n` is that of the models where they print none, else the study's.
    `errors` is how standard errors were estimated, `bootstrap` also where the limits alone are of
    one; `level` is the confidence level of printed limits, where the table names it.
    """

    n: Count | None = None
    outcome: str | None = None
    columns: dict[str, str | ColumnEntry] = {}
    estimate: Literal["b", "beta"] | None = None
    brackets: Literal["se", "t", "p"] | None = None
    unprinted: dict[str, Annotated[Whole, Field(ge=0, le=10_000)] | None] = {}
    steps: Literal["all", "new", "final"] = "all"
    errors: Errors = "ols"
    level: Confidence | None = None


class HypothesisEntry(Frozen):
    """A hypothesis; `model` may be left out where the study has one model with the term."""

    term: str
    model: str | None = None
    direction: Literal["positive", "negative"]
    reported: Decision


class StudyEntry(Frozen):
    """The `study:` section."""

    n: Whole = Field(gt=3, le=MOST_RESPONDENTS)
    scale: Scale | None = None
    constructs: dict[str, Construct] = Field(min_length=2, max_length=MAX_CONSTRUCTS)
    correlations: str | CorrelationTable | None = None
    stars: dict[str, Level] = {}
    models: dict[str, ModelEntry] = Field({}, max_length=MAX_MODELS)
    regressions: dict[str, RegressionTable] = Field({}, max_length=MAX_TABLES)
    hypotheses: dict[str, HypothesisEntry] = {}
    alternatives: dict[str, Alternative] = {}
    assumptions: Assumptions = Assumptions()


class PaperEntry(Frozen):
    """The whole of `paper.yaml`. Only what the paper prints; nothing is guessed."""

    title: Text
    authors: list[Person] = Field(min_length=1)
    year: Text | None = None
    container: Text | None = None
    volume: Text | None = None
    issue: Text | None = None
    pages: Text | None = None
    doi: Text | None = None
    publisher: Text | None = None
    keywords: list[Text] = []
    urls: list[Text] = []
    licence: Licence
    notes: list[Text] = []
    bibliography: BibliographyFiles = BibliographyFiles()
    tables: dict[str, TableFile] = Field({}, max_length=MAX_TABLES)
    claims: ClaimFiles | None = None
    decimal_sign: Literal[".", ","] | None = None
    study: StudyEntry | None = None
