"""The engine on a real PostgreSQL: what is stored is what was decided, once for each rule and tick."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from data.alerts import evaluation, reads, rules_store, series, writes
from data.db import transaction
from data.errors import Conflict
from data.permissions import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Callable

    from data.alerts.transition import Transition
    from data.services import Services

START = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
QUEUE = "rules: [{name: Queue, condition: 'queue_depth{queue=\"job_queue\"} > 2', severity: warning"


def save(mc: Services, document: str) -> None:
    with transaction(mc.engine) as connection:
        rules_store.save(connection, SYSTEM, document, expected=None)


def submit(mc: Services, count: int) -> None:
    with transaction(mc.engine) as connection:
        connection.execute(
            text("""insert into crawl_jobs (job_type, target_url) select 'links', 'https://a.example/'
                    from generate_series(1, :count)"""),
            {"count": count},
        )


def drain(mc: Services) -> None:
    with transaction(mc.engine) as connection:
        connection.execute(text("update crawl_jobs set status = 'cancelled'"))


def at(mc: Services, seconds: float) -> list[Transition]:
    """What changed of the rules that these tests write."""
    found = evaluation.evaluate(mc, START + timedelta(seconds=seconds))
    return [each for each in found if each.rule == "Queue"]


def stored(mc: Services) -> list[dict[str, Any]]:
    with transaction(mc.engine) as connection:
        return [row for row in reads.alerts(connection, limit=100) if row["rule"] == "Queue"]


def kinds(mc: Services, alert_id: int) -> list[str]:
    with transaction(mc.engine) as connection:
        return [event["kind"] for event in reads.timeline(connection, alert_id)]


def test_a_rule_fires_holds_and_resolves_and_its_timeline_says_so(mc: Services) -> None:
    save(mc, QUEUE + ", for: 10s, keep_firing_for: 10s}]")
    submit(mc, 3)
    assert [(each.was, each.now) for each in at(mc, 0)] == [("inactive", "pending")]
    assert at(mc, 5) == []
    fired = at(mc, 10)
    assert [(each.now, each.value, each.labels) for each in fired] == [("firing", 3.0, {"queue": "job_queue"})]
    drain(mc)
    assert [each.now for each in at(mc, 15)] == ["recovering"]
    assert at(mc, 20) == []
    assert [each.now for each in at(mc, 25)] == ["resolved"]
    assert kinds(mc, fired[0].alert_id) == ["pending", "firing", "recovering", "resolved"]
    submit(mc, 4)
    again = at(mc, 30)
    assert again[0].alert_id != fired[0].alert_id, "a recurrence is a new row"
    assert again[0].fingerprint == fired[0].fingerprint


@pytest.mark.parametrize("simulated", [True, False])
def test_whoever_is_told_of_a_simulated_alert_sees_that_it_is_one(mc: Services, *, simulated: bool) -> None:
    save(mc, QUEUE + "}]")
    submit(mc, 3)
    with transaction(mc.engine) as connection:
        connection.execute(text("update crawl_jobs set simulated = :simulated"), {"simulated": simulated})
    fired = at(mc, 0)
    drain(mc)
    told = [*fired, *at(mc, 5)]
    assert [each.now for each in told] == ["firing", "resolved"]
    assert {each.message.startswith("SIMULATION · ") for each in told} == {simulated}


def test_a_tick_is_evaluated_once_however_many_beats_there_are(
    mc: Services, together: Callable[..., list[Any]]
) -> None:
    save(mc, QUEUE + "}]")
    submit(mc, 3)
    found = together(*[lambda: at(mc, 0)] * 4)
    assert sorted(len(each) for each in found) == [0, 0, 0, 1]
    assert at(mc, 2) == [], "the same tick"
    assert at(mc, -5) == [], "a beat whose clock is behind"
    assert len(stored(mc)) == 1


def test_what_ends_before_the_commit_has_not_happened_and_is_done_at_the_next_tick(
    mc: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(mc, QUEUE + "}]")
    submit(mc, 3)

    def broken(*_: Any) -> None:
        raise RuntimeError("the process ends here")

    monkeypatch.setattr("data.alerts.delivery.outbox.record", broken)
    with pytest.raises(RuntimeError):
        at(mc, 0)
    assert stored(mc) == []
    monkeypatch.undo()
    assert [each.now for each in at(mc, 5)] == ["firing"]
    assert len(stored(mc)) == 1


def test_a_rule_that_is_removed_while_it_fires_is_told_to_be_over(mc: Services) -> None:
    save(mc, QUEUE + "}]")
    submit(mc, 3)
    at(mc, 0)
    save(mc, "rules: []")
    assert [(each.was, each.now) for each in at(mc, 5)] == [("firing", "resolved")]
    assert "its rule was removed" in at_message(mc)
    assert at(mc, 10) == []


def at_message(mc: Services) -> str:
    row = stored(mc)[0]
    with transaction(mc.engine) as connection:
        return str(reads.timeline(connection, row["id"])[-1]["detail"]["message"])


def test_a_raised_for_does_not_take_an_announced_alert_back(mc: Services) -> None:
    save(mc, QUEUE + "}]")
    submit(mc, 3)
    at(mc, 0)
    save(mc, QUEUE + ", for: 1h}]")
    assert at(mc, 5) == []
    assert stored(mc)[0]["state"] == "firing"


def test_what_a_person_resolved_stays_quiet_until_it_was_over_once(mc: Services) -> None:
    save(mc, QUEUE + "}]")
    submit(mc, 3)
    alert_id = at(mc, 0)[0].alert_id
    with transaction(mc.engine) as connection:
        assert writes.resolve(connection, SYSTEM, alert_id, START + timedelta(seconds=3))[0].state == "resolved"
        with pytest.raises(Conflict):
            writes.acknowledge(connection, SYSTEM, alert_id, START)
    assert at(mc, 5) == []
    drain(mc)
    assert at(mc, 10) == []
    submit(mc, 3)
    assert [each.now for each in at(mc, 15)] == ["firing"]


def test_two_who_acknowledge_at_once_are_told_the_same_name(mc: Services, together: Callable[..., list[Any]]) -> None:
    save(mc, QUEUE + "}]")
    submit(mc, 3)
    alert_id = at(mc, 0)[0].alert_id

    def take(name: str) -> str:
        from dataclasses import replace

        with transaction(mc.engine) as connection:
            return writes.acknowledge(connection, replace(SYSTEM, name=name), alert_id, START)[0].by

    assert len(set(together(lambda: take("a"), lambda: take("b"), lambda: take("c")))) == 1
    assert kinds(mc, alert_id).count("acknowledged") == 1


def test_a_window_is_asked_of_what_was_read_before(mc: Services) -> None:
    save(mc, "rules: [{name: Queue, condition: 'avg(queue_depth, 1m) > 2', severity: warning}]")
    for tick in range(3):
        assert at(mc, 5 * tick) == []
    submit(mc, 6)
    assert at(mc, 15) == [], "(0 + 0 + 0 + 6) / 4"
    assert [(each.now, each.value) for each in at(mc, 20)] == [("firing", 2.4)]


def test_a_signal_is_held_against_the_same_hour_of_earlier_weeks(mc: Services) -> None:
    save(mc, "rules: [{name: Queue, condition: zscore(queue_depth) > 3, severity: warning}]")
    assert at(mc, 0) == []
    with transaction(mc.engine) as connection:
        connection.execute(
            text("""insert into alert_samples (series_id, at, value)
                    select series_id, :hour - interval '7 days' + n * interval '1 minute', n % 3
                    from alert_series, generate_series(0, 59) n where signal = 'queue_depth'"""),
            {"hour": START},
        )
    assert at(mc, 5) == [], "nothing waits, as usual"
    submit(mc, 20)
    assert [each.now for each in at(mc, 10)] == ["firing"]


def test_old_samples_are_thinned_to_a_minute_and_then_to_ten(mc: Services) -> None:
    save(mc, QUEUE + "}]")
    at(mc, 0)
    insert = """insert into alert_samples (series_id, at, value)
                select series_id, cast(:start as timestamptz) + n * interval '5 seconds', n
                from alert_series, generate_series(0, 239) n where signal = 'queue_depth'"""
    with transaction(mc.engine) as connection:
        connection.execute(text("delete from alert_samples"))
        for age in (timedelta(hours=1), timedelta(hours=7), timedelta(days=8, hours=1)):
            connection.execute(text(insert), {"start": START - age})
        assert series.thin(connection, START) == 220 + 238
        assert series.thin(connection, START) == 0
        assert connection.scalar(text("select count(*) from alert_samples")) == 240 + 20 + 2


def test_a_signal_that_cannot_be_read_resolves_nothing_and_spoils_no_other(
    mc: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(mc, QUEUE + "}]")
    submit(mc, 3)
    at(mc, 0)
    from data.signals import signals

    broken = dict(signals())
    broken["queue_depth"] = _failing(broken["queue_depth"])
    monkeypatch.setattr(evaluation, "signals", lambda: broken)
    assert at(mc, 5) == [], "one reading that fails is no outage"
    assert at(mc, 10) == []
    lost = at(mc, 15)
    assert [(each.was, each.now) for each in lost] == [("firing", "error")], "two intervals without a sample"
    monkeypatch.undo()
    assert [(each.was, each.now) for each in at(mc, 20)] == [("error", "firing")]
    with transaction(mc.engine) as connection:
        assert reads.evaluations(connection)["Failed missions"]["error"] is None


def _failing(signal: Any) -> Any:
    from dataclasses import replace

    def read(_: Any) -> Any:
        raise RuntimeError("its table is away")

    return replace(signal, read=read)


def test_a_slow_signal_is_given_up_and_the_others_are_on_time(mc: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from data.signals import signals

    def read(asked: Any) -> Any:
        asked.connection.execute(text("select pg_sleep(30)"))
        return []

    monkeypatch.setattr(series, "READ_MS", 200)
    slow = dict(signals()) | {"error_rate": replace(signals()["error_rate"], read=read)}
    monkeypatch.setattr(evaluation, "signals", lambda: slow)
    save(mc, QUEUE + "}]")
    submit(mc, 3)
    assert [each.now for each in at(mc, 0)] == ["firing"]


def test_ten_thousand_alerts_begin_in_one_tick(mc: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    from data.signal import Sample, Signal
    from data.signals import signals

    many = Signal("many", "Many", labels=("n",), read=lambda _: (Sample(1.0, {"n": str(n)}) for n in range(10_000)))
    known = dict(signals()) | {"many": many}
    monkeypatch.setattr(evaluation, "signals", lambda: known)
    monkeypatch.setattr("data.alerts.rulebook.signals", lambda: known)
    save(mc, "rules: [{name: Queue, condition: many > 0, severity: critical}]")
    assert len(at(mc, 0)) == 10_000
    assert at(mc, 5) == []
    with transaction(mc.engine) as connection:
        assert reads.counts(connection)["critical"] == 10_000
        assert [row["n"] for row in reads.groups(connection)] == [10_000]
