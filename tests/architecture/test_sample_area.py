"""An area that was made from `docs/add-an-area.md` alone works when it is laid over the product, and two places of what
was there know it."""

from __future__ import annotations

import difflib
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.architecture.house import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SAMPLE = ROOT / "tests" / "sample_area"
GUIDE = ROOT / "docs" / "add-an-area.md"
LEFT_OUT = (".git", ".venv", "pictures", "sample_area", "__pycache__", "*.pyc", ".*_cache", "node_modules")
# The edits of the guide: a line that is there, and what takes its place.
EDITS = {
    "data/areas.py": [
        (
            "from data.screens.area import SCREENS\n",
            "from data.screens.area import SCREENS\nfrom data.uptime.area import UPTIME\n",
        ),
        ("    SCREENS,\n    ACCESS,\n", "    SCREENS,\n    UPTIME,\n    ACCESS,\n"),
    ],
    "data/permissions.py": [
        (
            '    LAYOUTS_EDIT = "layouts:edit"\n',
            '    UPTIME_READ = "uptime:read"\n    UPTIME_REPORT = "uptime:report"\n    LAYOUTS_EDIT = "layouts:edit"\n',
        ),
        ("        _P.SCREENS_READ,\n", "        _P.SCREENS_READ,\n        _P.UPTIME_READ,\n"),
        (
            "_OPERATE = _READ | {_P.MISSIONS_OPERATE,",
            "_OPERATE = _READ | {_P.UPTIME_REPORT, _P.MISSIONS_OPERATE,",
        ),
    ],
}
PROOFS = ("tests/http/test_uptime.py", "tests/architecture/test_areas.py", "tests/unit/components/test_bindings.py")
LINES = 12  # added and taken away, in both files together


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product's own tree with the sample over it."""
    tree = tmp_path_factory.mktemp("product") / "tree"
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(*LEFT_OUT))
    newest = newest_revision(tree)
    for path in sample():
        place = tree / path
        assert not place.exists(), f"{path} is there already"
        place.parent.mkdir(parents=True, exist_ok=True)
        content = (SAMPLE / path).read_text(encoding="utf-8")
        place.write_text(content.replace('"NEWEST"', f'"{newest}"'), encoding="utf-8")
    for path, edits in EDITS.items():
        content = (tree / path).read_text(encoding="utf-8")
        for before, after in edits:
            assert content.count(before) == 1, f"{path}: {before}"
            content = content.replace(before, after)
        (tree / path).write_text(content, encoding="utf-8")
    return tree


def sample() -> list[str]:
    files = (path for path in SAMPLE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return sorted(str(path.relative_to(SAMPLE)) for path in files)


def newest_revision(tree: Path) -> str:
    """The revision that no other one follows."""
    texts = [path.read_text(encoding="utf-8") for path in (tree / "data/migrations/versions").glob("*.py")]
    revisions = {found[1] for words in texts if (found := re.search(r'^revision = "(\w+)"', words, re.MULTILINE))}
    followed = {found[1] for words in texts if (found := re.search(r'^down_revision = "(\w+)"', words, re.MULTILINE))}
    [newest] = revisions - followed
    return newest


def product(tree: Path) -> Iterator[str]:
    """The files of a tree that the product is made of."""
    for folder in (*("assets", "callbacks", "clients", "components", "data", "deploy", "pages", "tasks"), "."):
        found = (tree / folder).glob("*") if folder == "." else (tree / folder).rglob("*")
        yield from (str(path.relative_to(tree)) for path in found if path.is_file() and path.suffix != ".pyc")


def run(tree: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    environment = {name: value for name, value in environment.items() if not name.startswith("PYTEST")}
    return subprocess.run(
        [sys.executable, *command], cwd=tree, env=environment, capture_output=True, text=True, check=False
    )


def test_two_places_of_the_product_know_a_new_area(tree: Path) -> None:
    own = set(sample())
    changed = {
        path for path in product(tree) if path not in own and (tree / path).read_bytes() != (ROOT / path).read_bytes()
    }
    assert changed == {"data/areas.py", "data/permissions.py"}
    lines = [
        line
        for path in changed
        for line in difflib.ndiff(*(folder.joinpath(path).read_text().splitlines() for folder in (ROOT, tree)))
        if line.startswith(("+ ", "- "))
    ]
    assert len(lines) <= LINES, lines


def test_everything_that_it_brings_works_end_to_end(tree: Path) -> None:
    where = run(tree, "-c", "import app; print(app.__file__)")
    assert where.stdout.strip() == str(tree / "app.py"), where.stderr
    done = run(tree, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n0", *PROOFS)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert re.search(r"\d+ passed", done.stdout), done.stdout


def test_every_file_of_the_sample_stands_in_the_guide() -> None:
    named = set(re.findall(r"`([\w./-]+\.(?:py|sql|css))`", GUIDE.read_text(encoding="utf-8")))
    assert [path for path in sample() if path not in named and not path.endswith("__init__.py")] == []


@pytest.mark.parametrize(("part", "most"), [("a chart", 4), ("an ingest stream", 3), ("a live number", 2)])
def test_a_part_of_an_area_touches_few_files(part: str, most: int) -> None:
    [row] = [line for line in GUIDE.read_text(encoding="utf-8").splitlines() if line.startswith(f"| {part}")]
    files = re.findall(r"`((?:components|callbacks|data)/[\w./-]+)`", row)
    assert [path for path in files if not (ROOT / path).exists()] == []
    assert row.split("|")[2].strip() == str(len(files))
    assert len(files) <= most
