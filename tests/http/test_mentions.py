"""Mentions of brands over HTTP: told through ingest, filtered, counted by day; the brands, and the feeds that tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tests.callers import person, program, send

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services
    from tests.callers import Caller

NOW = datetime.now(UTC)
MENTIONS = [
    {
        "brand": brand,
        "url": f"https://news{number}.com/{brand}",
        "title": f"{brand} in the news",
        "published_at": (NOW - timedelta(days=number)).isoformat(),
        "sentiment": tone,
        "source_kind": "news" if number % 2 else "forum",
    }
    for brand in ("Acme", "Globex")
    for number, tone in enumerate([0.8, -0.5, 0.0, None, 0.6])
]


@pytest.fixture
def reader(mc: Services, server: Flask) -> Caller:
    return program(mc, server, "read")


def test_mentions_and_their_days_are_those_of_plain_sql(mc: Services, server: Flask, reader: Caller) -> None:
    send(mc, server, "brand_mentions", MENTIONS)
    assert send(mc, server, "brand_mentions", MENTIONS[:3])["accepted"] == 3
    days = reader("GET", "/api/v1/domains/mentions/daily?brand=Acme").json["items"]
    with mc.engine.begin() as connection:
        plain = connection.execute(
            text("""select count(*), count(*) filter (where sentiment >= 0.05),
                      count(*) filter (where sentiment <= -0.05)
                    from brand_mentions where brand = 'Acme'""")
        ).one()
    assert (sum(d["mentions"] for d in days), sum(d["positive"] for d in days), sum(d["negative"] for d in days)) == (
        tuple(plain)
    )
    assert tuple(plain) == (5, 2, 1)
    assert reader("GET", "/api/v1/domains/summary").json["mentions"] == 10
    brands = reader("GET", "/api/v1/domains/brands").json["items"]
    assert [(one["brand"], one["mentions"]) for one in brands] == [("Acme", 5), ("Globex", 5)]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 10),
        ("brand=Acme", 5),
        ("tone=negative", 2),
        ("tone=neutral", 2),
        ("source_kind=forum&brand=Globex", 3),
        ("domain_name=news1.com", 2),
        ("brand=nobody", 0),
        ("from=now-36h", 4),
        ("from=now-10y", 10),
    ],
)
def test_mentions_are_filtered_and_paged(mc: Services, server: Flask, reader: Caller, query: str, count: int) -> None:
    send(mc, server, "brand_mentions", MENTIONS)
    found, cursor = [], ""
    while cursor is not None:
        address = f"/api/v1/domains/mentions?limit=3&{query}" + (f"&cursor={cursor}" if cursor else "")
        answer = reader("GET", address).json
        found += [item["mention_id"] for item in answer["items"]]
        cursor = answer["next_cursor"]
    assert len(found) == len(set(found)) == count


def test_brands_and_feeds_are_managed(mc: Services, server: Flask) -> None:
    manager = person(mc, server, "manager")
    assert manager("PUT", "/api/v1/domains/brands/Acme", {"words": ["acme", "acme.io"]}).status_code == 204
    assert [one["brand"] for one in manager("GET", "/api/v1/domains/brands").json["items"]] == ["Acme"]
    feed = {"url": "https://news.example.com/feed.xml"}
    feed_id = manager("POST", "/api/v1/domains/feeds", feed).json["feed_id"]
    assert manager("POST", "/api/v1/domains/feeds", feed).status_code == 409
    assert manager("POST", "/api/v1/domains/feeds", {"url": "file:///etc/passwd"}).status_code == 422
    assert [one["url"] for one in manager("GET", "/api/v1/domains/feeds").json["items"]] == [feed["url"]]
    assert manager("DELETE", f"/api/v1/domains/feeds/{feed_id}").status_code == 204
    assert manager("DELETE", f"/api/v1/domains/feeds/{feed_id}").status_code == 404
    assert manager("DELETE", "/api/v1/domains/brands/Acme").status_code == 204
    assert person(mc, server, "operator")("POST", "/api/v1/domains/feeds", feed).status_code == 403
