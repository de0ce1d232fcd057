"""Fifteen hundred links to us and to two rivals, told through ingest and counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from data.db import transaction
from data.views import refresh_view
from tasks.backlinks import bring_sets_up_to_date
from tasks.refresh import bring_up_to_date
from tests.callers import Caller, program

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services

NOW = datetime.now(UTC).replace(microsecond=0)
TARGETS = ("ours.example", "rival-a.example", "rival-b.example")
REASONS = ("not_found", "redirected", "link_removed", "broken_redirect")


def link(number: int, roll: Random) -> dict[str, Any]:
    found = NOW - timedelta(hours=roll.uniform(0.2, 24 * 90))
    lost = found + timedelta(days=roll.uniform(0, 30))
    target = roll.choice(TARGETS)
    row = {
        "url_from": f"https://s{roll.randrange(60)}.example/p{number}",
        "url_to": f"https://{roll.choice(TARGETS)}/",
        "source_domain_name": f"s{roll.randrange(40 if target == TARGETS[0] else 60)}.example",
        "target_domain_name": target,
        "anchor": roll.choice(("ours", "buy cheap", "", "here")),
        "rel": roll.choice((None, "nofollow", "ugc nofollow", "noopener")),
        "domain_authority": roll.choice((None, roll.randrange(101))),
        "spam_score": roll.randrange(101),
        "discovered_date": found.isoformat(),
    }
    gone = {"lost_date": lost.isoformat(), "lost_reason": roll.choice(REASONS)}
    return row | (gone if roll.random() < 0.3 and lost < NOW else {})


def reader_of_links(mc: Services, server: Flask, *, simulated: bool = False) -> Caller:
    """Who reads, once the links are there."""
    roll = Random(5)
    rows = [link(number, roll) for number in range(1500)]
    answer = program(mc, server, "ingest", simulated=simulated)("POST", "/api/v1/ingest/backlinks", rows)
    assert answer.json["accepted"] == len(rows)
    fresh(server.extensions["mission_control"])
    return program(mc, server, "read", name="reader")


def fresh(services: Services) -> None:
    """Everything is counted, and the server knows it: it looks for a new version once a second only."""
    while bring_up_to_date(services) + bring_sets_up_to_date(services):
        pass
    with transaction(services.engine) as connection:
        refresh_view(connection, "mv_daily_backlink_stats")
    services.view_cache.clear()
