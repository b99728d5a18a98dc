"""A time limit for many short pieces of work, without a thread for each."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# How often the clock is looked at; work is stopped at most this much late.
TICK = 0.05  # seconds


class Watchdog:
    """Calls `stop` when a piece of work takes longer than `limit` seconds.

    Parameters
    ----------
    stop : callable
        What ends the work; called from another thread, while the work is going on and never after.
    limit : float
        Seconds that one piece of work may take.
    """

    def __init__(self, stop: Callable[[], None], limit: float):
        self._stop = stop
        self._limit = limit
        self._deadline: float | None = None
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Work that is stopped when it takes too long."""
        with self._lock:
            self._deadline = time.monotonic() + self._limit
        try:
            yield
        finally:
            with self._lock:
                self._deadline = None

    def close(self) -> None:
        """Stop watching."""
        self._closed.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._closed.wait(TICK):
            with self._lock:
                if self._deadline is not None and time.monotonic() > self._deadline:
                    self._stop()
                    self._deadline = None
