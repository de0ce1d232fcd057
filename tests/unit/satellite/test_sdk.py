from __future__ import annotations

import math
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from clients.sdk import ApiError, IngestResult, Interrupted, MissionControl, Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

INFO = {"name": "Mission Control", "version": "1", "sockets_url": None}
DOWN = {"type": "about:blank", "title": "Unavailable", "status": 503, "detail": "starting"}


@pytest.fixture
def api(script: Any) -> Iterator[MissionControl]:
    with MissionControl(script.url, "mc_12345678_secret", timeout=2, patience=5) as api:
        yield api


def test_it_sends_its_key_and_says_who_it_is(script: Any, api: MissionControl) -> None:
    script.answer(200, INFO)
    assert api.info() == INFO
    assert script.asked[0].headers["Authorization"] == "Bearer mc_12345678_secret"
    assert script.asked[0].headers["User-Agent"].startswith("mission-control-sdk/")


@pytest.mark.parametrize("status", [502, 503, 504, 429])
def test_it_tries_again_when_the_server_is_away_for_a_moment(script: Any, api: MissionControl, status: int) -> None:
    script.answer(status, DOWN).answer(200, INFO)
    assert api.info() == INFO
    assert len(script.asked) == 2


def test_it_waits_as_long_as_the_server_asks(script: Any, api: MissionControl) -> None:
    script.answer(429, DOWN, Retry_After="1").answer(200, INFO)
    began = time.monotonic()
    api.info()
    assert time.monotonic() - began >= 1


def test_it_understands_a_date_in_retry_after(script: Any) -> None:
    date = {"Date": "Wed, 21 Oct 2026 07:28:00 GMT", "Retry_After": "Wed, 21 Oct 2026 07:28:30 GMT"}
    script.answer(429, DOWN, **date)
    with MissionControl(script.url, "k", patience=0.1) as api, pytest.raises(ApiError) as caught:
        api.info()
    assert caught.value.retry_after == 30


def test_it_does_not_repeat_what_the_server_refused(script: Any, api: MissionControl) -> None:
    problem = {"title": "Conflict", "detail": "LP-1 is completed", "errors": [{"loc": ["verb"], "msg": "no"}]}
    script.answer(409, problem)
    with pytest.raises(ApiError) as caught:
        api.act("LP-1", "pause")
    assert (caught.value.status, caught.value.title, caught.value.detail) == (409, "Conflict", "LP-1 is completed")
    assert caught.value.errors == problem["errors"]
    assert len(script.asked) == 1


def test_it_gives_up_when_patience_ends_and_keeps_the_servers_words(script: Any) -> None:
    script.answer(503, DOWN)
    with MissionControl(script.url, "k", patience=0.5) as api, pytest.raises(ApiError, match="starting"):
        api.info()


def test_nobody_listening_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with MissionControl(f"http://127.0.0.1:{port}", "k", patience=0.5) as api, pytest.raises(Unreachable):
        api.info()


def test_closing_ends_an_endless_wait() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    closing = threading.Event()
    threading.Timer(0.3, closing.set).start()
    began = time.monotonic()
    with (
        MissionControl(f"http://127.0.0.1:{port}", "k", patience=math.inf, closing=closing) as api,
        pytest.raises(Interrupted),
    ):
        api.info()
    assert time.monotonic() - began < 2


def test_a_page_that_is_no_json_is_named(script: Any, api: MissionControl) -> None:
    script.answer(200, b"<h1>Welcome to the hotel's network</h1>")
    with pytest.raises(ApiError, match="no JSON"):
        api.info()


def test_an_address_without_scheme_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="http"):
        MissionControl("127.0.0.1:8050", "k")


def test_a_submission_keeps_its_idempotency_key_over_attempts(script: Any, api: MissionControl) -> None:
    script.answer(503, DOWN).answer(201, {"job_id": "LP-1"})
    api.submit_mission("backlink_discovery", "https://example.org/", config={"max_pages": 5})
    keys = [asked.headers["Idempotency-Key"] for asked in script.asked]
    assert keys[0] == keys[1]
    wanted = {"job_type": "backlink_discovery", "target_url": "https://example.org/", "priority": 5}
    assert script.asked[1].json == wanted | {"config": {"max_pages": 5}}


def test_missions_come_page_after_page(script: Any, api: MissionControl) -> None:
    script.answer(200, {"items": [{"job_id": "LP-1"}], "next_cursor": "c2"})
    script.answer(200, {"items": [{"job_id": "LP-2"}], "next_cursor": None})
    assert [mission["job_id"] for mission in api.missions(status="running")] == ["LP-1", "LP-2"]
    assert script.asked[1].path == "/api/v1/missions?limit=100&status=running&cursor=c2"


def test_an_empty_queue_leases_nothing(script: Any, api: MissionControl) -> None:
    script.answer(204)
    assert api.lease("sat 1/2") is None
    assert script.asked[0].path == "/api/v1/satellites/sat%201%2F2/lease"


def test_rows_go_in_batches_and_rejections_keep_their_place(script: Any, api: MissionControl) -> None:
    wrong = [{"loc": ["url_to"], "msg": "missing"}]
    script.answer(200, {"accepted": 999, "duplicates": 0, "rejected": [{"index": 3, "errors": wrong}]})
    script.answer(200, {"accepted": 100, "duplicates": 399, "rejected": [{"index": 7, "errors": wrong}]})
    result = api.ingest("backlinks", ({"n": n} for n in range(1_500)))
    assert (result.accepted, result.duplicates) == (1_099, 399)
    assert [one["index"] for one in result.rejected] == [3, 1_007]
    assert [len(asked.rows) for asked in script.asked] == [1_000, 500]


def test_big_batches_are_compressed_and_small_ones_are_not(script: Any, api: MissionControl) -> None:
    script.answer(200, {"accepted": 1, "duplicates": 0, "rejected": []})
    api.ingest("backlinks", [{"anchor": "x"}])
    api.ingest("backlinks", [{"anchor": "x" * 20_000}])
    api.ingest("backlinks", [{"anchor": "x" * 20_000}], compress=False)
    assert [asked.headers.get("Content-Encoding") for asked in script.asked] == [None, "gzip", None]


def test_no_rows_ask_nothing(script: Any, api: MissionControl) -> None:
    assert api.ingest("backlinks", []) == IngestResult()
    assert script.asked == []
