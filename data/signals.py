"""All signals that rules may ask about: each area's own, by name."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from data.areas import parts

if TYPE_CHECKING:
    from data.signal import Signal


@cache
def signals() -> dict[str, Signal]:
    """All signals by name; one that can be read stands before one of the same name that is still to come."""
    found = [signal for module in parts("data", "alert_signals") for signal in module.SIGNALS]
    return {signal.name: signal for signal in sorted(found, key=lambda signal: signal.read is not None)}
