"""Percentiles from counts of calls that took at most so long. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

EDGES_MS = (25, 50, 100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600)


def percentile(at_most: Sequence[float], n: int, share: float, *, longest: float | None = None) -> float | None:
    """Milliseconds that `share` (0 to 1) of `n` calls stayed below; `at_most` counts those up to each of EDGES_MS.

    Linear within a step; `longest` bounds what lies in the last one. None without calls.
    """
    if n <= 0:
        return None
    wanted, before, edge_before = share * n, 0.0, 0.0
    for edge, count in zip(EDGES_MS, at_most, strict=True):
        upper = min(float(edge), longest) if longest is not None else float(edge)
        if count >= wanted and count > before:
            return edge_before + max(0.0, upper - edge_before) * (wanted - before) / (count - before)
        before, edge_before = count, float(edge)
    return longest if longest is not None else float(EDGES_MS[-1])
