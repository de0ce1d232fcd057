"""What passes from the engine of alerts to their delivery."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class State(StrEnum):
    INACTIVE = "inactive"
    PENDING = "pending"
    FIRING = "firing"
    RECOVERING = "recovering"
    RESOLVED = "resolved"
    NODATA = "nodata"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Transition:
    """An alert became another. `alert_id` is its row: one for each rule and label set while it lives, and a new one
    when it comes again; `fingerprint` stays the same then. `group` is the rule with the values of its `group_by`.
    `channels` are those that the rule names, none are the usual ones."""

    alert_id: int
    rule: str
    severity: str
    labels: Mapping[str, str]
    fingerprint: str
    group: str
    was: State
    now: State
    at: datetime
    value: float | None
    message: str
    channels: tuple[str, ...]
    escalation: str | None
