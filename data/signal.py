"""What rules of alerts may ask about: the words in which an area names its signals, in its
`data/<area>/alert_signals.py` as SIGNALS.

A signal is a family of series, one for each set of labels: `queue_depth{queue="job_queue"}`. A `complete` reading names
all there is: a series that it lacks is over, as a satellite that said goodbye is. Of any other, what is not heard of
for two of its intervals says nothing: absence is no recovery.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from data.cache import Cache

TICK_S = 5.0  # how often rules are evaluated


@dataclass(frozen=True, slots=True)
class Sample:
    """`value` is None where the source itself says that it cannot tell. `at`: when it was measured, where that is not
    when it was read. `note` tells a person what belongs to it; it is no part of what the series is."""

    value: float | str | None
    labels: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    at: datetime | None = None
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    connection: Connection
    now: datetime
    cache: Cache


Read = Callable[[Asked], Iterable[Sample]]


@dataclass(frozen=True, slots=True)
class Signal:
    """`every_s` is how often a sample is expected, and how often it is read. Without `read` its area is still to come:
    rules may name it, and it says nothing yet."""

    name: str
    title: str
    unit: str = ""
    kind: Literal["number", "word"] = "number"
    labels: tuple[str, ...] = ()
    every_s: float = TICK_S
    read: Read | None = None
    complete: bool = True
