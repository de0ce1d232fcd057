"""What a viewer sees: a whole state first, then every change once and in order."""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from data.live.diff import merge
from data.permissions import Scope
from tests.sockets.raw import raw_socket, read_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from redis import Redis

    from tests.sockets.support import Doors, Service, Studio


@pytest.fixture(scope="module")
def token(doors: Doors) -> str:
    return doors.token()


def test_it_sends_the_whole_state_on_connect_and_then_the_deltas(service: Service, studio: Studio, token: str) -> None:
    with service.connect(token) as viewer:
        first = viewer.frame()
        studio.delta({"summary": {"active_jobs": 2}})
        second = viewer.frame()
    assert first["type"] == "snapshot"
    assert first["payload"] == {"summary": {"active_jobs": 1}, "queue_depth": 3}
    assert {"v", "id", "type", "ts", "seq", "payload"} == set(first) == set(second)
    assert (second["type"], second["seq"]) == ("delta", first["seq"] + 1)
    assert merge(first["payload"], second["payload"])["summary"] == {"active_jobs": 2}


def test_it_resumes_after_the_last_seq_without_a_gap_and_without_a_repetition(
    service: Service, studio: Studio, token: str
) -> None:
    with service.connect(token) as viewer:
        seen = viewer.frame()["seq"]
    missed = [studio.delta({"queue_depth": depth}) for depth in (4, 5, 6)]
    with service.connect(token, f"?since={seen}") as viewer:
        frames = [viewer.frame() for _ in missed]
        assert [frame["seq"] for frame in frames] == [seen + 1, seen + 2, seen + 3]
        assert [frame["payload"] for frame in frames] == [frame.payload for frame in missed]
        studio.delta({"queue_depth": 7})
        assert viewer.frame()["seq"] == seen + 4


def test_it_sends_nothing_old_to_whoever_has_seen_everything(service: Service, studio: Studio, token: str) -> None:
    with service.connect(token) as viewer:
        seen = viewer.frame()["seq"]
    with service.connect(token, f"?since={seen}") as viewer:
        studio.delta({"queue_depth": 9})
        assert viewer.frame()["payload"] == {"queue_depth": 9}


@pytest.mark.parametrize("since", ["1", "99999999999999999", "-3", "x", "", "²", "9" * 40])
def test_it_sends_the_whole_state_when_since_is_too_old_or_nonsense(
    service: Service, studio: Studio, token: str, since: str
) -> None:
    with service.connect(token, f"?since={quote(since)}") as viewer:
        assert viewer.frame()["type"] == "snapshot"
        studio.delta({"queue_depth": 5})
        assert viewer.frame()["payload"] == {"queue_depth": 5}


def test_it_gives_everybody_a_whole_state_when_frames_are_missing_in_the_stream(
    service: Service, studio: Studio, token: str
) -> None:
    with service.connect(token) as viewer:
        viewer.frame()
        studio.seq += 5
        studio.delta({"queue_depth": 1_000})
        studio.snapshot({"queue_depth": 12})
        whole = viewer.frame()
        assert (whole["type"], whole["payload"], whole["seq"]) == ("snapshot", {"queue_depth": 12}, studio.seq)


def test_it_takes_the_next_leaders_snapshot_over_a_gap(service: Service, studio: Studio, token: str) -> None:
    with service.connect(token) as viewer:
        viewer.frame()
        studio.seq += 1_000
        studio.snapshot({"queue_depth": 1})
        assert viewer.frame()["type"] == "snapshot"
        studio.delta({"queue_depth": 2})
        assert viewer.frame()["payload"] == {"queue_depth": 2}


def test_it_finds_a_stream_that_starts_again_from_a_lower_seq(
    service: Service, studio: Studio, redis: Redis, token: str
) -> None:
    with service.connect(token) as viewer:
        viewer.frame()
        redis.flushdb()
        studio.seq -= 1_000_000
        studio.snapshot({"queue_depth": 77})
        assert viewer.frame(seconds=8)["payload"] == {"queue_depth": 77}


def test_it_delivers_to_the_quick_while_one_client_never_reads(
    service: Service, studio: Studio, token: str, eventually: Callable[..., None]
) -> None:
    """The silent one gets enough to fill every buffer between us, and is then put out."""
    with service.connect(token) as quick, raw_socket(service, token, receive_buffer=4096):
        quick.frame()
        waits = []
        for number in range(40):
            start = time.monotonic()
            studio.delta({"ballast": str(number % 10) * 400_000})
            quick.frame()
            waits.append(time.monotonic() - start)
        assert sorted(waits)[-2] < 0.25
        assert service.health()["sockets"] == 2
        eventually(lambda: service.health()["sockets"] == 1, seconds=10)


def test_it_sends_the_whole_state_to_a_client_that_fell_behind(service: Service, studio: Studio, token: str) -> None:
    with raw_socket(service, token, receive_buffer=4096) as slow:
        frames = read_until(slow, studio.seq)
        for number in range(40):
            last = studio.delta({"ballast": str(number % 10) * 400_000})
            time.sleep(0.02)
        frames += read_until(slow, last.seq)
    state: dict[str, Any] = {}
    for before, frame in itertools.pairwise(frames):
        assert frame["type"] == "snapshot" or frame["seq"] == before["seq"] + 1
    for frame in frames:
        state = frame["payload"] if frame["type"] == "snapshot" else merge(state, frame["payload"])
    assert "snapshot" in [frame["type"] for frame in frames[1:]]
    assert len(frames) < 40
    assert state["ballast"] == last.payload["ballast"]


WHOLE = {
    "as_of": 1,
    "tick": 1,
    "summary": {"active_jobs": 1, "links_24h": 7},
    "api_quotas": {"hunter_io": {"status": "critical"}},
    "services": {"redis": {"status": "ok"}},
    "sections": {"quotas": {"status": "critical"}, "services": {"status": "normal"}},
    "areas": {"quotas": "critical", "missions": "normal"},
}
ALLOWED = {"as_of": 1, "tick": 1} | {
    "services": WHOLE["services"],
    "sections": {"services": {"status": "normal"}},
}


def test_a_key_that_may_not_read_quotas_never_hears_of_them(service: Service, studio: Studio, doors: Doors) -> None:
    restricted, allowed = doors.token(Scope.DASHBOARD), doors.token(Scope.READ)
    studio.snapshot(WHOLE)
    with service.connect(restricted) as viewer, service.connect(allowed) as other:
        first = next(frame for frame in (viewer.frame() for _ in range(4)) if frame["payload"] == ALLOWED)
        assert first["type"] == "snapshot"
        assert any(other.frame()["payload"] == WHOLE for _ in range(4))  # an older one may still be on its way
        change = {"tick": 2, "api_quotas": {"hunter_io": {"used": 50}}, "areas": {"quotas": "normal"}}
        studio.delta(change)
        assert (viewer.frame()["payload"], other.frame()["payload"]) == ({"tick": 2}, change)
        studio.snapshot(WHOLE)
        assert (viewer.frame()["payload"], other.frame()["payload"]) == (ALLOWED, WHOLE)
    with service.connect(restricted, f"?since={first['seq']}") as viewer:
        assert [viewer.frame()["payload"] for _ in range(2)] == [{"tick": 2}, ALLOWED]
