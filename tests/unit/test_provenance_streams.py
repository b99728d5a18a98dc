"""Random streams depend on the work alone."""

import numpy as np
import pytest

from retrace.provenance.streams import random_stream, share_of


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


@pytest.mark.parametrize("chunks", [1, 2, 7, 30])
def test_every_task_is_the_work_of_one_job_and_shares_are_as_even_as_can_be(chunks):
    shares = [share_of(range(20), chunk, chunks) for chunk in range(1, chunks + 1)]
    assert sorted(task for share in shares for task in share) == list(range(20))
    assert {len(share) for share in shares} <= {20 // chunks, -(-20 // chunks)}
    assert [share[0] for share in shares if share] == list(range(min(chunks, 20)))
