"""What goes on about domains without anybody asking: values, registries, feeds. Each run is over within its time."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from data import clock
from data.db import transaction
from data.domains import feeds, lookups, rdap, values
from data.outside import NoPageError, fetch

if TYPE_CHECKING:
    from celery import Celery

    from data.domains.feeds import Feed
    from data.domains.rdap import Said
    from data.services import Services
    from tasks.task import PeriodicTask

AT_ONCE = 4


def register(app: Celery) -> None:
    @app.task(name="value_domains", bind=True)
    def value_domains(self: PeriodicTask) -> None:
        with transaction(self.services.engine) as connection:
            values.value_again(connection, clock.now())

    @app.task(name="ask_registries", bind=True)
    def ask_registries(self: PeriodicTask) -> None:
        ask_due(self.services)

    @app.task(name="read_feeds", bind=True)
    def read_feeds(self: PeriodicTask) -> None:
        read_due(self.services)


def ask_due(services: Services, most: int = AT_ONCE) -> int:
    """Ask the registries of the domains that are due; returns how many were asked."""
    now = clock.now()
    with transaction(services.engine) as connection:
        names = lookups.due(connection, now, most=most)
    if names:
        asyncio.run(_ask_all(services, names))
    return len(names)


async def _ask_all(services: Services, names: list[str]) -> None:
    """One after another: registries count. Who says "too often" is left alone, with all that was to follow."""
    for place, name in enumerate(names):
        now = clock.now()
        settings = services.settings
        said: Said = await rdap.ask(settings.rdap_url, name, now, near=settings.fetch_near)
        with transaction(services.engine) as connection:
            lookups.keep(connection, name, said, now)
            if said.wait_s is not None:
                lookups.put_off(connection, names[place + 1 :], now + timedelta(seconds=said.wait_s))
                return


def read_due(services: Services, most: int = AT_ONCE) -> int:
    """Read the feeds that are due, several at a time; returns how many."""
    with transaction(services.engine) as connection:
        found = feeds.due(connection, clock.now(), most=most)
    if found:
        asyncio.run(_read_all(services, found))
    return len(found)


async def _read_all(services: Services, found: list[Feed]) -> None:
    await asyncio.gather(*(_read(services, feed) for feed in found))


async def _read(services: Services, feed: Feed) -> None:
    try:
        page = await fetch(feed.url, near=services.settings.fetch_near, headers=feed.conditions)
        words = feeds.wrong(page)
        found = await asyncio.to_thread(feeds.read, page) if page.status == HTTPStatus.OK else None
        words = words or (found.broken if found else None)
    except NoPageError as error:
        words = error.words
    with transaction(services.engine) as connection:
        if words:
            feeds.failed(connection, feed, words)
            return
        rows = feeds.mentions(feed, page.url, found, feeds.brands(connection), clock.now()) if found else []
        feeds.keep(connection, feed, page, found, rows)
