"""Random streams depend on the work alone."""

import numpy as np
import pytest

from retrace.provenance.streams import random_stream


def test_equal_work_gets_the_same_stream():
    first = random_stream(1, "magni2022", "synthesise_likert", 3).standard_normal(5)
    again = random_stream(1, "magni2022", "synthesise_likert", 3).standard_normal(5)
    assert np.array_equal(first, again)


@pytest.mark.parametrize(
    "other",
    [
        (2, "magni2022", "synthesise_likert", 3),
        (1, "magni2023", "synthesise_likert", 3),
        (1, "magni2022", "synthesise_items", 3),
        (1, "magni2022", "synthesise_likert", 4),
        (1, "magni2022s", "ynthesise_likert", 3),
    ],
)
def test_other_work_gets_another_stream(other):
    first = random_stream(1, "magni2022", "synthesise_likert", 3).standard_normal(5)
    assert not np.array_equal(first, random_stream(*other).standard_normal(5))
