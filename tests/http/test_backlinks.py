"""Every figure of the Backlinks page, asked over REST, against a count written down here independently."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from data.backlinks.analysis.recovery import RECOVERABILITY
from data.db import transaction
from tests.callers import program
from tests.links import NOW, fresh, reader_of_links

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services
    from tests.callers import Caller

PANELS = (
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
)
ASKED = "target=ours.example&vs=rival-a.example,rival-b.example&from=now-30d"


@pytest.fixture
def reader(mc: Services, server: Flask) -> Caller:
    return reader_of_links(mc, server)


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


@pytest.mark.parametrize("path", ["backlinks/summary", "export/backlinks_velocity.json"])
def test_a_domain_may_be_typed_as_an_address(reader: Caller, path: str) -> None:
    typed = ASKED.replace("=ours.example", "=https://OURS.example:443/page").replace("=rival-a", "=http://rival-a")
    plain, answer = (reader("GET", f"/api/v1/{path}?{asked}") for asked in (ASKED, typed))
    assert (answer.status_code, answer.json["items"]) == (200, plain.json["items"])


def test_the_key_figures_are_what_a_plain_count_says(mc: Services, reader: Caller) -> None:
    now = asked(reader, "summary")["items"][0]
    [stock] = counted(mc, "select count(*), count(distinct source_domain_name), avg(domain_authority)::float8 from b")
    assert (now["links"], now["domains"], now["authority"]) == pytest.approx(stock)
    [flow] = counted(mc, "select count(*), count(*) filter (where spam_score >= 60) from r")
    assert (now["new"], now["toxic"]) == flow
    [(live,)] = counted(mc, "select count(*) from b where lost_date is null")
    assert now["live"] == live
    day = asked(reader, "summary")["last_24h"]
    [within] = counted(
        mc,
        """select count(*) filter (where discovered_date > now() - interval '1 day'),
             count(*) filter (where discovered_date > now() - interval '1 day' and domain_authority > 70),
             count(*) filter (where lost_date > now() - interval '1 day') from b""",
    )
    assert (day["new"], day["high"], day["lost"]) == within


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
    every = counted(
        mc,
        """select coalesce(anchor, ''), count(*), count(distinct source_domain_name), max(domain_authority),
             count(distinct case when spam_score > 59 then source_domain_name end) from r group by 1""",
    )
    fields = ("anchor", "links", "domains", "authority", "toxic")
    assert {tuple(one[name] for name in fields) for one in asked(reader, "anchors")["items"]} == set(every)


def test_the_newest_and_the_bad_are_those_that_the_links_name(mc: Services, reader: Caller) -> None:
    newest = counted(
        mc,
        """select (extract(epoch from discovered_date) * 1000)::bigint, source_domain_name, target_domain_name
           from backlinks where domain_authority is not null order by discovered_date desc limit 200""",
    )
    found = asked(reader, "recent")["items"]
    assert {(one["at"], one["source"], one["target"]) for one in found} == set(newest)
    low = counted(mc, "select count(*) from r where spam_score >= 60 and domain_authority < 10")
    marked = {one["marker"]: one["links"] for one in asked(reader, "toxic")["items"]}
    assert marked["authority below 10"] == low[0][0] > 0


def test_what_changed_is_told_against_the_mean_of_the_four_periods_before(mc: Services, reader: Caller) -> None:
    before = counted(
        mc,
        """select count(*) filter (where discovered_date >= current_date - 6) as now,
             count(*) filter (where discovered_date < current_date - 6) / 4.0 as usual
           from b where discovered_date >= current_date - 34""",
    )
    found = reader("GET", "/api/v1/backlinks/changes?target=ours.example&from=now-6d").json["items"]
    [new] = [one for one in found if one["figure"] == "new links"]
    assert (new["now"], new["usual"]) == tuple(map(float, before[0]))
    assert [abs(one["score"]) for one in found] == sorted((abs(one["score"]) for one in found), reverse=True)


def test_a_range_with_nothing_before_it_is_compared_with_itself(mc: Services, reader: Caller) -> None:
    [fifths] = counted(
        mc,
        """select count(*) filter (where discovered_date >= current_date - 18) as now,
             count(*) filter (where discovered_date < current_date - 18) / 4.0 as usual
           from b where discovered_date >= current_date - 94""",
    )
    found = reader("GET", "/api/v1/backlinks/changes?target=ours.example&from=now-94d").json
    assert found["since"] == f"{NOW - timedelta(days=18):%Y-%m-%d}"
    [new] = [one for one in found["items"] if one["figure"] == "new links"]
    assert (new["now"], new["usual"]) == tuple(map(float, fifths))


FILTERS = {
    "spam=30-59": "spam_score between 30 and 59",
    "state=lost": "link_state = 'confirmed_lost'",
    "state=live": "lost_date is null",
    "da=40-49": "domain_authority / 10 = 4",
    "source=s7.example": "source_domain_name = 's7.example'",
    "source=http://S7.Example:80/page": "source_domain_name = 's7.example'",
    "anchor=buy+cheap&type=nofollow": "anchor = 'buy cheap' and rel like '%nofollow%'",
}


def test_a_filter_narrows_what_is_counted(mc: Services, reader: Caller) -> None:
    for filters, condition in FILTERS.items():
        now = asked(reader, "summary", f"&{filters}")["items"][0]
        [expected] = counted(
            mc, f"select (select count(*) from b where {condition}), (select count(*) from r where {condition})"
        )
        assert (now["links"], now["new"]) == expected, filters
        assert now["new"] > 0, filters


def test_a_link_that_is_missed_stands_among_the_lost_until_it_is_settled(mc: Services, reader: Caller) -> None:
    with transaction(mc.engine) as connection:
        connection.execute(
            text("""update backlinks set link_state = 'suspected', suspected_at = now() - interval '1 hour'
                    where backlink_id = (select max(backlink_id) from backlinks
                                         where target_domain_name = 'ours.example' and lost_date is null)""")
        )
    [row] = asked(reader, "lost", "&state=suspected")["items"]
    assert (row["state"], row["words"]) == ("suspected", "suspected")


def test_every_table_of_the_page_can_be_had_as_a_file(mc: Services, reader: Caller) -> None:
    [(new, lost_, bad)] = counted(
        mc,
        """select (select count(*) from r), (select count(*) from b where lost_date >= current_date - 30),
             (select count(*) from r where spam_score > 59)""",
    )
    offered = [one["name"] for one in reader("GET", "/api/v1/export").json["items"]]
    tables = {
        name: reader("GET", f"/api/v1/export/{name}.json?{ASKED}&k=2").json["items"]
        for name in offered
        if name.startswith("backlinks_")
    }
    assert len(tables) == 11
    assert sum(row["new"] for row in tables["backlinks_velocity"]) == new
    assert sum(row["links"] for row in tables["backlinks_anchors"]) == new
    assert (len(tables["backlinks_lost"]), len(tables["backlinks_toxic"])) == (lost_, bad)
    refused = reader("GET", "/api/v1/export/backlinks_lost.csv?da=9-1")
    assert (refused.status_code, "da" in refused.text) == (422, True)
    assert reader("GET", "/api/v1/export/backlinks_lost.csv?target=nobody.example").status_code == 404


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


def test_a_lost_link_is_worth_its_authority_times_its_chance(mc: Services, reader: Caller) -> None:
    chances = ", ".join(f"('{reason}', {chance})" for reason, chance in RECOVERABILITY.items())
    expected = counted(
        mc,
        f"""select backlink_id::text, url_from, source_domain_name, lost_reason,
              round(coalesce(domain_authority, 0) * chance, 1)::float8
            from b left join (values {chances}) c (reason, chance) on reason = lost_reason
            where lost_date >= now()::date - 30""",
    )
    fields = ("id", "url_from", "source", "reason", "value")
    found = asked(reader, "lost")["items"]
    assert sorted(tuple(one[name] for name in fields) for one in found) == sorted(expected)


REFUSED = (
    ("from=2026-02-01&to=2026-01-01", 422, "from"),
    ("from=yesterday", 422, "from"),
    ("da=90-10", 422, "da"),
    ("spam=high", 422, "spam"),
    ("state=gone", 422, "state"),
    ("type=dofollow", 422, "type"),
    ("k=0", 422, "k"),
    ("reason=boredom", 422, "reason"),
    ("target=nobody.example", 404, "nobody.example"),
)
SPANS = ("from=2001-01-01&to=2001-02-01", "from=now-10y", "from=now-1m&anchor=nobody+wrote+this")


def test_what_nobody_can_answer_is_refused_by_name(reader: Caller) -> None:
    for query, status, names in REFUSED:
        for panel in PANELS:
            answer = reader("GET", f"/api/v1/backlinks/{panel}?{query}")
            assert (answer.status_code, names in answer.json["detail"]) == (status, True), (panel, query)


def test_an_empty_range_and_ten_years_are_answers(reader: Caller) -> None:
    for span in SPANS:
        for panel in (*PANELS, "changes"):
            answer = reader("GET", f"/api/v1/backlinks/{panel}?target=ours.example&{span}")
            assert answer.status_code == 200, (panel, span, answer.text)


def test_nothing_at_all_says_what_to_do(mc: Services, server: Flask) -> None:
    fresh(server.extensions["mission_control"])
    answer = program(mc, server, "read")("GET", "/api/v1/backlinks/summary")
    assert (answer.status_code, "send links" in answer.json["detail"]) == (404, True)
