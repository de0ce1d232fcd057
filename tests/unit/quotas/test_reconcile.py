"""When our ledger and the provider's number are too far apart, or were compared too long ago."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from data.quotas.ledger.reconciliation import alarm, drift

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("found", "hours", "said"),
    [
        (0.0, 1, None),
        (0.05, 24, None),  # at the edges there is none yet
        (-0.05, 24, None),
        (0.051, 1, "drift +5 %"),
        (-0.5, 1, "drift −50 %"),
        (0.0, 24.02, "last check 24 h ago"),
        (0.5, 49, "last check 49 h ago"),  # what is that old says nothing of the drift
        (None, 1, None),
        (None, None, "never checked"),
    ],
)
def test_it_is_over_five_percent_or_a_day(found: float | None, hours: float | None, said: str | None) -> None:
    assert alarm(found, None if hours is None else NOW - timedelta(hours=hours), NOW) == said


@pytest.mark.parametrize(
    ("ledger", "in_flight", "reported", "expected"),
    [
        (100, 0, 100, 0),
        (100, 5, 103, 0),  # on its way to being metered
        (100, 5, 110, 5 / 110),
        (100, 5, 90, -0.1),
        (0, 0, 0, 0),
        (0, 0, 7, 1),
    ],
)
def test_drift_is_a_share_of_the_greater_number(
    ledger: float, in_flight: float, reported: float, expected: float
) -> None:
    assert drift(ledger, in_flight, reported) == pytest.approx(expected)
