"""Values with a given sum and sum of squares on scales of up to a million points."""

import numpy as np
import pytest

from retrace.provenance.streams import random_stream
from retrace.synthetic.marginals import (
    WIDE,
    Lattice,
    MarginalNotFoundError,
    draw_marginal,
    typical_values,
)


@pytest.mark.parametrize("width", [WIDE + 1, 1_000_000])
@pytest.mark.parametrize("n", [4, 5, 8, 30, 300])
@pytest.mark.parametrize("shape", [(0.2, 0.9), (2, 2), (0.4, 0.4)])
def test_sums_that_values_have_are_met_on_wide_scales(width, n, shape):
    # Honest by construction: the sums are those of values on the scale.
    stream = random_stream(n + width, "tests", "marginals")
    lattice = Lattice(n, 1, 1, 1 + width)
    honest = np.floor(1 + stream.beta(*shape, n) * width).astype(np.int64)
    total, squares = int(honest.sum()), int(honest @ honest)
    found = draw_marginal(lattice, total, squares, stream, variety=0.5)
    assert found @ found == squares
    assert found.sum() == total
    assert found.min() >= lattice.low
    assert found.max() <= lattice.high


def test_what_is_not_found_comes_with_the_nearest_values():
    # Four values from 1 to 3 with sum 8 have sums of squares of 16, 18 and 20.
    lattice = Lattice(4, 1, 1, 3)
    with pytest.raises(MarginalNotFoundError, match="can be from 16 to 20") as caught:
        draw_marginal(lattice, 8, 17, random_stream(1, "tests", "marginals"))
    nearest = caught.value.nearest
    assert nearest.sum() == 8
    assert {1, 2, 3} >= set(nearest.tolist())


def test_typical_values_of_a_wide_scale_are_those_of_a_narrow_one():
    # Both are quantiles of one beta distribution, in the steps of their scale.
    narrow = typical_values(Lattice(300, 1, 0, WIDE), 1700.0, 800.0)
    wide = typical_values(Lattice(300, 1, 0, WIDE + 1), 1700.0, 800.0)
    assert np.abs(wide - narrow).max() <= 2
