"""Studies that print more, or assume something else, than Magni et al. (2022)."""

from pathlib import Path

from retrace.papers import read_paper
from retrace.printed.numbers import Printed

MAGNI = Path(__file__).parents[2] / "resources/papers/magni2022"


def magni_study():
    """The study as its folder has it: means of 4, SDs of 1 and four items are assumed."""
    return read_paper(MAGNI).study


def printing(study, **cells):
    """The study with statistics of constructs printed: `risk={"mean": "4.12"}`."""
    constructs = dict(study.constructs)
    for name, printed in cells.items():
        read = {key: Printed.parse(v) if isinstance(v, str) else v for key, v in printed.items()}
        constructs[name] = constructs[name].model_copy(update=read)
    return study.model_copy(update={"constructs": constructs})


def assuming_for_all(study, **values):
    """The study with other assumptions of its own."""
    read = {key: Printed.parse(v) if isinstance(v, str) else v for key, v in values.items()}
    return study.model_copy(update={"assumptions": study.assumptions.model_copy(update=read)})
