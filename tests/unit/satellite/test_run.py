from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from scrapy.exceptions import DownloadConnectionRefusedError, IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from clients.satellite.outbox import ROOM
from clients.satellite.outcome import FORBIDDEN, Passed, verdict
from clients.satellite.plan import Plan
from clients.satellite.run import GIVE_UP_AFTER, Run

if TYPE_CHECKING:
    from clients.sdk import Directive

SITE = "http://example.org"


def lease(**config: Any) -> Any:
    return {"job_id": "LP-1", "target_url": f"{SITE}/", "config": config}


def run(pages: int = 20, **config: Any) -> Run:
    """A run that has found so many pages."""
    made = Run(Plan.of(lease(**{"delay_seconds": 0} | config)))
    for number in range(1, pages):
        made.frontier.add(f"{SITE}/{number}", 1)
    return made


def fetch_all(made: Run) -> int:
    """As many requests as may start now; returns how many are in flight."""
    while made.may_fetch():
        made.next()
    return made.in_flight


def tell(directive: str, **more: Any) -> Directive:
    told: Any = {"directive": directive, "job_id": "LP-1"} | more
    return told


def refused() -> Exception:
    return DownloadConnectionRefusedError()


def status(code: int) -> Exception:
    return HttpError(Response(SITE, status=code))


def test_no_more_is_in_flight_than_asked_for() -> None:
    assert fetch_all(run(concurrency=3)) == 3


def test_no_more_is_in_flight_than_pages_are_wanted() -> None:
    made = run(max_pages=2, concurrency=8)
    assert fetch_all(made) == 2
    made.landed(0.1)
    made.settle()
    assert fetch_all(made) == 1
    made.missed(status(404))
    made.settle()
    assert fetch_all(made) == 1, "the page that failed is made up for"
    made.landed(0.1)
    made.settle()
    assert fetch_all(made) == 0
    assert made.over


def test_a_run_is_over_when_nothing_is_left() -> None:
    made = run(pages=1)
    assert not made.over
    made.next()
    assert not made.over
    made.settle()
    assert made.over


def test_it_waits_for_the_server_when_rows_pile_up() -> None:
    made = run()
    made.outbox.put({"n": n} for n in range(ROOM))
    assert not made.may_fetch()
    made.outbox.forget(1)
    assert made.may_fetch()


def test_an_address_is_let_in_once() -> None:
    made = run(pages=2)
    made.frontier.add(f"{SITE}/1", 1)
    assert len(made.frontier) == 2


def test_depth_is_kept() -> None:
    made = run(pages=1, max_depth=1)
    made.frontier.add(f"{SITE}/near", 1)
    made.frontier.add(f"{SITE}/far", 2)
    assert len(made.frontier) == 2


def test_an_endless_site_costs_bounded_memory() -> None:
    assert len(run(pages=10_000, max_pages=3).frontier) == 300


def test_pause_and_resume() -> None:
    made = run()
    made.obey(tell("pause"))
    assert made.paused
    assert not made.may_fetch()
    made.obey(tell("pause"))
    made.obey(tell("resume"))
    assert made.may_fetch()


def test_a_paused_run_holds_even_the_request_that_waits_for_its_turn() -> None:
    async def waits() -> bool:
        turn = asyncio.ensure_future(made.turn("example.org"))
        await asyncio.sleep(0.3)
        held = not turn.done()
        made.obey(tell("resume"))
        await asyncio.wait_for(turn, 2)
        return held

    made = run()
    made.obey(tell("pause"))
    assert asyncio.run(waits())


def test_requests_to_one_host_go_one_after_another() -> None:
    async def three() -> tuple[float, float]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        await asyncio.gather(*(made.turn("example.org") for _ in range(3)))
        same = loop.time() - began
        await made.turn("other.example")
        return same, loop.time() - began - same

    made = run(delay_seconds=0.2)
    same, other = asyncio.run(three())
    assert 0.4 <= same < 1
    assert other < 0.1, "another host does not wait for this one"


def test_a_new_rate_counts_at_once() -> None:
    made = run(delay_seconds=60)
    made.pace.take("example.org")
    assert made.pace.wait("example.org") > 50
    made.obey(tell("rate", delay_seconds=0))
    assert made.pace.wait("example.org") <= 0


def test_robots_txt_can_ask_for_more_delay_but_not_for_less() -> None:
    made = run(delay_seconds=1)
    made.pace.ask("slow.example", 5)
    made.pace.ask("fast.example", 0.1)
    for host in ("slow.example", "fast.example"):
        made.pace.take(host)
    assert 4 < made.pace.wait("slow.example") <= 5
    assert 0.5 < made.pace.wait("fast.example") <= 1


def test_a_site_is_left_alone_for_as_long_as_it_asks_within_reason() -> None:
    made = run()
    made.pace.hold("example.org", 3600)
    assert 50 < made.pace.wait("example.org") <= 60


def test_cancel_ends_everything() -> None:
    made = run()
    made.obey(tell("cancel"))
    assert made.over
    assert made.dropped
    assert made.cut.is_set()
    with pytest.raises(Passed):
        asyncio.run(made.turn("example.org"))


def test_the_site_that_stops_answering_is_given_up() -> None:
    made = run()
    made.landed(0.1)
    for _ in range(GIVE_UP_AFTER):
        assert not made.gave_up
        made.missed(refused())
    assert made.over
    ended, why = verdict(made)
    assert ended == "failed"
    assert why == (
        "The site stopped answering after 1 pages: 25 failures in a row, the last: the connection was refused"
    )


def test_missing_pages_are_no_reason_to_give_up() -> None:
    made = run()
    for _ in range(2 * GIVE_UP_AFTER):
        made.missed(status(404))
    for _ in range(GIVE_UP_AFTER - 1):
        made.missed(status(503))
    made.landed(0.1)
    made.missed(status(503))
    assert not made.gave_up


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (refused(), "the connection was refused"),
        (status(503), "answered 503"),
        (IgnoreRequest(FORBIDDEN), "Forbidden by robots.txt"),
        (Passed("http://example.org/ is no HTML page"), "http://example.org/ is no HTML page"),
        (ValueError(), "ValueError"),
    ],
)
def test_a_run_without_a_page_says_why(error: Exception, words: str) -> None:
    made = run(pages=1)
    made.missed(error)
    assert verdict(made) == ("failed", f"Nothing could be crawled: {words}")


def test_a_good_run_remarks_on_what_is_missing() -> None:
    made = run()
    made.landed(0.1)
    assert verdict(made) == ("completed", None)
    made.missed(status(404))
    made.missed(IgnoreRequest(FORBIDDEN))
    made.missed(Passed("fetched already"))
    assert verdict(made) == ("completed", "1 could not be fetched; 1 forbidden by robots.txt")
