"""One simulated satellite: registers, beats, leases, works, obeys."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from clients.sdk.errors import ApiError
from clients.simulator.fleet import on_duty, sample
from clients.simulator.history import performance_row
from clients.simulator.runs import Run, advance, begin
from clients.simulator.seeded_random import seeded_random
from clients.simulator.session_context import SessionContext, log, started, tolerate, version

if TYPE_CHECKING:
    from clients.sdk.shapes import Directive, RunStatus, SatelliteStatus

HEARTBEAT = timedelta(seconds=10)
REPORT = timedelta(seconds=2.5)
ASK_AGAIN = timedelta(seconds=6)
SAMPLE = timedelta(minutes=1)
CONFLICT, MISSING = 409, 404


class StoryRemovedError(Exception):
    """The server does not know our satellites any more: somebody removed the simulation."""


class SimulatedSatellite:
    def __init__(self, context: SessionContext, number: int) -> None:
        self._context = context
        self._number = number
        self._character = context.world.satellites[number]
        self._worked_at = context.started

    @property
    def _run(self) -> Run | None:
        return self._context.runs.get(self._number)

    def beat(self, at: datetime) -> timedelta:
        """One heartbeat, and what the server answers to it."""
        if not self._context.cut_off(self._number, at):
            try:
                self._beat(at)
            except ApiError as error:
                if error.status != MISSING:
                    raise
                raise StoryRemovedError from error
        return HEARTBEAT

    def work(self, at: datetime) -> timedelta:
        """Asks for a job, or does some of the one it has and reports."""
        if self._context.cut_off(self._number, at):
            self._worked_at = at
            return REPORT
        pause = self._do(at) if self._run else self._ask(at)
        self._worked_at = at
        return pause

    def measure(self, at: datetime) -> timedelta:
        """A performance sample of the minute that has ended, while there is work."""
        run = self._run
        if run and not run.paused and not self._context.cut_off(self._number, at):
            minute = at.replace(second=0, microsecond=0) - SAMPLE
            self._context.send(
                "satellite_performance", [performance_row(self._context.world, self._number, minute, run.job_id)]
            )
        return SAMPLE

    def register(self) -> None:
        character, seed = self._character, self._context.world.seed
        tolerate(
            lambda: self._context.api.register_satellite(
                satellite_id=character.satellite_id,
                name=character.name,
                version=version(seed),
                hostname=character.hostname,
            ),
            f"register {character.satellite_id}",
        )

    def _beat(self, at: datetime) -> None:
        measured, run = sample(self._context.world, self._number, at), self._run
        busy = run is not None and not run.paused
        answer = self._context.api.heartbeat(
            self._character.satellite_id,
            status=status_of(run, on_duty=self._number in on_duty(at)),
            jobs=[run.job_id] if run else [],
            pages_per_minute=measured.pages_per_minute if busy else 0.0,
            cpu_percent=measured.cpu_percent if busy else 3.0,
            memory_mb=measured.memory_mb,
        )
        self._obey(answer["directives"])

    def _ask(self, at: datetime) -> timedelta:
        if self._number in on_duty(at):
            lease = tolerate(
                lambda: self._context.api.lease(self._character.satellite_id), "lease", quiet=(MISSING, CONFLICT)
            )
            if lease:
                self._context.runs[self._number] = begin(self._context.world.seed, self._number, started(lease))
                return REPORT
        return ASK_AGAIN * seeded_random(self._number, at).uniform(0.8, 1.3)

    def _do(self, at: datetime) -> timedelta:
        run, measured = self._context.runs[self._number], sample(self._context.world, self._number, at)
        run = advance(
            run,
            seconds=(at - self._worked_at).total_seconds(),
            pages_per_minute=measured.pages_per_minute,
            success_rate=measured.success_rate,
        )
        self._context.runs[self._number] = run
        if run.paused:
            return REPORT
        self._report(run)
        return ASK_AGAIN if run.ended else REPORT * seeded_random(run.job_id, at).uniform(0.8, 1.3)

    def _report(self, run: Run) -> None:
        """Tells where the run stands; one that has ended, or is no longer ours, is put down."""
        try:
            directives = self._progress(run)
        except ApiError as error:
            if error.status not in {CONFLICT, MISSING}:
                raise
            log.info("%s: %s", run.job_id, error.detail)
            del self._context.runs[self._number]
            return
        if run.ended:
            del self._context.runs[self._number]
        self._obey(directives)

    def _progress(self, run: Run) -> list[Directive]:
        status: RunStatus = "running"
        if run.ended:
            status = "completed" if run.fate.status == "completed" else "failed"
        message = {"message": run.fate.message} if run.ended and run.fate.message else {}
        return self._context.api.progress(
            run.job_id,
            satellite_id=self._character.satellite_id,
            pages_crawled=int(run.pages),
            pages_queued=0 if status == "completed" else run.queued,
            links_found=run.links,
            errors_count=int(run.errors),
            status=status,
            **message,
        )

    def _obey(self, directives: list[Directive]) -> None:
        for each in directives:
            run = self._run
            if run and run.job_id == each["job_id"]:
                self._turn(run, each)

    def _turn(self, run: Run, directive: Directive) -> None:
        match directive["directive"]:
            case "cancel":
                del self._context.runs[self._number]
            case "pause" | "resume" as verb:
                self._context.runs[self._number] = replace(run, paused=verb == "pause")
            case "rate":
                self._context.runs[self._number] = replace(run, delay=directive.get("delay_seconds", 1.0))


def status_of(run: Run | None, *, on_duty: bool) -> SatelliteStatus:
    """One that is off duty is paused: missions may wait beside it, and everybody sees why it takes none."""
    if run is None:
        return "idle" if on_duty else "paused"
    return "paused" if run.paused else "working"
