"""The Alerts page: the inbox, what happened, and what rules are worth. The same writes as over REST."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from dash import ALL, Input, Output
from dash.exceptions import PreventUpdate
from flask import g

from callbacks import clientside
from callbacks.actions import perform
from callbacks.blueprint import CallbackBlueprint
from callbacks.panels import Panels
from callbacks.web.api import db
from components.alerts import ids, tables
from components.alerts.layout import SEVERITIES
from components.kit import cards, formats, notices
from components.kit.states import empty, freshness_at
from data import clock
from data.alerts import reads, rules_store, writes
from data.alerts.delivery import reads as delivery
from data.alerts.delivery import silences
from data.alerts.delivery.silences import Span
from data.errors import BadInput
from data.permissions import Permission
from data.status import Status

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from callbacks.panels import Draw, Reader
    from components.kit.address import Address
    from components.kit.toasts import Toast

FILTERS: notices.Known = {"alert": "one", "severity": "one", "rule": "one"}
LISTED = 200
WEEK = timedelta(days=7)


class Question(NamedTuple):
    since: datetime
    alert: int | None
    severity: str | None
    rule: str | None


def parse(here: Address) -> Question:
    """What is no choice is passed over, and `choice_faults` says so."""
    number, severity = here.value("alert") or "", here.value("severity")
    return Question(
        notices.time_range(here, clock.now()).start,
        int(number) if number.isdecimal() and len(number) <= 18 else None,
        severity if severity in SEVERITIES else None,
        here.value("rule"),
    )


blueprint = CallbackBlueprint("alerts")
page = Panels(blueprint, needs=Permission.ALERTS_READ, view=ids.VIEW, question=parse)
TICK, ACTED = Input(ids.TICK, "n_intervals"), Input(ids.ACTED, "data")


def choice_faults(here: Address, read: Reader) -> list[str]:
    if not here.variables:
        return []
    said = []
    if here.value("severity") not in (None, *SEVERITIES):
        said.append(f"severity: must be one of {', '.join(SEVERITIES)}; all are shown")
    number = here.value("alert")
    if number is not None and (not number.isdecimal() or len(number) > 18):
        said.append("alert: must be the number of an alert; the first is shown")
    rule = here.value("rule")
    if rule is not None and rule not in {each.name for each in read.now(rules_store.load).rules}:
        said.append(f"rule: there is no rule {rule[:100]} in force")
    return said


@page.children(ids.CARDS, inputs=[TICK, ACTED])
def show_cards(_: Question, read: Reader) -> Draw:
    now = clock.now()
    counts, week = read.now(lambda connection: (reads.counts(connection), reads.quality(connection, now - WEEK)))
    return lambda: key_figures(counts, week)


def key_figures(counts: dict[str, int], week: list[dict[str, Any]]) -> list[Any]:
    fired, acted = sum(row["fired"] for row in week), sum(row["acted"] for row in week)
    waits = sorted(row["median_ack_s"] for row in week if row["median_ack_s"] is not None)
    median = f"median {formats.duration(waits[len(waits) // 2])} this week" if waits else "nobody yet this week"
    noisiest = f"noisiest: {week[0]['rule']}" if week else "nothing fired this week"
    noise = "–" if not fired else formats.percent(100 * (1 - acted / fired))
    return [
        cards.kpi_value("Taken on", formats.whole(counts["taken"]), median, status=Status.STANDBY),
        cards.kpi_value("Good to know", formats.whole(counts["info"]), "asks for nobody", status=Status.STANDBY),
        cards.kpi_value("Not acted on", noise, noisiest, status=Status.STANDBY),
    ]


@page.outputs(
    Output(ids.INBOX, "children"),
    Output(ids.INBOX_NOTE, "children"),
    Output(ids.filter("rule"), "options"),
    fallback=lambda words: (words, "", []),
    inputs=[TICK, ACTED],
)
def show_inbox(asked: Question, read: Reader) -> Draw:
    now = clock.now()
    rows, book = read.now(
        lambda connection: (reads.groups(connection, LISTED, pending=True), rules_store.load(connection))
    )
    shown = narrowed(rows, asked)
    names = sorted(rule.name for rule in book.rules)
    return lambda: (tables.inbox(shown, asked.alert, now), inbox_note(rows, shown, now), names)


def narrowed(groups: list[dict[str, Any]], asked: Question) -> list[dict[str, Any]]:
    return [row for row in groups if asked.severity in (None, row["severity"]) and asked.rule in (None, row["rule"])]


def inbox_note(rows: list[dict[str, Any]], shown: list[dict[str, Any]], now: datetime) -> list[Any]:
    alerts = sum(row["n"] for row in rows)
    hidden = f" · {len(rows) - len(shown)} hidden by filters" if len(shown) < len(rows) else ""
    words = f"{alerts:,} alerts in {len(rows):,} groups · worst first{hidden} "
    return [words, freshness_at(clock.epoch_ms(now), 10)]


@page.outputs(
    Output(ids.TIMELINE, "children"),
    Output(ids.TIMELINE_OF, "children"),
    fallback=lambda words: (empty("There is no such alert.", words), ""),
    inputs=[TICK, ACTED],
)
def show_timeline(asked: Question, read: Reader) -> Draw:
    found = read.now(lambda connection: timeline_of(connection, asked))
    if found is None:
        return lambda: (empty("Nothing happened yet.", "Pick an alert on the left to see its timeline."), "")
    alert, events, members = found
    return lambda: (tables.timeline(alert, events, members), f"{alert['rule']} · alert {alert['id']}")


def timeline_of(connection: Connection, asked: Question) -> tuple[Any, Any, Any] | None:
    """The alert that is asked for, else the one on top of the inbox as it is narrowed."""
    number = asked.alert
    if number is None:
        top = next(iter(narrowed(reads.groups(connection, LISTED, pending=True), asked)), None)
        if top is None:
            return None
        number = top["id"]
    alert = reads.alert(connection, number)
    members = reads.alerts(connection, limit=21, group=alert["group"], open_only=True)
    events = [*reads.timeline(connection, number), *map(as_event, delivery.list_notifications(connection, number))]
    return alert, sorted(events, key=lambda event: event["at"]), members


def as_event(notification: dict[str, Any]) -> dict[str, Any]:
    """Who was told, or why not, as a line of the timeline."""
    words = f"{notification['kind']}, {notification['reason']}"
    by = notification["channel"]
    return {
        "at": notification["at"],
        "kind": f"notification_{notification['state']}",
        "by": by,
        "detail": {"message": words},
    }


@blueprint.callback(
    Output(ids.TOAST, "data"),
    Output(ids.ACTED, "data"),
    Input(ids.HAND, "data"),
    needs=Permission.ALERTS_OPERATE,
    prevent_initial_call=True,
)
def act(pressed: dict[str, Any] | None) -> tuple[Toast, str]:
    """One press takes on, or resolves, the whole group."""
    if not pressed:
        raise PreventUpdate
    toast, _ = perform(lambda: done(str(pressed.get("value", ""))), lambda words: words)
    return toast, clock.now().isoformat()


def done(pressed: str) -> str:
    """Do what a button says, `ack 12`, `resolve 12` or `silence 12`; the words that tell it."""
    verb, _, number = pressed.partition(" ")
    if verb not in ("ack", "resolve", "silence") or not number.isdecimal() or len(number) > 18:
        raise BadInput.field("alert", msg="must be the number of an alert")
    if verb == "silence":
        span = Span(reason="silenced from the inbox", minutes=60)
        made = silences.silence_alert(db(), g.actor, int(number), span)
        return f"Silenced until {made['ends_at']:%H:%M} UTC"
    if verb == "ack":
        found = writes.acknowledge(db(), g.actor, int(number), clock.now(), group=True)
        return f"Taken on by {found[0].by}{_several(len(found))}"
    found = writes.resolve(db(), g.actor, int(number), clock.now(), group=True)
    return f"Resolved{_several(len(found))}: it comes again when its condition holds anew"


def _several(count: int) -> str:
    return f", all {count:,} of the group" if count > 1 else ""


@page.children(ids.QUALITY, inputs=[ACTED])
def show_quality(asked: Question, read: Reader) -> Draw:
    rows = read.now(lambda connection: reads.quality(connection, asked.since))
    return lambda: tables.quality(rows)


page.notice(ids.NOTICE, known=FILTERS, check=choice_faults)
clientside.filters(blueprint, ids.filter(ALL))
clientside.toasts(blueprint, ids.TOAST)
