"""Every figure of the Backlinks page, asked over REST, against a count written down here independently."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from data.db import transaction
from data.views import refresh_view
from tasks.refresh import bring_sets_up_to_date, bring_up_to_date
from tests.callers import Caller, program

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services

NOW = datetime.now(UTC).replace(microsecond=0)
TARGETS = ("ours.example", "rival-a.example", "rival-b.example")
REASONS = ("not_found", "redirected", "link_removed", "broken_redirect")
ASKED = "target=ours.example&vs=rival-a.example,rival-b.example&from=now-30d"


def link(number: int, roll: Random) -> dict[str, Any]:
    found = NOW - timedelta(hours=roll.uniform(0.2, 24 * 90))
    lost = found + timedelta(days=roll.uniform(0, 30))
    row = {
        "url_from": f"https://s{roll.randrange(60)}.example/p{number}",
        "url_to": f"https://{roll.choice(TARGETS)}/",
        "source_domain_name": f"s{roll.randrange(60)}.example",
        "target_domain_name": roll.choice(TARGETS),
        "anchor": roll.choice(("ours", "buy cheap", "", "here")),
        "rel": roll.choice((None, "nofollow", "ugc nofollow", "noopener")),
        "domain_authority": roll.choice((None, roll.randrange(101))),
        "spam_score": roll.randrange(101),
        "discovered_date": found.isoformat(),
    }
    gone = {"lost_date": lost.isoformat(), "lost_reason": roll.choice(REASONS)}
    return row | (gone if roll.random() < 0.3 and lost < NOW else {})


@pytest.fixture
def reader(mc: Services, server: Flask) -> Caller:
    roll = Random(5)
    rows = [link(number, roll) for number in range(1500)]
    answer = program(mc, server, "ingest")("POST", "/api/v1/ingest/backlinks", rows)
    assert answer.json["accepted"] == len(rows)
    fresh(mc)
    return program(mc, server, "read", name="reader")


def fresh(mc: Services) -> None:
    while bring_up_to_date(mc) + bring_sets_up_to_date(mc):
        pass
    with transaction(mc.engine) as connection:
        refresh_view(connection, "mv_daily_backlink_stats")
    mc.kept._versions.clear()


def counted(mc: Services, sql: str) -> list[tuple[Any, ...]]:
    """`b` are the links to our target, `r` those of them that the range found."""
    start = (NOW - timedelta(days=30)).replace(hour=0, minute=0, second=0)
    with transaction(mc.engine) as connection:
        rows = connection.execute(
            text(f"""with b as (select * from backlinks where target_domain_name = 'ours.example'),
                          r as (select * from b where discovered_date >= '{start}') {sql}""")
        )
        return [tuple(row) for row in rows]


def asked(reader: Caller, panel: str, more: str = "") -> Any:
    answer = reader("GET", f"/api/v1/backlinks/{panel}?{ASKED}{more}")
    assert answer.status_code == 200, answer.text
    return answer.json


def test_the_key_figures_are_what_a_plain_count_says(mc: Services, reader: Caller) -> None:
    now = asked(reader, "summary")["items"][0]
    [stock] = counted(mc, "select count(*), count(distinct source_domain_name), avg(domain_authority)::float8 from b")
    assert (now["links"], now["domains"], now["authority"]) == pytest.approx(stock)
    [flow] = counted(mc, "select count(*), count(*) filter (where spam_score >= 60) from r")
    assert (now["new"], now["toxic"]) == flow
    [(live,)] = counted(mc, "select count(*) from b where lost_date is null")
    assert now["live"] == live


def test_every_day_of_the_velocity_adds_up(mc: Services, reader: Caller) -> None:
    days = asked(reader, "velocity")["items"]
    found = counted(mc, "select to_char(discovered_date, 'YYYY-MM-DD'), count(*) from r group by 1")
    lost = counted(
        mc, "select to_char(lost_date, 'YYYY-MM-DD'), count(*) from b where lost_date is not null group by 1"
    )
    assert {one["day"]: one["new"] for one in days if one["new"]} == dict(found)
    assert all(one["lost"] == dict(lost).get(one["day"], 0) for one in days)
    assert len(days) == 31


def test_bands_anchors_and_filters_count_the_same(mc: Services, reader: Caller) -> None:
    bands = [one for one in asked(reader, "authority")["items"] if one["target"] == "ours.example"]
    expected = counted(
        mc, "select least(domain_authority / 10, 9), count(*) from r where domain_authority >= 0 group by 1"
    )
    assert {one["band"]: one["links"] for one in bands} == dict(expected)
    texts = counted(mc, "select anchor, count(*) from r where rel is null or rel !~ 'nofollow' group by 1")
    found = asked(reader, "anchors", "&type=follow")["items"]
    assert {one["anchor"]: one["links"] for one in found} == {name or "": links for name, links in texts}


def test_rivals_share_what_a_plain_join_says(mc: Services, reader: Caller) -> None:
    board = {one["domain"]: one for one in asked(reader, "competition")["items"]}
    [(shared, all_of_it)] = counted(
        mc,
        """select count(distinct o.source_domain_name) filter (where o.source_domain_name in
             (select source_domain_name from b)), count(distinct o.source_domain_name)
           from backlinks o where o.target_domain_name = 'rival-a.example'""",
    )
    assert board["rival-a.example"]["overlap"] == pytest.approx(100 * shared / all_of_it)
    assert board["ours.example"]["own"]
    missing = counted(
        mc,
        """select source_domain_name from backlinks where target_domain_name like 'rival%'
             and source_domain_name not in (select source_domain_name from b)
           group by 1 having count(distinct target_domain_name) = 2""",
    )
    assert {one["source"] for one in asked(reader, "intersect")["items"]} == {name for (name,) in missing}


def test_lost_links_come_by_value_and_a_reason_narrows_them(mc: Services, reader: Caller) -> None:
    found = asked(reader, "lost")["items"]
    assert [one["value"] for one in found] == sorted((one["value"] for one in found), reverse=True)
    [(gone,)] = counted(mc, "select count(*) from b where lost_reason = 'redirected' and lost_date >= now()::date - 30")
    assert len(asked(reader, "lost", "&reason=redirected")["items"]) == gone > 0


@pytest.mark.parametrize(
    ("query", "status", "names"),
    [
        ("from=2026-02-01&to=2026-01-01", 422, "from"),
        ("from=yesterday", 422, "from"),
        ("da=90-10", 422, "da"),
        ("type=dofollow", 422, "type"),
        ("k=0", 422, "k"),
        ("reason=boredom", 422, "reason"),
        ("target=nobody.example", 404, "nobody.example"),
    ],
)
def test_what_nobody_can_answer_is_refused_by_name(reader: Caller, query: str, status: int, names: str) -> None:
    for panel in ("summary", "velocity", "authority", "recent", "competition", "intersect", "anchors", "lost", "toxic"):
        answer = reader("GET", f"/api/v1/backlinks/{panel}?{query}")
        assert (answer.status_code, names in answer.json["detail"]) == (status, True), panel


@pytest.mark.parametrize(
    "span", ["from=2001-01-01&to=2001-02-01", "from=now-10y", "from=now-1m&anchor=nobody+wrote+this"]
)
def test_an_empty_range_and_ten_years_are_answers(reader: Caller, span: str) -> None:
    for panel in (
        "summary",
        "velocity",
        "authority",
        "recent",
        "competition",
        "intersect",
        "anchors",
        "lost",
        "toxic",
        "changes",
    ):
        answer = reader("GET", f"/api/v1/backlinks/{panel}?target=ours.example&{span}")
        assert answer.status_code == 200, (panel, answer.text)


def test_nothing_at_all_says_what_to_do(mc: Services, server: Flask) -> None:
    fresh(mc)
    answer = program(mc, server, "read")("GET", "/api/v1/backlinks/summary")
    assert (answer.status_code, "send links" in answer.json["detail"]) == (404, True)
