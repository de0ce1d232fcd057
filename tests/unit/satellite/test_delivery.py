"""What is found reaches the server, whatever of it the server does not take at once."""

from __future__ import annotations

import gzip
import threading
import time
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING

import orjson
import pytest

from clients.satellite import delivery, refusals
from clients.satellite.delivery import Delivery
from clients.satellite.outbox import Outbox, Waiting
from clients.satellite.outcome import late, verdict
from clients.satellite.plan import Plan
from clients.satellite.run import Run
from clients.sdk import MissionControl
from tests.unit.satellite.conftest import Handler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROWS = 300
POISON = 123  # the row that some servers do not like
HANGS = 599  # a status for "no answer within the client's time-out"
CLIENT_S = 0.3


@dataclass
class Server:
    """Stores the rows of a batch, or answers what `refuses` says of it."""

    refuses: Callable[[list[int]], int | None] = lambda _numbers: None
    stored: list[int] = field(default_factory=list)
    largest: int = 0

    def take(self, path: str, body: bytes) -> int:
        if not path.endswith("/backlinks"):
            return 200
        numbers = [orjson.loads(line)["n"] for line in body.splitlines()]
        status = self.refuses(numbers)
        if status is None:
            self.stored += numbers
            self.largest = max(self.largest, len(numbers))
        return status or 200


class Taking(Handler):
    server_of_rows: Server

    def do_POST(self) -> None:  # noqa: N802 — the name the standard library calls
        body = self.rfile.read(int(self.headers["Content-Length"]))
        packed = self.headers.get("Content-Encoding") == "gzip"
        status = self.server_of_rows.take(self.path, gzip.decompress(body) if packed else body)
        if status == HANGS:
            time.sleep(2 * CLIENT_S)
            return
        raw = orjson.dumps({"accepted": 0, "duplicates": 0, "rejected": []})
        self.send_response_only(status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setattr(refusals, "LONGEST_PAUSE", 0.01)
    monkeypatch.setattr(delivery, "STUCK", 0.5)
    monkeypatch.setattr(delivery, "ANSWER", CLIENT_S)
    return Server()


@pytest.fixture
def api(server: Server) -> Iterator[MissionControl]:
    handler = type("Bound", (Taking,), {"server_of_rows": server})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as listening:
        listening.daemon_threads = True
        threading.Thread(target=listening.serve_forever, args=(0.05,), daemon=True).start()
        with MissionControl(f"http://127.0.0.1:{listening.server_port}", "k", timeout=CLIENT_S) as api:
            yield api
        listening.shutdown()


def run(rows: int = ROWS) -> Run:
    made = Run(Plan.of({"job_id": "LP-1", "target_url": "https://a.example/", "config": {}}))  # type: ignore[typeddict-item]
    made.outbox.put({"n": number} for number in range(rows))
    made.outbox.put_page({"url": "https://a.example/"})
    return made


def deliver(api: MissionControl, of: Run, seconds: float = 20) -> Delivery:
    """Until all is delivered, or `seconds` have passed."""
    made = Delivery(api, "SAT-1", of)
    made.finish()
    made.start()
    made.join(seconds)
    return made


def over(most: int, status: int) -> Callable[[list[int]], int | None]:
    return lambda numbers: status if len(numbers) > most else None


def holding(row: int, status: int) -> Callable[[list[int]], int | None]:
    return lambda numbers: status if row in numbers else None


@pytest.mark.parametrize(
    ("refuses", "dropped"),
    [
        (over(40, 413), 0),
        (over(40, 503), 0),
        (over(40, 504), 0),
        (over(40, 500), 0),
        (over(40, HANGS), 0),
        (over(3, 503), 0),
        (holding(POISON, 413), 1),
        (holding(POISON, 422), 1),
        (holding(POISON, 400), 1),
        (holding(POISON, 500), 1),
    ],
)
def test_a_refused_batch_is_split_and_only_a_row_that_nothing_helps_is_dropped(
    server: Server, api: MissionControl, refuses: Callable[[list[int]], int | None], dropped: int
) -> None:
    server.refuses = refuses
    made = run()
    assert deliver(api, made).failure is None
    assert sorted(server.stored) == [number for number in range(ROWS) if not dropped or number != POISON]
    assert made.outbox.waiting() == Waiting(0, 0, 0.0)
    assert made.tally.dropped.total() == dropped
    assert made.tally.links == ROWS - dropped


def test_a_row_that_is_always_too_slow_is_dropped_once_the_server_is_known_to_live(
    server: Server, api: MissionControl
) -> None:
    server.refuses = holding(POISON, 503)
    made = run()
    waiting = deliver(api, made, seconds=1.5)
    assert waiting.is_alive(), "a server that nobody hears may only be away"
    assert made.tally.dropped.total() == 0
    made.heard_at = time.monotonic()
    waiting.join(10)
    assert not waiting.is_alive()
    assert made.tally.dropped == {"backlinks": 1}
    assert len(server.stored) == ROWS - 1


def test_batches_grow_again_after_a_refusal(server: Server, api: MissionControl) -> None:
    refused: list[int] = []
    server.refuses = lambda numbers: refused.append(len(numbers)) or 503 if not refused else None
    deliver(api, run(6_000))
    assert (refused, server.largest) == ([1_000], 1_000)
    assert sorted(server.stored) == list(range(6_000))


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_server_that_will_never_take_anything_ends_the_delivery(
    server: Server, api: MissionControl, status: int
) -> None:
    server.refuses = over(0, status)
    assert str(status) in str(deliver(api, run()).failure)


def test_a_server_that_likes_no_row_at_all_ends_the_delivery_too(server: Server, api: MissionControl) -> None:
    server.refuses = over(0, 422)
    made = run()
    assert "422" in str(deliver(api, made).failure)
    assert made.tally.dropped.total() == delivery.HOPELESS < ROWS


def test_a_run_that_is_cut_waits_for_nobody(server: Server, api: MissionControl) -> None:
    server.refuses = over(0, 503)
    made = run()
    waiting = deliver(api, made, seconds=0.5)
    made.end()
    waiting.join(2)
    assert not waiting.is_alive()
    assert waiting.failure is None


@pytest.mark.parametrize(
    ("waiting", "words"),
    [
        (Waiting(0, 0, 0), None),
        (Waiting(900, 3, 9), None),
        (Waiting(1_240, 0, 40.2), "1,240 links waiting to be delivered for 40 s"),
        (Waiting(1, 1, 11), "1 link and 1 page waiting to be delivered for 11 s"),
        (Waiting(0, 2, 3_600), "2 pages waiting to be delivered for 3600 s"),
    ],
)
def test_a_late_delivery_is_said(waiting: Waiting, words: str | None) -> None:
    assert late(waiting) == words


def test_a_delivery_is_as_late_as_its_oldest_row() -> None:
    outbox = Outbox()
    outbox.put([{"n": 1}])
    time.sleep(0.3)
    outbox.put([{"n": 2}])
    outbox.put_page({"url": "https://a.example/"})
    assert outbox.waiting().seconds >= 0.3
    outbox.forget(1)
    assert outbox.waiting()[:2] == (1, 1)
    assert outbox.waiting().seconds < 0.3
    outbox.forget(1)
    outbox.forget_pages(1)
    assert outbox.waiting() == Waiting(0, 0, 0.0)


def test_a_run_that_dropped_rows_says_how_many() -> None:
    made = run()
    made.tally.crawled = 1
    made.tally.drop("backlinks", "answered 422: no")
    made.tally.drop("backlinks", "answered 413: too big")
    assert verdict(made) == (
        "completed",
        "rows dropped that the server would not take: 2 of backlinks, the last: answered 413: too big",
    )
