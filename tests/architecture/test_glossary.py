"""The words of the product are those of docs/glossary.md."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.architecture.house import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SPOKEN = ("components", "callbacks", "data", "tasks")  # whose texts people read


class Term(NamedTuple):
    name: str
    avoided: tuple[str, ...]


def terms() -> list[Term]:
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    rows = [row for row in cells[1:] if not set(row[0]) <= {"-"}]
    return [Term(name, tuple(part.strip() for part in avoided.split(";") if part.strip())) for name, _, avoided in rows]


def _python(path: Path) -> Iterator[str]:
    """Every text of a file but what explains the code: docstrings and comments."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    explained = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explained:
            yield node.value


def _script(path: Path) -> Iterator[str]:
    code = re.sub(r"/\*.*?\*/|^\s*//.*?$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    for plain, pattern in re.findall(r'"([^"\n]+)"|`([^`]+)`', code):
        yield plain or pattern


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """What the product says, with where it does."""
    modules = [
        path for kind in SPOKEN for path in sorted((ROOT / kind).rglob("*.py")) if "migrations" not in path.parts
    ]
    scripts = sorted((ROOT / "assets" / "js").rglob("*.js"))
    pages = sorted((ROOT / "components").rglob("*.html"))
    said = [(path, text) for path in modules for text in _python(path)]
    said += [(path, text) for path in scripts for text in _script(path)]
    said += [(path, path.read_text(encoding="utf-8")) for path in pages]
    return tuple((str(path.relative_to(ROOT)), text) for path, text in said)


@pytest.mark.parametrize("term", terms(), ids=lambda term: term.name)
def test_a_term_is_used_and_what_it_replaces_is_not(term: Term) -> None:
    wanted = [part.strip() for part in term.name.split(",")]
    everything = "\n".join(text.lower() for _, text in texts())
    assert all(part.lower() in everything for part in wanted)
    for avoided in term.avoided:
        pattern = re.compile(rf"(?<!\w){re.escape(avoided)}(?!\w)", re.IGNORECASE)
        assert [place for place, text in texts() if pattern.search(text)] == [], avoided
