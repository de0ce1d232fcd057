"""Who is on call: people who hand over at a wall-clock time each week, with overrides, gaps and a fallback."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import text

from data.alerts.delivery.records import Zone
from data.fields import AnyMoment, Name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
AHEAD = timedelta(days=7)


def _hour(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError("is the wall's time of the zone")
    return value


Clock = Annotated[time, AfterValidator(_hour)]


class Person(BaseModel):
    """Somebody, and the channel that reaches them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    channel: Name


class Hours(BaseModel):
    """The hours that a schedule covers; outside of them there is a gap. They may pass midnight."""

    model_config = ConfigDict(extra="forbid")

    days: list[Day] = Field(min_length=1, max_length=7)
    start: Clock
    end: Clock


class Override(BaseModel):
    """Somebody else for a while; `person` null means nobody: a gap."""

    model_config = ConfigDict(extra="forbid")

    person: Person | None
    starts_at: AnyMoment
    ends_at: AnyMoment

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("ends_at: must lie after starts_at")
        return self


class Schedule(BaseModel):
    """The people of the list follow one another from `start` on, each for `weeks`."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    zone: Zone = "UTC"
    people: list[Person] = Field(min_length=1, max_length=50)
    start: date = date(2026, 1, 5)
    handover_day: Day = "mon"
    handover_at: Clock = time(9)
    weeks: int = Field(1, ge=1, le=8)
    hours: Hours | None = None
    overrides: list[Override] = Field(default_factory=list, max_length=200)
    fallback: Person | None = Field(None, description="Who hears it while nobody is on call")

    @model_validator(mode="after")
    def _in_our_time(self) -> Self:
        if not 2000 <= self.start.year <= 2100:
            raise ValueError("start: must be between 2000 and 2100")
        return self


@dataclass(frozen=True, slots=True)
class Shift:
    """`person` None is a gap."""

    person: Person | None
    start: datetime
    end: datetime


def on_call(schedule: Schedule, now: datetime) -> Person | None:
    """Who has it at this moment; None is a gap."""
    for override in reversed(schedule.overrides):
        if override.starts_at <= now < override.ends_at:
            return override.person
    if not _covered(schedule, now):
        return None
    return schedule.people[_turn(schedule, now) % len(schedule.people)]


def who_to_page(schedule: Schedule, now: datetime) -> Person | None:
    """Who hears it: whoever is on call, or the fallback in a gap."""
    return on_call(schedule, now) or schedule.fallback


def _turn(schedule: Schedule, now: datetime) -> int:
    """How many hand-overs there were before `now`, by the wall's clock."""
    wall = now.astimezone(ZoneInfo(schedule.zone)).replace(tzinfo=None)
    return (wall - _first(schedule)) // timedelta(weeks=schedule.weeks)


def _first(schedule: Schedule) -> datetime:
    """The first hand-over on or after the schedule's first day."""
    ahead = (DAYS.index(schedule.handover_day) - schedule.start.weekday()) % 7
    return datetime.combine(schedule.start + timedelta(days=ahead), schedule.handover_at)


def _covered(schedule: Schedule, now: datetime) -> bool:
    hours = schedule.hours
    if hours is None:
        return True
    wall = now.astimezone(ZoneInfo(schedule.zone))
    clock, today = wall.time().replace(tzinfo=None), DAYS[wall.weekday()]
    if hours.start < hours.end:
        return today in hours.days and hours.start <= clock < hours.end
    yesterday = DAYS[wall.weekday() - 1]
    return (today in hours.days and clock >= hours.start) or (yesterday in hours.days and clock < hours.end)


def shifts(schedule: Schedule, now: datetime, length: timedelta = AHEAD) -> list[Shift]:
    """Who has it from now on, one after another, gaps included."""
    found: list[Shift] = []
    edges = sorted({now, now + length, *_edges(schedule, now, now + length)})
    for start, end in pairwise(edges):
        person = on_call(schedule, start)
        if found and found[-1].person == person:
            found[-1] = Shift(person, found[-1].start, end)
        else:
            found.append(Shift(person, start, end))
    return found


def _edges(schedule: Schedule, start: datetime, end: datetime) -> Iterator[datetime]:
    """Every moment within, at which somebody else may have it."""
    zone = ZoneInfo(schedule.zone)
    times = {schedule.handover_at} | ({schedule.hours.start, schedule.hours.end} if schedule.hours else set())
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    moments = [moment for each in schedule.overrides for moment in (each.starts_at, each.ends_at)]
    while day <= last:
        moments += [datetime.combine(day, clock, zone).astimezone(UTC) for clock in times]
        day += timedelta(days=1)
    yield from (moment for moment in moments if start < moment < end)


def list_schedules(connection: Connection) -> dict[str, Schedule]:
    rows = connection.execute(text("select name, schedule from alert_schedules order by name"))
    return {row.name: Schedule.model_validate(row.schedule) for row in rows}


def replace_schedules(connection: Connection, schedules: Sequence[Schedule]) -> None:
    """These and no others."""
    connection.execute(
        text("delete from alert_schedules where name <> all(:names)"), {"names": [each.name for each in schedules]}
    )
    for each in schedules:
        connection.execute(
            text("""insert into alert_schedules (name, schedule) values (:name, cast(:schedule as jsonb))
                    on conflict (name) do update set schedule = excluded.schedule, updated_at = now()"""),
            {"name": each.name, "schedule": each.model_dump_json()},
        )


def to_dict(schedule: Schedule, now: datetime) -> dict[str, Any]:
    """The schedule with who has it now, next, and in the week to come."""
    week = shifts(schedule, now)
    following = next((each for each in week[1:] if each.person is not None), None)
    return schedule.model_dump(mode="json") | {
        "now": _name(on_call(schedule, now)),
        "next": _name(following.person) if following else None,
        "next_at": following.start if following else None,
        "week": [{"person": _name(each.person), "starts_at": each.start, "ends_at": each.end} for each in week],
        "gaps": [{"starts_at": each.start, "ends_at": each.end} for each in week if each.person is None],
    }


def _name(person: Person | None) -> str | None:
    return person.name if person else None
