"""What work costs beside other work: ratios hold on any machine, seconds on none."""

import time
from collections.abc import Callable


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """The least processor time of some tries: garbage of other tests and busy caches only add."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)
