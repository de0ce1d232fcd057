"""Signals of the links, from rows that came in through the front door to the view, the API and the wall."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from data.backlinks.live import live_signals
from tasks import refresh
from tasks.backlinks import watch
from tests.callers import program

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services

NOW = datetime.now(UTC)
NOON = NOW.replace(hour=12, minute=0, second=0, microsecond=0)
HIGH = "high_authority_link"


class Web:
    """Sends links to targets; no two of them are the same."""

    def __init__(self, mc: Services, server: Flask) -> None:
        self.mc, self.number, self.dice = mc, 0, random.Random(11)
        self.crawler = program(mc, server, "ingest")
        self.reader = program(mc, server, "read")

    def links(self, target: str, count: int, at: datetime, **values: Any) -> list[dict[str, Any]]:
        """Within the hour after `at`; in an ordinary way unless told otherwise."""
        found = []
        for _ in range(count):
            self.number += 1
            source = f"site{self.dice.randrange(300)}.com"
            moment = at + timedelta(seconds=self.dice.randrange(3500))
            row = {"url_from": f"https://{source}/{self.number}", "url_to": f"https://{target}/"}
            row |= {"discovered_date": moment.isoformat(), "anchor": f"word {self.dice.randrange(40)}"}
            found.append(row | {"domain_authority": self.dice.randrange(60), "spam_score": 5} | values)
        return found

    def send(self, rows: list[dict[str, Any]]) -> None:
        for start in range(0, len(rows), 10_000):
            answer = self.crawler("POST", "/api/v1/ingest/backlinks", rows[start : start + 10_000])
            assert answer.json["rejected"] == []

    def past(self, *targets: str, daily: int = 10, days: int = 30) -> None:
        self.send(
            [
                row
                for target in targets
                for back in range(1, days + 1)
                for row in self.links(target, daily, NOON - timedelta(days=back))
            ]
        )

    def signals(self, **query: Any) -> list[dict[str, Any]]:
        """What the API says once the watch has looked; without single links of high authority."""
        refresh.bring_up_to_date(self.mc)
        watch(self.mc)
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        items: list[dict[str, Any]] = self.reader("GET", f"/api/v1/backlinks/signals?{asked}").json["items"]
        return [item for item in items if item["kind"] != HIGH]


@pytest.fixture
def web(mc: Services, server: Flask) -> Web:
    return Web(mc, server)


def spam(web: Web, target: str, count: int, since: datetime) -> list[dict[str, Any]]:
    return [
        row | {"url_from": f"https://free-rank-{n % 40}.top/{n}", "anchor": "best casino bonus", "spam_score": 88}
        for n, row in enumerate(web.links(target, count, since))
    ]


def test_800_spam_links_to_one_target_in_an_hour_are_a_signal_with_its_evidence(web: Web) -> None:
    web.past("acme.io", "other.net")
    web.send(web.links("acme.io", 8, NOW - timedelta(hours=1)))
    assert web.signals() == []
    web.send(spam(web, "acme.io", 800, NOW - timedelta(hours=1)))
    influx = [signal for signal in web.signals() if signal["kind"] == "spam_influx"]
    assert [(signal["target"], signal["severity"]) for signal in influx] == [("acme.io", "critical")]
    evidence = influx[0]["evidence"]
    assert evidence["spam"] == 800
    assert evidence["burst_ratio"] > 50
    assert evidence["spam_share"] > 0.98
    assert evidence["anchors"][0] == {"anchor": "best casino bonus", "links": 800}
    assert evidence["endings"][0] == {"ending": "top", "links": 800}
    assert evidence["cheap_endings_share"] > 0.98
    assert len(evidence["sources"]) == 5
    assert evidence["sources"][0]["links"] == 20
    assert "14 days" in evidence["advice"]
    with web.mc.engine.begin() as connection:
        wall = live_signals(connection, datetime.now(UTC))
    assert ("spam_influx", "acme.io") in [(signal["kind"], signal["target"]) for signal in wall]


def test_30_percent_more_links_to_all_targets_on_one_day_are_an_index_update_and_no_surge(web: Web) -> None:
    targets = [f"target{n}.org" for n in range(6)]
    yesterday = NOON - timedelta(days=1)
    web.past(*targets, daily=20, days=22)
    web.send([row for target in targets for row in web.links(target, 6, yesterday)])
    found = web.signals()
    assert [(signal["kind"], signal["target"], signal["day"]) for signal in found] == [
        ("index_update", "*", str(yesterday.date()))
    ]
    assert found[0]["evidence"] == {"targets": 6, "jumped": 6, "median_ratio": 1.3}


def test_a_surge_is_named_with_the_domains_that_explain_it_and_muted_by_an_index_update(web: Web) -> None:
    rivals = [f"rival{n}.com" for n in range(6)]
    yesterday = NOON - timedelta(days=1)
    answer = web.crawler(
        "POST", "/api/v1/ingest/competitor_sets", [{"name": "us", "own_domain": "us.com", "members": rivals}]
    )
    assert answer.json["accepted"] == 1
    web.past("us.com", *rivals, days=20)
    wave = web.links("rival0.com", 60, yesterday)
    for number, row in enumerate(wave[:50]):
        row["url_from"] = f"https://press{number % 5}.com/{number}"
    web.send(wave)
    (surge,) = web.signals()
    assert (surge["kind"], surge["target"], surge["evidence"]["links"]) == ("competitor_surge", "rival0.com", 70)
    assert [each["links"] for each in surge["evidence"]["domains"]] == [10] * 5
    assert surge["evidence"]["explained_share"] == pytest.approx(50 / 70, abs=0.001)
    web.send(web.links("us.com", 80, yesterday))
    assert {signal["kind"] for signal in web.signals()} == {"competitor_surge", "own_surge"}
    web.send([row for target in rivals[1:] for row in web.links(target, 60, yesterday)])
    assert [signal["kind"] for signal in web.signals()] == ["index_update"]
    with web.mc.engine.begin() as connection:
        muted = connection.scalar(text("select count(*) from backlink_signal_log where muted_by = 'index_update'"))
    assert muted == 7, "they stay as history"


def test_a_signal_is_one_while_its_day_goes_on_and_goes_with_its_links(web: Web) -> None:
    web.past("acme.io", days=20)
    web.send(web.links("acme.io", 100, NOON - timedelta(days=1)))
    first = web.signals()
    assert web.signals() == first, "looked at again, nothing is new"
    assert watch(web.mc) == 0
    web.send(web.links("acme.io", 50, NOON - timedelta(days=1)))
    (second,) = web.signals()
    assert (second["id"], second["at"]) == (first[0]["id"], first[0]["at"])
    assert second["evidence"]["links"] == 160
    with web.mc.engine.begin() as connection:
        connection.execute(text("delete from backlinks where discovered_date::date = current_date - 1"))
    assert web.signals() == []


def test_strong_links_that_come_go_or_turn_nofollow_are_signals_each(web: Web) -> None:
    strong = web.links("acme.io", 3, NOW - timedelta(hours=1), domain_authority=85)
    weak = web.links("acme.io", 1, NOW - timedelta(hours=1), domain_authority=70)
    web.send([*strong, *weak])
    assert len(web.reader("GET", f"/api/v1/backlinks/signals?kind={HIGH}").json["items"]) == 3
    now = datetime.now(UTC).isoformat()
    web.send([strong[0] | {"last_seen": now, "lost_date": now, "lost_reason": "not_found"}])
    web.send([strong[1] | {"last_seen": now, "rel": "nofollow"}, strong[2] | {"last_seen": now, "lost_date": now}])
    lost = web.signals()
    assert {signal["evidence"]["reason"] for signal in lost} == {"not_found", "nofollow"}, "a suspicion is no alarm"
    assert {signal["kind"] for signal in lost} == {"lost_high_authority_link"}


@pytest.mark.parametrize("query", ["kind=bored", "days=0", "days=9999", "limit=x"])
def test_a_question_that_makes_no_sense_is_refused(web: Web, query: str) -> None:
    assert web.reader("GET", f"/api/v1/backlinks/signals?{query}").status_code == 422


def test_precision_counts_settled_suspicions(web: Web) -> None:
    def ask() -> tuple[int, int, float | None]:
        answer = web.reader("GET", "/api/v1/backlinks/precision").json
        return answer["confirmed"], answer["cleared"], answer["precision"]

    assert ask() == (0, 0, None)
    rows = web.links("acme.io", 2, NOW - timedelta(hours=2))
    web.send([row | {"lost_date": row["discovered_date"]} for row in rows])
    web.send([rows[0] | {"last_seen": datetime.now(UTC).isoformat()}])
    assert ask() == (0, 1, 0.0)
