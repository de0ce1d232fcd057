"""Layouts are made of nothing but their parameters, and what they bind to the live state is what the state has."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from components.alerts import layout as alerts
from components.backlinks import layout as backlinks
from components.domains import domain_layout
from components.domains import layout as domains
from components.kit import address, theme
from components.missions import layout as missions
from components.overview import layout as overview
from components.quotas import layout as quotas
from data.areas import NUMBERS
from data.live.sections import areas_of_sections
from data.status import SCALE
from tests.browser import states
from tests.exports_offered import datasets, offers
from tests.scripts import ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dash.development.base_component import Component

ASSETS = Path(__file__).parents[3] / "assets"
STATE_KEYS = {
    "quota_counts",
    "domains",
    "summary",
    "queue_depth",
    "trends",
    "view",
    "as_of",
    "simulation",
    "version",
    "stamps",
    "active_jobs",
}
NOW = 1_764_244_800_000
SHOWN_VIEWS = ("mv_daily_satellite_performance", "mv_daily_job_stats")
PATHS = ("data-live", "data-live-list", "data-live-show", "data-spark", "data-age", "data-rest", "data-threshold")
BINDINGS = ("data-live", "data-live-list", "data-live-show", "data-spark", "data-age")


def components(root: Component) -> Iterator[Component]:
    yield root
    yield from (found for found in root._traverse() if hasattr(found, "to_plotly_json"))


def properties(root: Component) -> Iterator[dict[str, Any]]:
    for component in components(root):
        yield component.to_plotly_json()["props"]


def outside_templates(root: Component) -> Iterator[dict[str, Any]]:
    inner = {
        id(found)
        for found in components(root)
        if "data-template" in found.to_plotly_json()["props"]
        for found in components(found)
    }
    return (one.to_plotly_json()["props"] for one in components(root) if id(one) not in inner)


def test_every_live_path_starts_at_a_key_of_the_state() -> None:
    for page in (overview.layout(), missions.layout()):
        paths = [props[binding] for props in outside_templates(page) for binding in BINDINGS if props.get(binding)]
        assert paths
        assert {path.split(".")[0] for path in paths} <= STATE_KEYS


def painted() -> dict[str, Any]:
    """A busy state as the browser paints it, for a person who has set every threshold."""
    state = states.busy(NOW) | {"stamps": {view: {"version": 1, "refreshed": NOW} for view in SHOWN_VIEWS}}
    next(iter(state["errors"].values()))["ack"] = "ann@example.org"
    numbers = {name: asdict(number) for name, number in NUMBERS.items()}
    limits = {name: 10**12 if number.worse == "below" else 0 for name, number in NUMBERS.items()}
    person = {"numbers": numbers, "thresholds": {name: {"caution": limit} for name, limit in limits.items()}}
    person |= {"scale": SCALE, "areas": areas_of_sections()}
    [view] = ask("view", "viewOf", [(state, NOW, person)])
    return state | {"view": view}


def paths(props: dict[str, Any]) -> Iterator[str]:
    """What an element binds, by its attributes."""
    yield from (props[name] for name in PATHS if props.get(name))
    for name in ("data-live-attr", "data-live-style"):
        yield from (pair.rpartition(":")[2] for pair in props.get(name, "").split(";") if pair)


def leads(path: str, scope: Any) -> bool:
    for key in path.split("."):
        if not isinstance(scope, dict) or key not in scope:
            return path == "$key"
        scope = scope[key]
    return True


def at(path: str, scope: Any) -> list[Any]:
    for key in path.split("."):
        scope = scope[key]
    return list(scope.values()) if isinstance(scope, dict) else scope


def test_every_live_path_leads_to_something_that_the_browser_paints() -> None:
    """A misspelt one would be an empty tile: the wall has no other way to say so."""
    scope = painted()
    for page in (overview.layout(), missions.layout()):
        assert {path for props in outside_templates(page) for path in paths(props) if not leads(path, scope)} == set()
        for part in components(page):
            props = part.to_plotly_json()["props"]
            templates = [one for one in components(part) if "data-template" in one.to_plotly_json()["props"]]
            if "data-live-list" not in props or not templates:
                continue
            rows = at(props["data-live-list"], scope)
            bound = {path for inner in components(templates[0]) for path in paths(inner.to_plotly_json()["props"])}
            assert {path for path in bound if not any(leads(path, row) for row in rows)} == set(), props


def test_every_panel_tells_its_age_unless_it_holds_no_data() -> None:
    for page in (overview.layout(), missions.layout()):
        panels = [one for one in components(page) if re.match(r"panel( |$)", str(getattr(one, "className", "")))]
        ageless = [one.className for one in panels if not any(props.get("data-age") for props in properties(one))]
        assert set(ageless) <= {"panel first-steps", "panel panel-submit"}


def test_no_id_stands_twice_on_a_page() -> None:
    for page in (overview.layout(), missions.layout(address.parse({"from": "now-7d"}), job="LP-1")):
        ids = [str(props["id"]) for props in properties(page) if "id" in props]
        assert len(ids) == len(set(ids))


def themes() -> dict[str, dict[str, str]]:
    """The colours of each theme; what a theme does not name is as by night."""
    sheet = (ASSETS / "11-themes.css").read_text(encoding="utf-8")
    night = _tokens((ASSETS / "10-tokens.css").read_text(encoding="utf-8"))
    blocks = dict(re.findall(r'\[data-theme="([a-z]+)"\] \{(.*?)\n\}', sheet, re.DOTALL))
    return {"night": night} | {name: night | _tokens(block) for name, block in blocks.items()}


def _tokens(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", css))


def test_charts_name_colours_that_every_theme_has() -> None:
    named = {value for name, value in vars(theme).items() if name.isupper() and str(value).startswith("var(")}
    assert len(named) > 15
    for name, tokens in themes().items():
        assert {re.sub(r"var\(--(.+)\)", r"\1", value) for value in named} <= set(tokens), name
        kinds = [tokens[kind[6:-1]] for kind in theme.KINDS]
        assert len(set(kinds)) == len(kinds), name


def test_colours_are_written_in_the_two_sheets_of_themes_and_nowhere_else() -> None:
    root = ASSETS.parent
    files = [path for path in ASSETS.glob("*.css") if path.name[:2] not in ("10", "11")]
    files += [*(root / "components").rglob("*.py"), *(ASSETS / "js").rglob("*.js")]
    colour = re.compile(r"""["': ](#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3})\b|rgba?\([1-9]""")
    found = {path.name for path in files if colour.search(path.read_text(encoding="utf-8"))}
    assert not found


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


TEXTS = (
    *("text", "text-second", "text-third", "cyan", "amber", "critical-text"),
    *("caution", "serious", "normal", "standby", "off", "violet", "rose"),
)


@pytest.mark.parametrize("name", ["night", "day", "contrast"])
def test_every_text_colour_reads_on_every_ground(name: str) -> None:
    tokens = themes()[name]
    pairs = [(text, ground) for text in TEXTS for ground in ("ground", "panel-top", "panel-bottom", "panel-raised")]
    pairs += [("text", heat) for heat in ("heat-low", "heat-middle", "heat-high", "chosen")]
    pairs += [("on-main", "main"), ("on-alarm", "alarm")]
    assert [pair for pair in pairs if contrast(tokens[pair[0]], tokens[pair[1]]) < 4.5] == []


def test_every_offered_file_is_a_dataset_and_takes_what_it_knows() -> None:
    known = {dataset.name: dataset for dataset in datasets()}
    pages = (
        overview.layout(),
        missions.layout(),
        backlinks.layout(),
        quotas.layout(),
        domains.layout(),
        domain_layout.layout("a.io"),
        alerts.layout(),
    )
    offered = [offer for page in pages for offer in offers(page)]
    assert {name for name, each in known.items()} == {_dataset(href) for href, _ in offered}
    for href, takes in offered:
        dataset = known[_dataset(href)]
        given = {name for name, _ in parse_qsl(urlsplit(href).query)}
        asked = ({*takes.values()} | given) - ({"from", "to"} if dataset.dated else set())
        assert asked <= set(dataset.filters.model_fields), href


def _dataset(href: str) -> str:
    return urlsplit(href).path.rpartition("/")[2].partition(".")[0]
