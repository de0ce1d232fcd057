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
class Recommendation:
    provider: str
    sentence: str
    credits: Decimal
    unit: str
    usd: Decimal | None


def recommend(spendings: Sequence[Spending], now: datetime) -> list[Recommendation]:
    """The greatest first."""
    recommendations = [*_leaner(spendings), *_moved(spendings), *_lapsing(spendings, now)]
    return sorted(
        (spending for spending in recommendations if spending.credits >= LEAST),
        key=lambda spending: (-(spending.usd or 0), -spending.credits),
    )


def _leaner(spendings: Sequence[Spending]) -> Iterator[Recommendation]:
    for spending in spendings:
        mean = spending.credits / spending.calls if spending.calls else NOTHING
        if spending.cheapest and mean > DEAR * spending.cheapest:
            words = (
                f"A call of {spending.provider} costs {mean:,.1f} {spending.unit} on average, its plainest form "
                f"{spending.cheapest:,.0f}: drop costly options you do not need."
            )
            yield _recommendation(spending, words, (mean - spending.cheapest) * spending.calls)


def _moved(spendings: Sequence[Spending]) -> Iterator[Recommendation]:
    """What spending is short of, another has left over."""
    for short in (spending for spending in spendings if spending.expected_over > 0):
        for other in spendings:
            shared = sorted(set(short.query_types) & set(other.query_types))
            if other is short or not shared or other.state != "active" or not other.room or other.room <= 0:
                continue
            moved = min(short.expected_over, other.room * short.usual / max(other.usual, CENT))
            words = (
                f"{short.provider} will be short of {short.expected_over:,.0f} {short.unit}; {other.provider} has "
                f"{other.room:,.0f} to spare: let it take {shared[0]} queries worth {moved:,.0f} {short.unit}."
            )
            yield _recommendation(short, words, moved)
            break


def _lapsing(spendings: Sequence[Spending], now: datetime) -> Iterator[Recommendation]:
    for spending in spendings:
        if (
            spending.room
            and spending.room > 0
            and spending.ends
            and spending.ends - now < SOON
            and spending.state == "active"
        ):
            words = (
                f"{spending.room:,.0f} {spending.unit} of {spending.provider} expire on "
                f"{spending.ends:%b} {spending.ends.day}: "
                f"run low-priority {spending.query_types[0]} queries now."
            )
            yield _recommendation(spending, words, spending.room)


def _recommendation(spending: Spending, words: str, credits_saved: Decimal) -> Recommendation:
    usd = None if spending.unit_price is None else (credits_saved * spending.unit_price).quantize(CENT, ROUND_HALF_UP)
    return Recommendation(spending.provider, words, credits_saved, spending.unit, usd)
