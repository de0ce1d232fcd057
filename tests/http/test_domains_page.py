"""Each figure of the Domains page is what plain SQL counts: the page's own callbacks, read as a person does."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from clients.simulator.history import Span
from clients.simulator.history import _links_to_expired as links_to_expired
from clients.simulator.market import candidate, foundations, talk_of_day
from clients.simulator.world import build_world
from components.domains import ids, layout
from data import views
from data.domains.rules import USUAL_WEIGHTS
from data.domains.valuation import values
from data.domains.valuation.price_curve import backtest
from tests.callers import Page, person, program
from tests.drawn import of_type, rows, words
from tests.exports_offered import carried, offers

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services
    from tests.callers import Caller

NOW = datetime.now(UTC).replace(microsecond=0)
EVENING = NOW.replace(hour=0, minute=0, second=0)
VIEW = {"from": "now-30d", "to": "now"}


@pytest.fixture
def trade(mc: Services, server: Flask) -> Services:
    """A market as the simulator plays it, told through ingest and counted by the worker."""
    world, send = build_world(7, NOW), program(mc, server, "ingest")
    talk = [row for back in range(1, 8) for row in talk_of_day(world, (EVENING - timedelta(days=back)).date())]
    now = [candidate(world, each, NOW) | {"estimated_value": each.value} for each in world.expired]
    for stream, told in (("domains", [*foundations(world, NOW)]), ("domains", now), ("brand_mentions", talk)):
        for first in range(0, len(told), 1000):
            assert send("POST", f"/api/v1/ingest/{stream}", told[first : first + 1000]).json["rejected"] == []
    with mc.engine.begin() as connection:
        values.revalue(connection, NOW)
        views.refresh_rollups(connection)
    return mc


@pytest.fixture
def viewer(trade: Services, server: Flask) -> Caller:
    return person(trade, server, "viewer")


def drawn(caller: Caller, place: str, view: dict[str, Any] | None = None) -> Any:
    return Page(caller, "domains").panel(place, view or VIEW)


def counted(mc: Services, query: str) -> list[Any]:
    with mc.engine.begin() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def whole(value: Any) -> str:
    return f"{round(float(value)):,}"


def test_the_cards_say_what_the_tables_hold(trade: Services, viewer: Caller) -> None:
    said = [words(card) for card in drawn(viewer, ids.CARDS)]
    [(known, available, worth, value, ending, watched)] = counted(
        trade,
        """select count(*), count(*) filter (where availability_status = 'available'),
             count(*) filter (where availability_status = 'available' and estimated_value > 1000),
             sum(estimated_value) filter (where availability_status = 'available' and estimated_value > 1000),
             count(*) filter (where availability_status in ('available', 'expired') and
               coalesce(drops_at, expires_at) between now() and now() + interval '30 days'),
             (select count(*) from watched_domains) from domains""",
    )
    [(heard, bad)] = counted(trade, "select count(*), count(*) filter (where sentiment <= -0.05) from brand_mentions")
    expected = [known, worth, value, ending, watched, heard]
    assert [re.search(r"[\d,]+", re.sub(r"^.*?(30 days|known|Opportunities|worth|Watched)", "", one)) for one in said]
    for card, figure in zip(said, expected, strict=True):
        assert whole(figure) in card, card
    assert f"{whole(available)} available" in said[0]
    assert f"{bad / heard * 100:.0f} % negative" in said[5]
    assert min(known, available, worth, heard, ending) > 0


def test_the_hunter_counts_and_lists_what_its_filters_say(trade: Services, viewer: Caller) -> None:
    view = VIEW | {"var-status": "expired", "var-min": "300", "var-da": "30", "var-sort": "authority"}
    plain = counted(
        trade,
        """select domain_name, domain_authority from domains where availability_status = 'expired'
             and estimated_value >= 300 and domain_authority >= 30
           order by domain_authority desc, domain_name""",
    )
    found = rows(drawn(viewer, ids.HUNTER, view))
    assert [(row[0], row[5]) for row in found] == [(name, str(authority)) for name, authority in plain]
    assert words(drawn(viewer, ids.HUNTER_NOTE, view)) == f"{len(plain)} domains"
    assert len(plain) > 5


def test_opportunities_are_those_of_the_plain_query(trade: Services, viewer: Caller) -> None:
    plain = counted(
        trade,
        """select d.domain_name, d.estimated_value, count(b.backlink_id) from domains d
           left join backlinks b on d.domain_name = b.target_domain_name
           where d.availability_status = 'available' and d.estimated_value > 1000
           group by d.domain_name, d.estimated_value order by d.estimated_value desc, d.domain_name""",
    )
    found = rows(drawn(viewer, ids.OPPORTUNITIES))
    assert [(row[0], row[1], row[3]) for row in found] == [
        (name, f"${whole(value)}", whole(links)) for name, value, links in plain[:100]
    ]


def test_portfolios_hold_what_their_owners_have_not_let_go(trade: Services, viewer: Caller) -> None:
    plain = counted(
        trade,
        """select owner, count(*), sum(estimated_value) from domains
           where owner is not null and availability_status <> 'available'
           group by owner order by count(*) desc, owner""",
    )
    found = rows(drawn(viewer, ids.OWNERS))
    assert [(row[0], row[1], row[4]) for row in found] == [
        (owner, whole(count), f"${whole(worth)}") for owner, count, worth in plain
    ]
    gained = counted(
        trade,
        """select count(distinct domain_name) from domain_history
           where owner is not null and availability_status = 'registered' and at::date >= current_date - 30""",
    )
    assert sum(int(row[2]) for row in found) == gained[0][0]


def test_brands_and_mentions_are_counted_by_tone(trade: Services, viewer: Caller) -> None:
    plain = counted(
        trade,
        """select brand, count(*), count(*) filter (where sentiment >= 0.05), count(*) filter (where sentiment <= -0.05)
           from brand_mentions group by brand order by count(*) desc, brand""",
    )
    assert [tuple(row[:4]) for row in rows(drawn(viewer, ids.BRANDS))] == [
        (brand, *map(whole, figures)) for brand, *figures in plain
    ]
    listed = rows(drawn(viewer, ids.MENTIONS, VIEW | {"var-brand": "Acme", "var-tone": "negative"}))
    [(bad,)] = counted(trade, "select count(*) from brand_mentions where brand = 'Acme' and sentiment <= -0.05")
    assert len(listed) == min(bad, 100) > 0


def test_every_table_can_be_taken_away_with_the_filters_that_are_set(viewer: Caller) -> None:
    view = VIEW | {"var-status": ["expired", "available"], "var-min": "3000"}
    offered = offers(layout.layout())
    for place, dataset in ((ids.HUNTER, "domains"), (ids.OWNERS, "domain_portfolios"), (ids.BRANDS, "brands")):
        [(href, takes)] = {(href, json.dumps(takes)) for href, takes in offered if f"/{dataset}.json" in href}
        answer = viewer("GET", carried(href, json.loads(takes), view))
        assert answer.status_code == 200, (place, answer.text[:300])
        assert len(json.loads(answer.text)["items"]) == len(rows(drawn(viewer, place, view)))


def test_what_the_address_asks_for_in_vain_is_said(viewer: Caller) -> None:
    view = VIEW | {"var-min": "many", "var-status": ["sold"], "var-clean": "perhaps", "var-colour": "red"}
    said = drawn(viewer, ids.NOTICE, view | {"from": "abc", "var-tone": ["positive", "negative"]})
    for part in ("From:", "Min:", "Status:", "Clean:", "Colour:", "Tone:"):
        assert part in said, said
    assert words(drawn(viewer, ids.NOTICE, VIEW | {"var-q": "shop"})) == ""


@pytest.mark.parametrize(
    "view",
    [
        {"from": "now", "to": "now-30d"},
        {"from": "now-10y", "to": "now"},
        {"from": "1999-01-01", "to": "1999-02-01"},
        {
            "from": "x",
            "to": "\x00",
            "var-min": "many",
            "var-status": ["sold"],
            "var-brand": "Nobody",
            "var-value": "no name",
        },
    ],
)
def test_no_address_breaks_a_panel(viewer: Caller, view: dict[str, Any]) -> None:
    for place in (ids.CARDS, ids.HUNTER, ids.OWNERS, ids.BRANDS, ids.MENTIONS, ids.VALUE):
        assert words(drawn(viewer, place, view))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("example.com", ["No value", "5% of the weights known", "35% needed", "Not known: authority"]),
        ("münchen.de", ["münchen.de", "xn--mnchen-3ya.de", "No value"]),
        ("192.168.0.1", ["Not a valid domain name (example: acme.io)."]),
        ("http://192.168.0.1:8080/x", ["Not a valid domain name (example: acme.io)."]),
        ("1.2.3.0x7f", ["Not a valid domain name (example: acme.io)."]),
        ("http://[::1]/", ["Not a valid domain name (example: acme.io)."]),
        ("2130706433", ["Not a valid domain name (example: acme.io)."]),
    ],
)
def test_the_calculator_claims_nothing_that_it_does_not_know(viewer: Caller, typed: str, shown: list[str]) -> None:
    said = words(drawn(viewer, ids.VALUE, VIEW | {"var-value": typed}))
    assert all(each in said for each in shown), said
    assert "$" not in said


@pytest.mark.parametrize("name", ["192.168.0.1", "10.0.0.0x1", "1.2"])
def test_no_door_takes_an_ip_address_for_a_domain(trade: Services, server: Flask, name: str) -> None:
    manager = person(trade, server, "manager")
    for method, path in (("GET", "value"), ("GET", "history"), ("POST", "look-up")):
        assert manager(method, f"/api/v1/domains/{name}/{path}").status_code == 422
    answer = manager("PUT", f"/api/v1/domains/watched/{name}", {})
    assert answer.status_code == 422
    assert "IP address" in answer.text


def test_the_band_holds_what_the_page_says_it_does(trade: Services, server: Flask, viewer: Caller) -> None:
    """The register of the simulator: what is stated was measured with each price left out in its turn."""
    world, send = build_world(7, NOW), program(trade, server, "ingest")
    links = [*links_to_expired(world, Span(NOW - timedelta(days=60), NOW))]
    for first in range(0, len(links), 1000):
        assert send("POST", "/api/v1/ingest/backlinks", links[first : first + 1000]).json["rejected"] == []
    with trade.engine.begin() as connection:
        views.refresh_rollups(connection)
        connection.execute(text("update domain_calibrations set checked_at = checked_at - interval '1 hour'"))
        values.revalue(connection, NOW)
        prices = values.list_prices(connection, NOW)
        stored = connection.execute(text("select * from domain_values where value is not null")).mappings().all()
    found = backtest(prices, USUAL_WEIGHTS)
    assert found.tried == len(world.expired)
    assert 0.7 <= found.held <= 0.9
    assert all(row["low"] < row["value"] < row["high"] for row in stored)
    assert len(stored) > 100
    name = world.expired[0].domain
    said = words(drawn(viewer, ids.VALUE, VIEW | {"var-value": name}))
    assert re.search(r"made to hold 80% of asking prices; it held (7|8)\d% of the 180 stored ones", said), said
    assert "our estimate" in said


def test_the_hunter_tells_a_reported_value_from_our_estimate(trade: Services, viewer: Caller) -> None:
    with trade.engine.begin() as connection:
        connection.execute(
            text("""update domains set estimated_value = 777, value_source = 'calculated' where domain_name =
                    (select min(domain_name) from domains where availability_status = 'available')""")
        )
    shown = drawn(viewer, ids.HUNTER, VIEW | {"var-status": "available", "var-sort": "name"})
    heads = [words(each) for each in of_type(shown, "Th")]
    assert heads[2:4] == ["Value", "Our estimate"]
    found = rows(shown)
    assert found[0][2] == "$777 our estimate"
    assert all(row[2].endswith(" reported") for row in found[1:])
