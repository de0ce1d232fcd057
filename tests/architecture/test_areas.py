"""Areas know nothing of each other, those that are made tomorrow included: no list of them is kept here."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from data.areas import AREAS
from tests.architecture.house import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from data.area import Area

COMPOSES = ("components", "overview")  # the overview shows what areas offer in their panels
FOR_ALL = {"access"}  # who is asking, and what was done: every area leans on it


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.name)
@pytest.mark.parametrize("package", ["data", "components"])
def test_an_area_imports_no_other_one(area: Area, package: str) -> None:
    if (package, area.name) == COMPOSES:
        return
    others = {other.name for other in AREAS} - FOR_ALL - {area.name}
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((ROOT / package / area.name).rglob("*.py"))
        for name in imported(path)
        if name.startswith(f"{package}.") and name.split(".")[1] in others
    ]
    assert wrong == []
