"""The live channel: from publishing to the viewer, from an accepted event to the viewer, what viewers cost others."""

from __future__ import annotations

import re
import threading
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Self

import orjson
from redis import Redis

from bench.callbacks import Asking, recorded
from bench.chromium import Chromium
from bench.registry import Reach, Row, Scale, benchmark
from bench.report import percentile
from bench.watchers import Watchers

if TYPE_CHECKING:
    from bench.stack import Stack

PATH, STREAM = "/ws/mission-control", "mc:live"
SEQ, DELTA = re.compile(rb'"seq":(\d+)'), b'"type":"delta"'
MANY, CROWD = 100, 1000
MISSIONS = 10
EVENT_EVERY_S = 0.23  # no divisor of the second at which the state is computed
SETTLE_S = 3.0
# When each frame is on the screen, in milliseconds since the epoch, by its seq.
NOTE_FRAMES = """
window.__frames = {};
let last = MissionControl.live.link.seq;
const note = () => {
  const seq = MissionControl.live.link.seq;
  if (seq !== last) window.__frames[(last = seq)] = Date.now();
  requestAnimationFrame(note);
};
requestAnimationFrame(note);
"""


@benchmark.add("publish", where="simulated")
def publish(stack: Stack, scale: Scale) -> list[Row]:
    asked, rows = recorded(stack), []
    with Asking(stack, asked) as alone:
        time.sleep(scale.seconds / 2)
    for count in (1, MANY):
        with Asking(stack, asked) as beside:
            delays, size, _ = _publish_delays(stack, count, scale.seconds)
        reach = Reach(below=50) if count == MANY else None
        rows.append(
            Row(f"publish → viewer p95, {_viewers(count)}", percentile(delays, 0.95), "ms", len(delays), reach, size)
        )
    with Chromium(stack) as browser:
        browser.visit("/")
        browser.linked_after()
        browser.run(NOTE_FRAMES)
        delays, size, published = _publish_delays(stack, CROWD, scale.seconds)
        painted = _painted(browser, published)
    crowd = _viewers(CROWD)
    rows.append(Row(f"publish → viewer p95, {crowd}", percentile(delays, 0.95), "ms", len(delays), note=size))
    rows.append(Row(f"publish → browser p95, beside {crowd}", percentile(painted, 0.95), "ms", len(painted)))
    slower = percentile(beside.times, 0.95) / percentile(alone.times, 0.95)
    return [
        *rows,
        Row("page callback p95, nobody watches", percentile(alone.times, 0.95) * 1000, "ms", len(alone.times)),
        Row(f"page callback p95, {MANY} viewers", percentile(beside.times, 0.95) * 1000, "ms", len(beside.times)),
        Row(f"page callback with {MANY} viewers against none", slower, "×", len(beside.times), Reach(below=1.5)),
    ]


@benchmark.add("event", where="simulated")
def event(stack: Stack, scale: Scale) -> list[Row]:
    return [
        Row(
            f"event accepted → viewer p95, {_viewers(count)}",
            percentile(delays, 0.95),
            "s",
            len(delays),
            Reach(below=reach),
        )
        for count, reach in ((1, 1.2), (MANY, 1.5), (CROWD, 2.0))
        for delays in [_event_delays(stack, count, scale.seconds)]
    ]


def _painted(browser: Chromium, published: dict[int, float]) -> list[float]:
    """Milliseconds from Redis handing out a frame to the browser having drawn it."""
    drawn: dict[str, float] = browser.run("return window.__frames")
    return [at - published[int(seq)] * 1000 for seq, at in drawn.items() if int(seq) in published]


def _publish_delays(stack: Stack, count: int, seconds: float) -> tuple[list[float], str, dict[int, float]]:
    """Milliseconds from Redis handing out a delta to each viewer having it; how large they were; when each was to be
    had, in seconds since the epoch."""
    key, arrived, sizes = stack.key("read"), defaultdict[int, list[float]](list), list[int]()

    def note(_viewer: int, at: float, payload: bytes) -> None:
        found = SEQ.search(payload, 0, 200)  # not parsed: a hundred viewers leave no time for that
        if found and DELTA in payload[:200]:
            arrived[int(found[1])].append(at)
            sizes.append(len(payload))

    with Published(stack.redis_url) as published, Watchers(stack.sockets_url(key) + PATH, key, count, note):
        time.sleep(SETTLE_S)
        arrived.clear()
        time.sleep(seconds)
    delays = [(at - published.at[seq]) * 1000 for seq, ats in arrived.items() if seq in published.at for at in ats]
    return delays, f"{sum(sizes) / len(sizes):,.0f} B a delta", published.at


class Published:
    """When each frame was to be had from Redis, in seconds since the epoch, by its seq (its id in the stream)."""

    def __init__(self, redis_url: str) -> None:
        self.at: dict[int, float] = {}
        self._redis = Redis.from_url(redis_url)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()
        self._redis.close()

    def _read(self) -> None:
        last: Any = b"$"
        while not self._ending.is_set():
            found: Any = self._redis.xread({STREAM: last}, block=500)
            at = time.time()
            for name, _ in found[0][1] if found else []:
                self.at[int(name.partition(b"-")[0])] = at
                last = name


def _event_delays(stack: Stack, count: int, seconds: float) -> list[float]:
    """Seconds from the 200 of a change of priority to its being in a delta at each of `count` viewers."""
    key = stack.key("read", "operate", simulated=True)
    jobs = _held_missions(stack, key)
    seen, known = defaultdict[tuple[str, int], list[float]](list), dict[tuple[int, str], int]()

    def note(viewer: int, at: float, payload: bytes) -> None:
        for job_id, priority in _priorities(payload, jobs):  # a whole state comes now and then, and repeats the rest
            if known.get((viewer, job_id)) != priority:
                known[viewer, job_id] = priority
                seen[job_id, priority].append(at)

    with Watchers(stack.sockets_url(key) + PATH, key, count, note):
        time.sleep(SETTLE_S)
        accepted = _change_priorities(stack, key, sorted(jobs), seconds)
        time.sleep(SETTLE_S)
    _cancel(stack, key, jobs)
    found = [
        at - begun for (change, begun) in accepted for at in seen.get(change, []) if 0 <= at - begun < SETTLE_S + 2
    ]
    if len(found) < len(accepted) * count * 0.9:
        raise RuntimeError(f"{len(accepted)} changes, {count} viewers, only {len(found)} sightings")
    return found


def _change_priorities(stack: Stack, key: str, jobs: list[str], seconds: float) -> list[tuple[tuple[str, int], float]]:
    """Every mission in turn, so that two changes of one never fall into the same second."""
    accepted, turn, end = list[tuple[tuple[str, int], float]](), 0, time.monotonic() + seconds
    with stack.client(key) as http:
        while time.monotonic() < end:
            job_id, priority = jobs[turn % len(jobs)], 1 + (turn // len(jobs)) % 9
            http.patch(f"/api/v1/missions/{job_id}", json={"priority": priority}).raise_for_status()
            accepted.append(((job_id, priority), time.time()))
            turn += 1
            time.sleep(EVENT_EVERY_S)
    return accepted


def _held_missions(stack: Stack, key: str) -> set[str]:
    """Missions on hold: nobody works on them, and only we change them."""
    held = set()
    with stack.client(key) as http:
        for _ in range(MISSIONS):
            order = {"job_type": "domain_audit", "target_url": "https://bench.example/", "priority": 10}
            job_id = http.post("/api/v1/missions", json=order).raise_for_status().json()["job_id"]
            http.post(f"/api/v1/missions/{job_id}/pause").raise_for_status()
            held.add(job_id)
    return held


def _cancel(stack: Stack, key: str, jobs: set[str]) -> None:
    with stack.client(key) as http:
        for job_id in jobs:
            http.post(f"/api/v1/missions/{job_id}/cancel").raise_for_status()


def _priorities(payload: bytes, jobs: set[str]) -> list[tuple[str, int]]:
    """What a frame says of the priority of these missions."""
    frame: dict[str, Any] = orjson.loads(payload)
    changed = frame["payload"].get("active_jobs", {})
    return [(job, changed[job]["priority"]) for job in jobs & changed.keys() if "priority" in (changed[job] or {})]


def _viewers(count: int) -> str:
    return "1 viewer" if count == 1 else f"{count:,} viewers"
