"""One session: takes up the story where it stands, tells what is missing of the past, then plays live traffic."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from clients.sdk.errors import ApiError
from clients.simulator.agenda import Agenda
from clients.simulator.buyers import Buyers, open_standins
from clients.simulator.crowd import Crowd
from clients.simulator.history import Span, last_mission
from clients.simulator.market import Market
from clients.simulator.missed import Missed
from clients.simulator.past import Chapter, Past
from clients.simulator.runs import begin
from clients.simulator.satellites import SimulatedSatellite
from clients.simulator.stage import Stage, forgiving, started, version
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
    stage = Stage(build_world(seed, moment(known[0]["registered_at"])), api, now())
    past = Past(stage, chapters(stage, known, days))
    past.begin()
    if live:
        adopt(stage, known)
        Buyers(stage, past, open_standins(standins)).begin()
        run(stage)
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
    stage = Stage(build_world(seed, now()), api, now())
    for number in range(SATELLITES):
        if len(known) < SATELLITES:
            SimulatedSatellite(stage, number).register()
            known = known or ours(api)
        _same_story(known, seed)
    return ours(api)


def chapters(stage: Stage, known: list[Known], days: int) -> list[Chapter]:
    """Which parts of the past are to be told: the days before the story began, the time since it was last heard of."""
    world, heard = stage.world, max(moment(each["last_heartbeat_at"]) for each in known)
    before = Span(world.origin - timedelta(days=days), world.origin)
    told = days == 0 or _stored(stage.api, last_mission(world, before))
    missing = [] if told else [Chapter(before, first=True)]
    if stage.started - heard > GAP:
        missing.append(Chapter(Span(heard, stage.started), first=False))
    return missing


def adopt(stage: Stage, known: list[Known]) -> None:
    """Goes on with the missions that our satellites still hold from an earlier session."""
    numbers = {each.satellite_id: number for number, each in enumerate(stage.world.satellites)}
    for satellite in known:
        number = numbers.get(satellite["satellite_id"])
        if number is not None and satellite["jobs"]:
            mission = stage.api.mission(satellite["jobs"][0])
            stage.runs[number] = begin(stage.world.seed, number, started(mission))


def fill(agenda: Agenda, stage: Stage) -> None:
    """Every actor with its own moment to begin, so that traffic flows and does not pulse."""
    crowd, missed, at = Crowd(stage), Missed(stage), stage.started
    for work in (crowd.submit, crowd.discover, crowd.operate, missed.look):
        agenda.add(at, forgiving(work))
    agenda.add(at + SETTLED, forgiving(missed.miss))
    market = Market(stage)
    for deal in (market.watch, market.trade, market.talk):
        agenda.add(at + SETTLED, forgiving(deal))
    minute = at.replace(second=0, microsecond=0) + timedelta(minutes=1)
    for number in range(SATELLITES):
        satellite = SimulatedSatellite(stage, number)
        agenda.add(at + timedelta(seconds=number * 0.66), forgiving(satellite.beat))
        agenda.add(at + timedelta(seconds=1 + number * 0.7), forgiving(satellite.work))
        agenda.add(minute + timedelta(seconds=1 + number * 3), forgiving(satellite.measure))


def run(stage: Stage) -> None:
    agenda = Agenda()
    fill(agenda, stage)
    try:
        while (due := agenda.next_due()) is not None:
            if not agenda.run_one(now()):
                time.sleep(max(0.0, (due - now()).total_seconds()))
    finally:
        stage.over.set()


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
