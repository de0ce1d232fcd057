"""How long a child that died waits before it is started again."""

from __future__ import annotations

FIRST_S, LONGEST_S = 0.5, 10.0
STEADY_S = 30.0  # a child that lived this long is taken for healthy


def next_failures(failures: int, lived_s: float) -> int:
    """Deaths in a row, the one that just happened included."""
    return 1 if lived_s >= STEADY_S else failures + 1


def delay(failures: int) -> float:
    """Seconds before the next start: 0.5, 1, 2, 4, 8, 10, 10 …"""
    return min(LONGEST_S, FIRST_S * 2.0 ** min(failures - 1, 10))
