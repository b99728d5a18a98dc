"""Deciding claims in a process of its own, which a query cannot outlive or outgrow.

DuckDB bounds neither the memory nor the time of everything a query can do: a long text built inside
one function call is held outside its memory limit and cannot be interrupted. The operating system
bounds both. One process a paper takes claims as lines of JSON and answers with verdicts. Where a
claim costs its life, that claim is named, and the next one finds a new process.

The time limit holds on every system. The limit on memory is that of the address space, which Linux
enforces and macOS does not: there, DuckDB's own limit is the only one.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from retrace.claims.claim import Claim
from retrace.claims.query import QueryError
from retrace.claims.verdicts import ClaimError, Table, Verdict, decide

TIME_LIMIT = 5.0  # seconds a claim
# What a claim may take beside DuckDB with the paper's tables. Twice DuckDB's own limit, which is
# reached first by what DuckDB counts.
MEMORY_LIMIT = 512  # MiB

_OUT_OF_MEMORY = 3  # exit code
_LIBRARY = Path(__file__).resolve().parents[2]


class SandboxError(RuntimeError):
    """The process that decides claims does not start: the fault of no claim."""


def check_claims(
    claims: Iterable[Claim], tables: Mapping[str, Table], time_limit: float = TIME_LIMIT
) -> list[Verdict]:
    """Decide the claims of one paper over its tables.

    Parameters
    ----------
    claims : iterable of Claim
        The claims, in the order of the result.
    tables : mapping
        The paper's tables by key: columns and rows of cells as printed.
    time_limit : float
        Seconds that one claim may take.

    Raises
    ------
    ClaimError
        At the first claim whose query fails, or whose reported value is none.
    QueryError
        If two tables, or two columns of a table, have the same name in upper and lower case.
    """
    with Sandbox(tables, time_limit) as sandbox:
        return [sandbox.decide(claim) for claim in claims]


def try_claims(
    claims: Iterable[Claim], tables: Mapping[str, Table], time_limit: float = TIME_LIMIT
) -> tuple[list[Verdict], list[ClaimError]]:
    """Decide every claim that can be decided; parameters as in `check_claims`.

    Returns
    -------
    verdicts : list of Verdict
        Those that there are, in the order of the claims.
    problems : list of ClaimError
        What keeps each of the other claims from a verdict.

    Raises
    ------
    QueryError
        As `check_claims` does.
    """
    verdicts: list[Verdict] = []
    problems: list[ClaimError] = []
    with Sandbox(tables, time_limit) as sandbox:
        for claim in claims:
            try:
                verdicts.append(sandbox.decide(claim))
            except ClaimError as error:
                problems.append(error)
    return verdicts, problems


class Sandbox(AbstractContextManager):
    """A process with the tables of one paper that decides claims.

    Parameters
    ----------
    tables : mapping
        Tables by key: columns and rows of cells as printed.
    time_limit : float
        Seconds that one claim may take.

    Raises
    ------
    QueryError
        If two tables, or two columns of a table, have the same name in upper and lower case.
    SandboxError
        If the process does not start.
    """

    def __init__(self, tables: Mapping[str, Table], time_limit: float = TIME_LIMIT):
        self._time_limit = time_limit
        self._settings = json.dumps({"tables": tables, "time_limit": time_limit})
        self._start()

    def __exit__(self, *exception: object) -> None:
        self._process.kill()
        self._process.communicate()
        self._complaints.close()

    def decide(self, claim: Claim) -> Verdict:
        """Decide one claim.

        Raises
        ------
        ClaimError
            If its query fails or takes too much time or memory, or its reported value is none.
        """
        answer = self._ask(json.dumps(asdict(claim)))
        if answer is None:
            message = self._cause_of_death()
            self.__exit__()
            self._start()
            raise ClaimError(claim.id, message)
        if "problem" in answer:
            raise ClaimError(claim.id, answer["problem"])
        return Verdict(claim, answer["computed"], answer["verdict"])

    def _start(self) -> None:
        # A file, for a pipe that nobody reads would stop the process once it is full.
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-s", "-m", __spec__.name],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(_module_folders())},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            encoding="utf-8",
        )
        answer = self._ask(self._settings)
        if answer is None:
            message = self._cause_of_death()
            self.__exit__()
            raise SandboxError(f"the process that runs queries does not start: {message}")
        if "problem" in answer:
            self.__exit__()
            raise QueryError(answer["problem"])

    def _ask(self, line: str) -> dict | None:
        """The process's answer to a line, None where it has died."""
        try:
            self._process.stdin.write(f"{line}\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            return None
        answer = self._process.stdout.readline()
        return json.loads(answer) if answer.endswith("\n") else None

    def _cause_of_death(self) -> str:
        self._process.communicate()
        code = self._process.returncode
        if code == -signal.SIGALRM:
            return f"takes longer than {self._time_limit:g} s"
        if code == _OUT_OF_MEMORY or code < 0:
            return f"needs more than {MEMORY_LIMIT} MiB of memory (exit code {code})"
        self._complaints.seek(0)
        lines = self._complaints.read().decode("utf-8", "replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "no word of why")
        return f"ends with exit code {code}: {last}"


def _module_folders() -> list[str]:
    """Where the process finds modules: where this one does, but for the working folder."""
    here = Path.cwd()
    folders = [folder for folder in sys.path if folder and Path(folder).resolve() != here]
    return list(dict.fromkeys([str(_LIBRARY), *folders]))


def serve(requests: TextIO, answers: TextIO) -> None:
    """Decide claims, a line of JSON each, with limits on this process's time and memory.

    The first line holds the tables and the time limit; every line is answered by one.
    """
    from retrace.claims.database import ClaimDatabase

    def answer(**content: str) -> None:
        answers.write(json.dumps(content) + "\n")
        answers.flush()

    settings = json.loads(requests.readline())
    try:
        database = ClaimDatabase(settings["tables"])
    except QueryError as error:
        answer(problem=str(error))
        return
    _limit_memory(MEMORY_LIMIT * 2**20)
    # Without a handler the clock ends the process whatever it is doing, even inside DuckDB.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})
    answer()
    for line in requests:
        signal.setitimer(signal.ITIMER_REAL, settings["time_limit"])
        try:
            verdict = decide(Claim(**json.loads(line)), database)
        except ClaimError as error:
            reply = {"problem": error.message}
        except MemoryError:
            raise
        except Exception as error:
            reply = {"problem": f"cannot be decided: {type(error).__name__}: {error}"}
        else:
            reply = {"computed": verdict.computed, "verdict": verdict.verdict}
        signal.setitimer(signal.ITIMER_REAL, 0)
        answer(**reply)


def _limit_memory(amount: int) -> None:
    """Let this process's address space grow by so many bytes and no further; Linux alone does."""
    statistics = Path("/proc/self/statm")
    if statistics.exists():
        pages = int(statistics.read_text().split()[0])
        limit = pages * resource.getpagesize() + amount
        _, allowed = resource.getrlimit(resource.RLIMIT_AS)
        if allowed != resource.RLIM_INFINITY:
            limit = min(limit, allowed)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def main() -> None:
    """Serve until there are no more claims."""
    # An interrupted run ends this process too, without a word from it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    code = 0
    try:
        serve(sys.stdin, sys.stdout)
    except MemoryError:
        code = _OUT_OF_MEMORY
    # At once: DuckDB has much to say of itself where an interpreter ends in order.
    os._exit(code)


if __name__ == "__main__":
    main()
