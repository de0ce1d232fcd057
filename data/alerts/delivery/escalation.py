"""Escalations: who is told next of an alert that nobody has taken on.

The policy is copied when the alert begins, so that an edit changes none that is under way. Each step has a token,
looked at under the row's lock: a step and an acknowledgement that come in the same second have one outcome.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

import orjson
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import text

from data.fields import Name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from data.alerts.transition import Transition

CARRIED = timedelta(minutes=10)  # an acknowledgement holds for what comes again within this
MOST_STEPS, MOST_ROUNDS = 20, 9


class Target(BaseModel):
    """A channel, or whoever is on call in a schedule."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["channel", "schedule"]
    name: Name


class Step(BaseModel):
    model_config = ConfigDict(extra="forbid")

    after_minutes: Annotated[float, Field(ge=0, le=1440, allow_inf_nan=False)]
    targets: list[Target] = Field(min_length=1, max_length=10)


class Policy(BaseModel):
    """Its steps follow one another, each so many minutes after the one before; `repeat` more rounds follow the last."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    steps: list[Step] = Field(min_length=1, max_length=MOST_STEPS)
    repeat: int = Field(0, ge=0, le=MOST_ROUNDS)

    @model_validator(mode="after")
    def _no_loop_without_a_pause(self) -> Self:
        if self.repeat and not any(step.after_minutes for step in self.steps):
            raise ValueError("repeat: at least one step must wait for some minutes")
        return self


@dataclass(frozen=True, slots=True)
class Place:
    """Where an escalation stands: the next step, of which round, and when it is due; None: it has come to its end."""

    step: int
    round: int
    due: datetime | None


def first(policy: Policy, at: datetime) -> Place:
    return Place(0, 0, at + timedelta(minutes=policy.steps[0].after_minutes))


def following(policy: Policy, place: Place, now: datetime) -> Place:
    """Where it stands once the step that was due has been taken."""
    step, turn = place.step + 1, place.round
    if step >= len(policy.steps):
        step, turn = 0, turn + 1
    if turn > policy.repeat:
        return Place(place.step, place.round, None)
    return Place(step, turn, now + timedelta(minutes=policy.steps[step].after_minutes))


def start(connection: Connection, transitions: Sequence[Transition]) -> None:
    """An alert that names a policy climbs it, unless its last occurrence was acknowledged a moment ago."""
    escalating = {each.alert_id: each for each in transitions if each.escalation}
    if not escalating:
        return
    policies = list_policies(connection)
    carried = _acknowledged_lately(connection, [each.fingerprint for each in escalating.values()])
    rows = []
    for each in escalating.values():
        policy = policies.get(str(each.escalation))
        if policy is None:
            _finding(connection, each)
        else:
            by = carried.get(each.fingerprint)
            due = first(policy, each.at).due
            row = {"id": each.alert_id, "name": policy.name, "policy": policy.model_dump(mode="json"), "due": due}
            rows.append(row | {"why": f"acknowledged by {by}" if by else None})
    connection.execute(
        text("""insert into alert_escalations (alert_id, name, policy, due_at, ended_at, ended_because)
                select id, name, policy, due, case when why is not null then now() end, why
                from jsonb_to_recordset(cast(:rows as jsonb)) as r(id bigint, name text, policy jsonb,
                  due timestamptz, why text)
                on conflict (alert_id) do nothing"""),
        {"rows": orjson.dumps(rows).decode()},
    )


def _finding(connection: Connection, each: Transition) -> None:
    """Once for each rule in a while."""
    connection.execute(
        text("""insert into alert_findings (kind, subject, detail) select 'no_such_policy', :subject, :detail
                where not exists (select from alert_findings
                  where kind = 'no_such_policy' and subject = :subject and at > now() - interval '10 minutes')"""),
        {"subject": each.rule, "detail": f"the rule names the escalation {each.escalation}, which is not there"},
    )


def _acknowledged_lately(connection: Connection, fingerprints: list[str]) -> dict[str, str]:
    rows = connection.execute(
        text("""select distinct on (fingerprint) fingerprint, acknowledged_by from alert_subjects
                where fingerprint = any(:fingerprints) and acknowledged_at is not null
                  and coalesce(ended_at, now()) > now() - :carried
                order by fingerprint, changed_at desc"""),
        {"fingerprints": fingerprints, "carried": CARRIED},
    )
    return {row.fingerprint: row.acknowledged_by for row in rows}


def stop(connection: Connection, alerts: Sequence[int], why: str) -> None:
    connection.execute(
        text("""update alert_escalations set ended_at = now(), ended_because = :why, due_at = null
                where alert_id = any(:alerts) and ended_at is null"""),
        {"alerts": list(alerts), "why": why},
    )


@dataclass(frozen=True, slots=True)
class Due:
    alert_id: int
    policy: Policy
    place: Place
    token: str


def list_due(connection: Connection, now: datetime, most: int = 200) -> list[Due]:
    """The steps that are due, their rows locked until this transaction ends."""
    rows = connection.execute(
        text("""select alert_id, policy, step, round, due_at, token::text from alert_escalations
                where ended_at is null and due_at <= :now order by due_at limit :most for update skip locked"""),
        {"now": now, "most": most},
    )
    return [
        Due(row.alert_id, Policy.model_validate(row.policy), Place(row.step, row.round, row.due_at), row.token)
        for row in rows
    ]


def advance(connection: Connection, taken: Due, now: datetime) -> bool:
    """The step was taken: the next one is due. False where it was not the step that is next."""
    place = following(taken.policy, taken.place, now)
    return bool(
        connection.execute(
            text("""update alert_escalations set step = :step, round = :round, due_at = :due, token = gen_random_uuid(),
                      ended_at = case when cast(:due as timestamptz) is null then :now end,
                      ended_because = case when cast(:due as timestamptz) is null then 'everybody was told' end
                    where alert_id = :id and token = cast(:token as uuid) and ended_at is null"""),
            {
                "id": taken.alert_id,
                "token": taken.token,
                "step": place.step,
                "round": place.round,
                "due": place.due,
                "now": now,
            },
        ).rowcount
    )


def list_policies(connection: Connection) -> dict[str, Policy]:
    rows = connection.execute(text("select name, policy from alert_policies order by name"))
    return {row.name: Policy.model_validate(row.policy) for row in rows}


def replace_policies(connection: Connection, policies: Sequence[Policy]) -> None:
    """These and no others. Those under way go on with the policy as it was."""
    connection.execute(
        text("delete from alert_policies where name <> all(:names)"), {"names": [each.name for each in policies]}
    )
    for each in policies:
        connection.execute(
            text("""insert into alert_policies (name, policy) values (:name, cast(:policy as jsonb))
                    on conflict (name) do update set policy = excluded.policy, updated_at = now()"""),
            {"name": each.name, "policy": each.model_dump_json()},
        )


def list_active(connection: Connection, most: int = 200) -> list[dict[str, Any]]:
    """Escalations that go on, the next step first."""
    rows = connection.execute(
        text("""select e.alert_id, e.name, e.step, e.round, e.due_at, s.rule, s.severity, s.message
                from alert_escalations e join alert_subjects s using (alert_id)
                where e.ended_at is null order by e.due_at limit :most"""),
        {"most": most},
    )
    return [dict(row) for row in rows.mappings()]
