"""One session: takes up the story where it stands, tells what is missing of the past, then plays live traffic."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from clients.sdk.errors import ApiError
from clients.simulator.api_callers import ApiCallers, open_standins
from clients.simulator.backfill import Backfill, Chapter
from clients.simulator.background_activity import BackgroundActivity
from clients.simulator.history import Span, last_mission
from clients.simulator.market import Market
from clients.simulator.missed import Missed
from clients.simulator.runs import begin
from clients.simulator.satellites import SimulatedSatellite
from clients.simulator.scheduler import Scheduler
from clients.simulator.session_context import SessionContext, started, tolerant, version
from clients.simulator.world import SATELLITES, build_world

if TYPE_CHECKING:
    from collections.abc import Callable

    from clients.sdk.client import MissionControl
    from clients.sdk.shapes import Satellite as Known

GAP = timedelta(minutes=10)  # a shorter absence is not told afterwards
SETTLED = timedelta(seconds=90)  # the past is told by then
SETTLE = 3.0  # seconds
MISSING = 404


class OtherStoryError(Exception):
    pass


def now() -> datetime:
    return datetime.now(UTC)


def play(api: MissionControl, *, seed: int, days: int, live: bool, standins: str | None = None) -> None:
    """Runs until it is stopped; with `live` false, until the past is told. `standins`: where the server expects paid
    APIs to be played."""
    known = enlisted(api, seed)
    context = SessionContext(build_world(seed, moment(known[0]["registered_at"])), api, now())
    past = Backfill(context, chapters(context, known, days))
    past.begin()
    if live:
        adopt(context, known)
        ApiCallers(context, past, open_standins(standins)).begin()
        run(context)
    past.wait()


def remove(remove_simulation: Callable[[], dict[str, int]]) -> Counter[str]:
    """Removes until nothing is left: a simulator at work notices after a second or two, and sends rows meanwhile."""
    removed: Counter[str] = Counter()
    while True:
        rows = remove_simulation()
        removed.update(rows)
        if not any(rows.values()):
            return removed
        time.sleep(SETTLE)


def ours(api: MissionControl) -> list[Known]:
    """The simulated satellites that the server knows, by their ids."""
    return sorted((each for each in api.satellites() if each["simulated"]), key=lambda each: each["satellite_id"])


def enlisted(api: MissionControl, seed: int) -> list[Known]:
    """Our satellites, registered where they are not. The first goes ahead: it shows whether the key is marked."""
    known = ours(api)
    context = SessionContext(build_world(seed, now()), api, now())
    for number in range(SATELLITES):
        if len(known) < SATELLITES:
            SimulatedSatellite(context, number).register()
            known = known or ours(api)
        _same_story(known, seed)
    return ours(api)


def chapters(context: SessionContext, known: list[Known], days: int) -> list[Chapter]:
    """Which parts of the past are to be told: the days before the story began, the time since it was last heard of."""
    world, heard = context.world, max(moment(each["last_heartbeat_at"]) for each in known)
    before = Span(world.origin - timedelta(days=days), world.origin)
    told = days == 0 or _stored(context.api, last_mission(world, before))
    missing = [] if told else [Chapter(before, first=True)]
    if context.started - heard > GAP:
        missing.append(Chapter(Span(heard, context.started), first=False))
    return missing


def adopt(context: SessionContext, known: list[Known]) -> None:
    """Goes on with the missions that our satellites still hold from an earlier session."""
    numbers = {each.satellite_id: number for number, each in enumerate(context.world.satellites)}
    for satellite in known:
        number = numbers.get(satellite["satellite_id"])
        if number is not None and satellite["jobs"]:
            mission = context.api.mission(satellite["jobs"][0])
            context.runs[number] = begin(context.world.seed, number, started(mission))


def fill(scheduler: Scheduler, context: SessionContext) -> None:
    """Every actor with its own moment to begin, so that traffic flows and does not pulse."""
    crowd, missed, at = BackgroundActivity(context), Missed(context), context.started
    for work in (crowd.submit, crowd.discover, crowd.operate, missed.look):
        scheduler.add(at, tolerant(work))
    scheduler.add(at + SETTLED, tolerant(missed.miss))
    market = Market(context)
    for deal in (market.watch, market.trade, market.talk):
        scheduler.add(at + SETTLED, tolerant(deal))
    minute = at.replace(second=0, microsecond=0) + timedelta(minutes=1)
    for number in range(SATELLITES):
        satellite = SimulatedSatellite(context, number)
        scheduler.add(at + timedelta(seconds=number * 0.66), tolerant(satellite.beat))
        scheduler.add(at + timedelta(seconds=1 + number * 0.7), tolerant(satellite.work))
        scheduler.add(minute + timedelta(seconds=1 + number * 3), tolerant(satellite.measure))


def run(context: SessionContext) -> None:
    scheduler = Scheduler()
    fill(scheduler, context)
    try:
        while (due := scheduler.next_due()) is not None:
            if not scheduler.run_one(now()):
                time.sleep(max(0.0, (due - now()).total_seconds()))
    finally:
        context.over.set()


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _same_story(known: list[Known], seed: int) -> None:
    if not known:
        raise OtherStoryError("the server took none of the satellites: is the key marked as simulated?")
    told = known[0]["version"]
    if told != version(seed):
        raise OtherStoryError(f"the server holds the story {told}, not {version(seed)}: --remove it first")


def _stored(api: MissionControl, job_id: str | None) -> bool:
    if job_id is None:
        return False
    try:
        return api.mission(job_id)["job_id"] == job_id
    except ApiError as error:
        if error.status == MISSING:
            return False
        raise
