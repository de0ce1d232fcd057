"""What is known of one domain, as facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from components.domains.tables import SOURCES, day, gates, name, status, until, watch_button
from components.kit import formats
from components.kit.states import badge, empty

if TYPE_CHECKING:
    from datetime import datetime


def _estimate(row: dict[str, Any]) -> str:
    if row["calculated_value"] is None:
        return formats.WAITING
    value, low, high = (formats.money(row[name]) for name in ("calculated_value", "value_low", "value_high"))
    return f"{value} · {low} – {high}"


def facts(row: dict[str, Any], now: datetime) -> html.Div:
    ends = row["drops_at"] or row["expires_at"]
    pairs: list[tuple[str, Any]] = [
        ("Status", status(row)),
        ("Authority", formats.whole(row["domain_authority"])),
        ("Spam score", formats.whole(row["spam_score"])),
        ("Value", [formats.money(row["estimated_value"]), " ", badge(SOURCES[row["value_source"]])]),
        ("Our estimate", _estimate(row)),
        ("Asking price", formats.money(row["asking_price"])),
        ("Checks", gates(row)),
        ("Links", f"{formats.whole(row['links'])} · {formats.whole(row['live_links'])} live"),
        ("Referring domains", formats.whole(row["referring_domains"])),
        ("Owner", name(row, "owner") if row["owner"] else formats.WAITING),
        ("Registrar", row["registrar"] or formats.WAITING),
        ("Registered", day(row["registered_at"])),
        ("Ends", f"{day(ends)} · {until(ends, now)}" if ends else formats.WAITING),
        ("Last fetched", until(row["last_fetched_at"], now)),
    ]
    listed = html.Dl([html.Div([html.Dt(title), html.Dd(value)]) for title, value in pairs], className="facts")
    marks = [badge("simulated")] if row["simulated"] else []
    return html.Div([html.Div([watch_button(row), *marks], className="domain-acts"), listed])


def unknown(name: str) -> html.Div:
    return empty(
        f"No data on {name} yet.",
        "You can still estimate its value, or watch it to query its registry.",
    )
