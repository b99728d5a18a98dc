"""The tests compute as the workflow's jobs do, and otherwise only where they are told to."""

import os

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from retrace.provenance import linear_algebra

OWN_WAY = os.environ.get("RETRACE_LINEAR_ALGEBRA") == "machine"


@pytest.mark.skipif(OWN_WAY, reason="RETRACE_LINEAR_ALGEBRA=machine")
def test_the_tests_compute_as_the_workflow_does():
    variables = linear_algebra.environment()
    assert {name: os.environ.get(name) for name in variables} == variables
    np.linalg.inv(np.eye(2))
    pools = threadpool_info()
    assert pools
    for pool in pools:
        assert pool["num_threads"] == 1, pool
    if "OPENBLAS_CORETYPE" in variables:
        found = np.show_config(mode="dicts")["SIMD Extensions"]["found"]
        assert "X86_V3" in found
        assert "X86_V4" not in found
        kinds = {pool["architecture"] for pool in pools if pool["internal_api"] == "openblas"}
        assert kinds == {"Haswell"}
