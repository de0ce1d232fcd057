"""One of each: a field, a choice, a button that sends, a key figure, a grid, an axis; and all of them from the kit."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from dash import dcc

from components.kit import axes, grids
from components.kit.cards import Delta, kpi_value
from components.kit.formats import money
from components.kit.forms import choice, field, submit
from components.kit.sparks import Spark
from components.kit.static_html import StaticHtml
from tests.architecture.house import ROOT

# What only the kit writes, so that there is one of it.
ONE_OF_EACH = {
    "AgGrid(": "kit/grids.py",
    '"card-number"': "kit/cards.py",
    '"card-figure"': "kit/cards.py",
    '"button button-main': "kit/forms.py",
    '"field-error"': "kit/forms.py",
    '"spark-picture"': "kit/sparks.py",
    "86_400_000": "kit/axes.py",
}
# A form whose parts are said to be wrong as a whole; a clock of specimens.
OTHERS = {
    ("gallery/controls.py", '"field-error"'),
    ("gallery/state.py", "86_400_000"),
}


def props(component: Any) -> dict[str, Any]:
    found: dict[str, Any] = component.to_plotly_json()["props"]
    return found


@pytest.mark.parametrize("part", ONE_OF_EACH)
def test_there_is_one_of_each(part: str) -> None:
    folder = ROOT / "components"
    found = {
        name
        for path in folder.rglob("*.py")
        if part in path.read_text(encoding="utf-8")
        and ((name := path.relative_to(folder).as_posix()), part) not in OTHERS
    }
    assert found == {ONE_OF_EACH[part]}


@pytest.mark.parametrize("name", ["plain", {"type": "a-field", "name": "target"}])
def test_a_field_says_its_label_of_its_control(name: Any) -> None:
    label, control, hint, error = props(field("Target", dcc.Input(id=name), hint="a domain", error="wrong"))["children"]
    rendered = name if isinstance(name, str) else json.dumps(name, sort_keys=True, separators=(",", ":"))
    assert (props(label)["children"], props(label)["htmlFor"], props(control)["id"]) == ("Target", rendered, name)
    assert props(hint)["children"] == "a domain"
    assert (props(error)["id"], props(error)["role"]) == ("wrong", "alert")


def test_a_field_has_no_place_for_what_it_does_not_say() -> None:
    assert len(props(field("Target", dcc.Input(id="plain")))["children"]) == 2


@pytest.mark.parametrize(("inline", "look", "words"), [(False, "field", "Type"), (True, "filter", "Type:")])
def test_a_choice_is_named_for_everybody(inline: bool, look: str, words: str) -> None:  # noqa: FBT001 — a row of a table
    group = props(
        choice("Type", "kind", ("any", ("dofollow", "follow")), inline=inline, kind="filter-type", value="any")
    )
    label, control = group["children"]
    assert (group["aria-label"], group["role"], group["className"]) == ("Type", "group", f"{look} filter-type")
    assert props(label)["children"] == words
    assert props(control)["options"] == ["any", {"value": "dofollow", "label": "follow"}]
    assert (props(control)["searchable"], props(control)["value"]) == (False, "any")


def test_a_button_that_sends_is_no_submit_of_a_form_of_the_browser() -> None:
    button = props(submit("Save", "save", kind="for-managers"))
    assert (button["type"], button["className"]) == ("button", "button button-main for-managers")


def test_a_key_figure_takes_the_tone_of_its_curve() -> None:
    card = kpi_value("Lost", "12", "of 90", delta=Delta("▲ 3", "bad"), trend=Spark([1, 2, 9], "critical"))
    assert (props(card)["data-tone"], props(card)["aria-label"]) == ("critical", "Lost")
    pictures = [part for part in card._traverse() if isinstance(part, StaticHtml)]
    assert len(pictures) == 1
    assert "data-tone" not in props(kpi_value("Lost", "12", "of 90", status="normal"))


def test_a_grid_says_that_it_is_empty_or_leaves_it_to_its_panel() -> None:
    said = props(grids.grid("a", [grids.column("name", "Name", 2)], row_id="name", nothing="Nothing here"))
    assert said["dashGridOptions"]["localeText"] == {"noRowsToShow": "Nothing here"}
    assert said["getRowId"] == "params.data.name"
    silent = props(grids.grid("a", []))
    assert silent["dashGridOptions"]["suppressNoRowsOverlay"] is True
    assert "getRowId" not in silent


def test_a_column_keeps_a_least_width() -> None:
    assert grids.column("name", "Name", 2)["minWidth"] == 160
    assert grids.column("name", "Name", 2, least=82, sortable=False) == {
        "field": "name",
        "headerName": "Name",
        "flex": 2,
        "minWidth": 82,
        "sortable": False,
    }


def test_regular_days_are_a_start_and_a_step() -> None:
    assert axes.since(date(2026, 11, 1)) == {"x0": "2026-11-01", "dx": 24 * 3600 * 1000}


@pytest.mark.parametrize(
    ("value", "places", "words"),
    [
        (None, 0, "–"),
        (Decimal("1234.5"), 0, "$1,235"),
        (Decimal("0.5"), 0, "$1"),
        (Decimal("-1234.5"), 0, "−$1,235"),
        (Decimal("-0.4"), 0, "$0"),
        (Decimal("0.005"), 2, "$0.01"),
        (Decimal("99999999999.994999"), 2, "$99,999,999,999.99"),
    ],
)
def test_money_is_said_to_the_last_place(value: Decimal | None, places: int, words: str) -> None:
    assert money(value, places=places) == words
    assert not re.search(r"[eE]", words)
