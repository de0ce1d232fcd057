"""Whatever dies or hangs while data comes in: what was acknowledged is kept, and everything heals by itself."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import psutil
import psycopg
import pytest

from tests.product import Product
from tests.stack.ledger import Ledger
from tests.support import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.stack

BACK_S = 15
HUNG_S = 10
FAST_S = 5
MORTAL = ("web", "sockets", "worker", "beat", "valkey", "postgres")


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with temporary_folder() as folder:
        product = Product.start(Path(folder) / "home")
        try:
            yield product.wait_ready()
        finally:
            product.stop()


@pytest.fixture(scope="module")
def key(product: Product) -> str:
    made = product.command("key", "create", "ledger", "--scopes", "ingest,read,operate")
    assert made.returncode == 0, made.stderr
    return made.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def ledger(product: Product, key: str) -> Iterator[Ledger]:
    with Ledger(product.url, key) as ledger:
        yield ledger


def readiness(product: Product) -> dict[str, Any] | None:
    try:
        answer = httpx.get(f"{product.url}/readyz", timeout=FAST_S)
    except httpx.HTTPError:
        return None
    found: dict[str, Any] = answer.json()
    return found | {"code": answer.status_code}


def until_ready(product: Product, seconds: float = BACK_S) -> float:
    began = time.monotonic()
    while (found := readiness(product)) is None or found["code"] != 200:
        assert time.monotonic() - began < seconds, found
        time.sleep(0.1)
    return time.monotonic() - began


def until_written(ledger: Ledger, seconds: float = BACK_S) -> None:
    """The writer is served again."""
    before, began = ledger.safe, time.monotonic()
    while ledger.safe < before + 5:
        assert time.monotonic() - began < seconds, ledger.answers[-3:]
        time.sleep(0.05)


@pytest.mark.parametrize("name", MORTAL)
def test_after_a_kill_everything_is_back_and_the_writer_is_served(product: Product, ledger: Ledger, name: str) -> None:
    until_ready(product)
    until_written(ledger)
    pid = product.processes()[name]["pid"]
    began = time.monotonic()
    os.kill(pid, signal.SIGKILL)
    while (now := product.processes()[name])["pid"] == pid or now["state"] != "running":
        assert time.monotonic() - began < BACK_S
        time.sleep(0.05)
    until_ready(product, BACK_S - (time.monotonic() - began))
    until_written(ledger)


@contextmanager
def stopped(product: Product, name: str) -> Iterator[None]:
    """Hung, with all its children: alive for the kernel, silent for everybody else."""
    first = psutil.Process(product.processes()[name]["pid"])
    everybody = [first, *first.children(recursive=True)]
    for one in everybody:
        one.suspend()
    try:
        yield
    finally:
        for one in reversed(everybody):
            one.resume()


def test_a_hung_postgresql_is_told_fast_and_heals(product: Product, ledger: Ledger, key: str) -> None:
    until_ready(product)
    headers = {"Authorization": f"Bearer {key}"}
    asked: list[tuple[int, float]] = []
    with stopped(product, "postgres"):
        began = time.monotonic()
        while time.monotonic() - began < HUNG_S:
            for path in ("/api/v1/missions", "/api/v1/live", "/readyz", "/healthz"):
                start = time.monotonic()
                status = httpx.get(product.url + path, headers=headers, timeout=20).status_code
                asked.append((200 if path == "/healthz" and status == 200 else status, time.monotonic() - start))
    assert max(seconds for _, seconds in asked) < FAST_S
    assert {status for status, _ in asked} == {200, 503}
    until_ready(product)
    until_written(ledger)
    assert max(answer.seconds for answer in ledger.since(began)) < FAST_S


def test_a_hung_valkey_stops_no_writer_and_heals(product: Product, ledger: Ledger, key: str) -> None:
    until_ready(product)
    headers = {"Authorization": f"Bearer {key}"}
    with stopped(product, "valkey"):
        began = time.monotonic()
        while time.monotonic() - began < HUNG_S:
            start = time.monotonic()
            assert httpx.get(f"{product.url}/api/v1/missions", headers=headers, timeout=20).status_code == 200
            found = readiness(product)
            assert time.monotonic() - start < FAST_S
            time.sleep(0.2)
        assert found is not None
        assert (found["code"], found["services"]["redis"]["status"]) == (503, "down")
        mission = {"job_type": "crawl", "target_url": "acme.io"}
        made = httpx.post(f"{product.url}/api/v1/missions", json=mission, headers=headers, timeout=FAST_S)
        assert made.status_code == 201
    answers = ledger.since(began)
    assert {answer.status for answer in answers} == {200}
    assert max(answer.seconds for answer in answers) < FAST_S
    until_ready(product)
    path = f"{product.url}/api/v1/missions/{made.json()['job_id']}/cancel"
    assert httpx.post(path, headers=headers, timeout=FAST_S).status_code == 200


def memory(product: Product) -> float:
    """Megabytes of the web service, its worker included."""
    first = psutil.Process(product.processes()["web"]["pid"])
    return sum(one.memory_info().rss for one in [first, *first.children(recursive=True)]) / 1e6


@pytest.mark.parametrize("chunked", [False, True], ids=["of a known length", "in chunks"])
def test_a_hundred_megabytes_are_too_large_and_take_no_memory(product: Product, key: str, *, chunked: bool) -> None:
    until_ready(product)
    piece, pieces = b"x" * 1_000_000, 100
    before = most = memory(product)
    connection = http.client.HTTPConnection("127.0.0.1", product.port, timeout=30)
    connection.putrequest("POST", "/api/v1/ingest/backlinks")
    for name, value in {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}.items():
        connection.putheader(name, value)
    connection.putheader(
        *(("Transfer-Encoding", "chunked") if chunked else ("Content-Length", str(len(piece) * pieces)))
    )
    connection.endheaders()
    for _ in range(pieces):
        connection.send(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
        most = max(most, memory(product))
    if chunked:
        connection.send(b"0\r\n\r\n")
    answer = connection.getresponse()
    assert answer.status == 413
    assert answer.headers["Content-Type"] == "application/problem+json"
    connection.close()
    assert max(most, memory(product)) - before < 20


def test_lines_in_chunks_beyond_the_limit_are_refused_whole_and_not_cut_off(product: Product, key: str) -> None:
    row = b'{"satellite_id": "CUT", "pages_per_minute": 1, "success_rate": 1, "response_time_ms": 1, "note": "%s"}\n'
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/x-ndjson"}
    answers = {
        megabytes: httpx.post(
            f"{product.url}/api/v1/ingest/satellite_performance",
            content=(row % (b"x" * 8000) for _ in range(megabytes * 125)),
            headers=headers,
            timeout=20,
        )
        for megabytes in (9, 12)
    }
    assert answers[9].json()["accepted"] == 9 * 125
    assert answers[12].status_code == 413
    with psycopg.connect(product.addresses()["DATABASE_URL"]) as connection:
        stored = connection.execute(
            "select count(*) from satellite_performance_logs where satellite_id = 'CUT'"
        ).fetchone()
    assert stored == (9 * 125,)


def test_strangers_who_send_half_a_request_keep_nobody_out(product: Product) -> None:
    with ExitStack() as strangers:
        for _ in range(40):
            one = strangers.enter_context(socket.create_connection(("127.0.0.1", product.port)))
            one.sendall(b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n")
        time.sleep(1)
        assert httpx.get(f"{product.url}/healthz", timeout=2 * FAST_S).status_code == 200


def test_every_acknowledged_row_is_there_exactly_once_and_no_error_was_a_crash(
    product: Product, ledger: Ledger
) -> None:
    until_ready(product)
    ledger.__exit__()
    ledger.check(product.addresses()["DATABASE_URL"])
    assert ledger.safe > 100
    assert {answer.status for answer in ledger.answers} <= {0, 200, 503}
    for answer in ledger.answers:
        assert answer.status != 503 or '"title":"Unavailable"' in answer.text
        assert "Traceback" not in answer.text
    for log in (product.home / "logs").glob("web*.log"):
        assert "unhandled error" not in log.read_text()
