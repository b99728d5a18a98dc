"""What a study assumes of its responses, and what it could have assumed instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from retrace.papers.study import Assumed, Scale, Study
from retrace.printed.numbers import Printed
from retrace.synthetic.from_study import likert_target, target_to_draw
from retrace.synthetic.likert import LikertSampler
from retrace.synthetic.measures import two_values

# Means are assumed at these places of the response scale: 3, 4 and 5 of 1 to 7.
MEANS = (1 / 3, 1 / 2, 2 / 3)
ITEMS = (1, 2, 3, 4, 5)
# Times the study's own assumption.
SDS = (0.8, 1.3)

# What a combination stands for where nothing of its kind is assumed.
PRINTED = "printed"


@dataclass(frozen=True)
class Combination:
    """A study under one set of assumptions.

    Attributes
    ----------
    study : Study
        With these assumptions in place of its own; what it prints is what it was.
    own : bool
        Whether they are the study's own.
    """

    study: Study
    own: bool

    @property
    def labels(self) -> dict[str, str]:
        """The assumed mean, sd and items as tables show them.

        `printed` where none is assumed, and a range where constructs differ.
        """
        labels = {}
        for kind in ("mean", "sd", "items"):
            values = [_number(value) for value in _assumed(self.study, kind).values()]
            ends = dict.fromkeys(f"{end:g}" for end in (min(values), max(values))) if values else ()
            labels[kind] = " to ".join(ends) or PRINTED
        return labels

    @cached_property
    def problem(self) -> str:
        """Why no responses can have this, or why none are drawn; else empty."""
        target = target_to_draw(self.study)
        return target.impossible or target.too_large

    @cached_property
    def sampler(self) -> LikertSampler:
        """What draws its data sets: what does not depend on the draw is done once."""
        return LikertSampler(likert_target(self.study))


def combinations(study: Study) -> list[Combination]:
    """Everything that a study is varied over, its own assumptions among them.

    Every mean with every number of items at the assumed SDs, and every mean with every SD at the
    assumed numbers of items. What a construct prints is not varied, and what every construct
    prints is not a dimension of the variation.

    Parameters
    ----------
    study : Study
        Without a scale, printed or assumed, no mean is varied: there are no places on it. Means of
        what has a unit stay, and so does the SD of two values.
    """
    scale = _scale(study)
    places: list[float] = []
    if scale:
        places = [round(scale.min + place * (scale.max - scale.min), 2) for place in MEANS]
    means = places if _assumed(study, "mean") else ()
    items = ITEMS if _assumed(study, "items") else ()
    sds = SDS if _assumed(study, "sd") else ()
    varied = [
        assuming(study, mean=mean, items=m) for mean in means or (None,) for m in items or (None,)
    ]
    varied += [assuming(study, mean=mean, sd=sd) for mean in means or (None,) for sd in sds]
    found = {_values(other): other for other in [*varied, assuming(study)]}
    own = _values(study)
    return [Combination(other, values == own) for values, other in found.items()]


def assuming(
    study: Study, mean: float | None = None, sd: float = 1.0, items: int | None = None
) -> Study:
    """A study that assumes something else wherever it assumes anything; what is printed stays.

    Parameters
    ----------
    study : Study
    mean : float, optional
        In units of the study's scale; a construct with a scale of its own has it at the same place.
    sd : float
        A factor of the assumed SDs.
    items : int, optional
    """
    own = {}
    for name in study.names:
        # Each construct says what it assumes, so that exceptions need no second look.
        values: dict[str, Any] = {
            kind: _assumed(study, kind).get(name) for kind in Assumed.model_fields
        }
        unit = study.constructs[name].unit
        if mean is not None and values["mean"] is not None and unit is None:
            values["mean"] = Printed.parse(f"{_at_the_same_place(study, name, mean):g}")
        if sd != 1.0 and values["sd"] is not None and not two_values(unit):
            values["sd"] = Printed.parse(f"{sd * values['sd'].value:g}")
        if items is not None and values["items"] is not None:
            values["items"] = items
        own[name] = Assumed(**values)
    scale = study.assumptions.scale
    changed = study.assumptions.model_copy(
        update={**dict.fromkeys(Assumed.model_fields), "scale": scale, "constructs": own}
    )
    return study.model_copy(update={"assumptions": changed})


def _scale(study: Study) -> Scale | None:
    """The study's scale, printed or assumed; else the first of a construct's own."""
    own = (each.scale for each in study.constructs.values())
    return study.scale or study.assumptions.scale or next(filter(None, own), None)


def _at_the_same_place(study: Study, construct: str, mean: float) -> float:
    """A mean on the study's scale, as it would be on the construct's own."""
    own, scale = study.constructs[construct].scale, _scale(study)
    if own is None or scale is None:
        return mean
    place = (mean - scale.min) / (scale.max - scale.min)
    return round(own.min + place * (own.max - own.min), 2)


def _assumed(study: Study, kind: str) -> Mapping[str, Printed | int]:
    stated = {name: study.statistic(name, kind) for name in study.names}
    return {
        name: value for name, (value, assumed) in stated.items() if assumed and value is not None
    }


def _number(value: Printed | int) -> float:
    return value.value if isinstance(value, Printed) else float(value)


def _values(study: Study) -> tuple:
    """Every assumed number: equal for equal assumptions, however they are written."""
    return tuple(
        (kind, name, _number(value))
        for kind in ("mean", "sd", "items")
        for name, value in _assumed(study, kind).items()
    )
