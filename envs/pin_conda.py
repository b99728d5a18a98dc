"""Pin the conda environments to the versions of the lock: `python envs/pin_conda.py`.

Which packages an environment holds is written by hand, and tested against what its rules' scripts
import; a version stands in one place, the lock.
"""

import re
from pathlib import Path

ENVS = Path(__file__).parent
# Names of packages on conda-forge that differ from PyPI's.
CONDA_NAMES = {"snakemake-minimal": "snakemake", "matplotlib-base": "matplotlib"}
_PIN = re.compile(r"^(?P<start> +- (?P<name>[\w.-]+) ?={1,2})(?P<version>\S+)$", re.MULTILINE)


def locked() -> dict[str, str]:
    """Versions of the lock by package."""
    text = (ENVS / "requirements.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9_.-]+)==([^ ;\\]+)", text, re.MULTILINE))


def pinned(environment: str, lock: dict[str, str]) -> str:
    """The text of an environment with the versions of the lock.

    Raises
    ------
    KeyError
        If the lock does not hold one of its packages.
    """

    def pin(match: re.Match) -> str:
        name = match["name"]
        # The lock is for every Python that it names; conda's environments take one.
        return match[0] if name == "python" else match["start"] + lock[CONDA_NAMES.get(name, name)]

    return _PIN.sub(pin, environment)


if __name__ == "__main__":
    for file in sorted(ENVS.glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        file.write_text(pinned(text, locked()), encoding="utf-8")
