"""Silences: what is not told until a time, by whom and why. Alerts that are silenced go on as ever, in quiet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy import text

from data import clock
from data.access.writes import audit
from data.alerts.delivery import matching
from data.alerts.delivery.facts import Mute
from data.alerts.delivery.matching import Matcher
from data.errors import BadInput, Conflict, NotFound
from data.fields import AnyMoment, Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from data.permissions import Actor

LONGEST = timedelta(days=30)
NOTICE = timedelta(minutes=15)
LOOKED_BACK = timedelta(days=7)
MOST = 1000
LISTED = 50


def _reason(value: str) -> str:
    if not value.strip():
        raise ValueError("say why, for whoever wonders about the quiet")
    return value.strip()


Reason = Annotated[Line, Field(min_length=1, max_length=500), AfterValidator(_reason)]
Matchers = Annotated[list[Matcher], Field(min_length=1, max_length=20)]
Minutes = Annotated[float, Field(gt=0, le=LONGEST.total_seconds() / 60, allow_inf_nan=False)]


class Span(BaseModel):
    """Until when: `ends_at`, or so many `minutes` from its beginning."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason
    starts_at: AnyMoment | None = Field(None, description="now, unless it is said")
    ends_at: AnyMoment | None = None
    minutes: Minutes | None = None

    def between(self, now: datetime) -> tuple[datetime, datetime]:
        """Raises BadInput."""
        start = max(now, self.starts_at or now)
        if (self.ends_at is None) == (self.minutes is None):
            raise BadInput.field("body", "ends_at", msg="give ends_at or minutes")
        end = self.ends_at or start + timedelta(minutes=self.minutes or 0)
        if end <= start:
            raise BadInput.field("body", "ends_at", msg="lies before the silence begins")
        if end - start > LONGEST:
            raise BadInput.field("body", "ends_at", msg="a silence lasts 30 days at most")
        return start, end


class NewSilence(Span):
    matchers: Matchers


def create(connection: Connection, actor: Actor, body: NewSilence) -> dict[str, Any]:
    return add(connection, actor, body.matchers, body.reason, *body.between(clock.now()))


def add(
    connection: Connection,
    actor: Actor,
    matchers: Sequence[Matcher],
    reason: str,
    start: datetime,
    end: datetime,
) -> dict[str, Any]:
    current = text("select count(*) from alert_silences where ends_at > now()")
    if connection.scalar(current) >= MOST:
        raise Conflict(f"There are {MOST} silences already: end some first")
    silence_id = connection.execute(
        text("""insert into alert_silences (matchers, reason, starts_at, ends_at, created_by)
                values (cast(:matchers as jsonb), :reason, :start, :end, :by) returning silence_id"""),
        {
            "matchers": orjson.dumps([each.model_dump() for each in matchers]).decode(),
            "reason": reason,
            "start": start,
            "end": end,
            "by": actor.name,
        },
    ).scalar_one()
    audit(connection, actor, "silence.create", ("silence", str(silence_id)), detail={"reason": reason})
    return get_silence(connection, silence_id)


def silence_alert(connection: Connection, actor: Actor, alert_id: int, span: Span) -> dict[str, Any]:
    """Silence one alert and its recurrences."""
    row = connection.execute(
        text("select rule, labels from alert_subjects where alert_id = :id"), {"id": alert_id}
    ).first()
    if row is None:
        raise NotFound(f"There is no alert {alert_id}")
    return add(connection, actor, matching.of_alert(row.rule, row.labels), span.reason, *span.between(clock.now()))


def end_silence(connection: Connection, actor: Actor, silence_id: int) -> None:
    """Over at once: what still fires is told at the next look."""
    ended = connection.execute(
        text("""update alert_silences set ends_at = now(), starts_at = least(starts_at, now() - interval '1 second')
                where silence_id = :id and ends_at > now()"""),
        {"id": silence_id},
    ).rowcount
    if not ended:
        get_silence(connection, silence_id)
        raise Conflict(f"Silence {silence_id} has ended already")
    release_held(connection, "silenced")
    audit(connection, actor, "silence.end", ("silence", str(silence_id)))


def release_held(connection: Connection, *reasons: str) -> None:
    """What was held back for one of these is looked at again."""
    connection.execute(
        text("update alert_notifications set next_at = now() where state = 'held' and reason = any(:reasons)"),
        {"reasons": list(reasons)},
    )


_COLUMNS = "silence_id as id, matchers, reason, starts_at, ends_at, created_by, created_at"


def get_silence(connection: Connection, silence_id: int) -> dict[str, Any]:
    row = (
        connection.execute(text(f"select {_COLUMNS} from alert_silences where silence_id = :id"), {"id": silence_id})
        .mappings()
        .first()
    )
    if row is None:
        raise NotFound(f"There is no silence {silence_id}")
    return _shown(dict(row))


def list_silences(connection: Connection, *, ended: bool, limit: int, after: tuple[int] | None) -> list[dict[str, Any]]:
    """The newest first; those that have ended only if asked for."""
    rows = connection.execute(
        text(f"""select {_COLUMNS} from alert_silences
                 where (:ended or ends_at > now()) and (cast(:after as bigint) is null or silence_id < :after)
                 order by silence_id desc limit :limit"""),
        {"ended": ended, "limit": limit, "after": after[0] if after else None},
    ).mappings()
    return [_shown(dict(row)) for row in rows]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    now = datetime.now(UTC)
    state = "ended" if row["ends_at"] <= now else "waiting" if row["starts_at"] > now else "active"
    return row | {"state": state}


def list_active(connection: Connection, now: datetime) -> list[Mute]:
    rows = connection.execute(
        text("select silence_id, matchers, ends_at from alert_silences where starts_at <= :now and ends_at > :now"),
        {"now": now},
    )
    return [Mute(f"silence {row.silence_id}", _matchers(row.matchers), row.ends_at) for row in rows]


def _matchers(stored: list[dict[str, Any]]) -> tuple[Matcher, ...]:
    return tuple(Matcher.model_validate(each) for each in stored)


def preview(connection: Connection, matchers: Sequence[Matcher], now: datetime) -> dict[str, Any]:
    """What these matchers would mute now, and what they would have muted in the last seven days."""
    rows = connection.execute(
        text("""select alert_id, rule, severity, labels, message, state, started_at, ended_at, changed_at
                from alert_subjects where ended_at is null or changed_at > :since
                order by changed_at desc limit 50000"""),
        {"since": now - LOOKED_BACK},
    ).mappings()
    meant = [dict(row) for row in rows if match_row(matchers, row)]
    still = [row for row in meant if row["ended_at"] is None and row["state"] not in {"inactive", "pending"}]
    past = [row for row in meant if row["started_at"] is not None]
    messages = connection.scalar(
        text("""select count(distinct message_id) from alert_notifications
                where alert_id = any(:alerts) and state = 'sent' and created_at > :since"""),
        {"alerts": [row["alert_id"] for row in past], "since": now - LOOKED_BACK},
    )
    return {"now": still[:LISTED], "now_count": len(still), "week_count": len(past), "week_messages": messages}


def match_row(matchers: Sequence[Matcher], row: Any) -> bool:  # noqa: ANN401 — a row with rule, severity and labels
    return matching.match(matchers, matching.match_labels(row["rule"], row["severity"], row["labels"]))


def list_ending(connection: Connection, now: datetime) -> list[tuple[dict[str, Any], int]]:
    """Silences that end within a quarter of an hour while something that they mute fires: each once, with how many."""
    rows = connection.execute(
        text(f"""select {_COLUMNS} from alert_silences where noticed_at is null and starts_at <= :now
                 and ends_at > :now and ends_at <= :soon for update skip locked"""),
        {"now": now, "soon": now + NOTICE},
    ).mappings()
    ending = []
    for row in list(rows):
        firing = preview(connection, _matchers(row["matchers"]), now)["now_count"]
        if firing:
            ending.append((dict(row), firing))
            noticed = text("update alert_silences set noticed_at = :now where silence_id = :id")
            connection.execute(noticed, {"now": now, "id": row["id"]})
    return ending
