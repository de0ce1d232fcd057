"""Who is told: the panels of silences and maintenance, of channels, and of who is on call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import dcc, html

from components.alerts import ids
from components.kit import live
from components.kit.cards import panel
from components.kit.forms import choice, field, submit
from components.kit.states import skeleton

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from components.kit.address import Address

KINDS = ("slack", "email", "sms", "telegram", "webhook")
_FIELDS = "url: https://hooks.example.org/…"
_SILENCES = "A silence mutes messages about the alerts that match its labels, never the alerts themselves. \
Who heard of an alert is told its end all the same."
_CHANNELS = "Where messages are sent, when each channel last worked, and what it \
refused. A channel that keeps failing is disabled and reported through another."
_ON_CALL = "Who is on call now and next, and whom each step of a policy reaches while nobody acknowledges."


def panels(here: Address) -> list[Component]:
    del here
    pair = html.Div([_silences(), _on_call()], className="alerts-pair")
    return [dcc.Store(id=ids.DELIVERY_HAND), pair, _channels()]


def _silences() -> html.Section:
    fields = [
        field(
            "Alerts",
            dcc.Input(id=ids.SILENCE_OF, placeholder="rule=queue_* severity=warning", maxLength=1000),
            hint="labels, rule, severity; * stands for anything",
        ),
        field("Minutes", dcc.Input(id=ids.SILENCE_MINUTES, type="number", value=60, min=1, max=43_200)),
        field("Why", dcc.Input(id=ids.SILENCE_REASON, maxLength=500), error=ids.SILENCE_ERROR),
    ]
    buttons = [
        submit("Silence", ids.SILENCE_SET),
        html.Button("What would it mute?", id=ids.SILENCE_PREVIEW, type="button", className="button"),
    ]
    form = html.Div(
        [
            html.Div(fields, className="form form-row"),
            html.Div(buttons, className="rules-buttons"),
            html.P(id=ids.SILENCE_WOULD, **live.attrs(aria_live="polite")),
        ],
        className="for-operators",
    )
    return panel(
        "Silences and maintenance",
        form,
        html.Div(skeleton(3), id=ids.SILENCES),
        name="silences",
        explained=_SILENCES,
        note="they mute messages, never the alerts themselves",
        age=None,
    )


def _channels() -> html.Section:
    fields = [
        field("Name", dcc.Input(id=ids.CHANNEL_NAME, maxLength=100)),
        choice("Kind", ids.CHANNEL_KIND, KINDS, value="webhook", clearable=False),
        field(
            "Its fields as YAML",
            dcc.Textarea(id=ids.CHANNEL_FIELDS, rows=4, placeholder=_FIELDS, spellCheck=False),
            error=ids.CHANNEL_ERROR,
            kind="field-wide",
        ),
    ]
    form = html.Div(
        [html.Div(fields, className="form form-row"), submit("Add the channel", ids.CHANNEL_ADD)],
        className="for-administrators",
    )
    return panel(
        "Channels",
        html.Div(skeleton(3), id=ids.CHANNELS),
        form,
        name="channels",
        explained=_CHANNELS,
        note="who is told; secrets are never shown again",
        age=None,
    )


def _on_call() -> html.Section:
    document = dcc.Textarea(id=ids.PLANS, rows=10, spellCheck=False, className="rules-document")
    editor = html.Div(
        [
            field("Policies and schedules as YAML", document, error=ids.PLANS_ERROR),
            html.Div([submit("Save", ids.PLANS_SAVE)], className="rules-buttons"),
        ],
        className="for-managers",
    )
    return panel(
        "On call",
        html.Div(skeleton(4), id=ids.ON_CALL),
        editor,
        name="on-call",
        explained=_ON_CALL,
        note="who is told next of what nobody takes on",
        age=None,
    )
