"""Silences, windows, channels and who is on call, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import html

from components.alerts import ids
from components.kit.static_html import press
from components.kit.tables import Column, table
from components.kit.timestamps import timestamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

Row = Mapping[str, Any]


def _button(label: str, pressed: str, kind: str) -> html.Button:
    return html.Button(label, type="button", className=f"button {kind}", **press(ids.DELIVERY_HAND, pressed))


def _matchers(row: Row) -> str:
    return " ".join(f"{each['name']}{each.get('op', '=')}{each['value']}" for each in row["matchers"])


def silences(rows: Sequence[Row], windows: Sequence[Row]) -> list[Component]:
    """What is mute now or will be, and the planned windows with their next opening."""
    muted = [
        Column("Alerts", _matchers),
        Column("Why", lambda row: row["reason"]),
        Column("By", lambda row: str(row["created_by"]).partition("@")[0]),
        Column("Until", lambda row: timestamp(row["ends_at"])),
        Column("", lambda row: _button("End", f"unsilence {row['id']}", "for-operators")),
    ]
    planned = [
        Column("Maintenance", lambda row: row["title"]),
        Column("Alerts", _matchers),
        Column("Next", lambda row: timestamp(row["coming"][0]["starts_at"]) if row["coming"] else "over"),
        Column("Until", lambda row: timestamp(row["coming"][0]["ends_at"]) if row["coming"] else ""),
        Column("", lambda row: _button("Delete", f"unplan {row['id']}", "for-operators")),
    ]
    tables = [table("Silences", muted, rows, nothing=("Nothing is silenced.", "All that fires is told."))]
    return [*tables, table("Maintenance windows", planned, windows, nothing=("", ""))] if windows else tables


def channels(rows: Sequence[Row]) -> Component:
    columns = [
        Column("Channel", lambda row: row["name"]),
        Column("Kind", lambda row: row["kind"]),
        Column("State", _state),
        Column("Last message", lambda row: timestamp(row["last_at"]) if row["last_at"] else "none yet"),
        Column("Fallback", lambda row: row["fallback"] or ("any other" if row["usual"] else "a usual one")),
        Column("", _hands),
    ]
    nothing = ("Nobody is told of alerts.", "Add a channel, or set ALERT_SLACK_WEBHOOK or ALERT_EMAIL_RECIPIENTS.")
    return table("Channels", columns, rows, nothing=nothing)


def _state(row: Row) -> str:
    if not row["enabled"]:
        return f"closed: {row['disabled_because'] or 'by hand'}"
    if row["failures"]:
        return f"{row['failures']} failures in a row"
    return "open" if row["usual"] else "open, where a rule names it"


def _hands(row: Row) -> html.Div:
    opened = _button("Open again", f"open {row['id']}", "for-administrators")
    test = _button("Test", f"test {row['id']}", "for-administrators")
    delete = _button("Delete", f"delete {row['id']}", "for-administrators")
    return html.Div(
        [test if row["enabled"] else opened, *([] if row["from_settings"] else [delete])], className="inbox-hands"
    )


def on_call(schedules: Sequence[Row], underway: Sequence[Row]) -> list[Component]:
    """Who has it now, who is next, and what is being escalated."""
    people = [
        Column("Schedule", lambda row: row["name"]),
        Column("Now", lambda row: row["now"] or _gap(row)),
        Column("Next", lambda row: row["next"] or "nobody this week"),
        Column("From", lambda row: timestamp(row["next_at"]) if row["next_at"] else ""),
        Column("Gaps this week", lambda row: str(len(row["gaps"])), number=True),
    ]
    climbing = [
        Column("Escalating", lambda row: row["rule"]),
        Column("Policy", lambda row: row["name"]),
        Column("Next step", lambda row: str(row["step"] + 1), number=True),
        Column("Due", lambda row: timestamp(row["due_at"])),
    ]
    nothing = ("Nobody is on call.", "Alerts go to the usual channels; schedules and policies are written below.")
    tables = [table("On call", people, schedules, nothing=nothing)]
    return [*tables, table("Escalations", climbing, underway, nothing=("", ""))] if underway else tables


def _gap(row: Row) -> str:
    fallback = row["fallback"]
    return f"a gap: {fallback['name']} is told" if fallback else "a gap: the usual channels are told"
