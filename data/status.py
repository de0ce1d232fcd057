"""The one scale of status: what a symbol's colour and shape say, from nothing to see to act now."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Status(StrEnum):
    """In the order of their rank: a later one is worse."""

    OFF = "off"
    STANDBY = "standby"
    NORMAL = "normal"
    CAUTION = "caution"
    SERIOUS = "serious"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        return _RANKS[self]


SCALE: tuple[Status, ...] = tuple(Status)
_RANKS = {status: rank for rank, status in enumerate(SCALE)}


def worst(statuses: Iterable[str]) -> Status:
    """`off` where there is none."""
    return max(map(Status, statuses), key=lambda status: status.rank, default=Status.OFF)
