"""Alerts on their way to receivers on loopback, with a clock that a test may put forward."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from sqlalchemy import text

from data.alerts.delivery import outbox, records
from data.alerts.delivery.relay import Relay
from data.alerts.transition import State, Transition
from data.db import transaction
from data.permissions import SYSTEM
from tests.receivers import Receiver, receiver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from data.services import Services


def alert(number: int = 1, now: State = State.FIRING, **more: Any) -> Transition:
    """The transition of an alert of its own; `was` follows from where it goes."""
    was = {State.FIRING: State.PENDING, State.RESOLVED: State.FIRING}.get(now, State.FIRING)
    usual = Transition(
        alert_id=number,
        rule="queue_depth_high",
        severity="critical",
        labels={"queue": "jobs"},
        fingerprint=f"print-{number}",
        group=f"group-{number}",
        was=was,
        now=now,
        at=datetime.now(UTC),
        value=1200.0,
        message="The queue is too long",
        channels=(),
        escalation=None,
    )
    return replace(usual, **more)


@dataclass
class House:
    mc: Services
    ahead: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def later(self, **length: float) -> None:
        self.ahead += timedelta(**length)

    def channel(self, name: str, kind: str = "webhook", **fields: Any) -> dict[str, Any]:
        given = records.Common.model_validate({"name": name, "kind": kind, "allow_private": True, **fields})
        with transaction(self.mc.engine) as connection:
            return records.create(connection, SYSTEM, given)

    def record(self, *transitions: Transition) -> None:
        moved = [replace(each, at=each.at + self.ahead) for each in transitions]
        with transaction(self.mc.engine) as connection:
            outbox.record(connection, moved)

    def relay(self, stays_s: float = 20.0) -> int:
        return Relay.of(self.mc, self.now).run(stays_s)

    def run(self, question: str, **values: Any) -> Any:
        with transaction(self.mc.engine) as connection:
            result = connection.execute(text(question), values)
            return result.all() if result.returns_rows else None

    def do(self, command: Callable[..., Any], *given: Any) -> Any:
        with transaction(self.mc.engine) as connection:
            return command(connection, *given)

    def reasons(self, channel: str | None = None) -> list[tuple[str, str, str]]:
        """(kind, state, reason) of the outbox."""
        rows = self.run(
            """select kind, state, reason from alert_notifications
               where cast(:channel as text) is null or channel = :channel order by notification_id""",
            channel=channel,
        )
        return [tuple(row) for row in rows]

    def silence(self, minutes: float = 60, **matchers: str) -> int:
        rows = self.run(
            """insert into alert_silences (matchers, reason, starts_at, ends_at, created_by)
               values (cast(:matchers as jsonb), 'planned', :start, :end, 'tests') returning silence_id""",
            matchers=orjson.dumps(
                [{"name": name, "value": value, "op": "="} for name, value in matchers.items()]
            ).decode(),
            start=self.now() - timedelta(seconds=1),
            end=self.now() + timedelta(minutes=minutes),
        )
        return int(rows[0][0])


@pytest.fixture
def house(mc: Services) -> House:
    return House(mc)


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as one:
        yield one


@pytest.fixture
def other() -> Iterator[Receiver]:
    with receiver() as one:
        yield one
