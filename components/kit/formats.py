"""How numbers and times read. `assets/js/rules/formats.js` says the same in the browser; tests compare the two."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

WAITING = "–"
_TENTH, _EXACT = Decimal("0.1"), Context(prec=400)  # a half goes up, as in the browser
MINUTE, HOUR, DAY = 60, 3600, 86_400


def _known(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _sign(value: float) -> str:
    return "−" if value < 0 else ""


def whole(value: float | None) -> str:
    if value is None or not _known(value):
        return WAITING
    rounded = math.floor(value + 0.5)
    return f"{_sign(rounded)}{abs(rounded):,}"


def decimal(value: float | None) -> str:
    if value is None or not _known(value):
        return WAITING
    words = f"{Decimal(abs(value)).quantize(_TENTH, ROUND_HALF_UP, _EXACT):,}"
    return words if words == "0.0" else _sign(value) + words


def money(value: Decimal | None, *, places: int = 0) -> str:
    """US dollars, halves of the last place rounded up."""
    if value is None:
        return WAITING
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _EXACT)
    return f"{_sign(float(rounded))}${abs(rounded):,}"


def percent(value: float | None) -> str:
    return WAITING if value is None or not _known(value) else f"{whole(value)} %"


def duration(seconds: float | None) -> str:
    """Seconds in the two largest units that matter: 45 s, 3 min 20 s, 4 h 05 min, 2 d 03 h."""
    if seconds is None or not _known(seconds):
        return WAITING
    s = max(0, math.floor(seconds))
    if s < MINUTE:
        return f"{s} s"
    if s < HOUR:
        return f"{s // MINUTE} min {s % MINUTE:02d} s"
    if s < DAY:
        return f"{s // HOUR} h {s % HOUR // MINUTE:02d} min"
    return f"{s // DAY} d {s % DAY // HOUR:02d} h"


def age(seconds: float | None) -> str:
    """Seconds in one unit, for tight places."""
    if seconds is None or not _known(seconds):
        return WAITING
    s = max(0, math.floor(seconds))
    for size, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if s >= size:
            return f"{s // size} {unit}"
    return f"{s} s"


def moment(at: datetime | None) -> str:
    return WAITING if at is None else f"{at:%Y-%m-%d %H:%M:%S} Z"
