from __future__ import annotations

from datetime import UTC, datetime, timedelta

from clients.simulator.fleet import is_silent, on_duty, sample
from clients.simulator.history import past_of
from clients.simulator.links import CAMPAIGNERS, campaign_before, campaign_rate, links_of_second
from clients.simulator.missions import Fate
from clients.simulator.rules import (
    FIRST_SILENCE,
    OPENING,
    QUEUE_FULL,
    RUSH_EVERY,
    expected_orders,
    in_rush,
    opening_orders,
    orders_due,
    silenced,
    to_pause,
)
from clients.simulator.runs import Run
from clients.simulator.satellites import status_of
from clients.simulator.scheduler import Scheduler
from clients.simulator.world import build_world

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
WORLD = build_world(7, NOON)
HOUR = timedelta(hours=1)
SOON = timedelta(minutes=5)


def a_run(number: int, *, pages: int, paused: bool = False) -> Run:
    fate = Fate("completed", 1.0, None, wide=False)
    return Run(f"LP-{number}", "domain_audit", "acme.io", number, total=100, fate=fate, pages=pages, paused=paused)


def test_a_session_opens_with_more_work_than_the_fleet_can_take() -> None:
    orders = opening_orders(WORLD, NOON)

    assert len(orders) == OPENING > len(on_duty(NOON))
    assert orders[0].minutes < 8


def test_the_same_moment_brings_the_same_orders() -> None:
    assert orders_due(WORLD, NOON, SOON, 0) == orders_due(WORLD, NOON, SOON, 0)
    assert opening_orders(WORLD, NOON) == opening_orders(WORLD, NOON)


def test_a_short_queue_is_filled_sooner_than_a_long_one() -> None:
    assert expected_orders(NOON, SOON, 0) > expected_orders(NOON, SOON, 10) > expected_orders(NOON, SOON, 25)


def test_a_full_queue_takes_nothing_more() -> None:
    assert orders_due(WORLD, NOON, SOON, QUEUE_FULL) == []


def test_in_a_rush_the_queue_outgrows_the_fleet() -> None:
    rush = next(timedelta(seconds=s) for s in range(0, 7200, 5) if in_rush(timedelta(seconds=s)))

    assert expected_orders(NOON, rush, 6) > 10 * expected_orders(NOON, SOON, 6)
    assert in_rush(rush + RUSH_EVERY)
    assert not in_rush(rush + timedelta(minutes=3))


def test_one_satellite_falls_silent_and_comes_back() -> None:
    during = FIRST_SILENCE + timedelta(seconds=30)

    assert silenced(7, timedelta(minutes=1), range(9)) is None
    assert silenced(7, during, range(9)) in range(9)
    assert silenced(7, FIRST_SILENCE + timedelta(minutes=5), range(9)) is None


def test_history_has_silences_too() -> None:
    minutes = [NOON - timedelta(minutes=n) for n in range(0, 20_000, 3)]

    assert 0 < sum(is_silent(WORLD, 3, at) for at in minutes) < 0.05 * len(minutes)


def test_more_satellites_work_by_day() -> None:
    assert len(on_duty(NOON)) > len(on_duty(NOON.replace(hour=3))) >= 6
    assert set(on_duty(NOON)) <= set(range(15))


def test_an_operator_holds_one_mission_in_its_middle() -> None:
    runs = [a_run(1, pages=2), a_run(2, pages=30), a_run(3, pages=95)]

    assert to_pause(7, NOON, HOUR, runs) == "LP-2"
    assert to_pause(7, NOON, HOUR, [*runs, a_run(4, pages=40, paused=True)]) is None
    assert to_pause(7, NOON, timedelta(0), runs) is None


def test_links_come_every_second_or_two_while_a_session_is_young() -> None:
    seconds = [links_of_second(WORLD, NOON + timedelta(seconds=n), timedelta(seconds=n)) for n in range(600)]

    assert 0.4 < sum(map(len, seconds)) / 600 < 1.2


def test_the_hour_before_a_session_has_the_links_and_pages_that_the_session_goes_on_with() -> None:
    before = len(list(campaign_before(WORLD, NOON)))
    live = sum(len(links_of_second(WORLD, NOON + timedelta(seconds=n), timedelta(0))) for n in range(600)) * 6
    assert live / 1.5 < before < live * 1.5
    pages = [
        sample(WORLD, number, at).pages_per_minute
        for number in range(len(WORLD.satellites))
        for past in past_of(WORLD, number, NOON.date())
        for at in (NOON - timedelta(minutes=minute) for minute in range(60))
        if past.begun <= at < past.ended
    ]
    ahead = sum(sample(WORLD, number, NOON).pages_per_minute for number in on_duty(NOON))
    assert ahead / 1.4 < sum(pages) / 60 < ahead * 1.4


def test_a_satellite_without_work_says_whether_it_would_take_some() -> None:
    assert status_of(None, on_duty=True) == "idle"
    assert status_of(None, on_duty=False) == "paused"


def test_links_of_a_second_are_the_same_when_told_again() -> None:
    assert links_of_second(WORLD, NOON, SOON) == links_of_second(WORLD, NOON, SOON)


def test_live_links_calm_down_within_days() -> None:
    day = [links_of_second(WORLD, NOON + timedelta(seconds=n * 60), timedelta(days=1)) for n in range(1440)]

    assert campaign_rate(NOON, timedelta(hours=6)) < 0.01 * campaign_rate(NOON, timedelta(0))
    assert 10 < sum(map(len, day)) < 80, "a sixtieth of an ordinary day"


def test_a_campaign_is_for_few_targets() -> None:
    young = [links_of_second(WORLD, NOON + timedelta(seconds=n), timedelta(seconds=n)) for n in range(900)]
    targets = [link["target_domain_name"] for links in young for link in links]

    assert sum(target in CAMPAIGNERS for target in targets) > 0.9 * len(targets)


def test_the_agenda_does_first_what_is_due_first_and_repeats() -> None:
    scheduler, done = Scheduler(), list[str]()
    scheduler.add(NOON + SOON, lambda _: done.append("once"))
    scheduler.add(NOON, lambda _: done.append("again") or HOUR)

    assert not scheduler.run_one(NOON - SOON)
    assert [scheduler.run_one(NOON + HOUR) for _ in range(3)] == [True, True, False]
    assert done == ["again", "once"]
    assert scheduler.next_due() == NOON + HOUR + HOUR
