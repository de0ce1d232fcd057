"""The six key figures: what a change is said against, whether it is a good one, and when a loss is red."""

from __future__ import annotations

from typing import Any

import pytest

from components.backlinks.cards import cards
from data.backlinks.analysis.summary import Change, Counts, Day, Summary
from data.backlinks.rules import losses_status
from data.status import Status
from tests.drawn import words

NOW = Counts(links=700, domains=691, lost=20, authority=36.5, new=604, newly_lost=9, high=3, toxic=30)
BEFORE = Counts(links=600, domains=700, lost=10, authority=40.0, new=500, newly_lost=4, high=2, toxic=60)
NOTHING = Counts(links=0, domains=0, lost=0, authority=None, new=0, newly_lost=0, high=0, toxic=0)
DAY = Day(new=12, high=1, lost=1, lost_high=0, new_before=10, lost_before=0)
TRENDS = {name: [1.0, 2.0, 1.0] for name in ("links", "domains", "authority", "new", "lost", "toxic")}


def drawn(now: Counts = NOW, before: Counts = BEFORE, day: Day = DAY) -> dict[str, Any]:
    found = cards(Summary(now, before, day, TRENDS, 90), compare=True)
    return {card.to_plotly_json()["props"]["aria-label"]: card for card in found}


def deltas(found: dict[str, Any]) -> dict[str, tuple[str, str]]:
    parts = {
        title: [part for part in card._traverse() if "card-delta" in str(part)[:600]] for title, card in found.items()
    }
    spans = {
        title: [part.to_plotly_json()["props"] for part in inside if getattr(part, "className", "") == "card-delta"]
        for title, inside in parts.items()
    }
    return {title: (span[0]["children"], span[0]["data-way"]) for title, span in spans.items() if span}


def test_a_change_is_green_where_it_is_good_for_its_figure() -> None:
    found = deltas(drawn())
    assert found["Backlinks"] == ("▲ 16.7 %", "good")
    assert found["Referring domains"] == ("▼ 9", "bad")
    assert found["Avg DA"] == ("▼ 3.5", "bad")
    assert found["Lost 24 h"] == ("▲ 1", "bad")
    assert found["Toxic share"][1] == "good"


def test_no_change_is_said_against_a_period_of_which_nothing_is_known() -> None:
    found = drawn(NOW._replace(links=12), NOTHING)
    assert deltas(found) == {}
    assert "previous" not in " ".join(words(card) for card in found.values())


def test_one_lost_link_is_no_alarm() -> None:
    assert "data-tone" in str(drawn(day=DAY._replace(lost=80))["Lost 24 h"])
    assert drawn()["Lost 24 h"].to_plotly_json()["props"]["data-tone"] == ""
    assert drawn(day=DAY._replace(lost=80))["Lost 24 h"].to_plotly_json()["props"]["data-tone"] == "critical"


@pytest.mark.parametrize(
    ("lost", "usual", "status"),
    [
        (1, 0.0, Status.NORMAL),
        (9, 1.0, Status.NORMAL),
        (10, 1.0, Status.SERIOUS),
        (20, 1.0, Status.CRITICAL),
        (60, 50.0, Status.NORMAL),
        (100, 50.0, Status.SERIOUS),
        (200, 50.0, Status.CRITICAL),
    ],
)
def test_losses_are_measured_by_a_usual_day(lost: int, usual: float, status: Status) -> None:
    assert losses_status(lost, usual) == status


def test_a_percentage_is_said_of_what_has_one() -> None:
    change = Change("velocity", "net links", -7, -1.2, 3)
    assert change.change is None
    assert change._replace(now=2, usual=0.25).change is None
    assert change._replace(now=30, usual=20).change == pytest.approx(50)
