"""Digests follow imports: what a script uses changes its digest, and nothing else does."""

from pathlib import Path

import pytest

from retrace import digest
from retrace.digest import code_digest, code_files


def forget() -> None:
    """Let the next digest read every file anew, as the next start of Snakemake does."""
    digest._imports.cache_clear()
    digest._checksum.cache_clear()


@pytest.fixture
def library(tmp_path: Path):
    package = tmp_path / "library"
    (package / "deep").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "used.py").write_text("from library.deep import inner\n")
    (package / "unused.py").write_text("VALUE = 1\n")
    (package / "deep" / "__init__.py").write_text("")
    (package / "deep" / "inner.py").write_text("def f():\n    from . import lazy\n")
    (package / "deep" / "lazy.py").write_text("VALUE = 1\n")
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    (scripts / "adapter.py").write_text("import os\n")
    (scripts / "work.py").write_text("from adapter import x\nfrom library.used import y\n")
    return scripts / "work.py", package


def test_code_files_are_the_modules_a_script_leads_to(library):
    script, package = library
    names = [path.relative_to(package.parent).as_posix() for path in code_files(script, package)]
    assert names == [
        "library/__init__.py",
        "library/deep/__init__.py",
        "library/deep/inner.py",
        "library/deep/lazy.py",
        "library/used.py",
        "scripts/adapter.py",
    ]


@pytest.mark.parametrize("name", ["used.py", "deep/inner.py", "deep/lazy.py", "__init__.py"])
def test_a_changed_module_changes_the_digest_of_its_users(library, name):
    script, package = library
    before = code_digest(script, package)
    with (package / name).open("a") as file:
        file.write("# changed\n")
    forget()
    assert code_digest(script, package) != before


def test_a_changed_module_leaves_other_digests_alone(library):
    script, package = library
    before = code_digest(script, package)
    (package / "unused.py").write_text("VALUE = 2\n")
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


def test_no_import_of_the_library_is_missed():
    """Python's own parser finds no import that the digest does not."""
    import ast

    package = Path(__file__).parents[2] / "workflow" / "retrace"
    scripts = package.parent / "scripts"
    for source in [*package.rglob("*.py"), *scripts.glob("*.py")]:
        found = set(digest._imports(source, package))
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                assert not isinstance(node, ast.ImportFrom), f"{source}: a relative import"
                continue
            for name in names:
                assert set(digest._module_files(name, source, package)) <= found, source
