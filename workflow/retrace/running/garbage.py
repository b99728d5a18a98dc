"""How often Python looks for garbage: rarely, for a program that starts, works and ends.

Of what such a program imports nothing is garbage, and of what it holds at its end everything is, to
no purpose. Left alone, Python goes through all of it again and again while it imports, and once
more when it ends: a quarter of the time of a short job.
"""

from __future__ import annotations

import atexit
import gc

# New objects that hold others before those are looked at; Python's own number is 700, later 2000.
OBJECTS = 100_000


def collect_rarely() -> None:
    """Let this process collect garbage that is much, and none as it ends."""
    gc.set_threshold(OBJECTS)
    atexit.register(gc.freeze)
