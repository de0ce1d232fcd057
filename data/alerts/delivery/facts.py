"""What the stages look at: an outbox row, and the world as it stands when the relay looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from data.alerts.delivery.matching import match, match_labels

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, time
    from zoneinfo import ZoneInfo

    from data.alerts.delivery.matching import Matcher

Kind = Literal["firing", "resolved", "nodata", "error", "escalated", "notice", "test"]
STATE_KINDS = frozenset({"firing", "resolved", "nodata", "error"})  # kinds that tell a state; the others always pass
CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Row:
    """A notification that is due. `over`: the alert has ended since; `held`: it was held back before, for `reason`."""

    id: int
    alert_id: int | None
    kind: Kind
    rule: str
    severity: str
    labels: Mapping[str, str]
    fingerprint: str
    group: str
    message: str
    value: float | None
    at: datetime
    created_at: datetime
    route_reason: str
    reason: str = "queued"
    over: bool = False

    @property
    def critical(self) -> bool:
        return self.severity == CRITICAL

    @property
    def bundle(self) -> str:
        """What is told in one message: a group, or all that waited for the digest."""
        return "digest" if self.reason == "digest" else self.group

    @property
    def match_labels(self) -> dict[str, str]:
        return match_labels(self.rule, self.severity, self.labels)


@dataclass(frozen=True, slots=True)
class Mute:
    """A silence or a maintenance window that is on now."""

    title: str
    matchers: tuple[Matcher, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class Cause:
    """ "A explains B", with the values of the labels `equal` that an A which fires now has."""

    name: str
    source: tuple[Matcher, ...]
    target: tuple[Matcher, ...]
    equal: tuple[str, ...]
    firing: frozenset[tuple[str, ...]]

    def key(self, alert: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(alert.get(name, "") for name in self.equal)

    def explains(self, alert: Mapping[str, str]) -> bool:
        """What is itself a source explains nothing of itself."""
        return match(self.target, alert) and not match(self.source, alert) and self.key(alert) in self.firing


@dataclass(frozen=True, slots=True)
class Announcement:
    """What this channel was told last of a fingerprint."""

    states: frozenset[str]
    open: bool
    flapping: bool
    alert_id: int


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the wall in which only what is critical is told; they may pass midnight."""

    start: time
    end: time
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class World:
    now: datetime
    per_minute: int = 5
    sent: tuple[datetime, ...] = ()  # when this channel's messages of the last minute were made
    quiet: Quiet | None = None
    digest_at: datetime | None = None  # of the next digest, where this channel gathers what is mere information
    silences: tuple[Mute, ...] = ()
    windows: tuple[Mute, ...] = ()
    dependencies: tuple[Cause, ...] = ()
    inhibitions: tuple[Cause, ...] = ()
    announced: Mapping[str, Announcement] = field(default_factory=dict)
    changes: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)  # openings and ends of a fingerprint
    underway: Mapping[str, datetime] = field(default_factory=dict)  # groups and fingerprints of which a message has not
    # arrived yet, with the time of its next try
