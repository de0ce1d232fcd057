"""Asking the router what it would do, playing a provider dead, and editing the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc, html

from components.kit import live
from components.kit.cards import panel
from components.kit.states import skeleton
from components.quotas import ids

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from components.kit.address import Address

QUERY_TYPES = ("search", "contact", "company", "technology", "page", "dns", "whois")
PRIORITIES = ("low", "normal", "high", "critical")
USUAL_TYPE, USUAL_PRIORITY = "search", "normal"


def what_if(here: Address) -> html.Section:
    """Where would this go? Nothing is spent; the form stands in the address."""
    chosen_type, chosen_priority = here.value("type") or USUAL_TYPE, here.value("priority") or USUAL_PRIORITY
    fields = [
        _field("Query type", _pick("type", QUERY_TYPES, chosen_type)),
        _field("Priority", _pick("priority", PRIORITIES, chosen_priority)),
        _field("Suppose these are down", _providers(ids.filter("down"), list(here.values("down")), multi=True)),
    ]
    answer = html.Div(skeleton(4), id=ids.WHAT_IF, className="dry-run", **live.marks(aria_live="polite"))
    return panel(
        "What if",
        html.Div(fields, className="form form-row"),
        answer,
        name="what-if",
        note="a dry run: nothing is spent",
        age=None,
    )


def drill() -> html.Section:
    fields = [
        _field("Provider", _providers(ids.DRILL_PROVIDER, None, multi=False)),
        _field(
            "Minutes (1 to 120)",
            dcc.Input(id=ids.DRILL_MINUTES, type="number", value=10, min=1, max=120, step="any", inputMode="numeric"),
        ),
        html.Button("Start the drill", id=ids.DRILL_START, className="button button-main", type="button"),
    ]
    viewer = html.P("Operators, managers and admins start drills.", className="field-hint for-viewers")
    return panel(
        "Failover drill",
        html.Div(fields, className="form form-row for-operators"),
        viewer,
        html.Div(id=ids.DRILLS),
        name="drill",
        note="a provider is played dead, its queries go elsewhere; it ends by itself",
        age=None,
    )


def catalogue() -> html.Section:
    """The records of the providers as YAML; only administrators may save them."""
    text = dcc.Textarea(id=ids.CATALOGUE, rows=18, spellCheck=False, className="catalogue")
    error = html.Span(id=ids.CATALOGUE_ERROR, className="field-error", role="alert")
    save = html.Button(
        "Save the catalogue", id=ids.CATALOGUE_SAVE, className="button button-main for-administrators", type="button"
    )
    hint = html.P(
        "Limits, windows, costs, query types and states of the providers. Administrators save; each change is audited.",
        className="field-hint",
    )
    return panel(
        "Catalogue",
        hint,
        html.Label(["Records as YAML", text], className="field"),
        error,
        save,
        name="catalogue",
        age=None,
    )


def _pick(var: str, options: tuple[str, ...], value: str) -> Component:
    return dcc.Dropdown(id=ids.filter(var), options=list(options), value=value, clearable=False, searchable=False)


def _providers(name: Any, value: Any, *, multi: bool) -> Component:  # noqa: ANN401 — an id of Dash, and what it holds
    return dcc.Dropdown(id=name, options=[], value=value, multi=multi, placeholder="none", searchable=False)


def _field(label: str, control: Component) -> html.Div:
    return html.Div(html.Label([label, control]), className="field")
