"""Faults on purpose: Python loads this module at its start where a test puts it on PYTHONPATH.

A job writes each result to a name beside its own and then renames it with `os.replace`. At that
moment, for the result that $FAULT_AT names, the fault $FAULT happens.
"""

import os
import signal
import time
from pathlib import Path

_replace = os.replace


def _fault(part: Path) -> None:
    match os.environ["FAULT"]:
        case "kill":
            # Half of the result, and no chance to clean up.
            os.truncate(part, part.stat().st_size // 2)
            os.kill(os.getpid(), signal.SIGKILL)
        case "pause":
            mark = Path(os.environ["FAULT_MARK"])
            mark.write_text(str(os.getpid()))
            while mark.exists():
                time.sleep(0.05)
        case "memory":
            # In pieces and touched, so that it counts as used.
            hoard = []
            for _ in range(30):
                hoard.append(bytearray(os.urandom(1024) * 20 * 1024))
                time.sleep(0.1)
        case "time":
            time.sleep(600)


def _faulty_replace(source, target, **options):
    if str(target).endswith(os.environ["FAULT_AT"]):
        _fault(Path(source))
    return _replace(source, target, **options)


if "FAULT" in os.environ:
    os.replace = _faulty_replace
