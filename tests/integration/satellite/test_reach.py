"""Private networks: a satellite goes where a mission's operator said, and nowhere else, whoever sends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from twisted.internet.address import IPv4Address

from clients.satellite.guard import NOWHERE, GuardedResolver, Reach
from data.errors import SettingsError
from data.settings import Settings
from tests.sites import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.satellite.conftest import Base
    from tests.sites import Site

LINK = "https://acme.example/"


def test_only_the_sites_that_the_mission_names_are_fetched(
    base: Base, site: Site, elsewhere: Site, finished: Callable[..., dict[str, Any]]
) -> None:
    localhost = elsewhere.url.replace("127.0.0.1", "localhost")
    site.page("/", "".join(f'<a href="/{name}">x</a>' for name in ("port", "name", "page")))
    site.redirect("/port", f"{elsewhere.url}/secret")
    site.redirect("/name", f"{localhost}/secret")
    site.page("/page", "<p>page")
    base.satellite()
    mission = finished(base.crawl(site))
    assert (mission["status"], mission["pages_crawled"]) == ("completed", 2), mission
    assert mission["message"] == "2 links to private addresses not followed"
    assert elsewhere.hits == []


def test_a_robots_txt_that_leads_into_a_private_network_is_not_fetched(
    base: Base, site: Site, elsewhere: Site, finished: Callable[..., dict[str, Any]]
) -> None:
    site.page("/", "<p>page")
    site.redirect("/robots.txt", f"{elsewhere.url}/robots.txt")
    base.satellite()
    mission = finished(base.crawl(site))
    assert mission["status"] == "failed"
    assert "is on a private network" in mission["message"]
    assert elsewhere.hits == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "127.1", "[::ffff:7f00:1]", "0x7f000001"])
def test_refuse_refuses_what_a_mission_names_in_every_spelling(
    base: Base, site: Site, finished: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setattr(base.crew.mc.settings, "private_targets", "refuse")
    site.page("/", "<p>secret")
    base.satellite()
    target = site.url.replace("127.0.0.1", host)
    mission = finished(base.crew.submit(target_url=target, config={"delay_seconds": 0}))
    assert mission["status"] == "failed"
    assert "on a private network" in mission["message"], mission["message"]
    assert site.hits == []


def test_a_mission_opens_the_door_for_itself_alone(
    base: Base, site: Site, elsewhere: Site, finished: Callable[..., dict[str, Any]]
) -> None:
    """The second mission is ingested history that somebody runs again: nobody with the right named its site."""
    site.page("/", "<p>page")
    elsewhere.page("/", "<p>secret")
    with base.crew.mc.engine.begin() as connection:
        connection.execute(
            text("""insert into crawl_jobs (job_id, job_type, status, target_url, config, submitted_by)
                    values ('OLD', 'crawl', 'failed', :url, '{"delay_seconds": 0}', 'import')"""),
            {"url": elsewhere.url},
        )
    base.satellite()
    assert finished(base.crawl(site))["status"] == "completed"
    assert base.crew.act("OLD", "retry").status_code == 200
    assert finished("OLD")["status"] == "failed"
    assert elsewhere.hits == []


def test_reported_links_send_nobody_into_a_private_network(
    base: Base, site: Site, finished: Callable[..., dict[str, Any]], eventually: Callable[..., None]
) -> None:
    """Not even to the site that a mission names meanwhile; and nothing is said of a link that nobody looked for."""
    site.page("/", '<a href="/slow">x</a>')
    site.pages["/slow"] = Answer(b"<p>slow</p>" * 40, drip=0.02)
    rows = [{"url_from": f"{site.url}/reported", "url_to": LINK, "lost_date": "2026-01-01"}]
    assert base.crew.crawler("POST", "/api/v1/ingest/backlinks", rows).json["accepted"] == 1
    base.satellite()
    finished(base.crawl(site))
    eventually(lambda: base.rows("next_check_at > now() + interval '12 hours'", "backlinks") == [(True,)], seconds=30)
    assert "/reported" not in site.visited
    assert base.rows("link_state, lost_reason, checks") == [("suspected", None, 0)]
    assert base.rows("1", "backlink_link_checks") == []


class Names:
    """A resolver whose one name means another address each time."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = list(addresses)

    def resolveHostName(self, receiver: Any, *_: Any, **__: Any) -> None:  # noqa: N802 — Twisted's name
        receiver.resolutionBegan(None)
        for address in self._addresses.pop(0).split():
            receiver.addressResolved(IPv4Address("TCP", address, 80))
        receiver.resolutionComplete()


class Heard:
    def __init__(self) -> None:
        self.addresses: list[str] = []

    def resolutionBegan(self, _: Any) -> None:  # noqa: N802 — Twisted's name
        pass

    def addressResolved(self, address: Any) -> None:  # noqa: N802 — Twisted's name
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802 — Twisted's name
        pass


def test_a_name_that_means_another_address_the_second_time_is_looked_at_again() -> None:
    resolver = GuardedResolver(Names("8.8.8.8", "127.0.0.1", "10.0.0.1 8.8.4.4 169.254.169.254"))
    heard = []
    for _ in range(3):
        receiver = Heard()
        resolver.resolveHostName(receiver, "rebinding.example", 80)
        heard.append(receiver.addresses)
    assert heard == [["8.8.8.8"], [], ["8.8.4.4"]]


@pytest.mark.parametrize(
    ("url", "taken", "refused"),
    [
        ("http://127.0.0.1:8080/x", True, False),
        ("http://127.0.0.1:8081/", False, True),
        ("https://127.0.0.1:8080/", True, False),
        ("http://127.0.0.1/", False, True),
        ("http://localhost:8080/", False, True),
        ("http://a.localhost./", False, True),
        ("http://[::1]:8080/", False, True),
        ("http://[64:ff9b::7f00:1]/", False, True),
        ("http://8.8.8.8/", False, False),
        ("http://example.org:8080/", False, False),
    ],
)
def test_a_reach_is_of_hosts_and_ports(url: str, *, taken: bool, refused: bool) -> None:
    reach = Reach(sites=frozenset({"127.0.0.1:8080"}))
    assert (reach.takes(url), reach.refuses(url)) == (taken, refused)
    assert not NOWHERE.takes(url)
    assert Reach(everywhere=True).takes(url)


def test_a_wrong_setting_stops_the_start_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRIVATE_TARGETS", "sometimes")
    with pytest.raises(SettingsError, match=r"^PRIVATE_TARGETS: .*refuse.*own.*allow"):
        Settings.load(_env_file=None)
    monkeypatch.delenv("PRIVATE_TARGETS")
    assert Settings.load(_env_file=None).private_targets == "own"
