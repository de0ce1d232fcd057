"""What the stand-ins know of their customer when live traffic begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from clients.simulator.api_callers import settle
from clients.simulator.providers.server import Standins

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def standins() -> Iterator[Standins]:
    with Standins().serving() as found:
        yield found


def known(standins: Standins, provider: str, used: float, unmetered: float = 0) -> int:
    quota: dict[str, Any] = {"provider": provider, "used": used, "unmetered": unmetered, "quota": 1500.0}
    settle(standins, cast("Any", quota))
    assert standins.accounts[provider].limit == 1500
    return standins.accounts[provider].used


def test_they_know_what_the_past_has_spent(standins: Standins) -> None:
    assert known(standins, "serpstack", 600) == 600
    assert known(standins, "serpstack", 600, 7) == 607
    settle(standins, cast("Any", {"provider": "of_somebody_else", "used": 1, "unmetered": 0, "quota": None}))


def test_one_account_is_used_by_others_too_a_little_and_not_more_with_each_start(standins: Standins) -> None:
    used = known(standins, "webscraping_ai", 500)
    assert 0 < (used - 500) / used < 0.05
    assert known(standins, "webscraping_ai", 500, used - 500) == used
