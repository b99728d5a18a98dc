"""How alike data sets are, held against counting."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrace.provenance.streams import random_stream
from retrace.synthetic.diversity import order_shared, rows_shared


@settings(max_examples=40, deadline=None)
@given(n=st.integers(1, 20), k=st.integers(1, 3), seed=st.integers(0, 10**6))
def test_shared_rows_are_those_that_multisets_share(n, k, seed):
    rng = random_stream(seed, "tests", "likeness")
    data_sets = [rng.integers(1, 4, (n, k)) / 2 for _ in range(4)]
    bags = [Counter(map(tuple, scores.tolist())) for scores in data_sets]
    expected = [[sum((one & two).values()) / n for one in bags] for two in bags]
    assert rows_shared(data_sets) == pytest.approx(np.array(expected))


def test_a_reordered_copy_shares_all_rows_and_not_their_order():
    rng = random_stream(1, "tests", "likeness")
    scores = rng.integers(4, 29, (300, 5)) / 4
    both = [scores, rng.permutation(scores)]
    assert (rows_shared(both) == 1).all()
    assert order_shared(both)[0, 1] < 0.3


def test_a_copy_with_a_third_of_its_rows_exchanged_shares_the_order():
    rng = random_stream(2, "tests", "likeness")
    scores = rng.integers(4, 29, (300, 5)) / 4
    changed = scores.copy()
    changed[:100] = rng.permutation(changed[:100])
    shared = order_shared([scores, changed])
    expected = max(np.corrcoef(scores[:, c], changed[:, c])[0, 1] for c in range(5))
    assert shared[0, 1] == pytest.approx(expected)
    assert shared[0, 1] > 0.5
