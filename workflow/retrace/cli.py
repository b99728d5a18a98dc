"""The command `retrace`: what a room can answer by itself, asked from a shell.

Each room may have a `commands.py` with one function, `add_commands(add)`, which calls

    add(name, what, run, description=..., example=..., passes_on=False)

for every command and adds the command's arguments to the `argparse.ArgumentParser` that it gets
back. `run(options)` answers with `(status, rows, remark)`: 0 or 1 (see below), rows to print (each
a dict with the same keys) and a sentence for people. A question that cannot be asked, such as one
about a file that is not there, is refused by `raise argparse.ArgumentTypeError(why)`. With
`passes_on` everything behind the name goes to `run` as `options.rest`, unread. Every other command
has `--json`.

A room's `commands.py` is read by its path, without the room around it, and imports what it needs
where it needs it: asking for help loads no room. One that cannot be read is named, and takes no
other down.

Exit status: 0, nothing is wrong with what was asked about; 1, something is; 2, it could not be
asked. `retrace run` ends with Snakemake's own.

argparse was chosen because it is there: of click, typer and cyclopts none is among the packages
that a run locks, and click, which typer is built on, takes four times as long to import (26 ms,
argparse 7).
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import TextIO

from retrace import __version__

Rows = list[dict[str, object]]
Run = Callable[[argparse.Namespace], tuple[int, Rows, str]]

CANNOT_BE_ASKED = 2
_WHAT = (
    "Re-derive published survey papers from the numbers they print. `run` makes all results of a "
    "folder of papers; every other command answers one question, without a run."
)
_STATUS = (
    "Exit status: 0, nothing is wrong with what was asked about; 1, something is; 2, it could not "
    "be asked, with the reason on standard error."
)
_STATUS_OF_OTHERS = "Exit status: that of what is started, or 2 where nothing could be."
_RED, _GREEN, _BOLD, _PLAIN = "\x1b[31m", "\x1b[32m", "\x1b[1m", "\x1b[0m"
_VERDICTS = {
    **dict.fromkeys(("impossible", "contradicted", "fails", "refused"), _RED),
    **dict.fromkeys(("possible", "reproduced", "within rounding", "holds"), _GREEN),
}
# Characters that a terminal obeys although JSON lets them stand.
_OBEYED = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_DECIMALS = 4


class _Layout(argparse.HelpFormatter):
    """What each command answers, beside its name; and paragraphs, with a line between them."""

    def __init__(self, prog: str):
        super().__init__(prog, max_help_position=20)
        # argparse forgets that names of commands are indented once more than options.
        self._action_max_length = 16

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        fill = super()._fill_text
        return "\n\n".join(fill(part, width, indent) for part in text.split("\n\n"))


class Commands:
    """The commands of all rooms, and the rooms whose commands cannot be read.

    Parameters
    ----------
    package : Path
        Folder of the rooms; each may have a `commands.py`.

    Attributes
    ----------
    parser : argparse.ArgumentParser
    passing_on : set of str
        Commands that read their own arguments.
    broken : list of str
        One sentence for each room that is missing, with why.
    """

    def __init__(self, package: Path):
        self.parser = argparse.ArgumentParser(
            prog="retrace",
            description=_WHAT,
            formatter_class=_Layout,
            allow_abbrev=False,
        )
        self.parser.add_argument("--version", action="version", version=f"retrace {__version__}")
        self.passing_on: set[str] = set()
        self.broken: list[str] = []
        self._commands = self.parser.add_subparsers(
            title="commands", metavar="COMMAND", dest="command"
        )
        for file in sorted(package.glob("*/commands.py")):
            self._add_room(file)
        # By name: which room answers is nothing to who asks.
        self._commands._choices_actions.sort(key=lambda action: action.dest)
        status = f"{_STATUS} `retrace run` ends with Snakemake's own."
        more = "`retrace COMMAND --help` says more of each, with an example."
        self.parser.epilog = "\n\n".join([more, status, *self.broken])

    def _add_room(self, file: Path) -> None:
        room = file.parent.name
        module = ModuleType(f"retrace.{room}.commands")
        module.__file__ = str(file)
        # Where dataclasses look for the module that they are of.
        sys.modules[module.__name__] = module
        try:
            SourceFileLoader(module.__name__, module.__file__).exec_module(module)
            module.add_commands(self._add)
        except Exception as error:
            del sys.modules[module.__name__]
            why = f"{type(error).__name__}: {error}"
            self.broken.append(f"The commands of the room {room} are missing ({why}).")

    def _add(
        self,
        name: str,
        what: str,
        run: Run,
        description: str = "",
        example: str = "",
        passes_on: bool = False,
    ) -> argparse.ArgumentParser:
        status = _STATUS_OF_OTHERS if passes_on else _STATUS
        command = self._commands.add_parser(
            name,
            help=what,
            description=description or what,
            epilog="\n\n".join([*([f"Example: {example}"] if example else []), status]),
            formatter_class=_Layout,
            allow_abbrev=False,
        )
        if passes_on:
            self.passing_on.add(name)
        else:
            command.add_argument("--json", action="store_true", help="print the rows as JSON")
        command.set_defaults(run=run)
        return command

    def parse(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Options as the command asked for reads them; ends the program where they are wrong."""
        name, rest = (arguments[0], list(arguments[1:])) if arguments else ("", [])
        if name in self.passing_on and rest not in (["--help"], ["-h"]):
            options = self.parser.parse_args([name])
            options.rest = rest
            return options
        known = self._commands.choices
        if name and not name.startswith("-") and name not in known:
            from retrace.untrusted.nearest import did_you_mean

            meant = did_you_mean(name, known)
            self.parser.error(f"there is no command {name!r}{meant} (see retrace --help)")
        return self.parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer one question of a shell, and return the exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those behind `retrace`; the program's own where none are given.
    """
    _say_what_cannot_be_encoded()
    commands = Commands(Path(__file__).parent)
    for sentence in commands.broken:
        print(f"retrace: {sentence}", file=sys.stderr)
    options = commands.parse(sys.argv[1:] if arguments is None else arguments)
    if options.command is None:
        commands.parser.print_help()
        return CANNOT_BE_ASKED
    try:
        status, rows, remark = options.run(options)
        _print_answer(options, rows, remark)
        return status
    except (argparse.ArgumentTypeError, ImportError) as error:
        print(f"retrace {options.command}: {error}", file=sys.stderr)
        return CANNOT_BE_ASKED
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever reads has seen enough; nothing may be written at the end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _say_what_cannot_be_encoded() -> None:
    """Let no character of a paper stop a terminal that has no sign for it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _print_answer(options: argparse.Namespace, rows: Rows, remark: str) -> None:
    if getattr(options, "json", False):
        print(as_json(rows))
        return
    if rows:
        print(as_text(rows, coloured=wants_colours(sys.stdout, os.environ)))
    if remark:
        print(remark)
    sys.stdout.flush()


def wants_colours(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether a stream is a terminal that shows colours, and nobody asked for none (NO_COLOR)."""
    plain = environment.get("NO_COLOR") or environment.get("TERM") == "dumb"
    return stream.isatty() and not plain


def as_json(rows: Rows) -> str:
    """Rows as a JSON array; numbers that JSON cannot hold (infinity, NaN) are null."""
    plain = [{key: _finite(value) for key, value in row.items()} for row in rows]
    text = json.dumps(plain, ensure_ascii=False, allow_nan=False, indent=1)
    return _OBEYED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _finite(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def as_text(rows: Rows, coloured: bool = False) -> str:
    """Rows for people: several as columns, one as a line a key without those that are empty.

    Characters that a terminal would obey are shown as their codes.
    """
    from retrace.untrusted.texts import shown

    cells = [{key: shown(_spelled(value)) for key, value in row.items()} for row in rows]
    if len(cells) == 1:
        width = max(map(len, cells[0]))
        pairs = [(key, cell) for key, cell in cells[0].items() if cell]
        return "\n".join(
            f"{_painted(f'{key:{width}}', _BOLD, coloured)}  {_verdict(cell, cell, coloured)}"
            for key, cell in pairs
        )
    keys = [key for key in cells[0] if any(row[key] for row in cells)]
    widths = {key: max(len(key), *(len(row[key]) for row in cells)) for key in keys}
    left = {key: not all(_is_number(row[key]) for row in rows) for key in keys}

    def line(texts: Mapping[str, str], paint: Callable[[str, str], str]) -> str:
        fitted = [(f"{texts[k]:{'<' if left[k] else '>'}{widths[k]}}", texts[k]) for k in keys]
        return "  ".join(paint(*each) for each in fitted).rstrip()

    head = line({key: key for key in keys}, lambda fit, _: _painted(fit, _BOLD, coloured))
    body = [line(row, lambda fit, text: _verdict(fit, text, coloured)) for row in cells]
    return "\n".join([head, *body])


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _spelled(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.{_DECIMALS}f}" if abs(value) >= 1e-4 or value == 0 else f"{value:.1e}"
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


def _painted(text: str, colour: str, coloured: bool) -> str:
    return f"{colour}{text}{_PLAIN}" if coloured else text


def _verdict(fitted: str, text: str, coloured: bool) -> str:
    colour = _VERDICTS.get(text)
    return _painted(fitted, colour, coloured) if colour else fitted
