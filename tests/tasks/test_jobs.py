"""Work that was asked for is never lost in silence, and the schedule names only tasks that exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from data import jobs
from data.errors import BadInput, Unavailable
from tasks import housekeeping
from tasks.schedule import SECONDS
from tasks.task import JobTask, PeriodicTask, register_job
from tasks.worker import create_worker

if TYPE_CHECKING:
    from celery import Celery
    from flask import Flask

    from data.services import Services


@pytest.fixture(scope="session")
def worker(opened: Services) -> Celery:
    return create_worker(opened.settings)


@pytest.fixture
def sent(worker: Celery, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What the relay sent: (task, job)."""
    messages: list[tuple[str, str]] = []
    monkeypatch.setattr(worker, "send_task", lambda task, *, args, **_: messages.append((task, *args)))
    return messages


def ask(mc: Services, task: str, **payload: Any) -> str:
    with mc.engine.begin() as connection:
        return jobs.enqueue(connection, task, **payload)


def row(mc: Services, job_id: str) -> Any:
    with mc.engine.begin() as connection:
        return connection.execute(
            text("select *, extract(epoch from due_at - now()) as waits from background_jobs where job_id = :id"),
            {"id": job_id},
        ).one()


def make_due(mc: Services, job_id: str) -> None:
    with mc.engine.begin() as connection:
        connection.execute(text("update background_jobs set due_at = now() where job_id = :id"), {"id": job_id})


def job_that(worker: Celery, name: str, *answers: Exception | None) -> Any:
    """A job task that does the next of `answers` at each run, and remembers what it was given."""
    runs: list[dict[str, Any]] = []

    def body(_: JobTask, **payload: Any) -> None:
        runs.append(payload)
        if (error := answers[len(runs) - 1]) is not None:
            raise error

    worker.tasks.pop(name, None)
    task = register_job(worker, name)(body)
    task.runs = runs
    return task


def test_every_name_of_the_schedule_is_a_task_and_every_periodic_task_has_its_time(worker: Celery) -> None:
    periodic = {name for name, task in worker.tasks.items() if isinstance(task, PeriodicTask)}
    periodic = {name for name in periodic if not name.startswith("celery.")}
    assert periodic == set(SECONDS)


def test_a_job_is_asked_for_exactly_when_its_transaction_commits(
    mc: Services, worker: Celery, sent: list[tuple[str, str]]
) -> None:
    with mc.engine.connect() as connection:
        jobs.enqueue(connection, "sample.never")
        connection.rollback()
    job_id = ask(mc, "sample.once", number=1)
    assert housekeeping.send_due(worker, mc) == 1
    assert housekeeping.send_due(worker, mc) == 0
    assert sent == [("sample.once", job_id)]


def test_a_job_is_done_once_however_often_it_is_told(mc: Services, worker: Celery) -> None:
    task = job_that(worker, "sample.done", None, None)
    job_id = ask(mc, "sample.done", number=1)
    task(job_id)
    task(job_id)
    assert task.runs == [{"number": 1}]
    assert row(mc, job_id).state == "done"


def test_what_is_away_is_waited_for_and_the_job_is_told_again(
    mc: Services, worker: Celery, sent: list[tuple[str, str]]
) -> None:
    task = job_that(worker, "sample.later", Unavailable("the receiver is down", retry_after=40), None)
    job_id = ask(mc, "sample.later")
    task(job_id)
    waiting = row(mc, job_id)
    assert (waiting.state, waiting.reason, waiting.tries) == ("queued", "the receiver is down", 1)
    assert 38 < waiting.waits <= 41
    assert housekeeping.send_due(worker, mc) == 0
    make_due(mc, job_id)
    assert housekeeping.send_due(worker, mc) == 1
    task(job_id)
    assert row(mc, job_id).state == "done"
    assert sent == [("sample.later", job_id)]


@pytest.mark.parametrize("tries", [jobs.TRIES])
def test_a_job_is_given_up_at_last_and_says_why(mc: Services, worker: Celery, tries: int) -> None:
    task = job_that(worker, "sample.tired", *[Unavailable("still down")] * tries)
    job_id = ask(mc, "sample.tired")
    for _ in range(tries):
        task(job_id)
    assert row(mc, job_id).state == "failed"
    assert row(mc, job_id).reason == f"given up after {tries} tries: still down"


def test_what_is_wrong_for_good_is_not_tried_again(mc: Services, worker: Celery) -> None:
    refused = job_that(worker, "sample.refused", BadInput("address: is no address"))
    job_id = ask(mc, "sample.refused")
    refused(job_id)
    assert (row(mc, job_id).state, row(mc, job_id).reason) == ("failed", "address: is no address")
    broken = job_that(worker, "sample.broken", ZeroDivisionError("a defect"))
    job_id = ask(mc, "sample.broken")
    with pytest.raises(ZeroDivisionError):
        broken(job_id)
    assert row(mc, job_id).reason == "ZeroDivisionError: a defect"


def test_a_job_whose_worker_was_killed_is_told_again(mc: Services, worker: Celery, sent: list[tuple[str, str]]) -> None:
    task = job_that(worker, "sample.killed", None)
    job_id = ask(mc, "sample.killed")
    killed = jobs.begin(mc.engine, job_id)
    assert killed is not None
    task(job_id)
    assert task.runs == []
    make_due(mc, job_id)  # its lease has ended
    assert housekeeping.send_due(worker, mc) == 1
    assert sent == [("sample.killed", job_id)]
    task(job_id)
    jobs.fail(mc.engine, killed, "the killed worker comes back late")
    assert (row(mc, job_id).state, row(mc, job_id).tries) == ("done", 2)


@pytest.mark.parametrize(("tries", "longest"), [(1, 3.0), (2, 5.0), (5, 33.0), (11, 601.0), (40, 601.0)])
def test_the_wait_grows_to_a_bound(tries: int, longest: float) -> None:
    assert jobs.retry_delay(tries, 0.0) == 1.0
    assert jobs.retry_delay(tries, 1.0) == longest


def test_what_background_work_did_stands_in_the_metrics(mc: Services, worker: Celery, server: Flask) -> None:
    job_that(worker, "sample.counted", None)(ask(mc, "sample.counted"))
    late = job_that(worker, "sample.late", Unavailable("away"))
    late(ask(mc, "sample.late"))
    metrics = server.test_client().get("/metrics").text
    assert 'mc_task_runs_total{outcome="done",task="sample.counted"} 1.0' in metrics
    assert 'mc_task_runs_total{outcome="put_off",task="sample.late"} 1.0' in metrics
    assert 'mc_task_seconds_total{task="sample.counted"}' in metrics
