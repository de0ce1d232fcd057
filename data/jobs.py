"""Work that was asked for: a row in the asker's own transaction, so that it is asked for exactly when the rest is true.

A job is queued → sent → running → done, or failed with its reason. `claim` hands queued jobs that are due to the relay,
under a lease: one that is neither begun nor ended by then is handed out again. PostgreSQL is the truth, the broker may
lose or double any message. Only the try that is under way may end a job.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import text

from data.db import transaction

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from data.errors import Unavailable

TRIES = 12
SENT_S = 30  # a message that nobody took within this is sent again
RUNNING_S = 360  # longer than a task may take
_FIRST_S, _LONGEST_S = 2.0, 600.0
_REASON = 2000


@dataclass(frozen=True, slots=True)
class Job:
    job_id: str
    task: str
    payload: dict[str, Any]
    tries: int


def enqueue(connection: Connection, task: str, *, delay_s: float = 0, **payload: Any) -> str:  # noqa: ANN401 — the task's own parameters
    """Ask for `task`, to be run in `delay_s` at the earliest, if this transaction commits; returns the job's id."""
    job_id: str = connection.execute(
        text("""insert into background_jobs (task, payload, due_at)
                values (:task, cast(:payload as jsonb), now() + make_interval(secs => :delay))
                returning job_id::text"""),
        {"task": task, "payload": orjson.dumps(payload).decode(), "delay": delay_s},
    ).scalar_one()
    return job_id


def claim(connection: Connection, limit: int = 200) -> list[tuple[str, str]]:
    """The (id, task) of jobs that are due, for the relay to send; those whose lease ended among them."""
    rows = connection.execute(
        text("""
        with due as (
          select job_id from background_jobs
          where state in ('queued', 'sent', 'running') and due_at <= now()
          order by due_at limit :limit for update skip locked)
        update background_jobs j set state = 'sent', due_at = now() + make_interval(secs => :lease)
        from due where j.job_id = due.job_id returning j.job_id::text, j.task
        """),
        {"limit": limit, "lease": SENT_S},
    )
    return [(row.job_id, row.task) for row in rows]


def begin(engine: Engine, job_id: str) -> Job | None:
    """Take the job; None where it has ended or another worker has it."""
    with transaction(engine) as connection:
        row = connection.execute(
            text("""
            update background_jobs set state = 'running', tries = tries + 1,
              due_at = now() + make_interval(secs => :lease)
            where job_id = cast(:id as uuid) and state in ('queued', 'sent')
            returning job_id::text, task, payload, tries
            """),
            {"id": job_id, "lease": RUNNING_S},
        ).first()
    return Job(row.job_id, row.task, row.payload, row.tries) if row else None


def finish(engine: Engine, job: Job) -> None:
    _end(engine, job, "done", None)


def fail(engine: Engine, job: Job, reason: str) -> None:
    _end(engine, job, "failed", reason)


def put_off(engine: Engine, job: Job, error: Unavailable) -> bool:
    """Try again later, by the other side's own word or longer each time; False where it was tried often enough."""
    if job.tries >= TRIES:
        fail(engine, job, f"given up after {job.tries} tries: {error.detail}")
        return False
    delay = max(error.retry_after or 0.0, retry_delay(job.tries, random.random()))  # noqa: S311 — jitter, no secret
    with transaction(engine) as connection:
        connection.execute(
            text("""update background_jobs set state = 'queued', reason = :reason,
                      due_at = now() + make_interval(secs => :delay)
                      where job_id = cast(:id as uuid) and state = 'running' and tries = :tries"""),
            {"id": job.job_id, "tries": job.tries, "reason": error.detail[:_REASON], "delay": delay},
        )
    return True


def retry_delay(tries: int, share: float) -> float:
    """Seconds before the next try: full jitter (`share` in 0 … 1) below a bound that doubles up to ten minutes."""
    return _FIRST_S / 2 + share * min(_LONGEST_S, _FIRST_S * 2.0 ** (tries - 1))


def _end(engine: Engine, job: Job, state: str, reason: str | None) -> None:
    with transaction(engine) as connection:
        connection.execute(
            text("""update background_jobs set state = :state, reason = :reason, ended_at = now()
                    where job_id = cast(:id as uuid) and state = 'running' and tries = :tries"""),
            {"id": job.job_id, "tries": job.tries, "state": state, "reason": reason[:_REASON] if reason else None},
        )
