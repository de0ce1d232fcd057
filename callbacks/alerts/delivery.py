"""Who is told, on the Alerts page: silences, channels, who is on call. The same writes as over REST."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml
from dash import Input, Output, State
from dash.exceptions import PreventUpdate
from flask import g

from callbacks.actions import perform
from callbacks.alerts.page import ACTED, TICK, Question, blueprint, page
from callbacks.http.v1.delivery.channels import run_test
from callbacks.web.api import db
from callbacks.web.guard import deny
from components.alerts import delivery_tables as tables
from components.alerts import ids
from data import clock
from data.alerts import rulebook
from data.alerts.delivery import escalation, maintenance, oncall, plans, records, silences
from data.alerts.delivery.matching import Matcher
from data.errors import BadInput
from data.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from callbacks.panels import Draw, Reader
    from components.kit.toasts import Toast

_MATCHER = re.compile(r"\s*([^\s=!]+)(!=|=)(\"[^\"]*\"|[^\s,]*)[\s,]*")
LISTED = 50


@page.children(ids.SILENCES, inputs=[TICK, ACTED])
def show_silences(_: Question, read: Reader) -> Draw:
    def both(connection: Connection) -> tuple[Any, Any]:
        current = silences.list_silences(connection, ended=False, limit=LISTED, after=None)
        return current, maintenance.list_windows(connection)

    current, windows = read.now(both)
    return lambda: tables.silences(current, windows)


@page.children(ids.CHANNELS, inputs=[TICK, ACTED])
def show_channels(_: Question, read: Reader) -> Draw:
    rows, last = read.now(lambda connection: (records.list_channels(connection), records.last_messages(connection)))
    return lambda: tables.channels([row | {"last_at": last.get(row["name"])} for row in rows])


@page.children(ids.ON_CALL, inputs=[TICK, ACTED])
def show_on_call(_: Question, read: Reader) -> Draw:
    standing = read.now(lambda connection: plans.to_dict(connection, clock.now()))
    return lambda: tables.on_call(standing["schedules"], standing["underway"])


@blueprint.callback(
    Output(ids.PLANS, "value"),
    Input(ids.VIEW, "id"),
    needs=Permission.ALERTS_READ,
)
def load_plans(_: str) -> str:
    document = {
        "policies": [each.model_dump(mode="json") for each in escalation.list_policies(db()).values()],
        "schedules": [each.model_dump(mode="json") for each in oncall.list_schedules(db()).values()],
    }
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)


@blueprint.callback(
    Output(ids.PLANS_ERROR, "children"),
    Output(ids.TOAST, "data", allow_duplicate=True),
    Output(ids.ACTED, "data", allow_duplicate=True),
    Input(ids.PLANS_SAVE, "n_clicks"),
    State(ids.PLANS, "value"),
    needs=Permission.ALERTS_MANAGE,
    prevent_initial_call=True,
)
def save_plans(clicks: int | None, document: str | None) -> tuple[str, Toast, str]:
    if not clicks:
        raise PreventUpdate

    def save() -> str:
        value, _ = rulebook.read(document or "")
        plans.replace(db(), g.actor, plans.Plans.model_validate(value or {}))
        return "Policies and schedules are saved"

    return _answer(save)


@blueprint.callback(
    Output(ids.SILENCE_ERROR, "children"),
    Output(ids.TOAST, "data", allow_duplicate=True),
    Output(ids.ACTED, "data", allow_duplicate=True),
    Input(ids.SILENCE_SET, "n_clicks"),
    State(ids.SILENCE_OF, "value"),
    State(ids.SILENCE_MINUTES, "value"),
    State(ids.SILENCE_REASON, "value"),
    needs=Permission.ALERTS_OPERATE,
    prevent_initial_call=True,
)
def set_silence(clicks: int | None, of: object, minutes: object, reason: object) -> tuple[str, Toast, str]:
    if not clicks:
        raise PreventUpdate

    def silence() -> str:
        body = {"matchers": parse_matchers(of), "minutes": minutes, "reason": reason or ""}
        created = silences.create(db(), g.actor, silences.NewSilence.model_validate(body))
        return f"Silenced until {created['ends_at']:%d %b %H:%M} UTC"

    return _answer(silence)


@blueprint.callback(
    Output(ids.SILENCE_WOULD, "children"),
    Input(ids.SILENCE_PREVIEW, "n_clicks"),
    State(ids.SILENCE_OF, "value"),
    needs=Permission.ALERTS_READ,
    prevent_initial_call=True,
)
def preview_silence(clicks: int | None, of: object) -> str:
    if not clicks:
        raise PreventUpdate
    try:
        result = silences.preview(db(), parse_matchers(of), clock.now())
    except BadInput as error:
        return error.detail
    week = f"{result['week_count']:,} alerts and {result['week_messages']:,} messages in the last seven days"
    return f"It would mute {result['now_count']:,} alerts now; it would have muted {week}."


def parse_matchers(written: object) -> list[Matcher]:
    """`rule=queue_* severity!=info`, or with quotes where a value holds blanks. Raises BadInput."""
    text = written if isinstance(written, str) else ""
    result, at = [], 0
    while at < len(text) and (part := _MATCHER.match(text, at)):
        result.append(Matcher(name=part[1][:128], op="!=" if part[2] == "!=" else "=", value=part[3].strip('"')))
        at = part.end()
    if not result or at < len(text):
        raise BadInput.field("alerts", msg="say which, such as rule=queue_* severity=warning")
    return result


@blueprint.callback(
    Output(ids.CHANNEL_ERROR, "children"),
    Output(ids.TOAST, "data", allow_duplicate=True),
    Output(ids.ACTED, "data", allow_duplicate=True),
    Input(ids.CHANNEL_ADD, "n_clicks"),
    State(ids.CHANNEL_NAME, "value"),
    State(ids.CHANNEL_KIND, "value"),
    State(ids.CHANNEL_FIELDS, "value"),
    needs=Permission.CHANNELS_MANAGE,
    prevent_initial_call=True,
)
def add_channel(clicks: int | None, name: object, kind: object, fields: str | None) -> tuple[str, Toast, str]:
    if not clicks:
        raise PreventUpdate

    def add() -> str:
        value, _ = rulebook.read(fields or "{}")
        if not isinstance(value, dict) or not all(isinstance(each, str) for each in value):
            raise BadInput.field("fields", msg="must be lines such as url: https://hooks.example.org/…")
        body = records.Common.model_validate({**value, "name": name or "", "kind": kind})
        created = records.create(db(), g.actor, body)
        secret = f"; its secret, shown this once: {created['secret']}" if created.get("secret", "•")[0] != "•" else ""
        return f"{created['name']} is there{secret}"

    return _answer(add)


@blueprint.callback(
    Output(ids.TOAST, "data", allow_duplicate=True),
    Output(ids.ACTED, "data", allow_duplicate=True),
    Input(ids.DELIVERY_HAND, "data"),
    needs=Permission.ALERTS_OPERATE,
    prevent_initial_call=True,
)
def press(pressed: dict[str, Any] | None) -> tuple[Toast, str]:
    """The button of a row: `unsilence 12`, `unplan 3`, `test 1`, `open 1`, `delete 1`."""
    if not pressed:
        raise PreventUpdate
    verb, _, number = str(pressed.get("value", "")).partition(" ")
    do = _VERBS.get(verb)
    if do is None or not number.isdecimal() or len(number) > 18:
        raise PreventUpdate
    if verb in _ADMINISTRATORS and not g.actor.may(Permission.CHANNELS_MANAGE):
        raise deny(Permission.CHANNELS_MANAGE)
    toast, _ = perform(lambda: do(int(number)), str)
    return toast, clock.now().isoformat()


def _unsilence(number: int) -> str:
    silences.end_silence(db(), g.actor, number)
    return "The silence is over: what still fires is told"


def _unplan(number: int) -> str:
    maintenance.delete(db(), g.actor, number)
    return "The maintenance window is deleted"


def _test(number: int) -> str:
    result = run_test(number)
    if result["state"] == "sent":
        return f"The test arrived at {result['channel']}"
    raise BadInput(f"{result['channel']}: {result['error'] or 'the test is still on its way'}")


def _open(number: int) -> str:
    return f"{records.edit(db(), g.actor, number, {'enabled': True})['name']} is open again"


def _delete(number: int) -> str:
    records.delete(db(), g.actor, number)
    return "The channel is deleted; what waited for it goes over another"


_VERBS: dict[str, Callable[[int], str]] = {
    "unsilence": _unsilence,
    "unplan": _unplan,
    "test": _test,
    "open": _open,
    "delete": _delete,
}
_ADMINISTRATORS = {"test", "open", "delete"}


def _answer(do: Callable[[], str]) -> tuple[str, Toast, str]:
    """What was wrong stands below the form."""
    toast, done = perform(do, str)
    return "" if done is not None else toast["words"], toast, clock.now().isoformat()
