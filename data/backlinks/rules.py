"""From which value on a link counts as strong or as spam. The database has the same as `is_high_authority`,
`authority_tone` and `is_toxic`; a test holds both against each other, and finds no other number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

from data.status import Status

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Flags = NDArray[np.bool_]

Tone = Literal["high", "middle", "low"]

HIGH_AUTHORITY = 70  # above it
MIDDLE_AUTHORITY = 35  # from it on
TOXIC_SPAM = 60  # from it on
# Losses of a day that ask for somebody: so many at least, and so many times a usual day.
MANY_LOST, LOST_RATIO = 10, 2.0
FAR_TOO_MANY_LOST, LOST_CRITICAL_RATIO = 20, 4.0


@overload
def is_high_authority(authority: float) -> bool: ...
@overload
def is_high_authority(authority: Numbers) -> Flags: ...
def is_high_authority(authority: float | Numbers) -> bool | Flags:
    return authority > HIGH_AUTHORITY


def authority_tone(authority: float | None) -> Tone:
    """One that is not known counts as low."""
    if authority is not None and is_high_authority(authority):
        return "high"
    return "middle" if authority is not None and authority >= MIDDLE_AUTHORITY else "low"


@overload
def is_toxic(spam_score: float) -> bool: ...
@overload
def is_toxic(spam_score: Numbers) -> Flags: ...
def is_toxic(spam_score: float | Numbers) -> bool | Flags:
    return spam_score >= TOXIC_SPAM


def losses_status(lost: int, usual: float) -> Status:
    """`usual` is the mean of a day in the range: a target that loses many every day is not red for it."""
    if lost >= max(FAR_TOO_MANY_LOST, LOST_CRITICAL_RATIO * usual):
        return Status.CRITICAL
    return Status.SERIOUS if lost >= max(MANY_LOST, LOST_RATIO * usual) else Status.NORMAL
