"""What could be spent better, and what each change would bring. Pure: the last thirty days and the forecasts in,
sentences with their saving out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

SOON = timedelta(days=10)
DEAR = Decimal("1.3")  # a call that costs so many times the cheapest form of it is worth a look
NOTHING, CENT = Decimal(0), Decimal("0.01")
LEAST = 1  # credits; below it nobody need be told


@dataclass(frozen=True, slots=True)
class Spending:
    """A provider as the last thirty days and its forecast show it. `room` is what the upper edge of the forecast
    leaves until `ends`, below 0 where it does not suffice; None without a limit."""

    provider: str
    unit: str
    query_types: tuple[str, ...]
    state: str
    calls: int
    credits: Decimal
    cheapest: Decimal  # credits of its cheapest call
    usual: Decimal  # credits of a call nobody gave parameters for
    expected_over: Decimal  # credits by which the expected use exceeds the quota
    room: Decimal | None
    ends: datetime | None  # the reset; None: never
    unit_price: Decimal | None


@dataclass(frozen=True, slots=True)
class Saving:
    provider: str
    sentence: str
    credits: Decimal
    unit: str
    usd: Decimal | None


def savings(found: Sequence[Spending], now: datetime) -> list[Saving]:
    """The greatest first."""
    made = [*_leaner(found), *_moved(found), *_lapsing(found, now)]
    return sorted((one for one in made if one.credits >= LEAST), key=lambda one: (-(one.usd or 0), -one.credits))


def _leaner(found: Sequence[Spending]) -> Iterator[Saving]:
    for one in found:
        mean = one.credits / one.calls if one.calls else NOTHING
        if one.cheapest and mean > DEAR * one.cheapest:
            words = (
                f"A call of {one.provider} costs {mean:,.1f} {one.unit} on average, its plainest form "
                f"{one.cheapest:,.0f}: leave out what makes it dear where the answer does not need it."
            )
            yield _saving(one, words, (mean - one.cheapest) * one.calls)


def _moved(found: Sequence[Spending]) -> Iterator[Saving]:
    """What one is short of, another has left over."""
    for short in (one for one in found if one.expected_over > 0):
        for other in found:
            shared = sorted(set(short.query_types) & set(other.query_types))
            if other is short or not shared or other.state != "active" or not other.room or other.room <= 0:
                continue
            moved = min(short.expected_over, other.room * short.usual / max(other.usual, CENT))
            words = (
                f"{short.provider} will be short of {short.expected_over:,.0f} {short.unit}; {other.provider} has "
                f"{other.room:,.0f} to spare: let it take {moved:,.0f} {short.unit}' worth of {shared[0]}."
            )
            yield _saving(short, words, moved)
            break


def _lapsing(found: Sequence[Spending], now: datetime) -> Iterator[Saving]:
    for one in found:
        if one.room and one.room > 0 and one.ends and one.ends - now < SOON and one.state == "active":
            words = (
                f"{one.room:,.0f} {one.unit} of {one.provider} lapse on {one.ends:%b} {one.ends.day}: "
                f"bring {one.query_types[0]} queries of low priority forward."
            )
            yield _saving(one, words, one.room)


def _saving(one: Spending, words: str, credits_saved: Decimal) -> Saving:
    usd = None if one.unit_price is None else (credits_saved * one.unit_price).quantize(CENT, ROUND_HALF_UP)
    return Saving(one.provider, words, credits_saved, one.unit, usd)
