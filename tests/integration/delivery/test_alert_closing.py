"""Announced ⇒ closed, whatever happens in between: any order of alerts, mutes, failures and time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.alerts.delivery import auditor, silences
from data.alerts.transition import State
from tests.integration.delivery.conftest import House, alert
from tests.receivers import Receiver, Said

if TYPE_CHECKING:
    from data.services import Services

TABLES = "alert_channels, alert_subjects, alert_notifications, alert_messages, alert_announcements, alert_silences"
STEPS = st.sampled_from(["fire", "end", "nodata", "silence", "unsilence", "relay", "minute", "refuse", "answer"])
PRINTS = st.integers(0, 2)


class Play:
    """An engine as small as can be: an alert lives until it ends, and what comes again is a new row."""

    def __init__(self, house: House, hook: Receiver) -> None:
        self.house, self.hook, self.number = house, hook, 0
        self.living: dict[int, int] = {}
        self.states: dict[int, State] = {}
        self.silenced: list[int] = []

    def record(self, which: int, now: State, was: State = State.PENDING) -> None:
        self.house.record(
            alert(self.living[which], now, was=was, fingerprint=f"print-{which}", group=f"group-{which % 2}")
        )

    def fire(self, which: int) -> None:
        if which not in self.living:
            self.number += 1
            self.living[which], self.states[which] = self.number, State.FIRING
            self.record(which, State.FIRING)

    def end(self, which: int) -> None:
        if which in self.living:
            self.record(which, State.RESOLVED, self.states[which])
            del self.living[which]

    def nodata(self, which: int) -> None:
        if which in self.living:
            was = self.states[which]
            self.states[which] = State.NODATA if was == State.FIRING else State.FIRING
            self.record(which, self.states[which], was)

    def silence(self, _: int) -> None:
        self.silenced.append(self.house.silence(minutes=60, queue="jobs"))

    def unsilence(self, _: int) -> None:
        if self.silenced:
            self.house.run("delete from alert_silences where silence_id = :id", id=self.silenced.pop())
            self.house.do(silences.release_held, "silenced")

    def relay(self, _: int) -> None:
        self.house.relay()

    def minute(self, _: int) -> None:
        self.house.later(minutes=1)

    def refuse(self, _: int) -> None:
        self.hook.answers = [Said(503)]

    def answer(self, _: int) -> None:
        self.hook.answers = [Said(200)]

    def run(self, steps: list[tuple[str, int]]) -> None:
        for step, which in steps:
            getattr(self, step)(which)
            self.house.later(seconds=2)
        for which in list(self.living):
            self.end(which)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(STEPS, PRINTS), max_size=25))
def test_whoever_heard_of_an_alert_hears_its_end(mc: Services, hook: Receiver, steps: list[tuple[str, int]]) -> None:
    house = House(mc)
    house.run(f"truncate {TABLES}")
    hook.heard.clear()
    hook.answers = [Said(200)]
    house.channel("ops", url=hook.url, per_minute=60)
    Play(house, hook).run(steps)
    hook.answers = [Said(200)]
    for _ in range(14):
        house.relay()
        house.do(auditor.audit_delivery, house.now())
        house.later(minutes=6)
    heard = {}  # by key, the last time: what was refused before came again
    for each in hook.heard:
        heard[each.headers["webhook-id"]] = each
    last: dict[str, str] = {}
    for each in heard.values():
        for line in each.json["data"]["alerts"]:
            state, before = line["state"], last.get(line["fingerprint"])
            assert state != "resolved" or before not in {None, "resolved"}, "an end of what nobody heard of"
            last[line["fingerprint"]] = state
    assert set(last.values()) <= {"resolved"}
    [(waiting,)] = house.run("select count(*) from alert_notifications where state not in ('sent', 'muted')")
    assert waiting == 0
