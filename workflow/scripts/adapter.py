"""What every rule's script shares: the library on the path, a log, whole files or none.

A script is a thin adapter: it reads its rule's inputs, calls the library and writes its outputs.
It imports this module first, because that puts the library on Python's path.
"""

from __future__ import annotations

import csv
import glob
import json
import logging
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from retrace.provenance.seals import seal
from retrace.running.garbage import collect_rarely

# First of all: the library's own imports come after this one.
collect_rarely()

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    Row = Sequence[Any] | Mapping[str, Any]


@contextmanager
def logged(snakemake: Any) -> Iterator[logging.Logger]:
    """Run a rule's work with everything that is said in the rule's log.

    Standard output and error go to the log as well, so that a library's warning is found beside
    the job that caused it. An exception leaves its traceback there and ends the job.
    """
    path = Path(snakemake.log[0])
    with path.open("w", encoding="utf-8", buffering=1) as log:
        for descriptor in (1, 2):
            os.dup2(log.fileno(), descriptor)
        logging.basicConfig(
            stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(message)s"
        )
        try:
            yield logging.getLogger("retrace")
        except Exception:
            logging.getLogger("retrace").exception("The job failed.")
            raise
        if cache := os.environ.get("SNAKEMAKE_OUTPUT_CACHE"):
            seal(snakemake.output, cache)


def progress(log: logging.Logger, what: str, step: int) -> Callable[[int, int], None]:
    """What says in the log how much of long work is done: at every `step` and at the end.

    It is called with the number that is done, and that of all.
    """

    def done(number: int, total: int) -> None:
        if number % step == 0 or number == total:
            log.info("%d of %d %s", number, total, what)

    return done


def write(path: str | Path, fill: Callable[[Path], object]) -> None:
    """Write a file whole or not at all: `fill` writes beside `path`, then that takes its place.

    The name beside it is this call's own. A job that outlived a killed Snakemake may be writing
    the same result still; what it has begun is removed, so that it cannot take the place of this.
    """
    final = Path(path)
    for begun in final.parent.glob(f".part-????????-{glob.escape(final.name)}"):
        begun.unlink(missing_ok=True)
    part = final.with_name(f".part-{secrets.token_hex(4)}-{final.name}")
    try:
        fill(part)
        # A full disk or a lost server may only show when the content is really written out.
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        os.replace(part, final)
    finally:
        part.unlink(missing_ok=True)


def write_text(path: str | Path, text: str) -> None:
    """Write a UTF-8 text with line feeds."""
    write(path, lambda part: part.write_text(text, encoding="utf-8", newline="\n"))


def write_texts(output: Any, texts: Mapping[str, str], prefix: str = "") -> None:
    """Write every text to the rule's output of its name, or of its name behind a prefix."""
    for name, text in texts.items():
        write_text(output[prefix + name], text)


def write_json(path: str | Path, content: object) -> None:
    """Write JSON that people can read: indented, keys in the order given."""
    write_text(path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def write_csv(path: str | Path, frame: pd.DataFrame) -> None:
    """Write a table with full precision: every float in the shortest form that reads back."""
    write(path, lambda part: frame.to_csv(part, index=False, lineterminator="\n"))


def write_rows(path: str | Path, rows: Iterable[Row], columns: Sequence[str]) -> None:
    """Write rows as `write_csv` writes a table of them, without pandas and the time to import it.

    A row has its cells in the order of the columns, or by their names.
    """
    cells = ([row[c] for c in columns] if isinstance(row, Mapping) else row for row in rows)
    by_column = [_shown(column) for column in zip(*cells, strict=True)]

    def fill(part: Path) -> None:
        with part.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(columns)
            table.writerows(zip(*by_column, strict=True))

    write(path, fill)


def _shown(column: Sequence[Any]) -> Sequence[Any]:
    """A column's cells as pandas has them: NaN is empty, and with it all numbers are real ones."""
    known = [cell for cell in column if cell is not None and cell == cell]
    if any(isinstance(cell, bool) or not isinstance(cell, Real) for cell in known):
        return ["" if cell is None or cell != cell else cell for cell in column]
    if len(known) == len(column) and all(isinstance(cell, Integral) for cell in known):
        return column
    return ["" if cell is None or cell != cell else float(cell) for cell in column]


def write_parquet(path: str | Path, frame: pd.DataFrame) -> None:
    """Write a table as Parquet; equal tables give equal bytes."""
    write(path, lambda part: frame.to_parquet(part, engine="pyarrow", index=False))


def write_svg(path: str | Path, figure: Figure) -> None:
    """Write a matplotlib figure as SVG without date or random identifiers."""
    import matplotlib as mpl

    _show_texts_as_they_are(figure)
    with mpl.rc_context({"svg.hashsalt": "retrace", "svg.fonttype": "path"}):
        write(path, lambda part: figure.savefig(part, format="svg", metadata={"Date": None}))


def _show_texts_as_they_are(figure: Figure) -> None:
    """Have no text of a figure typeset as mathematics but the powers of ten of logarithmic axes.

    Labels, causes and names are a paper's: matplotlib would typeset what stands between two dollar
    signs, or fail at it.
    """
    from matplotlib.text import Text
    from matplotlib.ticker import LogFormatter

    ticks = {
        text
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        if isinstance(axis.get_major_formatter(), LogFormatter)
        for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks())
        for text in tick.findobj(Text)
    }
    for text in figure.findobj(Text):
        if text not in ticks:
            text.set_parse_math(False)


def read_text(path: str | Path) -> str:
    """Read a UTF-8 text."""
    return Path(path).read_text(encoding="utf-8-sig")


def read_texts(paths: Iterable[str | Path]) -> dict[str, str]:
    """Read UTF-8 texts, by the names of their files."""
    return {str(path): read_text(path) for path in paths}


def read_csv(path: str | Path, **options: Any) -> pd.DataFrame:
    """Read a table that `write_csv` wrote, floats to the last bit, empty cells as NaN."""
    import pandas as pd

    return pd.read_csv(path, float_precision="round_trip", **options)


def read_strings(path: str | Path) -> pd.DataFrame:
    """Read a table whose cells are all text, empty ones too: printed numbers keep their zeros."""
    import pandas as pd

    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def run_folder(snakemake: Any) -> Path:
    """The folder with this run's `results`: a module of another workflow may have its own below."""
    below = Path(snakemake.output[0]).parts
    return Path(*below[: len(below) - 1 - below[::-1].index("results")])


def read_results(snakemake: Any) -> dict[str, dict[str, pd.DataFrame]]:
    """All inputs of a rule, tables of this run, as text: by name, then by file under `results`."""
    results = run_folder(snakemake) / "results"
    return {
        name: {
            Path(file).relative_to(results).as_posix(): read_strings(file)
            for file in ([files] if isinstance(files, str) else files)
        }
        for name, files in snakemake.input.items()
    }


def ask_snakemake(snakemake: Any, *arguments: str) -> str:
    """What Snakemake's own command answers about this run's workflow with this run's settings."""
    run = run_folder(snakemake)
    with tempfile.TemporaryDirectory() as folder:
        # The settings as this job has them, whatever files or options they came from.
        settings = Path(folder) / "config.json"
        settings.write_text(json.dumps(snakemake.config), encoding="utf-8")
        command = [sys.executable, "-m", "snakemake", "--workflow-profile", "none", "--nolock"]
        command += ["--snakefile", str(Path(snakemake.input.snakefile).absolute())]
        command += ["--directory", str(run.absolute()), "--configfile", str(settings)]
        return subprocess.run(
            [*command, *arguments], stdout=subprocess.PIPE, check=True, text=True
        ).stdout
