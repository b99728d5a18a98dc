"""The quantitative part of a paper: what it prints of its data, models and hypotheses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from functools import cached_property
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    SerializerFunctionWrapHandler,
    WithJsonSchema,
    model_serializer,
)

from retrace.matrices.rounding_box import positive_definite
from retrace.papers.keys import study_key
from retrace.printed.listing import pairs_in_words
from retrace.printed.numbers import Printed
from retrace.printed.regression import PrintedRegression
from retrace.printed.reported import CHANGE_STATISTICS, MODEL_STATISTICS

PrintedNumber = Annotated[
    Printed,
    PlainValidator(lambda cell: cell if isinstance(cell, Printed) else Printed.parse(cell)),
    PlainSerializer(lambda printed: printed.text),
    WithJsonSchema({"type": "string", "description": "A number in quotes, with its decimals"}),
]

# `true` is no 1, and a text in quotes no number.
Whole = Annotated[int, Field(strict=True)]

Decision = Literal["supported", "not supported"]
# Of a hypothesis of several parts.
Reported = Literal["supported", "not supported", "partly supported"]
Direction = Literal["positive", "negative"]

# What a row of a table of effects is.
EffectKind = Literal["path", "direct", "total", "indirect", "total indirect", "slope", "r2"]

# How standard errors were estimated; `ols` are those of ordinary least squares.
Errors = Literal["ols", "robust", "clustered", "weighted", "bootstrap"]

# How p values are corrected for several tests; `fdr` is the rate of false discoveries.
Correction = Literal["bonferroni", "holm", "fdr"]

# Respondents, items of a construct, points of a scale and the size of its ends at most: far more
# than surveys have, and little enough for whole numbers that are looked through.
MOST_RESPONDENTS = 10**9
MOST_ITEMS = 1000
MOST_POINTS = 10**6 + 1
FARTHEST_END = 10**9
# Factors of a product: a variable that is a product of more has never been seen in a table.
MOST_FACTORS = 4

# Responses, respondents times the items of all constructs, that are drawn at most: of 10,000
# people, 50 items. A study of more is recomputed from what it prints, without synthetic data.
MOST_RESPONSES = 500_000
# Sum of squares of these that is looked for at most, with room for what is computed from it.
MOST_SQUARES = 2**60

# What entries of `impossible` are about, beside statistics of models and constructs.
CORRELATION, CORRELATIONS = "correlation", "correlations"
# What describes a paper; numbers that are in no table stand there.
DESCRIPTION = "paper.yaml"

# The factor of method variance in structural models of a study; no construct has its name.
METHOD_FACTOR = "method"


def in_sample(sample: str, model: str) -> str:
    """What a model of another sample is called beside those of this one, which is named ''."""
    return f"{sample}: {model}" if sample else model


def section_path(sample: str, *at: str) -> str:
    """A field of `study:`, or of one of its samples, as messages and addresses write it."""
    return ".".join(("study", *(("samples", sample) if sample else ()), *at))


def size_problem(low: int, high: int) -> str:
    """What keeps a scale from being one of a size that is looked into; else empty."""
    if max(abs(low), abs(high)) > FARTHEST_END:
        return f"runs from {shown(low)} to {shown(high)}; its ends are within ±{FARTHEST_END}"
    if high - low >= MOST_POINTS:
        return f"has {high - low + 1} points; at most {MOST_POINTS}"
    return ""


def responses_problem(n: int, items: Sequence[int]) -> str:
    """What keeps so many responses from being drawn; else empty.

    Parameters
    ----------
    n : int
        Respondents.
    items : sequence of int
        Items of each construct.
    """
    responses = n * sum(items)
    if responses <= MOST_RESPONSES:
        return ""
    return (
        f"not drawn: {n} respondents with {sum(items)} items give {responses} responses; "
        f"at most {MOST_RESPONSES} are drawn"
    )


def squares_problem(n: int, steps: int, low: int, high: int) -> str:
    """What keeps whole numbers with such squares from being looked for; else empty.

    Parameters
    ----------
    n : int
        Respondents.
    steps : int
        Steps to a unit: the items of a construct, or the fineness of what is measured.
    low, high : int
        Ends of the scale.
    """
    if n * (steps * max(abs(low), abs(high))) ** 2 <= MOST_SQUARES:
        return ""
    return (
        f"not drawn: squares of {n} sums of {steps} items from {low} to {high} "
        "are beyond whole numbers of 64 bits"
    )


def too_few(n: int, variables: int) -> str:
    """Why n observations tell nothing of so many variables together; empty where they do.

    Sums of n deviations from a mean have n - 1 dimensions: of n variables or more the sample's
    correlations are singular, and a regression of one on the others has n - k - 1 <= 0 residual
    degrees of freedom.
    """
    if n > variables:
        return ""
    return f"the correlations of {variables} variables are singular in {n} observations"


def shown(number: object) -> str:
    """A number as messages write it; of very many digits, how many they are."""
    if isinstance(number, int) and abs(number) >= 10**20:
        return f"a number of about {int(number.bit_length() * 0.30103) + 1} digits"
    return repr(number)


class Frozen(BaseModel):
    """Immutable, and strict about keys: an unknown key is an error, not a silent default."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Scale(Frozen):
    """Response scale, as printed."""

    min: Whole
    max: Whole


class Construct(Frozen):
    """A variable; its statistics only where the paper prints them.

    `scale` is its own response scale, where it has another than the study's. `unit` says what a
    variable is that has no response scale, in the words of its unit: `years`, `employees`, `%`,
    `0 or 1`. `ave_root` is the square root of AVE, as tables print it on their diagonal. `product`
    names the variables that it is the product of, as an interaction is; `centred` says that their
    means were taken from them before.
    """

    label: str
    mean: PrintedNumber | None = None
    sd: PrintedNumber | None = None
    alpha: PrintedNumber | None = None
    items: Whole | None = None
    skewness: PrintedNumber | None = None
    kurtosis: PrintedNumber | None = None
    omega: PrintedNumber | None = None
    cr: PrintedNumber | None = None
    ave: PrintedNumber | None = None
    ave_root: PrintedNumber | None = None
    icc: PrintedNumber | None = None
    n: Whole | None = None
    scale: Scale | None = None
    unit: str | None = None
    product: Annotated[list[str], Field(min_length=2, max_length=MOST_FACTORS)] | None = None
    centred: bool = False


class Assumed(Frozen):
    """What a construct is assumed to have where the paper prints nothing."""

    mean: PrintedNumber | None = None
    sd: PrintedNumber | None = None
    alpha: PrintedNumber | None = None
    items: Whole | None = None


class Assumptions(Assumed):
    """Assumptions for every construct, and exceptions for single ones."""

    scale: Scale | None = None
    constructs: dict[str, Assumed] = {}


class Model(Frozen):
    """A regression that the paper reports or writes down.

    `reported` holds the printed table: term, then statistic (b, beta, se, t, p, vif,
    tolerance, ci_low, ci_high), then the cell. The statistics of the whole model stand beside it.
    `file` is where the table is transcribed, empty where the paper prints none; `column` which
    model of the table it is, where that has several. `n` is the model's own, where printed, and
    `df1` and `df2` the printed degrees of freedom of its F, `df1_change` and `df2_change` those of
    the F of its change. `unprinted` names what is in the model
    without printed coefficients, with the number of its predictors or None where that is not
    printed. `after` is the model that it continues, to which its changes in R2 and F refer: empty
    where it is the first of its table, None where it continues none that is known. `stars`
    is the legend of its table, None where that is the study's, and `tails` how many its p counts.
    `errors` is how its standard errors were estimated, `level` the confidence level of its limits,
    None where none is named; `corrected` is how its p are, by its note.
    """

    outcome: str
    predictors: list[str]
    reported: dict[str, dict[str, PrintedNumber]] = {}
    r2: PrintedNumber | None = None
    adjusted_r2: PrintedNumber | None = None
    f: PrintedNumber | None = None
    f_p: PrintedNumber | None = None
    durbin_watson: PrintedNumber | None = None
    printed: str = ""
    file: str = ""
    column: str = ""
    n: int | None = None
    df1: int | None = None
    df2: int | None = None
    df1_change: int | None = None
    df2_change: int | None = None
    r2_change: PrintedNumber | None = None
    adjusted_r2_change: PrintedNumber | None = None
    f_change: PrintedNumber | None = None
    f_change_p: PrintedNumber | None = None
    after: str | None = None
    unprinted: dict[str, int | None] = {}
    stars: dict[str, float] | None = None
    tails: Literal[1, 2] = 2
    errors: Errors = "ols"
    level: float | None = None
    corrected: Correction | None = None

    @property
    def overall(self) -> dict[str, Printed]:
        """The printed statistics of the whole model; a percentage as the share that it is."""
        return self._printed(MODEL_STATISTICS)

    @property
    def changes(self) -> dict[str, Printed]:
        """The printed changes beside the model that it continues, likewise."""
        return self._printed(CHANGE_STATISTICS)

    def _printed(self, statistics: Iterable[str]) -> dict[str, Printed]:
        printed = {name: getattr(self, name) for name in statistics}
        return {name: cell.as_share for name, cell in printed.items() if cell is not None}


class Hypothesis(Frozen):
    """A hypothesis about one term of one model."""

    term: str
    model: str
    direction: Direction
    reported: Decision


class Product(Frozen):
    """A number times the product of coefficients, each given as (model, term)."""

    factor: float = 1.0
    coefficients: list[tuple[str, str]]


class EffectHypothesis(Frozen):
    """A hypothesis about an effect of several coefficients, or about a structural model.

    `kind` is one of those of `retrace.decisions`, `about` the effect in words, as `x1 less x2 in
    Model_1`. The effect is the sum of `products`; a path of a structural model has none, but the
    name of its `alternative` and of the `parameter` there: `lhs ~ rhs`, or a label. `of` leads from
    the first variable of an effect over several models to the last. It has no products where only
    a table of effects has it. `between` names two samples, where it is what the first has less
    what the second has; the models of the second are called as `in_sample` does. `correlation`
    names the variables of a correlation that is compared so.
    """

    kind: Literal[
        "difference",
        "simple slope",
        "indirect effect",
        "total effect",
        "path of a structural model",
        "difference between samples",
        "difference of correlations",
    ]
    about: str
    direction: Direction
    reported: Decision
    products: list[Product] = []
    of: list[str] = []
    alternative: str = ""
    parameter: str = ""
    between: list[str] = []
    correlation: list[str] = []


class CompoundHypothesis(Frozen):
    """A hypothesis of several parts, each a hypothesis by itself: their names."""

    parts: list[str]
    reported: Reported


class PrintedEffect(Frozen):
    """A row of a printed table of effects, or its part in a group of columns.

    `kind` says what it is; `of` leads from the first variable to the last, of an indirect effect by
    its mediators, of a slope with the values of moderators in `at`; an `r2` is that of the model of
    its last variable. `predictors` are those of the regression that it is a number of, None where
    it is of several or the table's entry does not say it. `standardised` is None where the table
    does not say it. `reported` holds its numbers: estimate, se, z, t, p, ci_low, ci_high; or r2.
    `file`, `row` and `column` are its address, `column` empty where the table has no groups of
    columns. `n`, `errors` and `level` are as of a `Model`; `test` is how an indirect effect was
    tested, None where the table does not say it.
    """

    kind: EffectKind
    of: list[str]
    at: dict[str, PrintedNumber] = {}
    standardised: bool | None = None
    reported: dict[str, PrintedNumber]
    file: str
    row: str
    column: str = ""
    printed: str = ""
    n: int | None = None
    errors: Errors = "ols"
    test: Literal["sobel", "bootstrap"] | None = None
    level: float | None = None
    stars: dict[str, float] | None = None
    tails: Literal[1, 2] = 2
    predictors: list[str] | None = None


def find_effect(
    effects: Iterable[PrintedEffect], kind: str, of: Sequence[str]
) -> PrintedEffect | None:
    """The first row of tables of effects that is an indirect or a total effect by its variables."""
    kinds = {"total effect": "total", "indirect effect": "indirect" if of[2:] else "total indirect"}
    return next((e for e in effects if e.kind == kinds.get(kind) and e.of == list(of)), None)


class Alternative(Frozen):
    """Another structural model of the same constructs, in lavaan's syntax.

    `expected` holds the signs that the paper's theory gives to effects, by label or `lhs ~ rhs`;
    `printed` says where the paper states it.
    """

    model: str
    expected: dict[str, Literal["positive", "negative"]] = {}
    printed: str = ""
    note: str = ""


class Impossible(Frozen):
    """Something printed that no data have, and that is set aside: a finding about the paper.

    `file` and `place` say where a person finds it. `row` and `column` are the two constructs of a
    correlation; of a statistic of a model, its term (empty for the whole model) and the statistic;
    of a moment, its construct and the moment; of an effect, its row and column. Of all correlations
    together both are empty.
    `printed` is the cell, or cells, as printed, and `why` the reason; `proven` is false where what
    is possible was not found, or not looked for.
    """

    file: str
    place: str
    statistic: str
    model: str = ""
    row: str = ""
    column: str = ""
    printed: str = ""
    why: str
    proven: bool = True


class Beside(Frozen):
    """A printed number that nothing is computed from: HTMT above a diagonal, an alpha `>0.70`.

    `where` is empty for one between the two variables `row` and `column` of the table of
    correlations; of a statistic of the variable `row` it is the file or the section that has it,
    and `column` is the column there. A mean that is printed twice has its less exact one here.
    """

    statistic: str
    row: str
    column: str
    printed: PrintedNumber
    where: str = ""


class Lack(Enum):
    """What is lacking where nothing follows from correlations."""

    OBSERVATIONS = "more of them than variables"
    PRINT = "correlations that are not printed, or of other observations"
    DATA = "data that have the printed ones"


class NoMatrix(NamedTuple):
    """Why nothing follows from some correlations."""

    why: str
    lack: Lack


class Study(Frozen):
    """Everything that a paper prints about one survey, checked and ready to compute with.

    `correlations` has one row for every pair (row, column, printed cell) below the diagonal, in
    the order of `constructs`. `stand_in` has the same rows with the cells of a matrix that prints
    alike, where rounding has left the printed one indefinite: no data have exactly the printed
    correlations, and what needs a matrix is computed from this one. Else it is empty.
    `correlations_file` is where they are transcribed; a pair that is not printed has no row there.
    `correlation_n`, `correlation_stars`, `correlation_tails` and `correlation_corrected` are those
    of that table, None where they are the study's; `pairwise` says that each pair of it has its own
    n, `latent` that it is of latent variables.
    `in_table` names the statistics of constructs (`leader.mean`) that stand in it, `beside` what
    stands above its diagonal in place of correlations, limits below them, and what is printed as a
    bound.
    `decimal_commas` names the files of tables that are printed with decimal commas; their numbers
    stand here with points. What is printed and impossible by itself stands in `impossible` and
    nowhere else; a correlation there has no row among `correlations`. A hypothesis of several parts
    stands among `compounds`, and its parts among `hypotheses`. `no_matrix` says why no
    correlation matrix of all constructs prints like the table, where none does or none was looked
    for; else it is empty.
    `sample` is the key of the sample where the paper has several, else empty, and `shared` names
    the files and sections of `paper.yaml` in which others of them have numbers too.
    `correlations_above` says that its correlations stand above the diagonal of their table.
    `compared` has the studies of other samples, by name, that hypotheses compare this one with.
    """

    paper: str
    n: int
    scale: Scale | None = None
    constructs: dict[str, Construct]
    correlations: list[tuple[str, str, PrintedNumber]]
    stand_in: list[tuple[str, str, float]] = []
    stars: dict[str, float] = {}
    models: dict[str, Model]
    hypotheses: dict[str, Hypothesis | EffectHypothesis] = {}
    compounds: dict[str, CompoundHypothesis] = {}
    effects: list[PrintedEffect] = []
    alternatives: dict[str, Alternative] = {}
    assumptions: Assumptions = Assumptions()
    decimal_commas: list[str] = []
    correlations_file: str = ""
    correlation_n: int | None = None
    correlation_stars: dict[str, float] | None = None
    correlation_tails: Literal[1, 2] = 2
    correlation_corrected: Correction | None = None
    pairwise: bool = False
    latent: bool = False
    in_table: list[str] = []
    beside: list[Beside] = []
    impossible: list[Impossible] = []
    no_matrix: str = ""
    sample: str = ""
    shared: list[str] = []
    correlations_above: bool = False
    compared: dict[str, Study] = {}

    @model_serializer(mode="wrap")
    def _written(self, written: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """As any model, without samples where none is compared: most papers have one."""
        fields = written(self)
        if not self.compared:
            fields.pop("compared", None)
        return fields

    @property
    def key(self) -> str:
        """What its results are named by, and its random numbers drawn by: `paper.sample`."""
        return study_key(self.paper, self.sample)

    @property
    def called(self) -> str:
        """What titles call it: the paper, with the sample where it has several."""
        return f"{self.paper}, {self.sample}" if self.sample else self.paper

    def place(self, section: str) -> str:
        """A section of the sample in `paper.yaml`, or that of `study:` which all samples share."""
        of_all = section_path("", section)
        is_shared = f"{DESCRIPTION}, {of_all}" in self.shared
        return of_all if is_shared else section_path(self.sample, section)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Study:
        """As of any model of pydantic, which would keep what other correlations came to."""
        copied = super().model_copy(update=update, deep=deep)
        for name in ("correlation_matrix", "_printed_pairs"):
            copied.__dict__.pop(name, None)
        return copied

    @property
    def regressions(self) -> list[PrintedRegression]:
        """The models, each as a regression with its name."""
        return [
            PrintedRegression(
                name, model.outcome, tuple(model.predictors), model.reported, model.overall
            )
            for name, model in self.models.items()
        ]

    @property
    def term_hypotheses(self) -> dict[str, Hypothesis]:
        """The hypotheses about one term of one model, by name."""
        return {
            name: each for name, each in self.hypotheses.items() if isinstance(each, Hypothesis)
        }

    def printed_effect(self, hypothesis: EffectHypothesis) -> PrintedEffect | None:
        """The row of a table of effects that a hypothesis is about, if any has it."""
        return find_effect(self.effects, hypothesis.kind, hypothesis.of)

    @property
    def names(self) -> list[str]:
        """Keys of the constructs, in the order of every matrix of this study."""
        return list(self.constructs)

    @property
    def drawn(self) -> list[str]:
        """Those of constructs that are no products of others, whose columns follow."""
        return [name for name, each in self.constructs.items() if each.product is None]

    @cached_property
    def correlation_matrix(self) -> np.ndarray:
        """Correlations, shape (k, k), ones on the diagonal: as printed, or the stand-in's.

        NaN where the printed one is impossible. Where `no_matrix` is not empty, no data have them
        together; `why_no_matrix` says of which constructs data do.
        """
        if not self.stand_in:
            return self.printed_matrix
        return self._matrix(self.stand_in)

    @property
    def printed_matrix(self) -> np.ndarray:
        """The same at face value, whatever stands in for it."""
        return self._matrix([(row, column, cell.value) for row, column, cell in self.correlations])

    def _matrix(self, cells: Sequence[tuple[str, str, float]]) -> np.ndarray:
        index = {name: i for i, name in enumerate(self.names)}
        matrix = np.full((len(index), len(index)), np.nan)
        np.fill_diagonal(matrix, 1.0)
        for row, column, value in cells:
            matrix[index[row], index[column]] = matrix[index[column], index[row]] = value
        return matrix

    def missing_pairs(self, constructs: Iterable[str]) -> list[tuple[str, str]]:
        """Pairs of some constructs, in the study's order, of which no correlation is printed."""
        printed, among = self._printed_pairs, set(constructs)
        names = [name for name in self.names if name in among]
        return [
            (row, column)
            for i, row in enumerate(names)
            for column in names[:i]
            if frozenset((row, column)) not in printed
        ]

    @cached_property
    def _printed_pairs(self) -> set[frozenset[str]]:
        """Pairs with a printed correlation, a possible one or not."""
        aside = [each for each in self.impossible if each.statistic == CORRELATION]
        pairs = [*(pair for *pair, _ in self.correlations), *((e.row, e.column) for e in aside)]
        return set(map(frozenset, pairs))

    @property
    def not_of_one_sample(self) -> str:
        """What keeps regressions of scores from following from the correlations; else empty."""
        if self.pairwise:
            return "of pairwise n"
        return "those of latent variables" if self.latent else ""

    def pair_n(self, row: str, column: str) -> tuple[int, int]:
        """Least and most observations that a correlation may be of.

        Where variables have numbers of their own, only those that both have can be of it; of how
        many that is, the printed numbers leave open.
        """
        total = self.correlation_n or self.n
        one, two = (self.constructs[name].n or total for name in (row, column))
        most = min(one, two)
        if self.pairwise and not (self.constructs[row].n and self.constructs[column].n):
            return min(most, 4), most
        return max(one + two - max(total, one, two), min(most, 4)), most

    def of_one_sample(self, constructs: Iterable[str]) -> bool:
        """Whether correlations of some constructs are of the scores of the same observations."""
        total = self.correlation_n or self.n
        return not self.not_of_one_sample and all(
            self.constructs[name].n in (None, total) for name in constructs
        )

    def correlations_of(self, constructs: Sequence[str]) -> np.ndarray:
        """The correlation matrix of some constructs, in their order."""
        places = [self.names.index(name) for name in constructs]
        return self.correlation_matrix[np.ix_(places, places)]

    def why_no_matrix(self, constructs: Sequence[str] | None = None) -> str:
        """Why nothing follows from the correlations of some constructs, or of all; else empty."""
        found = self.no_matrix_of(constructs)
        return found.why if found else ""

    def no_matrix_of(self, constructs: Sequence[str] | None = None) -> NoMatrix | None:
        """Why nothing follows from the correlations of some constructs, or of all; else None.

        Some are not printed, there are too few observations, or no data have them.
        """
        among = set(self.names if constructs is None else constructs)
        if few := too_few(self.n, len(among)):
            return NoMatrix(few, Lack.OBSERVATIONS)
        if missing := self.missing_pairs(among):
            why = f"not printed: correlation of {pairs_in_words(missing)}"
            return NoMatrix(why, Lack.PRINT)
        if not self.no_matrix:
            return None
        aside = [
            f"correlation of {each.row} and {each.column}: {each.why}"
            for each in self.impossible
            if each.statistic == CORRELATION and {each.row, each.column} <= among
        ]
        if aside:
            return NoMatrix("; ".join(aside), Lack.DATA)
        ordered = [name for name in self.names if name in among]
        if positive_definite(self.correlations_of(ordered)):
            return None
        why = f"the printed correlations of {', '.join(ordered)} are not positive definite"
        return NoMatrix(self.no_matrix if len(ordered) == len(self.names) else why, Lack.DATA)

    @property
    def proviso(self) -> str:
        """What titles of everything that rests on a stand-in say of it; else empty."""
        return "\n(correlations of a stand-in that prints alike)" if self.stand_in else ""

    def scale_of(self, construct: str) -> Scale | None:
        """A construct's own response scale, else the study's; None where none is printed.

        What has a unit has no response scale.
        """
        own = self.constructs[construct]
        return own.scale if own.scale or own.unit is not None else self.scale

    def statistic(self, construct: str, name: str) -> tuple[Printed | int | None, bool]:
        """A construct's mean, sd, alpha or items, and whether it is assumed.

        The printed value comes first, then the assumption for this construct, then the one for
        all; (None, False) where there is none. What has a unit is one number a respondent, as one
        item is, and what is assumed of all constructs is assumed of responses alone.
        """
        is_measured = self.constructs[construct].unit is not None
        if is_measured and name == "items":
            return 1, False
        printed = getattr(self.constructs[construct], name)
        if printed is not None:
            return printed, False
        for_all = None if is_measured else self.assumptions
        for source in (self.assumptions.constructs.get(construct), for_all):
            assumed = getattr(source, name, None)
            if assumed is not None:
                return assumed, True
        return None, False

    def moment(
        self, construct: str, name: Literal["mean", "sd", "alpha"]
    ) -> tuple[Printed | None, bool]:
        """`statistic` of what is printed with decimals."""
        value, assumed = self.statistic(construct, name)
        return value if isinstance(value, Printed) else None, assumed

    def item_count(self, construct: str) -> tuple[int | None, bool]:
        """`statistic` of a construct's items."""
        value, assumed = self.statistic(construct, "items")
        return value if isinstance(value, int) else None, assumed
