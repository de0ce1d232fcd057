"""Registries and feeds as the worker asks them: real HTTP on loopback, the answers in the tables."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from data.db import transaction
from data.http_fetch import MOST_BYTES, FetchError, fetch
from tasks import domains
from tests.registries import NOW, RDAP, REGISTERED, due_again, follow, look_up, one, registry
from tests.sites import Answer

if TYPE_CHECKING:
    from data.services import Services
    from tests.sites import Site

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Daily Web</title>
<item><title>Acme has a wonderful, excellent product</title><link>https://daily.example/1</link>
  <description>&lt;p&gt;Everybody loves it&lt;/p&gt;</description>
  <pubDate>Tue, 10 Nov 2026 08:00:00 GMT</pubDate></item>
<item><title>Acmeology is not the brand</title><link>https://daily.example/2</link></item>
<item><title>A terrible failure</title><link>/3</link><description>ACME lost its horrible case</description></item>
<item><title>Acme without an address</title><link>javascript:alert(1)</link></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Log</title><entry><title>On acme.io</title>
<link href="https://log.example/a"/><updated>2026-11-11T00:00:00Z</updated><author><name>Ann</name></author></entry></feed>"""


def test_a_registry_that_knows_a_domain_tells_its_age_end_and_registrar(here: Services, site: Site) -> None:
    registry(site, "taken.com", REGISTERED)
    look_up(here, "taken.com")
    assert domains.ask_due(here) == 1
    found = one(here, "select * from domains")
    assert (found["availability_status"], found["lifecycle"]) == ("registered", "active")
    assert (found["registrar"], found["registered_at"].year) == ("Names & Sons", 2001)
    assert one(here, "select source from domain_history")["source"] == "rdap"
    lookup = one(here, "select outcome, tries, due_at > now() as later from domain_lookups")
    assert lookup == {"outcome": "registered", "tries": 0, "later": True}
    assert domains.ask_due(here) == 0


@pytest.mark.parametrize(
    ("states", "days", "said"),
    [
        (["pending delete"], -70, ("expired", "pending_delete")),
        (["redemption period"], -40, ("expired", "redemption")),
        (["auto renew period"], 360, ("registered", "grace")),
        (["active"], -3, ("expired", "active")),
    ],
)
def test_the_phase_of_a_domain_that_ends(
    here: Services, site: Site, states: list[str], days: int, said: tuple[str, str]
) -> None:
    ends = {"eventAction": "expiration", "eventDate": (NOW + timedelta(days=days)).isoformat()}
    registry(site, "late.com", REGISTERED | {"status": states, "events": [ends]})
    look_up(here, "late.com")
    domains.ask_due(here)
    assert tuple(one(here, "select availability_status, lifecycle from domains").values()) == said


def test_a_registry_that_knows_no_such_name_makes_it_available_and_nobody_in_charge_does_not(
    here: Services, site: Site
) -> None:
    registry(site, "free.com", {"errorCode": 404}, status=404)
    look_up(here, "free.com", "nobody.internal")
    domains.ask_due(here)
    assert one(here, "select domain_name, availability_status as status from domains") == {
        "domain_name": "free.com",
        "status": "available",
    }
    assert one(here, "select outcome from domain_lookups where domain_name <> 'free.com'")["outcome"] == "unsupported"


def test_a_registry_that_was_asked_too_often_is_left_alone_as_long_as_it_says(here: Services, site: Site) -> None:
    registry(site, "a.com", {}, status=429)
    site.pages["/registry/domain/a.com"].headers = RDAP | {"Retry-After": "600"}
    registry(site, "b.com", REGISTERED)
    look_up(here, "a.com", "b.com")
    domains.ask_due(here)
    waits = "extract(epoch from min(due_at) - now()) between 590 and 610"
    assert one(here, f"select {waits} as both, count(*) from domain_lookups") == {"both": True, "count": 2}
    assert not any("b.com" in hit.path for hit in site.hits)


@pytest.mark.parametrize("answer", [Answer(b"<html>", headers=RDAP), Answer(b"[]"), Answer(b"{}", status=500)])
def test_an_answer_that_is_none_is_asked_again_later_and_changes_nothing(
    here: Services, site: Site, answer: Answer
) -> None:
    site.pages["/boot/domain/odd.com"] = answer
    look_up(here, "odd.com")
    domains.ask_due(here)
    said = one(here, "select outcome, tries, due_at > now() + interval '30 seconds' as later from domain_lookups")
    assert said == {"outcome": "failed", "tries": 1, "later": True}
    assert one(here, "select count(*) from domains")["count"] == 0


def test_no_registry_is_asked_of_what_is_simulated(here: Services, site: Site) -> None:
    with transaction(here.engine) as connection:
        connection.execute(text("insert into domains (domain_name, simulated) values ('made-up.com', true)"))
    look_up(here, "made-up.com")
    assert domains.ask_due(here) == 0
    assert not site.hits
    assert "simulated" in one(here, "select detail from domain_lookups")["detail"]


def test_a_feed_tells_where_a_brand_is_spoken_of_once_with_its_tone(here: Services, site: Site) -> None:
    site.pages["/rss"] = Answer(RSS.encode(), headers={"Content-Type": "text/xml", "ETag": '"7"'})
    follow(here, f"{site.url}/rss")
    assert domains.read_due(here) == 1
    with transaction(here.engine) as connection:
        rows = connection.execute(text("select * from brand_mentions order by sentiment desc")).mappings().all()
    assert [row["url"] for row in rows] == ["https://daily.example/1", f"{site.url}/3"]
    assert rows[0]["sentiment"] > 0.5
    assert rows[1]["sentiment"] < -0.5
    assert (rows[0]["source"], rows[0]["excerpt"], rows[0]["published_at"].day) == (
        "Daily Web",
        "Everybody loves it",
        10,
    )
    due_again(here)
    domains.read_due(here)
    feed = one(here, "select outcome, etag, mentions, entries from mention_feeds")
    assert feed == {"outcome": "unchanged", "etag": '"7"', "mentions": 2, "entries": 8}


def test_atom_is_read_too_and_nothing_new_is_no_failure(here: Services, site: Site) -> None:
    site.pages["/atom"] = Answer(ATOM.encode(), headers={"Content-Type": "application/atom+xml"})
    follow(here, f"{site.url}/atom")
    domains.read_due(here)
    assert one(here, "select author from brand_mentions")["author"] == "Ann"
    site.pages["/atom"] = Answer(status=304)
    due_again(here)
    domains.read_due(here)
    assert one(here, "select outcome, mentions from mention_feeds") == {"outcome": "unchanged", "mentions": 1}


def test_a_feed_that_breaks_off_keeps_what_came_before(here: Services, site: Site) -> None:
    site.pages["/broken"] = Answer(RSS[: RSS.index("Acmeology")].encode(), headers={"Content-Type": "text/xml"})
    follow(here, f"{site.url}/broken")
    domains.read_due(here)
    assert one(here, "select count(*) from brand_mentions")["count"] == 1


def test_a_feed_without_entries_is_one_and_tells_nothing_yet(here: Services, site: Site) -> None:
    site.pages["/new"] = Answer(b"<rss version='2.0'><channel><title>News</title></channel></rss>")
    follow(here, f"{site.url}/new")
    domains.read_due(here)
    said = one(here, "select outcome, detail, failures, entries, mentions from mention_feeds")
    assert said == {"outcome": "unchanged", "detail": None, "failures": 0, "entries": 0, "mentions": 0}


BOMB = """<!DOCTYPE r [<!ENTITY a "acme acme">%s]>
<rss version="2.0"><channel><item><title>&z;</title></item></channel></rss>"""


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(b"<html><p>Acme"), "no RSS or Atom feed"),
        (Answer(b""), "no RSS or Atom feed"),
        (Answer(b"/etc/passwd", headers={"Content-Type": "text/xml"}), "no RSS or Atom feed"),
        (Answer(b"gone", status=410), "answered 410"),
        (Answer(b" " * (MOST_BYTES + 1)), "larger than 4 MB"),
        (Answer(b"no gzip", headers={"Content-Encoding": "gzip"}), "an answer that cannot be unpacked"),
    ],
)
def test_what_is_no_feed_says_why_and_is_read_less_often(
    here: Services, site: Site, answer: Answer, words: str
) -> None:
    site.pages["/x"] = answer
    follow(here, f"{site.url}/x")
    for _ in range(2):
        due_again(here)
        domains.read_due(here)
    said = one(here, "select detail, failures, due_at > now() + interval '25 minutes' as later from mention_feeds")
    assert said == {"detail": words, "failures": 2, "later": True}


def test_entities_do_not_multiply(here: Services, site: Site) -> None:
    entities = "".join(f'<!ENTITY {new} "{f"&{old};" * 50}">' for old, new in zip("abcdefgh", "bcdefghz", strict=True))
    site.pages["/bomb"] = Answer((BOMB % entities).encode(), headers={"Content-Type": "text/xml"})
    follow(here, f"{site.url}/bomb")
    begun = time.monotonic()
    domains.read_due(here)
    assert time.monotonic() - begun < 3
    assert one(here, "select count(*) from brand_mentions")["count"] == 0


@pytest.mark.parametrize("drip", [0.05, 30])
def test_a_page_that_drips_or_hangs_is_over_within_its_time(site: Site, drip: float) -> None:
    site.pages["/slow"] = Answer(b"x" * 1000, drip=drip)
    begun = time.monotonic()
    with pytest.raises(FetchError, match=r"no answer within 0\.4 s"):
        asyncio.run(fetch(f"{site.url}/slow", allowed_private_hosts=["127.0.0.1"], seconds=0.4))
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "127.1"])  # noqa: S104 — refused
def test_our_own_network_is_never_asked(site: Site, host: str) -> None:
    with pytest.raises(FetchError, match=r"own network|no address|no connection"):
        asyncio.run(fetch(site.url.replace("127.0.0.1", host)))
    assert not site.hits


def test_a_redirect_into_our_own_network_is_refused_and_a_circle_ends(site: Site) -> None:
    site.redirect("/in", site.url.replace("127.0.0.1", "localhost") + "/secret")
    with pytest.raises(FetchError, match="own network"):
        asyncio.run(fetch(f"{site.url}/in", allowed_private_hosts=["127.0.0.1"]))
    site.redirect("/round", "/round")
    with pytest.raises(FetchError, match="redirects"):
        asyncio.run(fetch(f"{site.url}/round", allowed_private_hosts=["127.0.0.1"]))
    site.redirect("/file", "file:///etc/passwd")
    with pytest.raises(FetchError):
        asyncio.run(fetch(f"{site.url}/file", allowed_private_hosts=["127.0.0.1"]))
