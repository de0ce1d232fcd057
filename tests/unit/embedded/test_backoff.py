from __future__ import annotations

from deploy.embedded import backoff


def test_the_first_restart_comes_at_once_and_later_ones_wait_longer_up_to_ten_seconds() -> None:
    assert [backoff.delay(failures) for failures in range(1, 8)] == [0.5, 1, 2, 4, 8, 10, 10]


def test_a_child_that_dies_for_ever_is_still_tried() -> None:
    assert backoff.delay(1_000_000) == 10


def test_deaths_in_a_row_are_counted() -> None:
    assert backoff.next_failures(2, lived_s=29.9) == 3


def test_a_child_that_lived_half_a_minute_starts_counting_anew() -> None:
    assert backoff.next_failures(5, lived_s=30) == 1
