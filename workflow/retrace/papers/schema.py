"""The schema of `paper.yaml`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)

from retrace.papers.study import (
    MOST_FACTORS,
    MOST_RESPONDENTS,
    Alternative,
    Assumptions,
    Construct,
    Correction,
    Decision,
    Direction,
    Errors,
    Frozen,
    PrintedNumber,
    Reported,
    Scale,
    Whole,
)
from retrace.printed.numbers import Printed

Style = Literal["auto", "emerald", "apa", "springer", "elsevier", "chicago"]

MAX_CONSTRUCTS = 200
MAX_MODELS = 500
MAX_TABLES = 500
MAX_SAMPLES = 50
MAX_HYPOTHESES = 300
# Parts of a hypothesis, and models that an effect goes over.
MOST_PARTS = 20
MOST_STEPS = 10


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

# Observations: one alone has no deviation from its mean, and no correlation.
Count = Annotated[Whole, Field(gt=1, le=MOST_RESPONDENTS)]

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
    that is something else than the correlations. `triangle` is where the correlations of this
    sample stand in a table with those of another on the other side of the diagonal. `n` is that of
    the study where none is given, `pairwise` where each pair has its own for its missing values.
    """

    diagonal: Literal["alpha", "omega", "cr", "ave_root"] | None = None
    above: Literal["correlations", "htmt", "other"] = "correlations"
    triangle: Literal["lower", "upper"] | None = None
    n: Count | Literal["pairwise"] | None = None

    @model_validator(mode="after")
    def _has_one_meaning(self) -> CorrelationTable:
        if self.triangle and self.above != "correlations":
            raise ValueError(
                f"triangle: {self.triangle} says that another sample stands on the other side of "
                f"the diagonal, above: {self.above} that something else does; leave one of them out"
            )
        return self


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
    one; `level` is the confidence level of printed limits, where the table names it. Of
    `columns`, null leaves one unread.
    """

    n: Count | None = None
    outcome: str | None = None
    columns: dict[str, str | ColumnEntry | None] = {}
    estimate: Literal["b", "beta"] | None = None
    brackets: Literal["se", "t", "p"] | None = None
    unprinted: dict[str, Annotated[Whole, Field(ge=0, le=10_000)] | None] = {}
    steps: Literal["all", "new", "final"] = "all"
    errors: Errors = "ols"
    level: Confidence | None = None


# A number, no infinity.
Finite = Annotated[float, Field(allow_inf_nan=False)]

# What a column of a table of effects may hold.
EffectHeld = Literal["estimate", "se", "z", "t", "p", "ci_low", "ci_high", "ci"]

# Variables from the first to the last.
Chain = Annotated[list[str], Field(min_length=2, max_length=MOST_STEPS + 1)]


class EffectRow(Frozen):
    """What a row of a table of effects is: exactly one of its kinds, from a variable to another.

    `slope` is that of a variable in the model of an outcome, `at` values of moderators as printed.
    """

    path: Chain | None = None
    direct: Chain | None = None
    total: Chain | None = None
    indirect: Chain | None = None
    total_indirect: Chain | None = None
    slope: Chain | None = None
    at: dict[str, PrintedNumber] = Field({}, max_length=MOST_STEPS)
    standardised: bool | None = None


# A row of a chain x, m, y: a path or an effect, or R2 of a model (of m; of y with m, and without).
ShortRow = Literal["a", "b", "direct", "total", "indirect", "r2_mediator", "r2_outcome", "r2_total"]


class EffectColumn(Frozen):
    """A column of a table of effects: what its cells hold, and the variables that it goes through.

    `group` joins columns whose numbers belong together, as an estimate and its interval.
    """

    holds: Annotated[list[EffectHeld], Field(max_length=2)] = []
    through: Chain | None = None
    group: Text | None = None


class EffectTable(Frozen):
    """A printed table of effects: paths, direct, indirect and total ones, simple slopes.

    `rows` says what each row is: a kind with its variables, or in short `a`, `b`, `direct`, `total`
    or `indirect` of the chain in `through`, or R2 of its models, which the usual words say by
    themselves; null for what is not read. `controls` are what is in every model of the table beside
    the variables of its chain, each chain with models of its own; none where that is an empty list.
    `stars` and `tails` are as of any table. `errors` is how errors of direct effects, total effects
    and slopes were estimated, `test` how indirect effects were tested, where the table says it.
    """

    file: str
    printed: Text = ""
    n: Count | None = None
    through: Chain | None = None
    columns: dict[str, EffectColumn | None] = {}
    rows: dict[str, EffectRow | ShortRow | None] = {}
    controls: Annotated[list[str], Field(max_length=MAX_CONSTRUCTS)] | None = None
    stars: dict[str, Level] | None = None
    tails: Literal[1, 2] = 2
    brackets: Literal["se", "z", "t", "p"] | None = None
    standardised: bool | None = None
    errors: Errors = "ols"
    test: Literal["sobel", "bootstrap"] | None = None
    level: Confidence | None = None


class EffectEntry(Frozen):
    """What a hypothesis is about: exactly one of `term`, `product`, `difference` and so on.

    `term` is a predictor, `product` the variables whose product is one, `difference` two of them,
    the first less the second. `at` gives the values of moderators at which the slope of `term` is
    meant. `indirect` and `total` go from the first variable to the last, `indirect` by the ones
    between where there are any. `path` is one of `alternative`, as `lhs ~ rhs` or a label.
    `between` names two samples: what the first has less what the second has, also of the
    `correlation` of two variables.
    `model`, or `models` of an effect over several, may be left out where only one has the terms.
    """

    term: str | None = None
    product: list[str] | None = Field(None, min_length=2, max_length=MOST_FACTORS)
    difference: list[str] | None = Field(None, min_length=2, max_length=2)
    indirect: list[str] | None = Field(None, min_length=2, max_length=MOST_STEPS + 1)
    total: list[str] | None = Field(None, min_length=2, max_length=2)
    path: str | None = None
    correlation: list[str] | None = Field(None, min_length=2, max_length=2)
    between: list[str] | None = Field(None, min_length=2, max_length=2)
    at: dict[str, Finite] = Field({}, max_length=MOST_STEPS)
    model: str | None = None
    models: list[str] = Field([], max_length=MOST_STEPS)
    alternative: str | None = None
    direction: Direction | None = None


class PartEntry(EffectEntry):
    """A part of a hypothesis; `reported` where it is not the same of all parts."""

    reported: Decision | None = None


class HypothesisEntry(EffectEntry):
    """A hypothesis, of several `parts` where the paper states it so.

    A part takes what the whole says of direction and models where it says nothing itself.
    """

    parts: list[PartEntry] = Field([], max_length=MOST_PARTS)
    reported: Reported


class SampleEntry(Frozen):
    """What is said of a sample under `study:`, or of one of several under its key.

    Of several samples each has these keys of its own, and beside them those of `study:` itself
    that it has not; `study:` is then no sample.
    """

    n: Count | None = None
    scale: Scale | None = None
    constructs: dict[str, Construct] = Field({}, min_length=2, max_length=MAX_CONSTRUCTS)
    correlations: str | CorrelationTable | None = None
    stars: dict[str, Level] = {}
    models: dict[str, ModelEntry] = Field({}, max_length=MAX_MODELS)
    regressions: dict[str, RegressionTable] = Field({}, max_length=MAX_TABLES)
    effects: dict[str, EffectTable] = Field({}, max_length=MAX_TABLES)
    hypotheses: dict[str, HypothesisEntry] = Field({}, max_length=MAX_HYPOTHESES)
    alternatives: dict[str, Alternative] = {}
    assumptions: Assumptions = Assumptions()


class StudyEntry(SampleEntry):
    """What is said of one sample, its own and what it shares with others: it has an n."""

    n: Count
    constructs: dict[str, Construct] = Field(min_length=2, max_length=MAX_CONSTRUCTS)


class StudySection(SampleEntry):
    """The `study:` section: of one sample, or what several have in common, and each of them."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": ["n", "constructs"]}, {"required": ["samples"]}],
        }
    )

    samples: dict[str, SampleEntry] = Field({}, max_length=MAX_SAMPLES)


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
    study: StudySection | None = None
