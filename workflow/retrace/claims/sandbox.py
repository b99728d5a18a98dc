"""Deciding claims in a process of its own, which a query cannot outlive or outgrow.

DuckDB bounds neither the memory nor the time of everything a query can do: a long text built inside
one function call is held outside its memory limit and cannot be interrupted. The operating system
bounds both. One process a paper is given its limits first, then the tables, a line of JSON a row,
then claims, and answers with verdicts. Where a claim costs its life, that claim is named, and the
next one finds a new process.

Time is that of the processor, so that a verdict does not depend on what else a machine does: for
one claim, and for all claims of a paper together. A clock on the wall is there for a process that
is not given any; it decides nothing. Both hold on every system. The limit on memory is that of the
address space, which Linux enforces and macOS does not: there, DuckDB's own limit is the only one.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TextIO, cast

from retrace.claims.claim import Claim
from retrace.claims.query import QueryError
from retrace.claims.verdicts import ClaimError, Table, Verdict, decide, not_computed

# Seconds of processor time.
TIME_LIMIT = 5.0  # a claim
PAPER_LIMIT = 60.0  # all claims of a paper, with the processes that they cost
_LOAD_LIMIT = 60.0  # the tables of a paper
# Seconds on the wall for one claim: far above what a busy machine makes of the others.
WALL_LIMIT = 300.0
# MiB that a claim may take beside DuckDB with the tables. Twice DuckDB's own limit, which is
# reached first by what DuckDB counts.
MEMORY_LIMIT = 512
# What loading the tables may take: a row of a thousand columns needs buffers for each of them.
_LOAD_MEMORY_LIMIT = 1024

_OUT_OF_MEMORY = 3  # exit code
_LIBRARY = Path(__file__).resolve().parents[2]


class SandboxError(RuntimeError):
    """The process that decides claims does not start, or is not let run: the fault of no claim."""


class _StoppedClockError(Exception):
    """The process was not given the processor time that it may have."""


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
        Seconds of processor time that one claim may take.

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


def decide_claims(
    claims: Iterable[Claim], tables: Mapping[str, Table], time_limit: float = TIME_LIMIT
) -> list[Verdict]:
    """A verdict on every claim; parameters as in `check_claims`.

    A claim that cannot be decided is not checkable, and its verdict says why.

    Raises
    ------
    QueryError
        As `check_claims` does.
    """
    verdicts: list[Verdict] = []
    with Sandbox(tables, time_limit) as sandbox:
        for claim in claims:
            try:
                verdicts.append(sandbox.decide(claim))
            except ClaimError as error:
                verdicts.append(not_computed(claim, error.message))
    return verdicts


class Sandbox(AbstractContextManager):
    """A process with the tables of one paper that decides claims.

    Parameters
    ----------
    tables : mapping
        Tables by key: columns and rows of cells as printed.
    time_limit, paper_limit : float
        Seconds of processor time that one claim may take, and all of them together.
    wall_limit : float
        Seconds on the wall after which one claim is tried again, and then given up.

    Attributes
    ----------
    spent : float
        Seconds of processor time that claims and the loading of tables have taken so far.

    Raises
    ------
    QueryError
        If two tables, or two columns of a table, have the same name in upper and lower case, or
        the tables are too large.
    SandboxError
        If the process does not start.
    """

    def __init__(
        self,
        tables: Mapping[str, Table],
        time_limit: float = TIME_LIMIT,
        paper_limit: float = PAPER_LIMIT,
        wall_limit: float = WALL_LIMIT,
    ):
        self._tables = tables
        self._time_limit, self._paper_limit, self._wall_limit = time_limit, paper_limit, wall_limit
        self._spent_by_ended = 0.0
        self._start()

    def __exit__(self, *exception: object) -> None:
        self._process.kill()
        self._end()

    @property
    def spent(self) -> float:
        return self._spent_by_ended + self._spent_by_this

    def decide(self, claim: Claim) -> Verdict:
        """Decide one claim.

        A claim that comes after the time for all of them is not checkable, with that as the reason.

        Raises
        ------
        ClaimError
            If its query fails or takes too much time or memory, or its reported value is none.
        SandboxError
            If the process is not given the processor time that it may have.
        """
        if claim.query and self.spent >= self._paper_limit:
            return not_computed(
                claim,
                f"the claims before it took the {self._paper_limit:g} s of processor time that all "
                "claims of a paper have together",
            )
        try:
            return self._decide(claim)
        except _StoppedClockError:
            # A machine that was asleep wakes up late: once more.
            try:
                return self._decide(claim)
            except _StoppedClockError:
                raise SandboxError(
                    f"claim {claim.id}: no answer within {self._wall_limit:g} s, twice, and less "
                    f"than {self._time_limit:g} s of processor time; the machine is too busy"
                ) from None

    def _decide(self, claim: Claim) -> Verdict:
        answer = self._ask(json.dumps(asdict(claim)))
        if answer is None:
            message = self._cause_of_death(self._time_limit)
            stopped = self._process.returncode == -signal.SIGALRM
            self._complaints.close()
            self._start()
            if stopped:
                raise _StoppedClockError
            raise ClaimError(claim.id, message, evaluated=True)
        if "problem" in answer:
            raise ClaimError(claim.id, answer["problem"], answer["evaluated"])
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
        # Both are there, for both are asked for.
        self._requests = cast(TextIO, self._process.stdin)
        self._answers = cast(TextIO, self._process.stdout)
        self._spent_by_this = 0.0
        answer = self._ask(*_loading(self._tables, self._time_limit, self._wall_limit))
        if answer is None:
            message = self._cause_of_death(_LOAD_LIMIT, _LOAD_MEMORY_LIMIT)
            self._complaints.close()
            raise SandboxError(f"the process that runs queries does not start: {message}")
        if "problem" in answer:
            self.__exit__()
            raise QueryError(answer["problem"])

    def _ask(self, *lines: str) -> dict | None:
        """The process's answer to a line, or to all tables, None where it has died."""
        # Where it ends before it has read everything, it may have said why.
        with suppress(BrokenPipeError):
            for line in lines:
                self._requests.write(f"{line}\n")
            self._requests.flush()
        said = self._answers.readline()
        answer = json.loads(said) if said.endswith("\n") else None
        if answer:
            self._spent_by_this = answer.pop("spent")
        return answer

    def _end(self) -> None:
        """Wait for the process's end, and count the time that it took."""
        if self._process.returncode is None:
            _, status, usage = os.wait4(self._process.pid, 0)
            self._process.returncode = os.waitstatus_to_exitcode(status)
            self._spent_by_ended += usage.ru_utime + usage.ru_stime
            self._spent_by_this = 0.0
        with suppress(BrokenPipeError):
            self._requests.close()
        self._answers.close()

    def _cause_of_death(self, time_limit: float, memory_limit: int = MEMORY_LIMIT) -> str:
        self._end()
        code = self._process.returncode
        if code == -signal.SIGPROF:
            return f"takes longer than {time_limit:g} s of processor time"
        if code == _OUT_OF_MEMORY or code < 0:
            return f"needs more than {memory_limit} MiB of memory (exit code {code})"
        self._complaints.seek(0)
        lines = self._complaints.read().decode("utf-8", "replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "no word of why")
        return f"ends with exit code {code}: {last}"


def _loading(tables: Mapping[str, Table], time_limit: float, wall_limit: float) -> Iterator[str]:
    """The lines that a process is given at its start: limits and headers, then every row."""
    headers = [[name, list(columns), len(rows)] for name, (columns, rows) in tables.items()]
    yield json.dumps({"tables": headers, "time_limit": time_limit, "wall_limit": wall_limit})
    for _, rows in tables.values():
        yield from map(json.dumps, rows)


def _module_folders() -> list[str]:
    """Where the process finds modules: where this one does, but for the working folder."""
    here = Path.cwd()
    folders = [folder for folder in sys.path if folder and Path(folder).resolve() != here]
    return list(dict.fromkeys([str(_LIBRARY), *folders]))


def serve(requests: TextIO, answers: TextIO) -> None:
    """Decide claims, a line of JSON each, with limits on this process's time and memory.

    The first line holds the limits and the headers of the tables, the next ones their rows; the
    tables, and then every claim, are answered by one line.
    """
    from retrace.claims.database import ClaimDatabase

    def answer(**content: str | bool) -> None:
        answers.write(json.dumps({**content, "spent": time.process_time()}) + "\n")
        answers.flush()

    # What the library itself needs, NumPy with its threads too, comes before the limits.
    database = ClaimDatabase()
    settings = json.loads(requests.readline())
    # Without a handler the clocks end the process whatever it is doing, even inside DuckDB.
    for clock in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(clock, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {clock})
    _limit_memory(_LOAD_MEMORY_LIMIT * 2**20)
    _set_clocks(_LOAD_LIMIT)
    rows = map(json.loads, requests)
    tables = {name: (columns, islice(rows, count)) for name, columns, count in settings["tables"]}
    try:
        database.load(tables)
    except QueryError as error:
        answer(problem=str(error))
        return
    _limit_memory(MEMORY_LIMIT * 2**20)
    _set_clocks()
    answer()
    for line in requests:
        _set_clocks(settings["time_limit"], settings["wall_limit"])
        reply: dict[str, str | bool]
        try:
            verdict = decide(Claim(**json.loads(line)), database)
        except ClaimError as error:
            reply = {"problem": error.message, "evaluated": error.evaluated}
        except MemoryError:
            raise
        except Exception as error:
            problem = f"cannot be decided: {type(error).__name__}: {error}"
            reply = {"problem": problem, "evaluated": True}
        else:
            reply = {"computed": verdict.computed, "verdict": verdict.verdict}
        _set_clocks()
        answer(**reply)


def _set_clocks(processor: float = 0.0, wall: float = 0.0) -> None:
    """End this process after so many seconds of processor time, or on the wall; 0 for never."""
    signal.setitimer(signal.ITIMER_PROF, processor)
    signal.setitimer(signal.ITIMER_REAL, wall)


def _limit_memory(amount: int) -> None:
    """Let this process's address space grow by so many bytes and no further; Linux alone does."""
    statistics = Path("/proc/self/statm")
    if statistics.exists():
        pages = int(statistics.read_text().split()[0])
        limit = pages * resource.getpagesize() + amount
        _, allowed = resource.getrlimit(resource.RLIMIT_AS)
        if allowed != resource.RLIM_INFINITY:
            limit = min(limit, allowed)
        resource.setrlimit(resource.RLIMIT_AS, (limit, allowed))


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
