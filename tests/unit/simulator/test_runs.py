from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from clients.simulator.missions import KINDS, Fate, fate_of, known_share
from clients.simulator.runs import Run, Started, advance, begin

COMPLETED = Fate("completed", 1.0, None, wide=False)
FAILED = Fate("failed", 0.5, "acme.io answered 503 for 20 requests in a row", wide=False)


def a_run(fate: Fate = COMPLETED) -> Run:
    return Run("LP-1001", "full_site_crawl", "acme.io", 0, total=200, fate=fate)


def worked(run: Run, steps: int) -> list[Run]:
    runs = [run]
    for _ in range(steps):
        runs.append(advance(runs[-1], seconds=2.5, pages_per_minute=60, success_rate=0.98))
    return runs


def test_it_fetches_about_as_many_pages_as_its_speed_says() -> None:
    assert worked(a_run(), 24)[-1].pages == pytest.approx(60, rel=0.15)


def test_it_never_goes_back() -> None:
    runs = worked(a_run(), 200)

    assert all(
        before.pages <= after.pages and before.errors <= after.errors for before, after in itertools.pairwise(runs)
    )


def test_it_ends_with_all_pages_and_an_empty_queue() -> None:
    end = worked(a_run(), 400)[-1]

    assert (end.ended, end.pages, end.queued) == (True, 200, 0)


def test_a_run_that_is_to_fail_ends_before_its_last_page() -> None:
    end = worked(a_run(FAILED), 400)[-1]

    assert (end.ended, end.pages) == (True, 100)
    assert end.queued > 0


def test_a_paused_run_stands_still() -> None:
    paused = replace(a_run(), paused=True, pages=40.0)

    assert worked(paused, 10)[-1] == paused


def test_a_slower_rate_fetches_fewer_pages() -> None:
    assert worked(replace(a_run(), delay=4.0), 24)[-1].pages == pytest.approx(15, rel=0.2)


def test_a_wide_site_is_found_faster_than_it_is_crawled_at_first() -> None:
    run = replace(a_run(), fate=Fate("completed", 1.0, None, wide=True), total=2000)
    queues = [each.queued for each in worked(run, 900)]

    assert queues[200] > queues[10] > queues[0]
    assert queues[-1] == 0


@pytest.mark.parametrize("wide", [True, False])
def test_all_of_a_site_is_known_at_the_end(wide: bool) -> None:  # noqa: FBT001 — a parameter of the test
    shares = [known_share(done / 100, wide=wide) for done in range(101)]

    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert all(share >= done / 100 for done, share in enumerate(shares))


def test_it_goes_on_where_the_server_saw_it_last() -> None:
    run = begin(7, 3, Started("LP-1001", "domain_audit", "acme.io", total=300, pages=120, paused=True))

    assert (run.pages, run.total, run.paused, run.number) == (120, 300, True, 3)


def test_the_same_mission_has_the_same_fate_in_every_session() -> None:
    fates = [fate_of(7, f"LP-{number}", KINDS[2], "acme.io") for number in range(400)]

    assert fates == [fate_of(7, f"LP-{number}", KINDS[2], "acme.io") for number in range(400)]
    assert 10 < sum(fate.status == "failed" for fate in fates) < 60
