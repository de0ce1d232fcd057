"""Tables of the Quotas page: performance, savings, ledgers, the routing log, a dry run, drills."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from components.kit import formats, live
from components.kit.states import badge, empty, symbol
from components.kit.timestamps import timestamp
from components.quotas import ids
from components.quotas.clocks import amount
from components.quotas.rows import listed
from data.status import Status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dash.development.base_component import Component

    from data.quotas.forecast.recommendations import Recommendation

Row = dict[str, Any]
_MEASURED = ("Queries", "Cached", "Errors", "Throttled", "p50 ms", "p95 ms", "p99 ms", "Credits", "Saved", "In days")
SICK, POOR = 0.2, 0.05  # error rates
_PARTS = {"quality": "Quality", "price": "Price", "ration": "Today", "health": "Health"}  # of a score, 0 to 1


def performance(rows: Sequence[Row]) -> Component:
    """`rows` of `panels.performance`, each with `burn_week`: credits per day, None where nothing is forecast."""
    asked = [row for row in rows if row["calls"]]
    if not asked:
        return empty(
            "No call in this range.", "Every call of a paid API is metered here, with its latency and outcome."
        )
    return listed(
        ("", "Provider", *_MEASURED),
        [_performed(row) for row in asked],
        label="Provider performance",
        numbers=_MEASURED,
    )


def _performed(row: Row) -> list[Any]:
    rate = row["error_rate"]
    status: Status = Status.NORMAL if rate is None or rate < POOR else Status.CAUTION if rate < SICK else Status.SERIOUS
    latencies = [formats.WAITING if row[name] is None else formats.whole(row[name]) for name in ("p50", "p95", "p99")]
    return [
        symbol(status),
        row["provider"],
        formats.whole(row["calls"]),
        share(row["cached"] / row["calls"]),
        formats.WAITING if rate is None else share(rate),
        formats.whole(row["throttled"]),
        *latencies,
        amount(row["credits"]),
        amount(row["saved"]),
        f"{row['saved'] / row['burn_week']:,.1f}" if row["burn_week"] else formats.WAITING,
    ]


def share(value: float) -> str:
    return f"{value * 100:.1f} %" if 0 < value < 0.1 else f"{value * 100:.0f} %"


def savings(found: Sequence[Recommendation]) -> Component:
    """The greatest first."""
    if not found:
        return empty("No savings found.", "Based on 30 days of use and the forecasts.")
    rows = [
        [
            one.provider,
            one.sentence,
            f"{amount(round(float(one.credits), 1))} {one.unit}",
            formats.money(one.usd, places=2),
        ]
        for one in found
    ]
    return listed(
        ("Provider", "What to change", "Saving", "USD"),
        rows,
        label="Savings",
        numbers=("Saving", "USD"),
    )


def ledgers(rows: Sequence[Row], now: datetime) -> Component:
    """`rows` of `forecast_reads.checks`, each with `alarm`: why there is one, or None."""
    return listed(
        ("", "Provider", "Our ledger", "It reports", "Drift", "Checked", "Source"),
        [_ledger(row, now) for row in rows],
        label="Reconciliation",
        numbers=("Our ledger", "It reports", "Drift", "Checked"),
    )


def _ledger(row: Row, now: datetime) -> list[Any]:
    if row["truth"] == "ledger":
        return [
            symbol(Status.OFF),
            row["provider"],
            *[formats.WAITING] * 4,
            "provider reports no usage; our ledger is used",
        ]
    waiting = row["checked_at"] is None
    status: Status = Status.OFF if waiting else Status.CRITICAL if row["alarm"] else Status.NORMAL
    drift = formats.WAITING if row["drift"] is None else f"{row['drift'] * 100:+.1f} %".replace("-", "−")
    age = formats.WAITING if row["answered_at"] is None else formats.age((now - row["answered_at"]).total_seconds())
    source = row["truth"].replace("_", " ")
    words = "not checked yet: no key, or no call so far" if waiting else row["alarm"] or row["reason"] or source
    told = badge(words, tone="critical") if status == "critical" else words
    return [symbol(status), row["provider"], amount(row["ledger"]), amount(row["reported"]), drift, age, told]


def log(rows: Sequence[Row]) -> Component:
    """The routing log: who took what, and why this one; the candidates unfold."""
    if not rows:
        return empty(
            "Nothing was routed yet.", "Every query is listed here with its candidates, scores and the reason."
        )
    return html.Div([_entry(row) for row in rows], className="routes", role="list")


def _entry(row: Row) -> Component:
    status: Status = (
        Status.CRITICAL
        if row["outcome"] == "refused"
        else Status.STANDBY
        if row["outcome"] == "cached"
        else Status.NORMAL
    )
    head = html.Summary(
        [
            symbol(status),
            html.Span(timestamp(row["at"], "time"), className="route-at"),
            html.Span(f"{row['query_type']} · {row['priority']}", className="route-query"),
            html.Strong(row["provider"] or "nobody", className="route-provider"),
            html.Span(row["sentence"], className="route-said"),
            html.Span(row["outcome"], className="route-outcome"),
            html.Span(f"{amount(float(row['credits']))} cr", className="route-credits"),
        ]
    )
    tried = [html.Li(f"{one['provider']}: {one['outcome']}, {one.get('reason') or ''}") for one in row["attempts"]]
    body = [html.P(row["sentence"]), html.Ol(tried) if tried else None, candidates(row["candidates"], row["provider"])]
    return html.Details([head, html.Div(body, className="route-why")], className="route", role="listitem")


def candidates(found: Sequence[Row], winner: str | None) -> Component:
    rows = [_candidate(one, one["provider"] == winner and not one["refused"]) for one in found]
    numbers = ("Score", "Cost", "Left", "Daily budget", *_PARTS.values())
    return listed(("", "Provider", *numbers, "Passed over because"), rows, label="Candidates", numbers=numbers)


def _candidate(one: Row, wins: bool) -> list[Any]:  # noqa: FBT001 — read from the row itself
    scored = not one["refused"]
    parts = [f"{one['parts'][part]:.2f}" if part in one["parts"] else formats.WAITING for part in _PARTS]
    return [
        symbol(Status.NORMAL if wins else Status.STANDBY if scored else Status.OFF),
        html.Strong(one["provider"]) if wins else one["provider"],
        f"{one['score']:.2f}" if scored else formats.WAITING,
        amount(one["cost"]),
        amount(one["remaining"]),
        amount(one["ration"]),
        *parts,
        one["refused"] or ("" if wins else "a lower score"),
    ]


def dry_run(plain: Row) -> Component:
    """A decision that spent nothing, as `desk.as_plain` gives it."""
    return html.Div([html.P(plain["reason"], className="why"), candidates(plain["candidates"], plain["provider"])])


def drills(rows: Sequence[Row], now: datetime) -> Component:
    if not rows:
        return html.P("No drill is running.", className="field-hint")
    return html.Div([_drill(row, now) for row in rows], className="drills", role="list")


def _drill(row: Row, now: datetime) -> Component:
    rest = formats.duration((row["drill_until"] - now).total_seconds())
    end = html.Button(
        "End now",
        id=ids.end_drill(row["provider"]),
        className="button for-operators",
        **live.attrs(aria_label=f"End the drill of {row['provider']}"),
    )
    words = f"{row['provider']} has a simulated outage: ends by itself in {rest}"
    return html.Div([symbol(Status.CAUTION), html.Span(words), end], className="drill", role="listitem")
