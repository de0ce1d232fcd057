"""What an answer means, and when it is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.alerts.delivery.channels.webhook import signed
from data.alerts.delivery.retries import LONGEST_S, Fate, outcome_of_status, parse_retry_after, retry_delay

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30.0),
        (" 0 ", 0.0),
        ("Fri, 27 Nov 2026 12:00:30 GMT", 30.0),
        ("Fri, 27 Nov 2026 11:59:00 GMT", 0.0),
        ("9" * 400, 1e6),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("Fri, 99 Nov 2026 12:00:30 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert parse_retry_after(header, NOW) == seconds


@pytest.mark.parametrize("status", range(100, 600))
def test_every_status_has_a_meaning(status: int) -> None:
    found = outcome_of_status(status, "words", "7", NOW)
    if 200 <= status < 300:
        assert found.fate == Fate.SENT
    elif status in {408, 425, 429} or status >= 500:
        assert (found.fate, found.retry_after) == (Fate.PASSING, 7)
    else:
        assert found.fate == (Fate.GONE if status == 410 else Fate.PERMANENT)


@given(st.integers(1, 10_000), st.floats(0, 1), st.none() | st.floats(0, 1e9))
def test_a_delay_is_bounded_and_never_before_the_receivers_word(
    attempts: int, share: float, retry_after: float | None
) -> None:
    found = retry_delay(attempts, share, retry_after)
    assert 0 <= found <= LONGEST_S
    assert found >= min(LONGEST_S, retry_after or 0)
    assert retry_delay(attempts, 0.0) == 0  # full jitter


def test_the_vector_of_the_specification_is_signed_as_it_says() -> None:
    """The example of the Standard Webhooks reference implementations."""
    at = datetime.fromtimestamp(1614265330, UTC)
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    headers = signed(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert headers["webhook-timestamp"] == str(int((at + timedelta(0)).timestamp()))
