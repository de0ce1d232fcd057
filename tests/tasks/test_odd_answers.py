"""What registries and feeds answer that nobody foresaw: stored as far as it can be, told, and nobody else's trouble."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from data.db import transaction
from data.domains.registry import lookups
from tasks import domains
from tests.callers import person
from tests.registries import NOW, RDAP, REGISTERED, due_again, follow, look_up, one, registry
from tests.sites import Answer

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services
    from tests.sites import Site

LATER = (NOW + timedelta(days=90)).isoformat()
XML = {"Content-Type": "text/xml; charset=utf-8"}


def event(action: object, at: object) -> dict[str, Any]:
    return {"eventAction": action, "eventDate": at}


def due_at_once(mc: Services) -> None:
    with transaction(mc.engine) as connection:
        connection.execute(text("update domain_lookups set due_at = now() - interval '1 second'"))


@pytest.mark.parametrize(
    ("action", "date", "column", "year"),
    [
        ("registration", "1985-03-15", "registered_at", 1985),
        ("registration", "1986-03-19T05:00:00Z", "registered_at", 1986),
        ("expiration", "9999-12-31T23:59:59Z", "expires_at", 9999),
        ("expiration", "2999-01-01T00:00:00.123456789Z", "expires_at", 2999),
    ],
)
def test_a_date_is_stored_as_the_registry_says_it(
    here: Services, server: Flask, site: Site, action: str, date: str, column: str, year: int
) -> None:
    registry(site, "old.com", REGISTERED | {"events": [event(action, date)]})
    look_up(here, "old.com")
    domains.ask_due(here)
    assert one(here, f"select {column} from domains")[column].year == year
    assert one(here, "select outcome, detail, tries from domain_lookups") == {
        "outcome": "registered",
        "detail": None,
        "tries": 0,
    }
    reader = person(here, server, "viewer")
    assert str(year) in reader("GET", "/api/v1/domains/old.com").json[column]
    for form in ("csv", "json", "xlsx", "parquet"):
        answer = reader("GET", f"/api/v1/export/domains.{form}?availability=registered")
        assert answer.status_code == 200, answer.text[:300]


@pytest.mark.parametrize(
    ("action", "date"),
    [
        ("registration", "0001-01-01T00:00:00Z"),
        ("registration", "2001-02-30"),
        pytest.param("registration", LATER, id="in three months"),
        ("registration", "soon"),
        ("expiration", "9999-12-31T23:59:59-05:00"),
        ("expiration", "10000-01-01"),
        ("expiration", None),
        ("expiration", ["2030-01-01"]),
    ],
)
def test_a_date_that_is_none_is_left_out_with_a_note_and_the_rest_is_stored(
    here: Services, site: Site, action: str, date: object
) -> None:
    other = ("expiration", LATER) if action == "registration" else ("registration", "2001-02-03")
    registry(site, "odd.com", REGISTERED | {"events": [event(action, date), event(*other)]})
    look_up(here, "odd.com")
    domains.ask_due(here)
    found = one(here, "select * from domains")
    assert (found["registered_at"] is None, found["expires_at"] is None) == (
        action == "registration",
        action == "expiration",
    )
    assert found["registrar"] == "Names & Sons"
    lookup = one(here, "select outcome, detail, tries from domain_lookups")
    assert (lookup["outcome"], lookup["tries"]) == ("registered", 0)
    assert lookup["detail"].startswith(f"left out: {action} ")


@pytest.mark.parametrize(
    "change",
    [
        {"events": [event(["registration"], "2001-02-03"), event({}, {})]},
        {"events": "none", "status": 7, "entities": {"a": 1}},
        {"events": [None, 1, "x"], "status": [None, {}, 3], "entities": [{"roles": 5}, {"roles": None}]},
        {"entities": [{"roles": "registrar", "vcardArray": ["vcard", [["fn", {}, "text", "R" * 400]]]}]},
        {"entities": [{"roles": ["registrar"], "vcardArray": ["vcard", [["fn", {}, "text", ["a", "b"]], [], "x"]]}]},
    ],
)
def test_an_answer_of_an_odd_shape_is_read_as_far_as_it_goes(
    here: Services, site: Site, change: dict[str, Any]
) -> None:
    registry(site, "odd.com", REGISTERED | change)
    registry(site, "next.com", REGISTERED)
    look_up(here, "odd.com", "next.com")
    assert domains.ask_due(here) == 2
    assert one(here, "select count(*) from domains where availability_status = 'registered'")["count"] == 2
    assert one(here, "select count(*) from domain_lookups where outcome = 'registered' and tries = 0")["count"] == 2


@pytest.mark.parametrize(
    ("states", "phase"),
    [
        (["pending delete", "redemption period"], "redemption"),
        (["redemption period", "pending delete"], "redemption"),
        (["pendingDelete", "redemptionPeriod"], "redemption"),
        (["Pending Delete", "pending restore"], "redemption"),
        (["pending delete", "auto renew period"], "pending_delete"),
        ("Redemption Period", "redemption"),
    ],
)
def test_redemption_comes_before_pending_delete(here: Services, site: Site, states: object, phase: str) -> None:
    registry(site, "late.com", REGISTERED | {"status": states})
    look_up(here, "late.com")
    domains.ask_due(here)
    assert one(here, "select availability_status, lifecycle from domains") == {
        "availability_status": "expired",
        "lifecycle": phase,
    }


def test_a_value_that_the_database_refuses_is_one_failed_try_and_the_neighbours_are_stored(
    here: Services, site: Site
) -> None:
    """Stored values that nobody foresaw: a constraint of the table refuses them, after every check of ours."""
    with transaction(here.engine) as connection:
        connection.execute(text("alter table domains add constraint odd check (domain_name <> 'odd.com')"))
    try:
        for name in ("odd.com", "a.com", "b.com"):
            registry(site, name, REGISTERED)
        look_up(here, "odd.com")
        look_up(here, "a.com", "b.com")
        assert domains.ask_due(here) == 3
        assert one(here, "select count(*) from domains")["count"] == 2
        lookup = one(here, "select outcome, detail, tries from domain_lookups where domain_name = 'odd.com'")
        assert lookup == {"outcome": "failed", "detail": "an answer that cannot be read", "tries": 1}
    finally:
        with transaction(here.engine) as connection:
            connection.execute(text("alter table domains drop constraint odd"))


def test_tries_are_counted_and_spaced_wider_each_time(here: Services, site: Site) -> None:
    site.pages["/boot/domain/odd.com"] = Answer(b"[]")
    look_up(here, "odd.com")
    waits = []
    for tries in range(1, 6):
        due_at_once(here)
        assert domains.ask_due(here) == 1
        found = one(here, "select tries, extract(epoch from due_at - now())::float8 as wait from domain_lookups")
        assert found["tries"] == tries
        waits.append(found["wait"])
    assert waits == pytest.approx([60, 120, 240, 480, 960], abs=5)
    registry(site, "odd.com", REGISTERED)
    due_at_once(here)
    domains.ask_due(here)
    assert one(here, "select outcome, tries from domain_lookups") == {"outcome": "registered", "tries": 0}


def test_an_asker_that_dies_has_tried_too_and_leaves_the_others_alone(here: Services) -> None:
    look_up(here, "deadly.com")
    look_up(here, "next.com")
    waits = []
    for tries in range(1, 4):
        with transaction(here.engine) as connection:
            connection.execute(text("update domain_lookups set due_at = now() where domain_name = 'deadly.com'"))
        with transaction(here.engine) as connection:
            connection.execute(
                text("update domain_lookups set due_at = now() + interval '1 day' where domain_name = 'next.com'")
            )
            assert lookups.list_due(connection, datetime.now(UTC), most=1) == ["deadly.com"]  # and here it dies
        found = one(
            here,
            "select tries, extract(epoch from due_at - now())::float8 as wait from domain_lookups"
            " where domain_name = 'deadly.com'",
        )
        assert found["tries"] == tries
        waits.append(found["wait"])
    assert waits == pytest.approx([300, 600, 1200], abs=5)
    assert one(here, "select tries from domain_lookups where domain_name = 'next.com'")["tries"] == 0


@pytest.mark.parametrize("wait", ["600", "nan", "soon", "-5", "Thu, 01 Jan 99999 00:00:00 GMT"])
def test_a_registry_that_was_asked_too_often_holds_up_its_own_names_alone(
    here: Services, site: Site, wait: str
) -> None:
    registry(site, "a.com", {}, status=429)
    site.pages["/registry/domain/a.com"].headers = RDAP | {"Retry-After": wait}
    registry(site, "b.com", REGISTERED)
    registry(site, "c.org", REGISTERED)
    for name in ("a.com", "b.com", "c.org"):
        look_up(here, name)
    domains.ask_due(here)
    assert one(here, "select domain_name, availability_status from domains") == {
        "domain_name": "c.org",
        "availability_status": "registered",
    }
    assert one(here, "select tries, due_at > now() as later from domain_lookups where domain_name = 'b.com'") == {
        "tries": 0,
        "later": True,
    }


def rss(*items: str, title: str = "Daily Web") -> Answer:
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    body = "".join(f"<item>{item}</item>" for item in items)
    text_ = f'<?xml version="1.0"?><rss version="2.0" {spaces}><channel><title>{title}</title>{body}</channel></rss>'
    return Answer(text_.encode(), headers=XML)


def heard(mc: Services, query: str = "select * from brand_mentions order by url") -> list[dict[str, Any]]:
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
    [row] = heard(here)
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
    [row] = heard(here)
    assert row["brand"] == brand
    if "content" in item:
        assert "Acme" in row["excerpt"]


def test_signs_that_are_put_together_stay_together(here: Services, site: Site) -> None:
    site.pages["/rss"] = rss(f"<title>Acme 👨‍👩‍👧 می‌خواهم 🫨</title>{LINK}")
    follow(here, f"{site.url}/rss")
    domains.read_due(here)
    assert heard(here)[0]["title"] == "Acme 👨‍👩‍👧 می‌خواهم 🫨"


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
    assert [row["url"] for row in heard(here)] == ["https://daily.example/1", "https://daily.example/a%20b%20c"]
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
        assert [row["title"] for row in heard(here)] == ["Acme the good"]
        failed = one(here, "select detail, failures, due_at > now() as later from mention_feeds where url like '%odd'")
        assert failed == {"detail": "an answer that cannot be read", "failures": 1, "later": True}
    finally:
        with transaction(here.engine) as connection:
            connection.execute(text("alter table brand_mentions drop constraint odd"))
