"""What all parts of a live session share: the world, the line to the server, who works on what."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from clients.sdk.errors import ApiError, SdkError
from clients.simulator.fleet import is_silent, on_duty
from clients.simulator.rules import silenced
from clients.simulator.runs import Run, Started

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from clients.sdk.client import MissionControl
    from clients.sdk.shapes import Mission
    from clients.simulator.scheduler import Work
    from clients.simulator.world import World

log = logging.getLogger("mission_control.simulator")

REST = timedelta(seconds=10)  # after something went wrong that nobody foresaw
REPEAT = 30.0  # seconds before the same warning is written again
Answer = TypeVar("Answer")


class RateLimitedLog(logging.Filter):
    """Lets the same line through once in `REPEAT`, so that a long outage does not fill the log."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        line = record.getMessage()
        if record.created - self._said.get(line, 0.0) < REPEAT:
            return False
        self._said = {text: at for text, at in self._said.items() if record.created - at < REPEAT} | {
            line: record.created
        }
        return True


log.addFilter(RateLimitedLog())


@dataclass
class SessionContext:
    """`runs` by the number of their satellite; `started` is when this session began; `over` ends what runs beside."""

    world: World
    api: MissionControl
    started: datetime
    runs: dict[int, Run] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    def since(self, at: datetime) -> timedelta:
        return at - self.started

    def cut_off(self, number: int, at: datetime) -> bool:
        """Whether the satellite's line is down at this time."""
        return silenced(self.world.seed, self.since(at), on_duty(at)) == number or is_silent(self.world, number, at)

    def send(self, stream: str, rows: list[dict[str, object]]) -> None:
        answer = tolerate(lambda: self.api.ingest(stream, rows), f"{len(rows)} rows for {stream}")
        if answer and answer.rejected:
            log.warning(
                "%s: %d of %d rows were rejected: %s", stream, len(answer.rejected), len(rows), answer.rejected[0]
            )


def tolerate(call: Callable[[], Answer], what: str, *, quiet: tuple[int, ...] = ()) -> Answer | None:
    """The call's answer, or None where the server refused: a refusal is reported and never ends the simulation."""
    try:
        return call()
    except ApiError as error:
        if error.status not in quiet:
            log.warning("%s: %s", what, error)
    return None


def tolerant(work: Work) -> Work:
    """The same work, which rests and goes on when the server refuses it."""

    def forgiven(at: datetime) -> timedelta | None:
        try:
            return work(at)
        except SdkError as error:
            log.warning("%s", error)
            return REST

    return forgiven


def version(seed: int) -> str:
    """What our satellites call their version: it tells which story the server holds."""
    return f"simulated-{seed}"


def started(mission: Mission) -> Started:
    """A mission that one of our satellites holds, in the model's terms. `max_pages` tells its size."""
    return Started(
        job_id=mission["job_id"],
        job_type=mission["job_type"],
        host=host_of(mission["target_url"]),
        total=_size(mission["config"]),
        pages=mission["pages_crawled"],
        paused=mission["status"] == "paused",
    )


def host_of(target_url: str) -> str:
    host = urlsplit(target_url).hostname if "://" in target_url else target_url
    return (host or target_url).removeprefix("www.")


def _size(config: Mapping[str, object]) -> int:
    size = config.get("max_pages", 500)
    return size if isinstance(size, int) else 500
