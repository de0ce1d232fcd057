"""Confirm before alarm: a link is missed by a crawl, looked for by a satellite, lost, and found again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from data.backlinks.checks import rules
from tests.callers import program
from tests.sites import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from data.services import Services
    from tests.callers import Caller
    from tests.integration.satellite.conftest import Base
    from tests.sites import Site

LINK = "https://acme.example/"


@pytest.fixture
def quick(mc: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interval of a second where six hours are usual; and these pages are on loopback."""
    monkeypatch.setattr(mc.settings, "private_targets", "allow")
    monkeypatch.setattr(mc.settings, "link_recheck_seconds", 1)


def link(base: Base, url_to: str = LINK) -> dict[str, Any]:
    with base.crew.mc.engine.connect() as connection:
        query = text("select * from backlinks where url_to = :url")
        return dict(connection.execute(query, {"url": url_to}).mappings().one())


def state(base: Base, url_to: str = LINK) -> tuple[str, str | None]:
    row = link(base, url_to)
    return row["link_state"], row["lost_reason"]


@pytest.mark.usefixtures("quick")
def test_a_removed_link_is_suspected_then_lost_and_put_back_it_is_recovered(
    base: Base, site: Site, finished: Callable[..., dict[str, Any]], eventually: Callable[..., None]
) -> None:
    page = f'<a href="/more">more</a><a href="{LINK}">Acme</a><a href="https://stays.example/">stays</a>'
    site.page("/", page)
    site.page("/more", f'<a href="{LINK}other">other</a>')
    crawler = base.satellite("--once")
    finished(base.crawl(site))
    assert crawler.wait(20) == 0
    site.page("/", page.replace(f'<a href="{LINK}">Acme</a>', ""))
    crawler = base.satellite("--once")
    finished(base.crawl(site))
    assert crawler.wait(20) == 0
    assert state(base) == ("suspected", None)
    assert link(base)["lost_date"] is None, "no alarm yet"
    assert state(base, "https://stays.example/") == state(base, f"{LINK}other") == ("live", None)
    base.satellite()
    eventually(lambda: state(base) == ("confirmed_lost", "link_removed"), seconds=40, every=0.2)
    lost = link(base)
    assert lost["lost_date"] == lost["suspected_at"]
    looks = base.rows("attempt, outcome, verdict, satellite_id is not null", "backlink_link_checks order by check_id")
    assert looks == [(1, "link_removed", "suspected", True), (2, "link_removed", "confirmed", True)]
    site.page("/", page)
    finished(base.crawl(site))
    eventually(lambda: state(base) == ("recovered", None), seconds=10)
    back = link(base)
    assert back["lost_date"] is None
    assert back["recovered_at"] > lost["lost_date"]


@pytest.mark.usefixtures("quick")
def test_satellites_find_out_what_became_of_reported_links(
    base: Base, site: Site, elsewhere: Site, eventually: Callable[..., None]
) -> None:
    out = f'<a href="{LINK}">Acme</a>'
    site.page("/there", out)
    site.page("/noindex", f'<meta name="robots" content="noindex">{out}')
    site.redirect("/moved", "/there")
    site.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /closed", headers={"Content-Type": "text/plain"})
    paths = ("there", "noindex", "moved", "closed", "closed-too", "gone")
    reports = [{"url_from": f"{site.url}/{path}", "url_to": LINK, "lost_date": "2026-01-01"} for path in paths]
    assert base.crew.crawler("POST", "/api/v1/ingest/backlinks", reports).json["accepted"] == len(paths)
    base.satellite()

    def settled() -> dict[str, str]:
        rows = base.rows("url_from, coalesce(lost_reason, link_state), link_state <> 'suspected'")
        return {url.rpartition("/")[2]: word for url, word, done in rows if done}

    eventually(lambda: len(settled()) == len(paths), seconds=60, every=0.3)
    assert settled() == {
        "there": "live",
        "noindex": "noindex",
        "moved": "redirected",
        "closed": "dropped",
        "closed-too": "dropped",
        "gone": "not_found",
    }
    assert elsewhere.hits == []


def report(caller: Caller, results: list[dict[str, Any]], limit: int = 10, satellite: str = "SAT-1") -> Any:
    return caller("POST", f"/api/v1/satellites/{satellite}/checks", {"results": results, "limit": limit})


def test_a_look_counts_once_and_only_for_whom_it_is_meant(mc: Services, server: Flask) -> None:
    real = program(mc, server, "satellite")
    fake = program(mc, server, "satellite", name="simulator", simulated=True)
    real("POST", "/api/v1/satellites", {"name": "SAT-1", "satellite_id": "SAT-1"})
    fake("POST", "/api/v1/satellites", {"name": "SIM", "satellite_id": "SIM"})
    lost = {"url_from": "https://a.example/", "url_to": LINK, "lost_date": "2026-01-01"}
    real("POST", "/api/v1/ingest/backlinks", [lost])
    assert report(fake, [], satellite="SIM").json == {"recorded": 0, "items": []}
    (item,) = report(real, []).json["items"]
    assert (item["url_from"], item["attempt"]) == ("https://a.example/", 1)
    assert report(real, []).json["items"] == [], "one look at a time"
    seen = {"check": item["check"], "outcome": "not_found", "http_code": 404}
    assert report(real, [seen]).json == {"recorded": 1, "items": []}
    assert report(real, [seen]).json["recorded"] == 0
    assert report(real, [seen | {"check": "nonsense"}]).status_code == 422
    assert report(real, [seen | {"outcome": "bored"}]).status_code == 422
    assert report(real, [], satellite="nobody").status_code == 404


@pytest.mark.parametrize(
    ("second", "state", "reason"),
    [
        ({"lost_date": "2099-01-01"}, None, None),  # refused: it lies in the future
        ({}, "live", None),
        ({"lost_date": "now"}, "suspected", None),
        ({"lost_date": "now", "lost_reason": "noindex"}, "confirmed_lost", "noindex"),
        ({"lost_date": "before", "last_seen": "before"}, "live", None),
    ],
)
def test_a_report_without_a_reason_is_a_suspicion_and_old_news_is_none(
    mc: Services, server: Flask, second: dict[str, str], state: str | None, reason: str | None
) -> None:
    crawler = program(mc, server, "ingest")
    row = {"url_from": "https://a.example/", "url_to": LINK}
    crawler("POST", "/api/v1/ingest/backlinks", [row])
    moments = {"now": datetime.now(UTC).isoformat(), "before": (datetime.now(UTC) - timedelta(days=1)).isoformat()}
    named = {name: moments.get(value, value) for name, value in second.items()}
    answer = crawler("POST", "/api/v1/ingest/backlinks", [row | named])
    assert answer.json["accepted"] == (state is not None)
    with mc.engine.begin() as connection:
        found = connection.execute(text("select link_state, lost_reason, lost_date from backlinks")).one()
    assert (found.link_state, found.lost_reason) == (state or "live", reason)
    assert (found.lost_date is None) == (reason is None)


def test_a_sighting_clears_a_suspicion_and_a_link_that_turns_nofollow_is_noted(mc: Services, server: Flask) -> None:
    crawler = program(mc, server, "ingest")
    row = {"url_from": "https://a.example/", "url_to": LINK}
    crawler("POST", "/api/v1/ingest/backlinks", [row | {"lost_date": "2026-01-01", "last_seen": "2025-12-01"}])
    crawler("POST", "/api/v1/ingest/backlinks", [row | {"rel": "nofollow"}])
    with mc.engine.begin() as connection:
        found = connection.execute(
            text("select link_state, next_check_at, follow_lost_at, last_seen from backlinks")
        ).one()
        verdicts = connection.scalars(text("select verdict from backlink_link_checks")).all()
    assert (found.link_state, found.next_check_at) == ("live", None)
    assert found.follow_lost_at == found.last_seen
    assert verdicts == ["cleared"]
    assert rules.precision(0, len(verdicts)) == 0
