"""What feeds hold that nobody foresaw: stored as far as it can be, said, and nobody else's trouble."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from data.db import transaction
from tasks import domains
from tests.callers import person
from tests.registries import due_again, follow, one
from tests.sites import Answer

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services
    from tests.sites import Site

XML = {"Content-Type": "text/xml; charset=utf-8"}


def rss(*items: str, title: str = "Daily Web") -> Answer:
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    body = "".join(f"<item>{item}</item>" for item in items)
    text_ = f'<?xml version="1.0"?><rss version="2.0" {spaces}><channel><title>{title}</title>{body}</channel></rss>'
    return Answer(text_.encode(), headers=XML)


def mentions(mc: Services, query: str = "select * from brand_mentions order by url") -> list[dict[str, Any]]:
    with transaction(mc.engine) as connection:
        return [dict(row) for row in connection.execute(text(query)).mappings()]


WHOLE = "<content:encoded>&lt;p&gt;All of Acme&lt;/p&gt;</content:encoded>"
LINK = "<link>https://daily.example/1</link>"


@pytest.mark.parametrize(
    ("channel", "item", "expected"),
    [
        ("T" * 149, f"<title>Acme</title>{LINK}", {"source": "T" * 128}),
        ("D", f"<title>Acme</title>{LINK}<dc:creator>{'A' * 190}</dc:creator>", {"author": "A" * 128}),
        ("D", f"<title>Acme {'x' * 5000}</title>{LINK}", {"title": f"Acme {'x' * 295}"}),
        ("", f"<title></title>{LINK}<description>All of Acme</description>", {"title": "All of Acme"}),
        ("D", f"<title>{'👩‍💻' * 120} Acme</title>{LINK}", {"title": "👩‍💻" * 100}),
    ],
)
def test_a_long_field_is_cut_and_the_mention_kept(
    here: Services, site: Site, channel: str, item: str, expected: dict[str, str]
) -> None:
    site.pages["/rss"] = rss(item, title=channel)
    follow(here, f"{site.url}/rss")
    domains.read_due(here)
    [row] = mentions(here)
    assert {name: row[name] for name in expected} == expected
    assert one(here, "select outcome, dropped from mention_feeds") == {"outcome": "new", "dropped": 0}


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("2016/6/29 15:07:41", "2016-06-29"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("29/06/2016", None),
        ("Wed, 29 Jun 2099 15:07:41 GMT", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_an_odd_date_is_read_right_or_said_to_be_unknown(
    here: Services, server: Flask, site: Site, date: str, day: str | None
) -> None:
    site.pages["/rss"] = rss(f"<title>Acme</title>{LINK}<pubDate>{date}</pubDate>")
    follow(here, f"{site.url}/rss")
    domains.read_due(here)
    reader = person(here, server, "viewer")
    asked = "from=2016-06-01&to=2016-07-31" if day else "from=now-1d"
    [row] = reader("GET", f"/api/v1/domains/mentions?{asked}").json["items"]
    assert row["date_unknown"] is (day is None)
    found = datetime.fromisoformat(row["published_at"])
    assert f"{found:%Y-%m-%d}" == day if day else found > datetime.now(UTC) - timedelta(minutes=1)


@pytest.mark.parametrize(
    ("brand", "item"),
    [
        ("トヨタ", "<title>新型トヨタ車を発表</title>"),
        ("McDonald's", "<title>McDonald’s opens</title>"),
        ("Acme", "<title>ＡＣＭＥ opens</title>"),
        ("Acme", f"<title>News</title><description>Short</description>{WHOLE}"),
        ("Acme", f"<title>News</title><content:encoded>{'word ' * 30_000} Acme</content:encoded>"),
        ("می‌خواهم", "<title>من می‌خواهم</title>"),
    ],
)
def test_a_brand_is_found_in_every_script_and_every_body(here: Services, site: Site, brand: str, item: str) -> None:
    site.pages["/rss"] = rss(item + LINK)
    follow(here, f"{site.url}/rss", brand, (brand,))
    domains.read_due(here)
    [row] = mentions(here)
    assert row["brand"] == brand
    if "content" in item:
        assert "Acme" in row["excerpt"]


def test_signs_that_are_put_together_stay_together(here: Services, site: Site) -> None:
    site.pages["/rss"] = rss(f"<title>Acme 👨‍👩‍👧 می‌خواهم 🫨</title>{LINK}")
    follow(here, f"{site.url}/rss")
    domains.read_due(here)
    assert mentions(here)[0]["title"] == "Acme 👨‍👩‍👧 می‌خواهم 🫨"


def test_what_a_feed_had_to_leave_out_is_counted_and_shown(here: Services, server: Flask, site: Site) -> None:
    site.pages["/rss"] = rss(
        f"<title>Acme</title>{LINK}",
        "<title>Acme 2</title><link>https://daily.example/a b\n c</link>",
        "<title>Acme 3</title><link>javascript:alert(1)</link>",
        "<title>Acme 4</title>",
        f"<title>Acme 5</title><link>https://daily.example/{'x' * 2100}</link>",
        "<title>Nothing of us</title>",
    )
    follow(here, f"{site.url}/rss")
    domains.read_due(here)
    assert [row["url"] for row in mentions(here)] == ["https://daily.example/1", "https://daily.example/a%20b%20c"]
    expected = {"dropped": 3, "dropped_why": "2 without a web address, 1 with an address that is too long"}
    reader = person(here, server, "viewer")
    [feed] = reader("GET", "/api/v1/domains/feeds").json["items"]
    assert {name: feed[name] for name in expected} == expected
    site.pages["/rss"] = rss(f"<title>Acme</title>{LINK}")
    due_again(here)
    domains.read_due(here)
    assert one(here, "select dropped, dropped_why from mention_feeds") == {"dropped": 0, "dropped_why": None}


def test_a_feed_that_cannot_be_kept_fails_alone(here: Services, site: Site) -> None:
    """Its mentions are refused by a constraint of the table, after every check of ours."""
    with transaction(here.engine) as connection:
        connection.execute(text("alter table brand_mentions add constraint odd check (title <> 'Acme the odd')"))
    try:
        site.pages["/odd"] = rss(f"<title>Acme the odd</title>{LINK}")
        site.pages["/good"] = rss("<title>Acme the good</title><link>https://daily.example/2</link>")
        follow(here, f"{site.url}/odd")
        follow(here, f"{site.url}/good")
        assert domains.read_due(here) == 2
        assert [row["title"] for row in mentions(here)] == ["Acme the good"]
        failed = one(here, "select detail, failures, due_at > now() as later from mention_feeds where url like '%odd'")
        assert failed == {"detail": "an answer that cannot be read", "failures": 1, "later": True}
    finally:
        with transaction(here.engine) as connection:
            connection.execute(text("alter table brand_mentions drop constraint odd"))
