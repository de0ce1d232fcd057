"""The Quotas page through its door: every figure against plain SQL over the calls, its forms, its files."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from components.kit import charts
from components.quotas import ids
from data.db import transaction
from data.quotas.forecast import commands
from data.quotas.forecast.recommendations import recommend
from data.quotas.ledger import usage
from data.quotas.routing.gateway import ProviderGateway
from data.views import refresh_rollups
from tests.callers import Page, person, program, shown
from tests.drawn import rows, texts

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services
    from tests.callers import Caller

NOW = datetime.now(UTC)
VIEW = {"from": "now-30d", "to": "now"}
PROVIDERS = {"serpstack": "search", "hunter_io": "contact", "webscraping_ai": "page"}
OUTCOMES = ("ok", "ok", "ok", "ok", "not_found", "cached", "cached", "failed", "timeout", "throttled", "exhausted")
ASKED = text("""
  select provider, count(*) as calls, count(*) filter (where outcome = 'cached') as cached,
         count(*) filter (where outcome in ('throttled', 'exhausted')) as throttled,
         1.0 * count(*) filter (where outcome not in ('ok', 'not_found', 'cached'))
             / nullif(count(*) filter (where outcome <> 'cached'), 0) as error_rate,
         sum(credits) as credits, sum(saved) as saved
  from api_usage where at >= date_trunc('day', now() - interval '30 days', 'UTC')
  group by provider order by provider""")


def a_call(roll: Random) -> dict[str, Any]:
    provider, outcome = roll.choice(list(PROVIDERS)), roll.choice(OUTCOMES)
    price = roll.choice((1, 1, 5)) if provider == "webscraping_ai" else 1
    return {
        "provider": provider,
        "query_type": PROVIDERS[provider],
        "at": (NOW - timedelta(days=roll.uniform(0.01, 40))).isoformat(),
        "outcome": outcome,
        "credits": price if outcome in ("ok", "not_found") else 0,
        "saved": price if outcome == "cached" else 0,
        "latency_ms": roll.uniform(20, 3000),
    }


@pytest.fixture
def viewer(mc: Services, server: Flask) -> Caller:
    """Somebody who looks at 600 calls of three providers over forty days, summed up and forecast."""
    roll = Random(11)
    rows = [a_call(roll) for _ in range(600)]
    answer = program(mc, server, "ingest")("POST", "/api/v1/ingest/api_usage", rows)
    assert answer.json["accepted"] == len(rows), answer.text
    with transaction(mc.engine) as connection:
        while refresh_rollups(connection):
            pass
    gateway = ProviderGateway(mc)
    commands.make_forecasts(mc, gateway, datetime.now(UTC))
    gateway.close()
    return person(mc, server, "viewer")


def asked(mc: Services) -> list[dict[str, Any]]:
    with transaction(mc.engine) as connection:
        return [dict(row) for row in connection.execute(ASKED).mappings()]


def panel(caller: Caller, place: str, view: dict[str, Any] = VIEW) -> Any:
    return Page(caller, "quotas").panel(place, view)


def percent(value: float) -> str:
    return f"{value * 100:.1f} %" if 0 < value < 0.1 else f"{value * 100:.0f} %"


def test_performance_is_what_plain_sql_counts(mc: Services, viewer: Caller) -> None:
    found = rows(panel(viewer, ids.PERFORMANCE), " ")
    shown = {row[1]: row for row in found if row}
    assert set(shown) == set(PROVIDERS)
    for row in asked(mc):
        cells = shown[row["provider"]]
        assert cells[2:6] == [
            f"{row['calls']:,}",
            percent(row["cached"] / row["calls"]),
            percent(row["error_rate"]),
            str(row["throttled"]),
        ]
        assert cells[9:11] == [f"{row['credits']:,.0f}", f"{row['saved']:,.0f}"]


def test_the_counters_are_what_plain_sql_counts(mc: Services, viewer: Caller) -> None:
    said = texts(panel(viewer, ids.COUNTERS))
    counted = asked(mc)
    total = {name: sum(row[name] for row in counted) for name in ("calls", "cached", "credits", "saved")}
    with transaction(mc.engine) as connection:
        week = connection.scalar(text("select sum(burn_week) from api_forecasts where not simulated"))
    assert said[1:3] == [f"{total['credits']:,.0f}", f"credits in {total['calls']:,} queries"]
    assert said[4:6] == [
        f"{total['saved']:,.0f}",
        f"credits · {total['cached'] / total['calls']:.0%} of the queries".replace("%", " %"),
    ]
    assert said[7] == f"{float(total['saved']) / week:,.1f}"


def test_the_clock_shows_what_was_spent_in_a_day_and_a_week(mc: Services, viewer: Caller) -> None:
    found = {row[1].split()[0]: row for row in rows(panel(viewer, ids.CLOCKS), " ") if row}
    assert len(found) == 7
    for name in PROVIDERS:
        with transaction(mc.engine) as connection:
            used, limit = connection.execute(
                text("""select sum(u.credits), max(p.quota) from api_usage u join api_providers p using (provider)
                        where provider = :name and at >= date_trunc('month', now(), 'UTC')"""),
                {"name": name},
            ).one()
        if name != "webscraping_ai":  # that window begins when the provider says
            assert found[name][2] == f"{used or 0:,.0f} / {limit:,.0f}"


def test_the_bars_by_day_add_up_to_the_credits(mc: Services, viewer: Caller) -> None:
    figure = Page(viewer, "quotas").panel(charts.slot(ids.CREDITS_BY_DAY), VIEW, prop="data")
    with transaction(mc.engine) as connection:
        days = connection.execute(
            text("""select provider, sum(credits)::float8 as credits from api_usage
                    where at >= date_trunc('day', now() - interval '30 days', 'UTC') group by provider""")
        ).all()
    traces = {trace["name"]: sum(trace["y"]) for trace in plain(figure)["data"]}
    assert traces == pytest.approx({row.provider: row.credits for row in days})


def plain(figure: dict[str, Any]) -> dict[str, Any]:
    """A figure whose numbers are lists, however they travelled."""
    from base64 import b64decode

    import numpy as np

    for trace in figure["data"]:
        if isinstance(trace["y"], dict):
            trace["y"] = np.frombuffer(b64decode(trace["y"]["bdata"]), trace["y"]["dtype"]).tolist()
    return figure


def test_a_saving_is_worth_its_credits_to_the_cent(mc: Services, viewer: Caller) -> None:
    with transaction(mc.engine) as connection:
        connection.execute(text("update api_providers set unit_price = 0.005"))
        found = recommend(usage.list_spending(connection, datetime.now(UTC)), datetime.now(UTC))
    said = texts(Page(viewer, "quotas").panel(ids.SAVINGS, VIEW))
    assert found
    for one in found:
        cents = (one.credits * Decimal("0.5")).quantize(Decimal(1), ROUND_HALF_UP)
        assert one.usd == cents / 100
        assert f"${cents / 100:,.2f}" in said


def test_what_if_thinks_away_who_is_said_to_be_down(viewer: Caller) -> None:
    whole = rows(panel(viewer, ids.WHAT_IF, VIEW | {"var-type": "search"}), " ")
    view = VIEW | {"var-type": "search", "var-priority": "high", "var-down": ["serpstack"]}
    without = panel(viewer, ids.WHAT_IF, view)
    assert {row[1] for row in whole if row} == {"serpstack", "valueserp"}
    assert {row[1] for row in rows(without) if row} == {"valueserp"}
    assert "at priority high" in texts(without)[0]


def test_a_drill_is_started_by_an_operator_seen_by_all_and_ends_by_itself(
    mc: Services, server: Flask, viewer: Caller
) -> None:
    operator = person(mc, server, "operator")
    drill = (ids.DRILL_START, (ids.DRILL_PROVIDER, "serpstack"), (ids.DRILL_MINUTES, 10))
    assert Page(viewer, "quotas").press(*drill).status_code == 403
    assert Page(operator, "quotas").press(*drill).status_code == 200
    assert "serpstack has a simulated outage: ends by itself in" in " ".join(texts(panel(viewer, ids.DRILLS)))
    with transaction(mc.engine) as connection:
        connection.execute(text("update api_providers set drill_until = now() - interval '1 second'"))
    assert texts(panel(viewer, ids.DRILLS)) == ["No drill is running."]


@pytest.mark.parametrize("minutes", [0, -1, 121, None, "x", True])
def test_a_drill_without_sensible_minutes_says_so(mc: Services, server: Flask, viewer: Caller, minutes: object) -> None:
    assert viewer
    page = Page(person(mc, server, "operator"), "quotas")
    answer = page.press(ids.DRILL_START, (ids.DRILL_PROVIDER, "serpstack"), (ids.DRILL_MINUTES, minutes))
    assert "minutes" in json.dumps(shown(answer, ids.TOAST, "data"))


def test_the_catalogue_is_saved_by_an_administrator_alone_and_a_wrong_record_is_named(
    mc: Services, server: Flask, viewer: Caller
) -> None:
    admin = person(mc, server, "admin")
    page = Page(admin, "quotas")
    document = page.panel(ids.CATALOGUE, VIEW, prop="value")
    more = document.replace("quota: 1000", "quota: 1234", 1)
    assert Page(viewer, "quotas").press(ids.CATALOGUE_SAVE, (ids.CATALOGUE, more)).status_code == 403
    assert not shown(page.press(ids.CATALOGUE_SAVE, (ids.CATALOGUE, more)), ids.CATALOGUE_ERROR)
    wrong = page.press(ids.CATALOGUE_SAVE, (ids.CATALOGUE, "providers: [{provider: x}]"))
    assert shown(wrong, ids.CATALOGUE_ERROR)
    with transaction(mc.engine) as connection:
        assert connection.scalar(text("select quota from api_providers where provider = 'serpstack'")) == 1234


@pytest.mark.parametrize("dataset", ["api_usage_daily", "api_forecasts", "api_reconciliations", "api_decisions"])
def test_what_the_page_shows_can_be_taken_away(viewer: Caller, dataset: str) -> None:
    answer = viewer("GET", f"/api/v1/export/{dataset}.json?provider=serpstack")
    assert answer.status_code == 200, answer.text[:300]
    assert viewer("GET", f"/api/v1/export/{dataset}.csv?colour=red").status_code == 422


def test_the_exported_days_add_up_to_the_calls(mc: Services, viewer: Caller) -> None:
    found = viewer("GET", "/api/v1/export/api_usage_daily.json?from=now-90d").json["items"]
    with transaction(mc.engine) as connection:
        calls, paid = connection.execute(text("select count(*), sum(credits) from api_usage")).one()
    assert sum(row["calls"] for row in found) == calls
    assert sum(float(row["credits"]) for row in found) == float(paid)
