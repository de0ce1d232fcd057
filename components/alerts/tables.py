"""The inbox, an alert's timeline, how the rules stand, and what they are worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from components.alerts import ids
from components.kit import address, formats, live
from components.kit.states import badge, empty, link, symbol
from components.kit.static_html import StaticHtml, press, render
from components.kit.tables import Column, table
from components.kit.timestamps import timestamp
from data.alerts.rules import symbol as symbol_of
from data.status import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from dash.development.base_component import Component

Row = dict[str, Any]
_WORDS = {
    "firing": "firing",
    "pending": "pending",
    "recovering": "recovering",
    "nodata": "no data",
    "error": "cannot be read",
    "resolved": "over",
}
_HANDS = {"acknowledged": "Taken on", "resolved": "Resolved"}
_DELIVERY = {
    "notification_queued": "On its way",
    "notification_composed": "On its way",
    "notification_held": "Held back",
    "notification_sent": "Told",
    "notification_muted": "Not told",
    "notification_failed": "Did not arrive",
}
ENGINE = "engine"


def inbox(groups: Sequence[Row], chosen: int | None, now: datetime) -> Component:
    """Open alerts in groups, by severity and then the newest; those in somebody's hands last."""
    if not groups:
        return empty("Nothing needs attention.", "What the rules below find stands here, within seconds.")
    rows = [_group(row, now, chosen=row["id"] == chosen) for row in groups]
    return StaticHtml(render(html.Div(rows, className="inbox-rows", role="list")), "inbox", "Open alerts")


def _group(row: Row, now: datetime, *, chosen: bool) -> html.Div:
    times = badge(f"× {row['n']:,}") if row["n"] > 1 else None
    more = [link(row["rule"], _at(row["id"]), within=True, className="inbox-title"), times]
    taken = row["n"] == row["taken"]
    status = symbol_of(row["severity"], row["state"])
    return html.Div(
        [
            symbol(status),
            html.Div([html.Div(more), html.Div(row["message"], className="inbox-words")], className="inbox-what"),
            html.Div(
                [
                    html.Div(f"{_WORDS.get(row['state'], row['state'])} {_ago(row['started_at'], now)}"),
                    html.Div(_by(row, taken=taken), className="inbox-words"),
                ],
                className="inbox-since",
            ),
            _hands(row["id"], taken=taken),
        ],
        className="inbox-row",
        role="listitem",
        **live.attrs(data_status=status, data_chosen=str(chosen).lower(), data_taken=str(taken).lower()),
    )


def _by(row: Row, *, taken: bool) -> str:
    if taken:
        return f"taken on by {str(row['acknowledged_by']).partition('@')[0]}"
    return f"{row['taken']:,} of {row['n']:,} taken on" if row["taken"] else "nobody is at it"


def _hands(alert_id: int, *, taken: bool) -> html.Div:
    ack = html.Button("Ack", type="button", className="button", **press(ids.HAND, f"ack {alert_id}"))
    over = html.Button("Resolve", type="button", className="button", **press(ids.HAND, f"resolve {alert_id}"))
    quiet = html.Button("Silence 1 h", type="button", className="button", **press(ids.HAND, f"silence {alert_id}"))
    return html.Div([over, quiet] if taken else [ack, over, quiet], className="inbox-hands for-operators")


def _at(alert_id: int) -> str:
    return address.link(**{"var-alert": str(alert_id)})


def _ago(since: datetime, now: datetime) -> str:
    return formats.age(max(0.0, (now - since).total_seconds()))


def timeline(alert: Row, events: Sequence[Row], members: Sequence[Row]) -> list[Component]:
    """What happened to an alert, what may be done, and who else is in its group."""
    parts: list[Component] = [html.P(alert["message"], className="timeline-message"), _labels(alert["labels"])]
    if alert["actions"]:
        parts.append(html.Div([_action(each) for each in alert["actions"]], className="timeline-actions"))
    lines = [_event(each) for each in events]
    parts.append(StaticHtml(render(html.Ol(lines, className="timeline-events")), "timeline-box", "What happened"))
    others = [each for each in members if each["id"] != alert["id"]]
    if others:
        parts += [html.H3(f"{len(members):,} open in this group"), html.Ul([_member(each) for each in others[:20]])]
    return parts


def _labels(labels: Mapping[str, str]) -> html.Div:
    return html.Div([badge(f"{name} {value}") for name, value in sorted(labels.items())], className="timeline-labels")


def _action(action: Row) -> Component:
    if str(action.get("href", "")).startswith("/"):
        return link(action["label"], action["href"], className="button")
    if action.get("href"):
        return html.A(action["label"], href=action["href"], className="button", rel="noopener noreferrer")
    return html.Span(action["label"], className="timeline-advice")


def _event(event: Row) -> html.Li:
    by_hand = event["by"] != ENGINE
    kind = str(event["kind"])
    if kind in _DELIVERY:
        return _delivered(event)
    words = (_HANDS if by_hand else _WORDS).get(kind, kind)
    beside = f"by {event['by']}" if by_hand else str(event["detail"].get("message", ""))
    status = _event_status(kind, by_hand=by_hand)
    what = html.Div([html.Div(words.capitalize()), html.Div(beside, className="inbox-words")])
    return html.Li([timestamp(event["at"], "time"), symbol(status), what])


def _delivered(event: Row) -> html.Li:
    """Who was told, or why not."""
    kind, reason = str(event["kind"]), str(event["detail"].get("message", "")).replace("_", " ")
    beside = f"{event['by'] or 'no channel yet'}: {reason}"
    status = Status.SERIOUS if kind == "notification_failed" else Status.STANDBY
    what = html.Div([html.Div(_DELIVERY[kind]), html.Div(beside, className="inbox-words")])
    return html.Li([timestamp(event["at"], "time"), symbol(status), what])


def _event_status(kind: str, *, by_hand: bool) -> Status:
    if by_hand:
        return Status.STANDBY
    return {"firing": Status.SERIOUS, "resolved": Status.NORMAL, "inactive": Status.OFF}.get(kind, Status.CAUTION)


def _member(alert: Row) -> html.Li:
    return html.Li(link(alert["message"][:200], _at(alert["id"]), within=True))


def rules(rows: Sequence[Row]) -> Component:
    """`rows`: name, condition, severity, shipped, enabled, at, note and asked of each rule."""
    columns = [
        Column("Rule", lambda row: link(row["name"], address.link(**{"var-rule": row["name"]}), within=True)),
        Column("Condition", lambda row: html.Code(row["condition"], className="rule-condition")),
        Column("Severity", lambda row: row["severity"]),
        Column("Label sets", lambda row: formats.whole(row["asked"]), number=True),
        Column("Now", _now),
        Column("From", lambda row: "shipped" if row["shipped"] else "your own"),
    ]
    return table("Rules in force", columns, rows, nothing=("No rule.", "Write one above."))


def _now(row: Mapping[str, Any]) -> str:
    if not row["enabled"]:
        return "turned off"
    if row["note"]:
        return str(row["note"])
    return "not evaluated yet" if row["at"] is None else "evaluated"


def signals(rows: Sequence[Row]) -> Component:
    columns = [
        Column("Signal", lambda row: html.Code(row["name"])),
        Column("What it says", lambda row: row["title"]),
        Column("Unit", lambda row: row["unit"] or formats.WAITING),
        Column("Labels", lambda row: ", ".join(row["labels"]) or formats.WAITING),
        Column("Every", lambda row: formats.duration(row["every_s"]), number=True),
        Column("", lambda row: "" if row["known"] else "its area is still to come"),
    ]
    return table("Signals", columns, rows, nothing=("No signal.", ""))


def quality(rows: Sequence[Row]) -> Component:
    columns = [
        Column("Rule", lambda row: row["rule"]),
        Column("Fired", lambda row: formats.whole(row["fired"]), number=True),
        Column("Acted on", lambda row: formats.percent(100 * row["acted"] / row["fired"]), number=True),
        Column("Median to Ack", lambda row: formats.duration(row["median_ack_s"]), number=True),
        Column("Came again in 10 min", lambda row: formats.whole(row["flaps"]), number=True),
    ]
    return table(
        "Quality", columns, rows, nothing=("Nothing fired in this range.", "Rules are judged by what they find.")
    )
