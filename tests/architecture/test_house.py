"""The rules of the house, held against the house as it stands."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

from data.areas import PAGES
from data.settings import Settings
from tests.architecture.house import ROOT, functions, sources

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

LONGEST_FILE, LONGEST_FUNCTION = 300, 60


def test_no_file_is_longer_than_a_person_reads_at_once() -> None:
    assets = [*(ROOT / "assets").glob("*.css"), *(ROOT / "assets" / "js").rglob("*.js")]
    long = [path.name for path in [*sources(), *assets] if path.read_text(encoding="utf-8").count("\n") > LONGEST_FILE]
    assert long == []


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{path.name}:{node.name}"
        for path in sources()
        for node in functions(path)
        if (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


@pytest.mark.parametrize("area", PAGES, ids=lambda area: area.name)
def test_every_area_has_its_page_and_its_components(area: object) -> None:
    name = getattr(area, "name", "")
    assert (ROOT / "pages" / f"{name}.py").exists()
    assert (ROOT / "components" / name).is_dir()


def test_the_contracts_name_every_area() -> None:
    """An area that no contract names may import what it likes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {each["name"]: each for each in project["tool"]["importlinter"]["contracts"]}
    folders = {path.parent.name for path in (ROOT / "components").glob("*/__init__.py")} - {"kit"}
    assert set(contracts["The kit knows no area"]["forbidden_modules"]) == {f"components.{name}" for name in folders}
    composing = {"overview", "shell", "gallery"}
    independent = set(contracts["Areas' components never import each other"]["modules"])
    assert independent == {f"components.{name}" for name in folders - composing}


@pytest.mark.parametrize("page", sorted((ROOT / "pages").glob("[!_]*.py")), ids=lambda page: page.stem)
def test_a_page_only_places(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.count("\n") <= 25
    assert "callback" not in text
    assert "from data.db" not in text
    assert "pandas" not in text


def test_every_setting_stands_in_the_operations_manual() -> None:
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [name.upper() for name in Settings.model_fields if f"`{name.upper()}`" not in manual] == []


def test_every_asset_that_is_named_is_there() -> None:
    named = re.compile(r"`(assets/[\w./-]+\.(?:js|css|ts))`")
    texts = [*sources(), *(ROOT / "docs").glob("*.md"), *ROOT.glob("*.md")]
    lost = [
        f"{path.name}: {name}"
        for path in texts
        for name in named.findall(path.read_text(encoding="utf-8"))
        if not any((home / name).exists() for home in (ROOT, ROOT / "tests" / "sample_area"))
    ]
    assert lost == []


def test_every_endpoint_stands_in_the_api_document(server: Flask) -> None:
    document = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    rules = [rule for rule in server.url_map.iter_rules() if rule.rule.startswith("/api/v1")]
    missing = [
        f"{method} {path}"
        for rule in rules
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if f"`{method} {(path := rule.rule.replace('<', '{').replace('>', '}'))}`" not in document
    ]
    assert missing == []


def test_importing_a_module_changes_nothing() -> None:
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in sources()
        if "migrations" not in path.parts and path.parts[-2] != "pages"
    ]
    script = f"""
import importlib, socket, threading
def refused(*_): raise SystemExit("a module connects while it is imported")
socket.socket.connect = refused
for name in {modules!r}:
    importlib.import_module(name)
assert threading.active_count() == 1, threading.enumerate()
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.parametrize(
    "entry",
    ["callbacks.sockets.service", "tasks.worker", "tasks.live", "clients.satellite.main", "clients.simulator.command"],
)
def test_only_the_web_process_loads_the_heavy_libraries(entry: str) -> None:
    script = f"import sys, {entry}; print([name for name in ('dash', 'pandas', 'plotly') if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("entry", "absent"),
    [
        ("deploy.embedded.run", ("sqlalchemy", "psycopg", "redis", "celery", "argon2")),
        ("tasks.application", ("httpx", "feedparser", "tldextract", "psycopg", "tasks.refresh")),
    ],
)
def test_what_lives_for_weeks_loads_no_more_than_it_uses(entry: str, absent: tuple[str, ...]) -> None:
    script = f"import sys, {entry}; print([name for name in {absent!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
