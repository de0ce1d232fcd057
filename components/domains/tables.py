"""The lists of the Domains pages: rows of `data.domains` in, tables out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from dash import html

from components.domains import ids
from components.kit import formats, live
from components.kit.commands import ingest_commands
from components.kit.states import badge, link, symbol
from components.kit.static_html import press
from components.kit.tables import Column, table
from components.kit.timestamps import timestamp
from data.domains.availability import AVAILABILITY
from data.domains.rules import CONCERNS, sentiment_tone, unicode_name
from data.status import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from dash.development.base_component import Component

    from components.kit.live import Content

Row = dict[str, Any]
SOURCES = {"reported": "reported", "calculated": "our estimate", None: "not known"}


def day(at: datetime | None) -> str:
    return formats.WAITING if at is None else f"{at:%Y-%m-%d}"


def until(at: datetime | None, now: datetime) -> str:
    """How long until then; what has passed says so."""
    if at is None:
        return formats.WAITING
    seconds = (at - now).total_seconds()
    return f"in {formats.age(seconds)}" if seconds >= 0 else f"{formats.age(-seconds)} ago"


def name(row: Mapping[str, Any], field: str = "domain_name") -> html.A:
    """As people write it, with the ASCII form of a name that has another."""
    ascii_name: str = row[field]
    typed = unicode_name(ascii_name)
    shown = ascii_name if typed == ascii_name else f"{typed} ({ascii_name})"
    return link(shown, f"/domains/{quote(ascii_name, safe='')}", className="domain-link")


def status(row: Mapping[str, Any]) -> Content:
    word = row["availability_status"] or "unknown"
    lifecycle = row.get("lifecycle") or "unknown"
    said = word if lifecycle in ("unknown", "active") else f"{word} · {lifecycle.replace('_', ' ')}"
    return html.Span([symbol(AVAILABILITY[word]), " ", said], className="domain-status")


def gates(row: Mapping[str, Any]) -> Content:
    if not row["rejected"]:
        return html.Span("passes", className="domain-passes")
    return [badge(each.replace("_", " "), tone="alarm", title=CONCERNS.get(each, each)) for each in row["rejected"]]


def watch_button(row: Mapping[str, Any]) -> html.Button:
    said = "Unwatch" if row["watched"] else "Watch"
    return html.Button(
        said,
        className="button button-quiet for-operators",
        type="button",
        **live.attrs(aria_label=f"{said} {row['domain_name']}"),
        **press(ids.PRESSED, row["domain_name"]),
    )


def hunted(rows: Sequence[Row], now: datetime) -> Component:
    columns = (
        Column("Domain", name),
        Column("Status", status),
        Column("Value", _value, number=True),
        Column("Our estimate", _estimate, number=True),
        Column("Score", lambda row: formats.decimal(row["score"]), number=True),
        Column("DA", lambda row: formats.whole(row["domain_authority"]), number=True),
        Column("Ref. domains", lambda row: formats.whole(row["referring_domains"]), number=True),
        Column("Ends", lambda row: until(row["drops_at"] or row["expires_at"], now), number=True),
        Column("Checks", gates),
        Column("", watch_button),
    )
    advice: Content = ["Widen the filters, or send domains:", *ingest_commands("domains")]
    return table("Domains for sale", columns, rows, nothing=("No domain passes these filters.", advice))


def _value(row: Mapping[str, Any]) -> Content:
    """What somebody reported that it is worth, or our estimate where nobody did; which of both is said."""
    if row["estimated_value"] is None:
        return formats.WAITING
    return [formats.money(row["estimated_value"]), html.Small(f" {SOURCES[row['value_source']]}")]


def _estimate(row: Mapping[str, Any]) -> Content:
    """The calculator's value with its band."""
    if row["calculated_value"] is None:
        return formats.WAITING
    band = f"{formats.money(row['value_low'])} – {formats.money(row['value_high'])}"
    return html.Span(formats.money(row["calculated_value"]), title=f"Between {band}")


def opportunities(rows: Sequence[Row]) -> Component:
    columns = (
        Column("Domain", name),
        Column("Value", lambda row: formats.money(row["estimated_value"]), number=True),
        Column("DA", lambda row: formats.whole(row["domain_authority"]), number=True),
        Column("Links", lambda row: formats.whole(row["backlink_count"]), number=True),
        Column("Their DA", lambda row: formats.decimal(row["avg_backlink_authority"]), number=True),
        Column("Value is", lambda row: SOURCES[row["value_source"]]),
        Column("Checks", gates),
    )
    advice = "Available domains worth more than $1,000 are listed here."
    return table("Opportunities", columns, rows, nothing=("Nothing is worth buying now.", advice))


def watched(rows: Sequence[Row], now: datetime) -> Component:
    columns = (
        Column("Domain", name),
        Column("Status", status),
        Column("Value", lambda row: formats.money(row["estimated_value"]), number=True),
        Column("Ends", lambda row: until(row["ends_at"], now), number=True),
        Column("Changed", lambda row: until(row["changed_at"], now), number=True),
        Column("Registry", _lookup),
        Column("", lambda row: watch_button({**row, "watched": True})),
    )
    advice = "Press Watch next to a domain: its registry is queried, and every change is kept."
    return table("Watch list", columns, rows, nothing=("No domain is watched.", advice))


def _lookup(row: Mapping[str, Any]) -> Content:
    """What the registry last answered, with what had to be left out of it, and how often it failed in a row."""
    outcome = row["lookup"] or "not asked yet"
    if row["lookup"] == "failed":
        outcome += f" {row['lookup_tries']} ×"
    return [outcome, html.Small(f" {row['lookup_detail']}")] if row["lookup_detail"] else outcome


def owners(rows: Sequence[Row], now: datetime) -> Component:
    columns = (
        Column("Owner", lambda row: name(row, "owner")),
        Column("Domains", lambda row: formats.whole(row["domains"]), number=True),
        Column("Gained", lambda row: f"+{row['gained']}", number=True),
        Column("Lost", lambda row: f"−{row['lost']}", number=True),
        Column("Worth", lambda row: formats.money(row["domains_value"]), number=True),
        Column("Mean DA", lambda row: formats.decimal(row["avg_authority"]), number=True),
        Column("Next expiry", lambda row: until(row["next_expiry"], now), number=True),
    )
    advice = "Send domains with their owner: a competitor's main domain."
    return table("Competitor portfolios", columns, rows, nothing=("No portfolio yet.", advice))


def tone(sentiment: float | None) -> Content:
    if sentiment is None:
        return html.Span("unknown", className="tone")
    word = sentiment_tone(sentiment)
    status: dict[str, Status] = {"positive": Status.NORMAL, "neutral": Status.STANDBY, "negative": Status.SERIOUS}
    return html.Span([symbol(status[word]), f" {word} {sentiment:+.2f}".replace("-", "−")], className="tone")


def mentions(rows: Sequence[Row], now: datetime) -> Component:
    columns = (
        Column("When", lambda row: _when(row, now)),
        Column("Brand", lambda row: row["brand"]),
        Column("Mention", _title),
        Column("Source", lambda row: [row["source"], html.Small(f" {row['source_kind']}")]),
        Column("Tone", lambda row: tone(row["sentiment"])),
    )
    advice: Content = ["Managers add brands and feeds. To send mentions:", *ingest_commands("brand_mentions")]
    return table("Brand mentions", columns, rows, nothing=("No mention in this range.", advice))


def _when(row: Mapping[str, Any], now: datetime) -> Content:
    """How long ago it was published, or found where it names no date that can be read."""
    ago = until(row["published_at"], now)
    return [html.Small("found "), ago] if row["date_unknown"] else ago


def _title(row: Mapping[str, Any]) -> Content:
    return html.A(row["title"], href=row["url"], target="_blank", rel="noopener noreferrer nofollow")


def brands(rows: Sequence[Row]) -> Component:
    columns = (
        Column("Brand", lambda row: link(row["brand"], f"?var-brand={quote(row['brand'])}", within=True)),
        Column("Mentions", lambda row: formats.whole(row["mentions"]), number=True),
        Column("Positive", lambda row: formats.whole(row["positive"]), number=True),
        Column("Negative", lambda row: formats.whole(row["negative"]), number=True),
        Column("Tone", lambda row: tone(row["sentiment"])),
    )
    return table("Brands", columns, rows, nothing=("No brand yet.", "PUT /api/v1/domains/brands/{brand} adds one."))


def feeds(rows: Sequence[Row], now: datetime) -> Component:
    outcomes: dict[str | None, Status] = {
        "new": Status.NORMAL,
        "unchanged": Status.NORMAL,
        "failed": Status.SERIOUS,
        None: Status.OFF,
    }
    columns = (
        Column("Feed", lambda row: row["url"]),
        Column("Last read", lambda row: until(row["last_fetched_at"], now)),
        Column(
            "Said", lambda row: [symbol(outcomes[row["outcome"]]), f" {row['detail'] or row['outcome'] or 'not yet'}"]
        ),
        Column("Mentions", lambda row: formats.whole(row["mentions"]), number=True),
        Column("Left out", _left_out, number=True),
    )
    return table("Feeds", columns, rows, nothing=("No feeds yet.", "POST /api/v1/domains/feeds adds one."))


def _left_out(row: Mapping[str, Any]) -> Content:
    """Entries of the last reading that name a brand and could not be kept, and why."""
    count = formats.whole(row["dropped"])
    return [count, html.Small(f" {row['dropped_why']}")] if row["dropped_why"] else count


def history(rows: Sequence[Row]) -> Component:
    columns = (
        Column("From", lambda row: timestamp(row["at"])),
        Column("Status", status),
        Column("DA", lambda row: formats.whole(row["domain_authority"]), number=True),
        Column("Value", lambda row: formats.money(row["estimated_value"]), number=True),
        Column("Expires", lambda row: day(row["expires_at"]), number=True),
        Column("Owner", lambda row: row["owner"] or formats.WAITING),
        Column("Source", lambda row: row["source"]),
    )
    return table("History", columns, rows, nothing=("No history yet.", "Every change will be listed here."))


def referring(rows: Sequence[Row]) -> Component:
    columns = (
        Column("Domain", lambda row: name(row, "source_domain_name")),
        Column("DA", lambda row: formats.whole(row["max_authority"]), number=True),
        Column("Links", lambda row: formats.whole(row["links"]), number=True),
        Column("Live", lambda row: formats.whole(row["live"]), number=True),
        Column("Spam", lambda row: formats.whole(row["max_spam"]), number=True),
        Column("First", lambda row: day(row["first_seen"]), number=True),
    )
    return table("Referring domains", columns, rows, nothing=("No known links to it.", ""))


def newest(rows: Sequence[Row]) -> Component:
    columns = (
        Column("Found", lambda row: day(row["discovered_date"])),
        Column("From", lambda row: row["url_from"]),
        Column("Anchor", lambda row: row["anchor"] or formats.WAITING),
        Column("DA", lambda row: formats.whole(row["domain_authority"]), number=True),
        Column("State", lambda row: (row["lost_reason"] or row["link_state"]).replace("_", " ")),
    )
    return table("Newest links", columns, rows, nothing=("No link to it was found.", ""))
