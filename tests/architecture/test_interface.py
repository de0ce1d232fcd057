"""The rules of the interface: ids are unique and wired, drawing asks nobody, an area has one name everywhere."""

from __future__ import annotations

import ast
import importlib
import json
import re
import socket
from collections import Counter
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

import pytest
from plotly.io.json import to_json_plotly as to_json

from callbacks.overview import drawings
from callbacks.web.dash_internals import CALLBACKS
from components.domains import domain_layout
from components.kit import address
from components.missions import layout as missions
from components.shell import layout as shell
from data.areas import AREAS, CHARTS, PAGES, parts
from data.permissions import Permission
from tests.architecture.house import ROOT, functions, sources
from tests.callers import person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from flask import Flask

    from data.area import Area
    from data.services import Services

PAGES_DRAWN = parts("components", "layout")
DRAWN = (
    lambda: shell.layout(refresh_ms=1000),
    *(module.layout for module in PAGES_DRAWN),
    lambda: domain_layout.layout("acme.io"),
    lambda: missions.layout(address.parse({"from": "2026-01-01", "to": "nonsense"}), job="LP-1"),
)
# What knows or asks: nothing of it has a place where only drawing is done.
ASKS = re.compile(
    r"data\.(db|cache|services|settings|views|live|deadline)\b|data\.\w+\.(reads|writes|commands|queue|fleet)\b"
)


def ids_modules() -> list[ModuleType]:
    paths = sorted((ROOT / "components").glob("*/ids.py"))
    return [importlib.import_module(f"components.{path.parent.name}.ids") for path in paths]


def names(module: ModuleType) -> dict[str, str]:
    """The ids that a module names: by constants, and by patterns under their type."""
    made = {name: value for name, value in vars(module).items() if name.isupper() and isinstance(value, str)}
    patterns = {name: value for name, value in vars(module).items() if name.islower() and _makes_ids(module, value)}
    return made | {name: make("x")["type"] for name, make in patterns.items()}


def _makes_ids(module: ModuleType, value: object) -> bool:
    return callable(value) and getattr(value, "__module__", "") == module.__name__


def components(tree: Any) -> Iterator[Any]:
    yield tree
    if hasattr(tree, "_traverse"):
        yield from tree._traverse()


def drawn_ids() -> list[Any]:
    return [part.id for draw in DRAWN[:-1] for part in components(draw()) if getattr(part, "id", None)]


@pytest.fixture
def wired(mc: Services, server: Flask) -> list[str]:
    """The ids that callbacks listen to, read and write, patterns as JSON."""
    viewer = person(mc, server, "viewer")
    assert viewer("POST", CALLBACKS, {}).status_code == 400
    found: list[str] = []
    for callback in viewer("GET", "/_dash-dependencies").json:
        found += [wire["id"] for wire in callback["inputs"] + callback["state"]]
        found += [part.rpartition(".")[0] for part in callback["output"].strip(".").split("...")]
    return sorted({name for name in found if name and not name.startswith("_pages")})


def test_every_id_has_one_owner_and_carries_its_name() -> None:
    owned = {module.__name__.split(".")[1]: names(module) for module in ids_modules()}
    counted = Counter(value for found in owned.values() for value in found.values())
    assert [value for value, times in counted.items() if times > 1] == []
    for area in AREAS:
        assert all(value.startswith(f"{area.name}-") for value in owned.get(area.name, {}).values())


def test_no_id_is_drawn_twice_on_a_page() -> None:
    for page in DRAWN[1:]:
        parts = [part for draw in (DRAWN[0], page) for part in components(draw())]
        found = Counter(json.dumps(part.id, sort_keys=True) for part in parts if getattr(part, "id", None))
        assert [name for name, times in found.items() if times > 1] == []


def test_every_wire_leads_to_something_that_is_drawn(wired: list[str]) -> None:
    drawn = drawn_ids()
    plain = {name for name in drawn if isinstance(name, str)}
    kinds = {name["type"] for name in drawn if isinstance(name, dict)}
    kinds |= {name for module in ids_modules() for name in names(module).values()}  # made by a callback's answer
    for name in wired:
        if name.startswith("{"):
            assert json.loads(name)["type"] in kinds, name
        else:
            assert name in plain, name


def test_every_id_is_drawn_or_wired_or_known_to_the_browsers_scripts(wired: list[str]) -> None:
    styles, modules = (ROOT / "assets").glob("*.css"), (ROOT / "assets" / "js").rglob("*.js")
    scripts = "".join(path.read_text(encoding="utf-8") for path in (*styles, *modules))
    used = json.dumps([drawn_ids(), wired]) + scripts
    unused = [name for module in ids_modules() for name in names(module).values() if name not in used]
    made_later = {"missions-action", "missions-priority", "quotas-end-drill", "screens-action"}  # by callbacks
    assert set(unused) <= made_later


def test_no_callback_names_an_id_by_a_literal() -> None:
    found = []
    for path in sorted((ROOT / "callbacks").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Input", "Output", "State"}:
                found += [
                    f"{path.name}:{node.lineno}" for one in node.args[:1] if isinstance(one, ast.Constant | ast.Dict)
                ]
    assert found == []


@pytest.mark.parametrize("draw", DRAWN)
def test_a_layout_is_drawn_without_asking_anybody(draw: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("a layout asks")

    monkeypatch.setattr(socket.socket, "connect", refused)
    assert to_json(draw()) == to_json(draw())


@pytest.mark.parametrize("folder", ["components", "pages"])
def test_what_draws_imports_nothing_that_asks(folder: str) -> None:
    found = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            parts = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            parts += [f"{node.module}.{one.name}" for one in node.names] if isinstance(node, ast.ImportFrom) else []
            parts += [one.name for one in node.names] if isinstance(node, ast.Import) else []
            found += [f"{path.name}: {part}" for part in parts if ASKS.search(part)]
    assert found == []


def test_every_page_of_an_area_is_drawn_here() -> None:
    assert [module.__name__ for module in PAGES_DRAWN] == [f"components.{area.name}.layout" for area in PAGES]


@pytest.mark.parametrize("area", PAGES, ids=lambda area: area.name)
def test_an_area_with_a_page_is_called_the_same_everywhere(area: Area) -> None:
    assert area.path in ("/", f"/{area.name}")
    assert (ROOT / "components" / area.name / "layout.py").exists()
    assert (ROOT / "assets" / f"40-{area.name}.css").exists()
    assert area.name in {module.blueprint.name for module in parts("callbacks")}


@pytest.mark.parametrize("area", [area for area in PAGES if area.path != "/"], ids=lambda area: area.name)
def test_an_area_with_data_has_its_endpoints_its_permissions_and_its_tests(area: Area) -> None:
    assert f"callbacks.http.v1.{area.name}" in {module.__name__ for module in parts("callbacks.http.v1")}
    assert any(permission.startswith(f"{area.name}:") for permission in Permission)
    assert (ROOT / "tests" / "unit" / area.name).is_dir()
    assert list((ROOT / "tests" / "http").glob(f"test_{area.name}*.py"))


def test_every_chart_of_the_catalogue_can_be_drawn() -> None:
    assert set(drawings()) == set(CHARTS)


def test_every_module_of_an_area_is_found_by_its_name() -> None:
    """A folder that no area is called after would be left out in silence."""
    areas = {area.name for area in AREAS}
    for folder, kinds in (("data", ("streams", "exports", "live", "area")), ("components", ("panels",))):
        homes = {path.parent.name for kind in kinds for path in (ROOT / folder).glob(f"*/{kind}.py")}
        assert homes - {"ingest"} <= areas
    assert {path.stem for path in (ROOT / "tasks").glob("[a-z]*.py")} - areas == {
        *("application", "housekeeping", "live", "refresh", "schedule", "task", "worker")
    }


def test_functions_are_short() -> None:
    lengths = [(node.end_lineno or 0) - node.lineno + 1 for path in sources() for node in functions(path)]
    assert median(lengths) <= 10
    assert quantiles(lengths, n=10)[-1] <= 30


def test_nothing_waits_to_be_done() -> None:
    words = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    assert [path.name for path in sources() if words.search(path.read_text(encoding="utf-8"))] == []


def test_every_exception_to_the_linter_has_its_reason() -> None:
    bare = re.compile(r"# (noqa|type: ignore)(?!(: [A-Z0-9, ]+ — \S)|(\[[\w-]+(, ?[\w-]+)*\]))")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if bare.search(line)
    ]
    assert found == []


def test_every_view_says_its_question_and_its_grain() -> None:
    for path in sorted((ROOT / "data").glob("*/views/*.sql")):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("-- "), path.name
        if path.name.startswith(("mv_", "rollup_")):
            assert "Grain: " in first, path.name


def test_every_insert_names_its_columns() -> None:
    named = re.compile(r"insert into [\w{}.]+( as \w+)?\s*\(", re.IGNORECASE)
    unnamed = [
        f"{path.relative_to(ROOT)}: {insert[0]}"
        for path in (ROOT / "data").rglob("*.*")
        if path.suffix in {".py", ".sql"}
        for insert in re.finditer(r"insert into .*", path.read_text(encoding="utf-8"), re.IGNORECASE)
        if not named.match(path.read_text(encoding="utf-8"), insert.start())
    ]
    assert unnamed == []


def test_nothing_is_fetched_from_another_site() -> None:
    foreign = re.compile(r"""(src|href|url\(|@import|import\()\s*[=(]?\s*["']?https?://(?!www\.w3\.org)""")
    folders = (ROOT / "assets", ROOT / "components")
    files = [
        path for folder in folders for path in folder.rglob("*.*") if path.suffix in {".js", ".css", ".html", ".py"}
    ]
    assert len(files) > 20
    assert [path.name for path in files if "vendor" not in path.parts and foreign.search(path.read_text("utf-8"))] == []
