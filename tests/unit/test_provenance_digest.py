"""Digests follow imports: what a script uses changes its digest, and nothing else does."""

import ast
from pathlib import Path

import pytest

from retrace.provenance import digest
from retrace.provenance.digest import code_digest, code_files, content_digest, file_digest


def forget() -> None:
    """Let the next digest read every file anew, as the next start of Snakemake does."""
    for function in (digest._imports, digest._files, digest._re_exports, digest._checksum):
        function.cache_clear()


FILES = {
    "library/__init__.py": "",
    "library/used.py": "from library.deep import inner\nfrom library.rooms import chair\n",
    "library/unused.py": "VALUE = 1\n",
    "library/deep/__init__.py": "",
    "library/deep/inner.py": (
        "from importlib.resources import files\n\n"
        "def f():\n    import library.deep.lazy\n"
        '    return (files("library.deep") / "words.yaml").read_text()\n'
    ),
    "library/deep/lazy.py": (
        "from typing import TYPE_CHECKING\n\n"
        "if TYPE_CHECKING:\n    import library.unused\n\nX = 1\n"
    ),
    "library/deep/words.yaml": "import library.unused\n",
    "library/deep/unread.yaml": "cities: []\n",
    "library/rooms/__init__.py": (
        "from library.rooms.seats import (\n    chair,  # to sit on\n    stool,\n)\n"
        "from library.rooms.tables import desk\n"
    ),
    "library/rooms/seats.py": "chair = stool = 1\n",
    "library/rooms/tables.py": "desk = 1\n",
    "scripts/adapter.py": "import os\n",
    "scripts/work.py": "from adapter import x\nfrom library.used import y\n",
}
# What work.py leads to: neither `unused`, which only a type checker sees, nor the tables of
# `rooms`, of which only a chair is asked for.
LED_TO = [
    "library/__init__.py",
    "library/deep/__init__.py",
    "library/deep/inner.py",
    "library/deep/lazy.py",
    "library/deep/words.yaml",
    "library/rooms/__init__.py",
    "library/rooms/seats.py",
    "library/used.py",
    "scripts/adapter.py",
]


@pytest.fixture
def library(tmp_path: Path):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "scripts" / "work.py", tmp_path / "library"


def test_code_files_are_the_modules_a_script_leads_to(library):
    script, package = library
    names = [path.relative_to(package.parent).as_posix() for path in code_files(script, package)]
    assert names == LED_TO


@pytest.mark.parametrize("name", LED_TO)
def test_a_changed_module_changes_the_digest_of_its_users(library, name):
    script, package = library
    before = code_digest(script, package)
    with (package.parent / name).open("a") as file:
        file.write("# changed\n")
    forget()
    assert code_digest(script, package) != before


@pytest.mark.parametrize("name", ["unused.py", "rooms/tables.py", "deep/unread.yaml"])
def test_a_changed_module_leaves_other_digests_alone(library, name):
    script, package = library
    before = code_digest(script, package)
    (package / name).write_text("VALUE = 2\n")
    forget()
    assert code_digest(script, package) == before


def test_the_digest_does_not_depend_on_where_the_checkout_lies(library, tmp_path):
    import shutil

    script, package = library
    moved = tmp_path / "elsewhere"
    shutil.copytree(package, moved / "library")
    shutil.copytree(script.parent, moved / "scripts")
    assert code_digest(moved / "scripts" / "work.py", moved / "library") == code_digest(
        script, package
    )


def test_the_lock_is_part_of_the_digest(library, tmp_path):
    script, package = library
    lock = tmp_path / "requirements.txt"
    lock.write_text("numpy==1\n")
    before = code_digest(script, package, lock)
    lock.write_text("numpy==2\n")
    forget()
    assert code_digest(script, package, lock) != before


def test_a_module_that_finds_others_leads_to_all_beside_it(library):
    """A check is found by being there: no import names it, and a change in it counts."""
    script, package = library
    folder = package / "checks"
    folder.mkdir()
    (folder / "finding.py").write_text("import pkgutil\n\nFOUND = pkgutil.iter_modules(['.'])\n")
    (folder / "stars.py").write_text("CHECK = 1\n")
    (package / "used.py").write_text("from library.checks.finding import FOUND\n")
    forget()
    assert folder / "stars.py" in code_files(script, package)
    before = code_digest(script, package)
    (folder / "rows.py").write_text("from library.unused import VALUE\n")
    forget()
    assert code_digest(script, package) != before
    assert package / "unused.py" in code_files(script, package)


PACKAGE = Path(__file__).parents[2] / "workflow" / "retrace"
SOURCES = [*PACKAGE.rglob("*.py"), *(PACKAGE.parent / "scripts").glob("*.py")]


def test_no_import_of_the_library_is_missed():
    """Python's own parser finds no import that the digest does not."""
    for source in SOURCES:
        found = set(digest._imported(source))
        checked = digest._TYPE_CHECKING.search(source.read_text(encoding="utf-8"))
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert not node.level, f"{source}: a relative import"
                expected = {(node.module, alias.name) for alias in node.names}
            elif isinstance(node, ast.Import):
                expected = {(alias.name, "") for alias in node.names}
            else:
                continue
            assert expected <= found or checked, f"{source}, line {node.lineno}"


def test_packages_only_re_export():
    """The digest does not follow an `__init__`, so none may do work of its own."""
    for init in PACKAGE.rglob("__init__.py"):
        for node in ast.parse(init.read_text(encoding="utf-8")).body:
            documented = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            named = isinstance(node, ast.Assign) and node.targets[0].id in (
                "__all__",
                "__version__",
            )
            # The front door and a room may load what they offer as it is used; type checkers are
            # told where from. Of the front door, test_front_door.py checks where it leads.
            lazy = init.parent == PACKAGE and not isinstance(node, ast.Import | ast.Expr)
            opens = isinstance(node, ast.FunctionDef) and node.name == "__getattr__"
            told = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
            fine = isinstance(node, ast.ImportFrom) or documented or named or lazy or opens or told
            assert fine, init


def test_what_a_package_offers_lazily_is_followed(library):
    script, package = library
    (package / "__init__.py").write_text(
        "if TYPE_CHECKING:\n    from library.rooms import desk\n\n\ndef __getattr__(name): ...\n"
    )
    script.write_text("from library import desk\n")
    forget()
    names = {path.relative_to(package).as_posix() for path in code_files(script, package)}
    assert names == {"__init__.py", "rooms/__init__.py", "rooms/tables.py"}


PAPER = Path(__file__).parents[2] / "resources/papers/magni2022"


def test_what_is_read_decides_and_not_how_it_is_written(tmp_path):
    """Comments, order of keys, quotes and times of a description do not count; a number does."""
    import shutil

    import yaml

    from retrace.papers import read_paper

    shutil.copytree(PAPER, tmp_path / "magni2022")
    description = tmp_path / "magni2022/paper.yaml"

    def found() -> str:
        return content_digest(read_paper(tmp_path / "magni2022").study)

    before, text = found(), description.read_text(encoding="utf-8")
    description.write_text(f"# A comment.\n{text}\n# Another.\n", encoding="utf-8")
    assert found() == before
    content = yaml.safe_load(text)
    turned = dict(reversed(content.items()))
    description.write_text(yaml.safe_dump(turned, sort_keys=False), encoding="utf-8")
    assert found() == before
    content["study"]["n"] += 1
    description.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    assert found() != before


def test_contents_of_files_decide_in_their_order(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("ab")
    two.write_text("c")
    before = file_digest(one, two)
    assert file_digest(two, one) != before
    one.rename(tmp_path / "other")
    assert file_digest(tmp_path / "other", two) == before
    digest._checksum.cache_clear()
    (tmp_path / "other").write_text("a")
    two.write_text("bc")
    assert file_digest(tmp_path / "other", two) != before
