"""A panel that reads long gets its time while PostgreSQL answers others; a PostgreSQL that hangs is told at once."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from sqlalchemy import text

from components.backlinks import ids as backlinks
from components.domains import ids as domains
from data import deadline
from tests.callers import Page, person, program
from tests.links import reader_of_links

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from werkzeug.test import TestResponse

    from data.services import Services
    from tests.callers import Caller

FAST_S = 5.0
SUMMARY = "/api/v1/backlinks/summary?target=ours.example"
VIEW = {"target": "ours.example", "from": "now-30d", "to": "now"}


@pytest.fixture
def reader(mc: Services, server: Flask) -> Caller:
    return reader_of_links(mc, server)


@contextmanager
def locked(mc: Services, table: str, seconds: float) -> Iterator[None]:
    """Nobody reads the table for so long: what asks it is slow, and everything else is answered."""
    held, ending = threading.Event(), threading.Event()

    def hold() -> None:
        with mc.engine.begin() as connection:
            connection.execute(text(f"lock table {table} in access exclusive mode"))
            held.set()
            ending.wait(seconds)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(5)
    try:
        yield
    finally:
        ending.set()
        holder.join()


@contextmanager
def hung(mc: Services, after: float) -> Iterator[None]:
    """PostgreSQL with all that it consists of is stopped in the midst of what runs, and goes on at the end."""
    with mc.engine.begin() as connection:
        postmaster = psutil.Process(connection.scalar(text("select pg_backend_pid()"))).parent()
    assert postmaster is not None
    stopped: list[psutil.Process] = []

    def stop() -> None:
        stopped.extend([postmaster, *postmaster.children()])
        for one in stopped:
            one.suspend()

    timer = threading.Timer(after, stop)
    timer.start()
    try:
        yield
    finally:
        timer.join()
        for one in reversed(stopped):
            one.resume()


def timed(caller: Caller, path: str) -> tuple[TestResponse, float]:
    began = time.monotonic()
    return caller("GET", path), time.monotonic() - began


def test_a_panel_that_waits_longer_than_four_seconds_is_answered_all_the_same(mc: Services, reader: Caller) -> None:
    with locked(mc, "rollup_backlinks_lost_daily", 5):
        answer, seconds = timed(reader, SUMMARY)
    assert answer.status_code == 200, answer.text
    assert seconds > 4.5
    assert answer.json["items"][0]["links"] > 0


@pytest.mark.parametrize(
    ("area", "place", "table"),
    [
        ("backlinks", backlinks.CARDS, "rollup_backlinks_lost_daily"),
        ("domains", domains.CARDS, "rollup_domains_daily"),
    ],
)
@pytest.mark.usefixtures("reader")
def test_so_is_a_panel_of_a_page(mc: Services, server: Flask, area: str, place: str, table: str) -> None:
    page = Page(person(mc, server, "viewer"), area)
    with locked(mc, table, 5):
        began = time.monotonic()
        answer = page.ask(place, VIEW)
        seconds = time.monotonic() - began
    assert answer.status_code == 200, answer.text
    assert seconds > 4.5


def test_what_takes_longer_than_its_time_is_told_so(
    mc: Services, reader: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadline, "READ_S", 3)
    with locked(mc, "rollup_backlinks_lost_daily", 8):
        answer, seconds = timed(reader, SUMMARY)
    assert (answer.status_code, answer.json["title"]) == (503, "Took too long")
    assert answer.json["detail"].startswith("This took longer than 3 s to read")
    assert 2.5 < seconds < FAST_S
    assert timed(reader, SUMMARY)[0].status_code == 200, "and it is read anew by who asks again"


def test_whoever_waits_for_the_same_answer_hears_of_the_same_failure(
    mc: Services, server: Flask, reader: Caller, monkeypatch: pytest.MonkeyPatch, together: Any
) -> None:
    monkeypatch.setattr(deadline, "READ_S", 3)
    other = program(mc, server, "read", name="other")
    with locked(mc, "rollup_backlinks_lost_daily", 8):
        answers = together(lambda: timed(reader, SUMMARY), lambda: timed(other, SUMMARY))
    assert [answer.status_code for answer, _ in answers] == [503, 503]
    assert max(seconds for _, seconds in answers) < FAST_S, "not one after the other"


def test_a_server_that_hangs_while_a_panel_is_read_is_told_fast(
    mc: Services, reader: Caller, eventually: Callable[..., None]
) -> None:
    with locked(mc, "rollup_backlinks_lost_daily", 30), hung(mc, after=0.5):
        answer, seconds = timed(reader, SUMMARY)
    assert answer.status_code == 503
    assert answer.json["title"] == "Unavailable"
    assert seconds < FAST_S
    eventually(lambda: timed(reader, SUMMARY)[0].status_code == 200)


def test_slow_panels_leave_connections_to_everybody_else(mc: Services, reader: Caller, together: Any) -> None:
    paths = [f"{SUMMARY}&from=now-{days}d" for days in range(20, 32)]

    def ask_another() -> tuple[int, float]:
        time.sleep(1)
        answer, seconds = timed(reader, "/api/v1/missions")
        return answer.status_code, seconds

    with locked(mc, "rollup_backlinks_lost_daily", 4):
        *_, (status, seconds) = together(*[lambda path=path: timed(reader, path) for path in paths], ask_another)
    assert status == 200
    assert seconds < 1
