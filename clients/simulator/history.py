"""Ninety days that were: rows for bulk ingest, the same for the same seed and the same span of time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from clients.simulator import market
from clients.simulator.fleet import Shift, day_of, is_silent, sample
from clients.simulator.links import CAMPAIGN_BEFORE, Row, campaign_before, link, links_of_day
from clients.simulator.missions import Fate, past_fate
from clients.simulator.seasonality import midnight
from clients.simulator.seeded_random import seeded_random
from clients.simulator.spending import asks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from clients.simulator.world import World

BATCH = 1_000
COARSE = 15  # minutes between two samples, but for the last hours
FINE = timedelta(minutes=1)
FINE_SPAN = timedelta(hours=2)  # the last hours are as dense as live traffic, so that the wall's curves start full
FINDERS = frozenset({"backlink_discovery", "competitor_scan"})


class Batch(NamedTuple):
    stream: str
    rows: list[Row]


class Span(NamedTuple):
    """What is to be told: after `since`, up to and including `until`."""

    since: datetime
    until: datetime

    def days(self) -> Iterator[date]:
        return (self.since.date() + timedelta(days=n) for n in range((self.until.date() - self.since.date()).days + 1))

    def holds(self, at: datetime) -> bool:
        return self.since < at <= self.until


class Past(NamedTuple):
    """A mission that has ended: `begun` and `ended` bound the time its satellite worked."""

    job_id: str
    shift: Shift
    fate: Fate
    begun: datetime
    ended: datetime


def foundations(world: World, span: Span) -> Iterator[Batch]:
    """What is there before anything happens: the domains, and the links to those that nobody holds any more."""
    yield from _batches("domains", market.foundations(world, span.until))
    yield from _batches("domains", domains(world, span.until))
    yield from _batches("competitor_sets", competitor_sets(world))
    yield from _batches("backlinks", _links_to_expired(world, span))
    if span.holds(span.until - CAMPAIGN_BEFORE):
        yield from _batches("backlinks", campaign_before(world, span.until))


def events(world: World, span: Span) -> Iterator[Batch]:
    """Batches in the order of time, all streams of a day before the next day."""
    for day in span.days():
        yield from _batches("satellite_performance", performance_of_day(world, day, span))
        yield from _batches("backlinks", found_on_day(world, day, span))
        yield from _batches("brand_mentions", talk_of_day(world, day, span))
        yield from _batches("api_usage", spent_on_day(world, day, span))
        yield from _batches("missions", missions_of_day(world, day, span))


def last_mission(world: World, span: Span) -> str | None:
    """The row that `events` ends with: where it is stored, all before it is."""
    for day in reversed(list(span.days())):
        if rows := list(missions_of_day(world, day, span)):
            return str(rows[-1]["job_id"])
    return None


def domains(world: World, at: datetime) -> Iterator[Row]:
    for target in world.targets:
        yield _domain(world, target.domain, 58 + target.daily / 10, "registered", at)
        yield from (_domain(world, rival, 40 + target.daily / 8, "registered", at) for rival in target.rivals)
    for source in (*world.sources, *world.spammers):
        yield _domain(world, source.domain, source.authority, "registered", at)
    for each in world.expired:
        known = _domain(world, each.domain, each.authority, each.status, at) | {"estimated_value": each.value}
        yield known | market.candidate(world, each, at)


def competitor_sets(world: World) -> Iterator[Row]:
    for name, own, members in world.competitor_sets():
        yield {"event_id": world.event("set", own), "name": name, "own_domain": own, "members": members}


def missions_of_day(world: World, day: date, span: Span) -> Iterator[Row]:
    for number in range(len(world.satellites)):
        yield from (_mission(world, number, past) for past in past_of(world, number, day) if span.holds(past.ended))


def performance_of_day(world: World, day: date, span: Span) -> Iterator[Row]:
    for number in range(len(world.satellites)):
        for past in past_of(world, number, day):
            yield from _samples(world, number, past, span)


def talk_of_day(world: World, day: date, span: Span) -> Iterator[Row]:
    for row in market.talk_of_day(world, day):
        if span.holds(datetime.fromisoformat(str(row["published_at"]))):
            yield row


def found_on_day(world: World, day: date, span: Span) -> Iterator[Row]:
    for row in links_of_day(world, day, span.until):
        at = datetime.fromisoformat(str(row["discovered_date"]))
        if span.holds(at):
            job_id = finder(world, str(row["target_domain_name"]), at)
            yield row | {"job_id": job_id} if job_id else row


def spent_on_day(world: World, day: date, span: Span) -> Iterator[Row]:
    begin, second = midnight(day), timedelta(seconds=1)
    since, until = max(span.since, begin - second), min(span.until, begin + timedelta(days=1) - second)
    return (ask.row(world) for ask in asks(world, since, until))


@lru_cache(maxsize=48)
def past_of(world: World, number: int, day: date) -> tuple[Past, ...]:
    return tuple(_past(world, number, day, shift) for shift in day_of(world, number, day).shifts)


def finder(world: World, domain: str, at: datetime) -> str | None:
    """The mission that was looking for links to `domain` at that time."""
    looking = _looking(world, at.date()).get(domain, ())
    return next((past.job_id for past in looking if past.begun <= at < past.ended), None)


def performance_row(world: World, number: int, at: datetime, job_id: str | None) -> Row:
    """A satellite's sample of the minute that begins at `at`; told twice, it is one event."""
    measured, satellite = sample(world, number, at), world.satellites[number]
    pages = round(measured.pages_per_minute)
    return {
        "event_id": world.event("sample", f"{satellite.satellite_id}-{at:%y%m%d%H%M}"),
        "satellite_id": satellite.satellite_id,
        "created_date": at.isoformat(),
        "job_id": job_id,
        "pages_crawled": pages,
        "errors_count": round(pages * (1 - measured.success_rate)),
        **measured._asdict(),
    }


@lru_cache(maxsize=3)
def _looking(world: World, day: date) -> dict[str, list[Past]]:
    found: dict[str, list[Past]] = {}
    for past in chain.from_iterable(past_of(world, number, day) for number in range(len(world.satellites))):
        if past.shift.order.kind.name in FINDERS:
            found.setdefault(past.shift.order.host, []).append(past)
    return found


def _past(world: World, number: int, day: date, shift: Shift) -> Past:
    job_id = f"SIM-{day:%y%m%d}-{number + 1:02d}{shift.number:02d}"
    fate = past_fate(shift.order.kind, shift.order.host, seeded_random(world.seed, "past", job_id))
    begun = midnight(day) + timedelta(minutes=round(shift.start, 2))
    return Past(job_id, shift, fate, begun, begun + timedelta(minutes=round((shift.end - shift.start) * fate.at, 2)))


def _mission(world: World, number: int, past: Past) -> Row:
    order, roll = past.shift.order, seeded_random(world.seed, "mission", past.job_id)
    pages = round((past.ended - past.begun) / timedelta(minutes=1) * world.satellites[number].speed)
    created = past.begun - timedelta(seconds=roll.expovariate(1 / 400))
    return {
        "event_id": world.event("mission", past.job_id),
        "job_id": past.job_id,
        "job_type": order.kind.name,
        "status": past.fate.status,
        "target_url": order.target_url,
        "created_date": created.isoformat(),
        "start_time": past.begun.isoformat(),
        "completed_time": past.ended.isoformat(),
        "priority": order.priority,
        "progress_percentage": round(past.fate.at * 100, 1),
        "pages_crawled": pages,
        "links_found": round(pages * roll.uniform(0.1, 0.9)),
        "errors_count": round(pages * roll.uniform(0.002, 0.03)),
        "message": past.fate.message,
    }


def _samples(world: World, number: int, past: Past, span: Span) -> Iterator[Row]:
    at = past.begun.replace(second=0, microsecond=0) + FINE
    while at < past.ended:
        coarse = at < span.until - FINE_SPAN
        if span.holds(at) and not (coarse and at.minute % COARSE) and not is_silent(world, number, at):
            yield performance_row(world, number, at, past.job_id)
        at += FINE


def _links_to_expired(world: World, span: Span) -> Iterator[Row]:
    seconds = (span.until - span.since).total_seconds()
    for each in world.expired:
        roll = seeded_random(world.seed, "expired links", each.domain)
        for number in range(each.links):
            at = (span.until - timedelta(seconds=roll.uniform(60, seconds))).replace(microsecond=0)
            yield link(world, each.domain, at, f"{number:02d}", roll, 0.1)


def _domain(world: World, name: str, authority: float, status: str, at: datetime) -> Row:
    roll = seeded_random(world.seed, "domain", name)
    return {
        "event_id": world.event("domain", name),
        "domain_name": name,
        "domain_authority": round(authority),
        "availability_status": status,
        "registered_at": (midnight(at.date()) - timedelta(days=roll.randint(200, 7000))).isoformat(),
        "last_fetched_at": at.isoformat(),
    }


def _batches(stream: str, rows: Iterable[Row]) -> Iterator[Batch]:
    source = iter(rows)
    while chunk := list(islice(source, BATCH)):
        yield Batch(stream, chunk)
