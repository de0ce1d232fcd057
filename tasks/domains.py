"""What goes on about domains without anybody asking: values, registries, feeds. Each run is over within its time."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from data import clock
from data.db import transaction
from data.domains.mentions import feeds
from data.domains.registry import lookups, rdap
from data.domains.registry.rdap import RegistryAnswer
from data.domains.valuation import values
from data.errors import MissionControlError
from data.http_fetch import FetchError, fetch

if TYPE_CHECKING:
    from datetime import datetime

    from celery import Celery

    from data.domains.mentions.feeds import Feed
    from data.services import Services
    from tasks.task import PeriodicTask

log = logging.getLogger(__name__)

AT_ONCE = 4


def register(app: Celery) -> None:
    @app.task(name="value_domains", bind=True)
    def value_domains(self: PeriodicTask) -> None:
        with transaction(self.services.engine) as connection:
            values.revalue(connection, clock.now())

    @app.task(name="ask_registries", bind=True)
    def ask_registries(self: PeriodicTask) -> None:
        ask_due(self.services)

    @app.task(name="read_feeds", bind=True)
    def read_feeds(self: PeriodicTask) -> None:
        read_due(self.services)


def ask_due(services: Services, most: int = AT_ONCE) -> int:
    """Ask the registries of the domains that are due; returns how many were asked."""
    return asyncio.run(_ask_all(services, most))


async def _ask_all(services: Services, most: int) -> int:
    """One after another, each claimed alone: registries count, and what one answer does to its asker is no other
    domain's business. Who says "too often" is left alone, with all that was to follow there."""
    for asked in range(most):
        now = clock.now()
        with transaction(services.engine) as connection:
            name = next(iter(lookups.list_due(connection, now, most=1)), None)
        if name is None:
            return asked
        await _ask(services, name, now)
    return most


async def _ask(services: Services, name: str, now: datetime) -> None:
    settings = services.settings
    try:
        answer = await rdap.query(settings.rdap_url, name, now, allowed_private_hosts=settings.fetch_near)
        with transaction(services.engine) as connection:
            lookups.save_answer(connection, name, answer, now)
            if answer.wait_s is not None:
                ending = None if answer.by_all else name.rpartition(".")[2]
                lookups.postpone(connection, ending, now, now + timedelta(seconds=answer.wait_s))
    except MissionControlError:  # PostgreSQL is away: the whole run is put off
        raise
    except Exception:
        log.exception("What the registry of %s answered cannot be kept", name)
        with transaction(services.engine) as connection:
            lookups.save_answer(connection, name, RegistryAnswer("failed", feeds.UNREADABLE), now)


def read_due(services: Services, most: int = AT_ONCE) -> int:
    """Read the feeds that are due, several at a time; returns how many."""
    with transaction(services.engine) as connection:
        found = feeds.claim_due(connection, clock.now(), most=most)
    if found:
        asyncio.run(_read_all(services, found))
    return len(found)


async def _read_all(services: Services, found: list[Feed]) -> None:
    await asyncio.gather(*(_read(services, feed) for feed in found))


async def _read(services: Services, feed: Feed) -> None:
    try:
        await _read_one(services, feed)
    except MissionControlError:  # PostgreSQL is away: the whole run is put off
        raise
    except Exception:
        log.exception("What the feed %s answered cannot be kept", feed.url)
        _failed(services, feed, feeds.UNREADABLE)


async def _read_one(services: Services, feed: Feed) -> None:
    try:
        page = await fetch(feed.url, allowed_private_hosts=services.settings.fetch_near, headers=feed.conditions)
    except FetchError as error:
        _failed(services, feed, error.reason)
        return
    found = await asyncio.to_thread(feeds.parse, page) if page.status == HTTPStatus.OK else None
    if words := feeds.refusal(page) or (found.broken if found else None):
        _failed(services, feed, words)
        return
    with transaction(services.engine) as connection:
        brands = feeds.list_watched(connection)
    found_mentions = (
        await asyncio.to_thread(feeds.find_mentions, feed, page.url, found, brands, clock.now())
        if found
        else feeds.FoundMentions()
    )
    with transaction(services.engine) as connection:
        feeds.save(connection, feed, page, found, found_mentions)


def _failed(services: Services, feed: Feed, words: str) -> None:
    with transaction(services.engine) as connection:
        feeds.save_failure(connection, feed, words)
