"""Documentation holds: its links lead somewhere, what it names is there, every page is found."""

import importlib
import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/**/*.md", "config/*.md", "benchmarks/**/*.md")
    for path in ROOT.glob(pattern)
)
# What a run makes, or a reader does; nothing of the checkout.
MADE = (".snakemake/", ".venv/", "profiles/pbs/")
OWN = {"status.sh"}
SOURCES = sorted(
    path
    for part in ("workflow", "tests", "benchmarks", "envs")
    for path in (ROOT / part).rglob("*.*")
    if "__pycache__" not in path.parts
)
BARE = {path.name for path in SOURCES}


def text_of(page: str) -> str:
    """A page without its blocks of code."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def links_of(page: str) -> list[tuple[str, str]]:
    """Every relative link of a page: the path of the checkout that it leads to, and its anchor."""
    found = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        if "://" not in target:
            path, _, anchor = target.partition("#")
            full = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
            found.append((full, anchor))
    return found


def anchors_of(page: str) -> set[str]:
    """The anchors that GitHub gives a page's headings."""
    headings = re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings]
    return {heading.replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    for target, anchor in links_of(page):
        assert (ROOT / target).exists(), f"{page} links to {target}"
        if anchor:
            assert anchor in anchors_of(target), f"{page} links to {target}#{anchor}"


def is_there(name: str) -> bool:
    """Whether a file or folder of the checkout has this name; `<stage>` and `*` stand for any."""
    pattern = re.sub(r"<[^>]+>", "*", name)
    return any(ROOT.glob(pattern)) if "*" in pattern else (ROOT / name).exists()


# A path of the checkout, wherever a page has it: in a sentence, a command or a block of code.
PATHS = re.compile(
    r"(?<![\w./$-])(?:workflow|docs|config|envs|profiles|tests|benchmarks|resources)/[\w./*<>-]*[\w>*/]"
)


@pytest.mark.parametrize("page", PAGES)
def test_files_that_a_page_names_are_there(page):
    whole = (ROOT / page).read_text(encoding="utf-8")
    # Without links, which are relative to the page and checked above.
    for name in PATHS.findall(re.sub(r"\]\([^)]+\)", "]", whole)):
        # What a reader makes is not there yet.
        if not name.startswith((*MADE, "resources/papers/smith2021", "resources/papers/<key>")):
            assert is_there(name.rstrip("/")), f"{page} names {name}"
    for name in re.findall(r"`([\w-][\w.-]*\.(?:py|smk|R|sh))`", text_of(page)):
        assert name in BARE | OWN, f"{page} names {name}"


def is_named_right(name: str) -> bool:
    """Whether `retrace.room.module.attribute` is a module, or something that one has."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[end:]:
            if not hasattr(found, attribute):
                return False
            found = getattr(found, attribute)
        return True
    return False


@pytest.mark.parametrize("page", PAGES)
def test_modules_that_a_page_names_are_there(page):
    for name in re.findall(r"`(retrace(?:\.\w+)+)`", text_of(page)):
        assert is_named_right(name), f"{page} names {name}"
    # Names cut short (`.linearised`) go stale unseen: whole ones are checked above.
    ends = {path.suffix for path in SOURCES} | {".md", ".txt", ".bib", ".ris", ".json", ".csv"}
    cut = set(re.findall(r"`(\.[a-z_]+)`", text_of(page))) - ends - {".venv", ".snakemake"}
    assert not {name for name in cut if not name.startswith(".ipynb")}, page


def test_names_of_modules_in_docstrings_are_there():
    """Names with a dot whose module or attribute is gone, in every docstring and comment."""
    for source in (ROOT / "workflow" / "retrace").rglob("*.py"):
        text = source.read_text(encoding="utf-8")
        for name in re.findall(r"`(retrace(?:\.[a-z_]+)+)`", text):
            assert is_named_right(name), (source, name)
        for name in re.findall(r"`([a-z_]+)\.[A-Z_a-z]+`", text):
            if name in GONE:
                assert (source.parent / f"{name}.py").exists(), (source, name)
        for name in re.findall(r"`([a-z_]+)(?:\.py)?`", text):
            if name in GONE - COMMON:
                assert (source.parent / f"{name}.py").exists(), (source, name)


# Modules that have other names now.
GONE = {
    *("aim", "assumption_tables", "choices", "completion", "declared", "downstream", "ends"),
    *("errors", "few", "folders", "layout", "likeness", "linearised", "matrix", "opinions"),
    *("ordering", "polish", "power_tables", "statistics", "steer", "unmet", "whole"),
}
# Words that are arguments, columns and keys too.
COMMON = {
    "aim",
    "choices",
    "declared",
    "errors",
    "few",
    "layout",
    "matrix",
    "opinions",
    "statistics",
    "unmet",
    "whole",
}


def test_every_page_is_in_the_index_with_one_line():
    index = text_of("docs/README.md")
    pages = {path for path, _ in links_of("docs/README.md") if path.startswith("docs/")}
    assert pages == {page for page in PAGES if page.startswith("docs/")} - {"docs/README.md"}
    for page in pages:
        name = page.removeprefix("docs/")
        lines = [line for line in index.splitlines() if f"({name})" in line]
        assert len(lines) == 1, name
        assert re.fullmatch(r"\| \[[^]]+\]\([^)]+\) \| \S.{9,119} \|", lines[0]), lines[0]


def test_pages_stand_in_the_four_folders():
    folders = {Path(page).parts[1] for page in PAGES if page.count("/") > 1 and "docs/" in page}
    assert folders == {"tutorial", "how-to", "reference", "explanation"}


def made_by_rules() -> set[str]:
    """The names of all result files that rules declare, without folders and wildcards' chunks."""
    names: set[str] = set()
    for file in (ROOT / "workflow" / "rules").glob("*.smk"):
        for outputs in re.findall(r"^    output:\n(.*?)^    \w+:", file.read_text(), re.S | re.M):
            names |= set(re.findall(r'"(results/[^"]+)"', outputs))
            tables = re.findall(r'table_files\("([^"]+)"', outputs)
            names |= {f"results/tables/{table}.csv" for table in tables}
    return names


def test_every_result_file_is_in_its_reference():
    page = (ROOT / "docs/reference/results.md").read_text(encoding="utf-8")
    assert len(made_by_rules()) > 80
    for path in sorted(made_by_rules()):
        parts = Path(path).parts
        name = parts[-2] + "/" if "{chunk}" in parts[-1] or "{model}" in parts[-1] else parts[-1]
        name = name.replace("{paper}", "<paper>").replace("{refused}", "<paper>")
        if parts[1] == "tables" and "summary" not in name:
            continue
        known = [f"`{name}`", f"/{name}`"]
        if parts[1] == "tables":
            known = ["`tables/summary.*`"]
        elif Path(name).stem == "references":
            known.append("/references.csv`, `.bib`, `.json`")
        assert any(each in page for each in known), path
    for rule in re.findall(
        r"^rule (\w+):",
        "\n".join(file.read_text() for file in (ROOT / "workflow" / "rules").glob("*.smk")),
        re.MULTILINE,
    ):
        script = ROOT / "workflow" / "scripts" / f"{rule}.py"
        if script.is_file() and "render" not in rule:
            assert f"`{rule}`" in page, rule
