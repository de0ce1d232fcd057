"""Each figure of the Domains page is what plain SQL counts: the page's own callbacks, read as a person does."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from clients.simulator.market import candidate, foundations, talk_of_day
from clients.simulator.world import build_world
from components.domains import ids, layout
from data import views
from data.domains import values
from tests.callers import person, program
from tests.drawn import unfolded
from tests.taken import carried, offers

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services
    from tests.callers import Caller

NOW = datetime.now(UTC).replace(microsecond=0)
EVENING = NOW.replace(hour=0, minute=0, second=0)
VIEW = {"from": "now-30d", "to": "now"}
DOOR = "/_dash-update-component"


@pytest.fixture
def trade(mc: Services, server: Flask) -> Services:
    """A market as the simulator plays it, told through ingest and counted by the worker."""
    world, send = build_world(7, NOW), program(mc, server, "ingest")
    talk = [row for back in range(1, 8) for row in talk_of_day(world, (EVENING - timedelta(days=back)).date())]
    now = [candidate(world, each, NOW) | {"estimated_value": each.value} for each in world.expired]
    for stream, rows in (("domains", [*foundations(world, NOW)]), ("domains", now), ("brand_mentions", talk)):
        for first in range(0, len(rows), 1000):
            assert send("POST", f"/api/v1/ingest/{stream}", rows[first : first + 1000]).json["rejected"] == []
    with mc.engine.begin() as connection:
        values.value_again(connection, NOW)
        views.refresh_rollups(connection)
    return mc


@pytest.fixture
def viewer(trade: Services, server: Flask) -> Caller:
    return person(trade, server, "viewer")


def drawn(caller: Caller, place: str, view: dict[str, Any] | None = None) -> Any:
    """What the page shows at `place`, as the browser asks for it."""
    output = f"{place}.children"
    inputs = [(ids.VIEW, view or VIEW), ("live-stamps", None), (ids.ACTED, None)]
    found = next(one for one in caller("GET", "/_dash-dependencies").json if one["output"] == output)
    wires = [
        {"id": one["id"], "property": one["property"], "value": value}
        for one, (_, value) in zip(found["inputs"], inputs[: len(found["inputs"])], strict=True)
    ]
    body = {"output": output, "outputs": {"id": place, "property": "children"}, "inputs": wires, "state": []}
    answer = caller("POST", DOOR, body | {"changedPropIds": [f"{ids.VIEW}.data"]})
    assert answer.status_code == 200, answer.text[:500]
    return unfolded(answer.json["response"][place]["children"])


def words(part: Any) -> str:
    """The text of components, as one would read it."""
    if isinstance(part, list):
        return "".join(map(words, part))
    if isinstance(part, dict):
        return words(part.get("props", {}).get("children"))
    return "" if part is None else str(part)


def of_type(part: Any, kind: str) -> list[Any]:
    if isinstance(part, list):
        return [found for each in part for found in of_type(each, kind)]
    if not isinstance(part, dict):
        return []
    inner = of_type(part.get("props", {}).get("children"), kind)
    return [part, *inner] if part.get("type") == kind else inner


def rows(part: Any) -> list[list[str]]:
    return [[words(cell) for cell in of_type(row, "Td")] for row in of_type(part, "Tr")][1:]


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
    assert f"{bad / heard:.0%} negative" in said[5]
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
    assert drawn(viewer, ids.NOTICE, VIEW | {"var-q": "shop"}) == ""


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
