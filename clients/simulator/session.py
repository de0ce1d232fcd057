"""One session: takes up the story where it stands, tells what is missing of the past, then plays live traffic."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from clients.sdk.errors import ApiError
from clients.simulator.agenda import Agenda
from clients.simulator.crowd import Crowd
from clients.simulator.history import Batch, Span, events, foundations, last_mission
from clients.simulator.runs import begin
from clients.simulator.satellites import SimulatedSatellite
from clients.simulator.stage import Stage, forgiving, log, started, version
from clients.simulator.world import SATELLITES, World, build_world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clients.sdk.client import MissionControl
    from clients.sdk.shapes import Satellite as Known

GAP = timedelta(minutes=10)  # a shorter absence is not told afterwards
MISSING = 404


class OtherStoryError(Exception):
    pass


class Chapter(NamedTuple):
    """A part of the past that the server does not have: `first` with everything the story stands on."""

    span: Span
    first: bool


def now() -> datetime:
    return datetime.now(UTC)


def play(api: MissionControl, *, seed: int, days: int, live: bool) -> None:
    """Runs until it is stopped; with `live` false, until the past is told."""
    known = ours(api)
    if not known:
        register(Stage(build_world(seed, now()), api, now()))
        known = ours(api)
    _same_story(known, seed)
    stage = Stage(build_world(seed, moment(known[0]["registered_at"])), api, now())
    agenda = Agenda()
    agenda.add(stage.started, Past(stage, chapters(stage, known, days)).tell)
    if live:
        adopt(stage, known)
        fill(agenda, stage)
    run(agenda)


def ours(api: MissionControl) -> list[Known]:
    """The simulated satellites that the server knows, by their ids."""
    return sorted((each for each in api.satellites() if each["simulated"]), key=lambda each: each["satellite_id"])


def register(stage: Stage) -> None:
    for number in range(SATELLITES):
        SimulatedSatellite(stage, number).register()


def chapters(stage: Stage, known: list[Known], days: int) -> list[Chapter]:
    """Which parts of the past are to be told: the days before the story began, the time since it was last heard of."""
    world, heard = stage.world, max(moment(each["last_heartbeat_at"]) for each in known)
    before = Span(world.origin - timedelta(days=days), world.origin)
    told = days == 0 or _stored(stage.api, last_mission(world, before))
    missing = [] if told else [Chapter(before, first=True)]
    if stage.started - heard > GAP:
        missing.append(Chapter(Span(heard, stage.started), first=False))
    return missing


class Past:
    """Tells chapters batch by batch, so that live traffic goes on meanwhile."""

    def __init__(self, stage: Stage, missing: list[Chapter]) -> None:
        self._stage = stage
        self._batches = chain.from_iterable(_batches(stage.world, chapter) for chapter in missing)
        self._sent: Counter[str] = Counter()
        self._begun = time.monotonic()

    def tell(self, _at: datetime) -> timedelta | None:
        batch = next(self._batches, None)
        if batch is None:
            self._report()
            return None
        self._stage.send(batch.stream, batch.rows)
        self._sent[batch.stream] += len(batch.rows)
        return timedelta(0)

    def _report(self) -> None:
        seconds = time.monotonic() - self._begun
        counts = ", ".join(f"{count:,} {stream}" for stream, count in sorted(self._sent.items())) or "nothing missing"
        log.info("history: %s (%.1f s)", counts, seconds)


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
    crowd, at = Crowd(stage), stage.started
    for work in (crowd.submit, crowd.discover, crowd.operate):
        agenda.add(at, forgiving(work))
    minute = at.replace(second=0, microsecond=0) + timedelta(minutes=1)
    for number in range(SATELLITES):
        satellite = SimulatedSatellite(stage, number)
        agenda.add(at + timedelta(seconds=number * 0.1), forgiving(satellite.beat))
        agenda.add(at + timedelta(seconds=1 + number * 0.7), forgiving(satellite.work))
        agenda.add(minute + timedelta(seconds=1 + number * 3), forgiving(satellite.measure))


def run(agenda: Agenda) -> None:
    while (due := agenda.next_due()) is not None:
        if not agenda.run_one(now()):
            time.sleep(max(0.0, (due - now()).total_seconds()))


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


def _batches(world: World, chapter: Chapter) -> Iterator[Batch]:
    if chapter.first:
        yield from foundations(world, chapter.span)
    yield from events(world, chapter.span)
