"""Domains over HTTP: told through ingest, asked through the API, each figure as a plain SQL count says it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from data.domains.valuation import values
from tests.callers import person, program, send

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services
    from tests.callers import Caller

NOW = datetime.now(UTC).replace(microsecond=0)
EQUAL = {"authority": 50, "referring_domains": 0, "link_authority": 0, "cleanliness": 0, "age": 0, "name": 0}


def ago(**span: float) -> str:
    return (NOW - timedelta(**span)).isoformat()


def ahead(**span: float) -> str:
    return (NOW + timedelta(**span)).isoformat()


def domain(name: str, **more: Any) -> dict[str, Any]:
    return {"domain_name": name, "last_fetched_at": ago(hours=1)} | more


def sale(name: str, value: float | None, authority: int, **more: Any) -> dict[str, Any]:
    said = {"availability_status": "available", "domain_authority": authority, "estimated_value": value}
    return domain(name, **(said | more))


DOMAINS = [
    sale("gold.com", 9000, 60, spam_score=3),
    sale("silver.com", 2000, 50, drops_at=ahead(days=3)),
    sale("bronze.io", 400, 70),
    sale("poisoned.com", 5000, 65, concerns=["archive_history"]),
    sale("late.net", 3000, 30, availability_status="expired", lifecycle="redemption", expires_at=ahead(days=20)),
    sale("unpriced.org", None, 55),
    sale("taken.com", 9999, 80, availability_status="registered"),
]


@pytest.fixture
def reader(mc: Services, server: Flask) -> Caller:
    return program(mc, server, "read")


@pytest.fixture
def market(mc: Services, server: Flask) -> Services:
    send(mc, server, "domains", DOMAINS)
    links = [
        {
            "url_from": f"https://site{number}.com/{target}",
            "url_to": f"https://{target}/",
            "domain_authority": number * 10,
            "spam_score": 5,
        }
        for target in ("gold.com", "silver.com")
        for number in range(1, 6)
    ]
    send(mc, server, "backlinks", links)
    return mc


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.json
    return [item["domain_name"] for item in answer.json["items"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["gold.com", "poisoned.com", "late.net", "silver.com", "bronze.io", "unpriced.org"]),
        ("availability=registered", ["taken.com"]),
        ("min_value=2500&max_value=6000", ["poisoned.com", "late.net"]),
        ("sort=authority&min_authority=60", ["bronze.io", "poisoned.com", "gold.com"]),
        ("within_days=7", ["silver.com"]),
        ("within_days=30&sort=expires", ["silver.com", "late.net"]),
        ("tld=io", ["bronze.io"]),
        ("q=OLD", ["gold.com"]),
        ("lifecycle=redemption", ["late.net"]),
        ("clean=true&availability=available&min_value=1000", ["gold.com", "silver.com"]),
        ("watched=true", []),
        ("q=%25", []),
    ],
)
def test_the_hunter_finds_what_its_filters_say(market: Services, reader: Caller, query: str, found: list[str]) -> None:
    assert market
    assert names(reader("GET", f"/api/v1/domains?{query}")) == found


@pytest.mark.parametrize("sort", ["value", "score", "authority", "expires", "name"])
def test_pages_of_every_order_hold_each_domain_once(market: Services, reader: Caller, sort: str) -> None:
    assert market
    found, cursor = [], ""
    while cursor is not None:
        answer = reader("GET", f"/api/v1/domains?limit=2&sort={sort}" + (f"&cursor={cursor}" if cursor else ""))
        found += names(answer)
        cursor = answer.json["next_cursor"]
    assert found == names(reader("GET", f"/api/v1/domains?sort={sort}"))
    assert len(found) == len(set(found)) == 6


def test_opportunities_are_what_the_plain_query_says(market: Services, reader: Caller) -> None:
    answer = reader("GET", "/api/v1/domains/opportunities")
    with market.engine.begin() as connection:
        plain = connection.execute(
            text("""select d.domain_name, d.estimated_value, count(b.backlink_id), avg(b.domain_authority)
                    from domains d left join backlinks b on d.domain_name = b.target_domain_name
                    where d.availability_status = 'available' and d.estimated_value > 1000
                    group by d.domain_name order by d.estimated_value desc""")
        ).all()
    assert [
        (item["domain_name"], float(item["estimated_value"]), item["backlink_count"], item["avg_backlink_authority"])
        for item in answer.json["items"]
    ] == [(name, float(value), count, mean and float(mean)) for name, value, count, mean in plain]
    assert names(answer) == ["gold.com", "poisoned.com", "silver.com"]


def test_the_key_figures_are_those_of_plain_sql(market: Services, reader: Caller) -> None:
    said = reader("GET", "/api/v1/domains/summary").json
    with market.engine.begin() as connection:
        plain = connection.execute(
            text("""select count(*) as domains, count(*) filter (where availability_status = 'available') as available,
                      count(*) filter (where availability_status = 'expired') as expired,
                      count(*) filter (where availability_status = 'available' and estimated_value > 1000)
                        as opportunities
                    from domains""")
        ).mappings()
        assert {key: said[key] for key in ("domains", "available", "expired", "opportunities")} == dict(plain.one())
    assert float(said["opportunities_value"]) == 16_000
    assert (said["opportunities_passing"], float(said["opportunities_passing_value"])) == (2, 11_000)
    assert said["dropping"] == 2


def test_a_changed_weight_ranks_the_candidates_anew_at_once_and_is_audited(market: Services, server: Flask) -> None:
    manager = person(market, server, "manager")
    first = manager("PUT", "/api/v1/domains/weights", EQUAL).json["version"]
    assert manager("GET", "/api/v1/domains/weights").json["version"] == first > 0
    ranked = names(manager("GET", "/api/v1/domains?sort=score"))
    assert ranked == ["bronze.io", "poisoned.com", "gold.com", "unpriced.org", "silver.com", "late.net"]
    assert manager("PUT", "/api/v1/domains/weights", EQUAL | {"authority": 0, "name": 9}).status_code == 200
    assert names(manager("GET", "/api/v1/domains?sort=score")) != ranked
    audit = person(market, server, "admin")("GET", "/api/v1/audit").json["items"]
    changed = next(row for row in audit if row["action"] == "domains.weigh")
    assert changed["detail"]["authority"] == {"from": 50, "to": 0}
    assert changed["actor_name"] == "manager@example.org"


@pytest.mark.parametrize(
    ("weights", "field"),
    [
        (EQUAL | {"authority": -1}, "authority"),
        (EQUAL | {"authority": 101}, "authority"),
        (EQUAL | {"luck": 3}, "luck"),
        (dict.fromkeys(EQUAL, 0), "weight"),
    ],
)
def test_weights_that_make_no_sense_are_refused(
    mc: Services, server: Flask, weights: dict[str, int], field: str
) -> None:
    answer = person(mc, server, "manager")("PUT", "/api/v1/domains/weights", weights)
    assert answer.status_code == 422
    assert field in str(answer.json)


def test_who_may_weigh_and_who_may_watch(mc: Services, server: Flask) -> None:
    for role, may_watch, may_weigh in (("viewer", 403, 403), ("operator", 204, 403), ("manager", 204, 200)):
        someone = person(mc, server, role)
        assert someone("PUT", "/api/v1/domains/watched/acme.io", {}).status_code == may_watch
        assert someone("PUT", "/api/v1/domains/weights", EQUAL).status_code == may_weigh


def test_any_domain_has_a_value_with_factors_a_band_and_why(market: Services, reader: Caller) -> None:
    assert market
    known = reader("GET", "/api/v1/domains/gold.com/value").json
    unknown = reader("GET", "/api/v1/domains/never-heard-of.com/value").json
    factors = {factor["name"]: factor for factor in known["factors"]}
    assert factors["referring_domains"]["why"] == "5 referring domains"
    assert factors["link_authority"]["why"] == "links of authority 30 on average"
    assert float(known["low"]) < float(known["value"]) < float(known["high"])
    assert "Not known" in unknown["why"]
    assert (unknown["value"], unknown["low"], unknown["high"], unknown["score"]) == (None, None, None, None)
    assert unknown["known"] == 0.05
    assert "Authority" in unknown["missing"]
    assert reader("GET", "/api/v1/domains/poisoned.com/value").json["rejected"][0]["name"] == "archive_history"
    assert reader("GET", "/api/v1/domains/www.Gold.COM/value").json["domain_name"] == "gold.com"
    assert reader("GET", "/api/v1/domains/nonsense/value").status_code == 422
    assert reader("GET", "/api/v1/domains/never-heard-of.com").status_code == 404


def test_where_nobody_reported_a_value_ours_is_the_estimate(market: Services, reader: Caller) -> None:
    with market.engine.begin() as connection:
        assert values.revalue(connection, NOW) == 6
        assert values.revalue(connection, NOW) == 0
    found = {item["domain_name"]: item for item in reader("GET", "/api/v1/domains").json["items"]}
    assert found["unpriced.org"]["value_source"] == "calculated"
    assert found["unpriced.org"]["estimated_value"] == found["unpriced.org"]["calculated_value"]
    assert (found["gold.com"]["value_source"], float(found["gold.com"]["estimated_value"])) == ("reported", 9000)


def test_the_watch_list_tells_what_changed(market: Services, server: Flask) -> None:
    operator = person(market, server, "operator")
    assert operator("PUT", "/api/v1/domains/watched/SILVER.com", {"note": "for the blog"}).status_code == 204
    send(
        market,
        server,
        "domains",
        [domain("silver.com", availability_status="registered", last_fetched_at=ago(minutes=5))],
    )
    [row] = operator("GET", "/api/v1/domains/watched").json["items"]
    assert (row["note"], row["changes"], row["availability_status"]) == ("for the blog", 1, "registered")
    assert names(operator("GET", "/api/v1/domains?watched=true&availability=registered")) == ["silver.com"]
    with market.engine.begin() as connection:
        assert connection.scalar(text("select count(*) from domain_lookups where domain_name = 'silver.com'")) == 1
    assert operator("DELETE", "/api/v1/domains/watched/silver.com").status_code == 204
    assert operator("DELETE", "/api/v1/domains/watched/silver.com").status_code == 404


def test_history_keeps_changes_alone_also_those_told_afterwards(mc: Services, server: Flask, reader: Caller) -> None:
    send(mc, server, "domains", [domain("a.com", availability_status="registered", last_fetched_at=ago(days=5))])
    send(mc, server, "domains", [domain("a.com", availability_status="registered", last_fetched_at=ago(days=4))])
    send(mc, server, "domains", [domain("a.com", availability_status="available", last_fetched_at=ago(days=1))])
    send(mc, server, "domains", [domain("a.com", availability_status="expired", last_fetched_at=ago(days=2))])
    items = reader("GET", "/api/v1/domains/a.com/history").json["items"]
    assert [item["availability_status"] for item in items] == ["available", "expired", "registered"]
    assert reader("GET", "/api/v1/domains/a.com").json["availability_status"] == "available"


def test_portfolios_grow_and_shrink_as_history_says(mc: Services, server: Flask, reader: Caller) -> None:
    def owned(name: str, days: int, **more: Any) -> dict[str, Any]:
        said = {"owner": "rival.com", "availability_status": "registered", "last_fetched_at": ago(days=days)}
        return domain(name, **(said | more))

    send(mc, server, "domains", [owned("one.com", 60), owned("two.com", 20), owned("three.com", 10)])
    send(mc, server, "domains", [owned("two.com", 5, availability_status="available")])
    [rival] = reader("GET", "/api/v1/domains/portfolios").json["items"]
    assert (rival["owner"], rival["domains"], rival["gained"], rival["lost"]) == ("rival.com", 2, 2, 1)
    days = reader("GET", "/api/v1/domains/portfolios/daily").json["items"]
    assert [day["domains"] for day in days] == [1, 2, 3, 2]
    assert names(reader("GET", "/api/v1/domains/portfolios/rival.com")) == ["one.com", "three.com"]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("domains?min_value=cheap", "min_value"),
        ("domains?availability=maybe", "availability"),
        ("domains?sort=luck", "sort"),
        ("domains?cursor=xyz", "cursor"),
        ("domains/mentions?from=soon", "from"),
        ("domains/mentions/daily?from=now&to=now-2d", "from"),
        ("domains/mentions?tone=loud", "tone"),
        ("domains/portfolios?to=never", "to"),
    ],
)
def test_bad_questions_are_refused_by_field(mc: Services, reader: Caller, path: str, field: str) -> None:
    assert mc
    answer = reader("GET", f"/api/v1/{path}")
    assert answer.status_code == 422
    assert field in str(answer.json["errors"][0]["loc"])


def test_the_tables_of_the_page_can_be_exported_with_their_filters(market: Services, reader: Caller) -> None:
    assert market
    rows = reader("GET", "/api/v1/export/domains.json?min_value=2500").json["items"]
    assert [row["domain_name"] for row in rows] == ["gold.com", "poisoned.com", "late.net"]
    assert rows[1]["rejected"] == ""
    rows = reader("GET", "/api/v1/export/domain_opportunities.json").json["items"]
    assert [row["backlink_count"] for row in rows] == [5, 0, 5]
