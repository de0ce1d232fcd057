"""Asking the router what it would do, playing a provider dead, and editing the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import dcc, html

from components.kit import live
from components.kit.cards import panel
from components.kit.forms import choice, field, submit
from components.kit.states import skeleton
from components.quotas import ids

if TYPE_CHECKING:
    from components.kit.address import Address

QUERY_TYPES = ("search", "contact", "company", "technology", "page", "dns", "whois")
PRIORITIES = ("low", "normal", "high", "critical")
USUAL_TYPE, USUAL_PRIORITY = "search", "normal"


def what_if(here: Address) -> html.Section:
    """Where would this go? Nothing is spent; the form stands in the address."""
    chosen_type, chosen_priority = here.value("type") or USUAL_TYPE, here.value("priority") or USUAL_PRIORITY
    fields = [
        choice("Query type", ids.control("type"), QUERY_TYPES, value=chosen_type, clearable=False),
        choice("Priority", ids.control("priority"), PRIORITIES, value=chosen_priority, clearable=False),
        choice(
            "Suppose these are down",
            ids.control("down"),
            (),
            value=list(here.values("down")),
            multi=True,
            placeholder="none",
        ),
    ]
    answer = html.Div(skeleton(4), id=ids.WHAT_IF, className="dry-run", **live.attrs(aria_live="polite"))
    return panel(
        "What if",
        html.Div(fields, className="form form-row"),
        answer,
        name="what-if",
        note="a dry run: nothing is spent",
        age=None,
        explained="Where a query of this type and priority would go now, and why each other provider was passed over.",
    )


def drill() -> html.Section:
    fields = [
        choice("Provider", ids.DRILL_PROVIDER, (), placeholder="none"),
        field(
            "Minutes (1 to 120)",
            dcc.Input(id=ids.DRILL_MINUTES, type="number", value=10, min=1, max=120, step="any", inputMode="numeric"),
        ),
        submit("Start the drill", ids.DRILL_START),
    ]
    viewer = html.P(
        "You have read-only access. Operators and above can start drills.", className="field-hint for-viewers"
    )
    return panel(
        "Failover drill",
        html.Div(fields, className="form form-row for-operators"),
        viewer,
        html.Div(id=ids.DRILLS),
        name="drill",
        note="simulates an outage; queries fail over, and it ends by itself",
        age=None,
        explained="Drills that run, and those of the past. While one runs, the provider counts as down and its queries "
        "fail over; the ledger is not touched.",
    )


def catalogue() -> html.Section:
    """The records of the providers as YAML; only administrators may save them."""
    records = dcc.Textarea(id=ids.CATALOGUE, rows=18, spellCheck=False, className="catalogue")
    save = submit("Save the catalogue", ids.CATALOGUE_SAVE, kind="for-administrators")
    hint = html.P(
        "Limits, windows, costs, query types and states of the providers. Administrators save; each change is audited.",
        className="field-hint",
    )
    return panel(
        "Catalogue",
        hint,
        field("Records as YAML", records, error=ids.CATALOGUE_ERROR),
        save,
        name="catalogue",
        age=None,
        explained="What is known of each provider: its limits, windows and costs. The router and the forecasts follow "
        "it from the next query on.",
    )
