"""The stages that every notification passes, in this order, each with a reason that stays on its row.

`pass` goes on to the next stage, `hold` waits until a time and begins anew, `drop` ends it. Whoever heard of an alert
hears its end: nothing that mutes holds an end back that was announced.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from data.alerts.delivery.facts import STATE_KINDS, Cause, Mute, Quiet, Row, World
from data.alerts.delivery.matching import match

GATHER = timedelta(seconds=2)  # what rises together is announcement together; what is critical waits for nothing
LOOK_AGAIN = timedelta(seconds=15)  # a cause has no known end
FLAP_WINDOW, FLAP_CHANGES, FLAP_QUIET = timedelta(minutes=10), 3, timedelta(minutes=3)
MINUTE = timedelta(minutes=1)
RESERVED = 2  # messages of a minute that only what is critical may use


@dataclass(frozen=True, slots=True)
class Verdict:
    do: Literal["pass", "hold", "drop"]
    reason: str
    until: datetime | None = None


Verdicts = Mapping[int, Verdict]
Stage = Callable[[Sequence[Row], World], Verdicts]
Single = Callable[[Row, World], Verdict]
CARD = "storm_card"
MUTED = frozenset({"explained", "inhibited", "silenced", "in_maintenance", "quiet_hours"})


def passed(reason: str) -> Verdict:
    return Verdict("pass", reason)


def held(reason: str, until: datetime) -> Verdict:
    return Verdict("hold", reason, until)


def dropped(reason: str) -> Verdict:
    return Verdict("drop", reason)


def each(single: Single) -> Stage:
    """A stage that looks at one row at a time."""

    def stage(rows: Sequence[Row], world: World) -> Verdicts:
        return {row.id: single(row, world) for row in rows}

    stage.__name__ = single.__name__
    return stage


def mutes(single: Single) -> Stage:
    """A stage that only holds back what begins: what is over, asked for by a person, or an escalation passes it. What
    was held back until the alert had ended needs nobody any more."""

    def guarded(row: Row, world: World) -> Verdict:
        if row.kind not in STATE_KINDS or row.kind == "resolved":
            return passed("tells_an_end" if row.kind == "resolved" else "asked_for")
        verdict = single(row, world)
        held_for = verdict.reason if verdict.do == "hold" else row.reason
        return dropped(f"over_while_{held_for}") if row.over and held_for in MUTED else verdict

    guarded.__name__ = single.__name__
    return each(guarded)


@each
def route(row: Row, _: World) -> Verdict:
    return passed(row.route_reason)


@each
def group(row: Row, world: World) -> Verdict:
    """Messages of a group follow one another; what is not critical waits a moment for its company."""
    ahead = [world.underway[key] for key in (row.group, row.fingerprint) if key in world.underway]
    if ahead:
        return held("behind_its_group", max(*ahead, world.now + timedelta(seconds=1)))
    if row.kind in STATE_KINDS and not row.critical and world.now < row.created_at + GATHER:
        return held("gathering", row.created_at + GATHER)
    return passed("group_complete")


def _caused(causes: Sequence[Cause], reason: str, row: Row, now: datetime) -> Verdict:
    alert = row.match_labels
    for cause in causes:
        if cause.explains(alert):
            return held(reason, now + LOOK_AGAIN)
    return passed(f"not_{reason}")


@mutes
def dependency(row: Row, world: World) -> Verdict:
    return _caused(world.dependencies, "explained", row, world.now)


@mutes
def inhibit(row: Row, world: World) -> Verdict:
    return _caused(world.inhibitions, "inhibited", row, world.now)


def _muted(mutes_: Sequence[Mute], reason: str, row: Row) -> Verdict:
    alert = row.match_labels
    until = [mute.until for mute in mutes_ if match(mute.matchers, alert)]
    return held(reason, max(until)) if until else passed(f"not_{reason}")


@mutes
def silence(row: Row, world: World) -> Verdict:
    return _muted(world.silences, "silenced", row)


@mutes
def maintenance(row: Row, world: World) -> Verdict:
    return _muted(world.windows, "in_maintenance", row)


@mutes
def quiet_hours(row: Row, world: World) -> Verdict:
    if world.quiet is None or row.critical:
        return passed("no_quiet_hours" if world.quiet is None else "critical")
    until = quiet_until(world.quiet, world.now)
    return held("quiet_hours", until) if until else passed("not_quiet_now")


def quiet_until(quiet: Quiet, now: datetime) -> datetime | None:
    """When the quiet hours end in which `now` lies; None outside of them. They stand in the wall's time."""
    here = now.astimezone(quiet.zone)
    clock = here.time().replace(tzinfo=None)
    over_midnight = quiet.start > quiet.end
    begun, unfinished = clock >= quiet.start, clock < quiet.end
    if not (begun or unfinished if over_midnight else begun and unfinished):
        return None
    day = here.date() + timedelta(days=1 if over_midnight and clock >= quiet.start else 0)
    return datetime.combine(day, quiet.end, quiet.zone).astimezone(UTC)


def flap(rows: Sequence[Row], world: World) -> Verdicts:
    """What comes and goes is announcement once more, with that word; then its last state, once it has been quiet."""
    found: dict[int, Verdict] = {}
    lease_: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.kind in STATE_KINDS:
            lease_[row.fingerprint].append(row)
        else:
            found[row.id] = passed("not_flapping")
    for fingerprint, several in lease_.items():
        found |= _flaps(sorted(several, key=lambda row: row.id), fingerprint, world)
    return found


def _flaps(rows: Sequence[Row], fingerprint: str, world: World) -> dict[int, Verdict]:
    announcement = world.announced.get(fingerprint)
    changes = [at for at in world.changes.get(fingerprint, ()) if at > world.now - FLAP_WINDOW]
    if announcement is not None and announcement.flapping:
        quiet = max(changes, default=world.now - FLAP_QUIET) + FLAP_QUIET
        if world.now < quiet:
            return {row.id: held("flapping", quiet) for row in rows}
        return {row.id: dropped("flapped") for row in rows[:-1]} | {rows[-1].id: passed("flap_over")}
    starts = len(changes) >= FLAP_CHANGES
    first = next((row.id for row in rows if row.kind == "firing"), None) if starts else None
    if first is None:
        return {row.id: passed("not_flapping") for row in rows}
    later = {row.id: held("flapping", world.now + FLAP_QUIET) for row in rows if row.id > first}
    return {row.id: passed("flap_start" if row.id == first else "not_flapping") for row in rows} | later


def storm(rows: Sequence[Row], world: World) -> Verdicts:
    """So many messages a minute and no more: what does not fit is announcement together, on one card that counts it."""
    critical = [row for row in rows if row.critical or row.kind == "test"]
    rest = [row for row in rows if not (row.critical or row.kind == "test")]
    recent = [at for at in world.sent if at > world.now - MINUTE]
    found, used = _fit(critical, world.per_minute - len(recent), recent, world.now)
    if world.digest_at is not None:
        found |= {row.id: held("digest", world.digest_at) for row in rest if _mere_information(row)}
        rest = [row for row in rest if not _mere_information(row)]
    more, _ = _fit(rest, world.per_minute - RESERVED - len(recent) - used, recent, world.now)
    return found | more


def _mere_information(row: Row) -> bool:
    return row.severity == "info" and row.kind in STATE_KINDS and row.reason != "digest"


def _fit(rows: Sequence[Row], free: int, recent: Sequence[datetime], now: datetime) -> tuple[dict[int, Verdict], int]:
    """A verdict each, and how many messages they make."""
    groups = list(dict.fromkeys(row.bundle for row in rows))
    if not groups:
        return {}, 0
    if free <= 0:
        again = min(recent, default=now) + MINUTE
        return {row.id: held("storm", max(again, now + timedelta(seconds=1))) for row in rows}, 0
    alone = set(groups if len(groups) <= free else groups[: free - 1])
    verdicts = {row.id: passed("within_the_minute" if row.bundle in alone else CARD) for row in rows}
    return verdicts, min(len(groups), free)


def dedupe(rows: Sequence[Row], world: World) -> Verdicts:
    """Nothing is announcement twice, and no end of what nobody heard of."""
    found: dict[int, Verdict] = {}
    begun: set[str] = set()  # announcement by this very batch
    for row in sorted(rows, key=lambda row: row.id):
        found[row.id] = _repeats(row, world, begun)
        if found[row.id].do == "pass" and row.kind in STATE_KINDS and row.kind != "resolved":
            begun.add(row.fingerprint)
    return found


def _repeats(row: Row, world: World, begun: set[str]) -> Verdict:
    announcement = world.announced.get(row.fingerprint)
    is_open = announcement is not None and announcement.open
    if row.kind not in STATE_KINDS:
        return passed("asked_for")
    if announcement is not None and announcement.flapping:
        return passed("flap_over")
    if row.kind == "resolved":
        return passed("announced") if is_open or row.fingerprint in begun else dropped("never_announced")
    if announcement is not None and is_open and row.kind in announcement.states:
        return dropped("already_announced")
    return passed("new_state" if is_open else "first")


STAGES: tuple[Stage, ...] = (
    route,
    group,
    dependency,
    inhibit,
    silence,
    maintenance,
    quiet_hours,
    flap,
    storm,
    dedupe,
)


@dataclass(frozen=True, slots=True)
class Decision:
    """`steps` are (stage, reason), as far as the row came; `reasons` those of the stages that it passed."""

    row: Row
    last: Verdict
    steps: tuple[tuple[str, str], ...]

    @property
    def reasons(self) -> frozenset[str]:
        return frozenset(reason for _, reason in self.steps)


def decide(rows: Sequence[Row], world: World) -> list[Decision]:
    """What becomes of each row, in the order given."""
    steps: dict[int, list[tuple[str, str]]] = {row.id: [] for row in rows}
    last: dict[int, Verdict] = {}
    going = list(rows)
    for stage in STAGES:
        verdicts = stage(going, world)
        for row in going:
            last[row.id] = verdicts[row.id]
            steps[row.id].append((stage.__name__, verdicts[row.id].reason))
        going = [row for row in going if verdicts[row.id].do == "pass"]
    return [Decision(row, last[row.id], tuple(steps[row.id])) for row in rows]
