"""Maintenance windows: planned quiet, once or recurring; taken from and body as iCalendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, cast
from zoneinfo import ZoneInfo

import icalendar
import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import text

from data.access.writes import audit
from data.alerts.delivery.facts import Mute
from data.alerts.delivery.matching import Matcher
from data.alerts.delivery.records import Zone
from data.alerts.delivery.silences import Matchers, release_held
from data.alerts.delivery.windows import Window, parse_rule
from data.errors import BadInput, Conflict, NotFound
from data.fields import Name

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from data.permissions import Actor

MOST = 500
SHOWN = 5
_MOST_EVENTS = 200


def _wall(value: datetime) -> datetime:
    if value.tzinfo is not None:
        raise ValueError("is the wall's time of the zone: leave its offset out")
    if not 2000 <= value.year <= 2100:
        raise ValueError("must be between 2000 and 2100")
    return value


class NewWindow(BaseModel):
    """`starts` is a time of the wall in `zone`, such as 2026-11-29T02:00:00, and stays that when the clocks change."""

    model_config = ConfigDict(extra="forbid")

    title: Name
    matchers: Matchers
    starts: Annotated[datetime, AfterValidator(_wall)]
    minutes: int = Field(ge=1, le=44_640)
    rrule: Annotated[str, Field(max_length=500), AfterValidator(parse_rule)] | None = None
    zone: Zone = "UTC"


def create(connection: Connection, actor: Actor, body: NewWindow) -> dict[str, Any]:
    if connection.scalar(text("select count(*) from alert_maintenance")) >= MOST:
        raise Conflict(f"There are {MOST} maintenance windows already: delete some first")
    window_id = connection.execute(
        text("""insert into alert_maintenance (title, matchers, starts, minutes, rrule, zone, created_by)
                values (:title, cast(:matchers as jsonb), :starts, :minutes, :rrule, :zone, :by)
                returning window_id"""),
        {
            **body.model_dump(exclude={"matchers"}),
            "matchers": orjson.dumps([each.model_dump() for each in body.matchers]).decode(),
            "by": actor.name,
        },
    ).scalar_one()
    audit(connection, actor, "maintenance.create", ("maintenance", str(window_id)), detail={"title": body.title})
    return next(each for each in list_windows(connection) if each["id"] == window_id)


def delete(connection: Connection, actor: Actor, window_id: int) -> None:
    """What was held back for it is looked at again."""
    gone = connection.execute(text("delete from alert_maintenance where window_id = :id"), {"id": window_id}).rowcount
    if not gone:
        raise NotFound(f"There is no maintenance window {window_id}")
    release_held(connection, "in_maintenance")
    audit(connection, actor, "maintenance.delete", ("maintenance", str(window_id)))


_ROWS = text("""select window_id, title, matchers, starts, minutes, rrule, zone, created_by, created_at
                from alert_maintenance order by window_id""")


def list_windows(connection: Connection, now: datetime | None = None) -> list[dict[str, Any]]:
    moment = now or datetime.now(ZoneInfo("UTC"))
    return [_shown(row, moment) for row in connection.execute(_ROWS)]


def _shown(row: Row[Any], now: datetime) -> dict[str, Any]:
    window = _window(row)
    return {
        "id": row.window_id,
        "title": row.title,
        "matchers": row.matchers,
        "starts": row.starts,
        "minutes": row.minutes,
        "rrule": row.rrule,
        "zone": row.zone,
        "created_by": row.created_by,
        "open_until": window.open_until(now),
        "coming": [{"starts_at": start, "ends_at": end} for start, end in window.coming(now, SHOWN)],
    }


def _window(row: Row[Any]) -> Window:
    return Window(row.starts, row.minutes, row.rrule, ZoneInfo(row.zone))


def list_active(connection: Connection, now: datetime) -> list[Mute]:
    mutes = []
    for row in connection.execute(_ROWS):
        until = _window(row).open_until(now)
        if until is not None:
            matchers = tuple(Matcher.model_validate(each) for each in row.matchers)
            mutes.append(Mute(f"maintenance {row.title}", matchers, until))
    return mutes


def as_calendar(connection: Connection) -> str:
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Mission Control//Maintenance//EN")
    calendar.add("version", "2.0")
    for row in connection.execute(_ROWS):
        event = icalendar.Event()
        event.add("uid", f"maintenance-{row.window_id}@mission-control")
        event.add("summary", row.title)
        event.add("dtstamp", row.created_at)
        event.add("dtstart", row.starts.replace(tzinfo=ZoneInfo(row.zone)))
        event.add("duration", timedelta(minutes=row.minutes))
        if row.rrule:
            event.add("rrule", icalendar.vRecur.from_ical(row.rrule))
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return str(calendar.to_ical().decode())


def parse_calendar(document: str, matchers: list[Matcher], zone: str) -> list[NewWindow]:
    """The windows of a calendar's events. Raises BadInput, naming the event that is wrong."""
    try:
        calendars = icalendar.Calendar.from_ical(document, multiple=True)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise BadInput.field("body", "calendar", msg=f"is no iCalendar: {error}"[:200]) from None
    events = [event for each in calendars for event in each.walk("VEVENT")]
    if not events:
        raise BadInput.field("body", "calendar", msg="holds no event")
    if len(events) > _MOST_EVENTS:
        raise BadInput.field("body", "calendar", msg=f"holds more than {_MOST_EVENTS} events")
    return [_of_event(event, at, matchers, zone) for at, event in enumerate(events)]


def _of_event(event: icalendar.Component, at: int, matchers: list[Matcher], zone: str) -> NewWindow:
    if "exdate" in event or "rdate" in event or isinstance(event.get("rrule"), list):
        raise BadInput.field("body", "calendar", at, msg="EXDATE, RDATE and several RRULEs are not taken")
    try:
        start, own = _start(event.decoded("dtstart"), zone)
        length = event.decoded("duration") if "duration" in event else _until(event, own) - start
        rule = cast("icalendar.vRecur", event["rrule"]).to_ical().decode() if "rrule" in event else None
        title = str(event.get("summary", "Maintenance")).strip()[:100] or "Maintenance"
        minutes = round(length.total_seconds() / 60)
        return NewWindow(title=title, matchers=matchers, starts=start, minutes=minutes, rrule=rule, zone=own)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        words = f"{first['loc'][0]}: {first['msg'].removeprefix('Value error, ')}"
        raise BadInput.field("body", "calendar", at, msg=words) from None
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError) as error:
        raise BadInput.field("body", "calendar", at, msg=f"cannot be read: {error}"[:200]) from None


def _start(value: date, zone: str) -> tuple[datetime, str]:
    """The wall's time, and the zone's name."""
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day), zone  # noqa: DTZ001 — a day of the wall
    if value.tzinfo is None:
        return value, zone
    own = str(getattr(value.tzinfo, "key", zone))
    return value.astimezone(ZoneInfo(own)).replace(tzinfo=None), own


def _until(event: icalendar.Component, zone: str) -> datetime:
    value = event.decoded("dtend") if "dtend" in event else event.decoded("dtstart") + timedelta(days=1)
    end, _ = _start(value, zone)
    return end
