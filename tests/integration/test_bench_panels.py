"""What the benchmark of the panels asks for is there, and nobody pays twice for the same panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from bench import links, panels
from bench.registry import FULL

if TYPE_CHECKING:
    from data.services import Services


def test_each_target_has_a_site_of_its_own_that_links_to_it(mc: Services) -> None:
    links.load(mc.engine, 0, 60_000)
    with mc.engine.begin() as connection:
        linked = connection.execute(
            text("select distinct target_domain_name, source_domain_name from backlink_target_sources")
        )
        known = {tuple(row) for row in linked}
    found = [target for target in range(links.TARGETS) if (f"target-{target}.com", panels.source(target)) in known]
    assert len(found) > links.TARGETS / 2, "with ten million links each of them"


def test_forty_eight_targets_are_asked_for_once_each() -> None:
    asked = panels.targets(FULL)
    assert len(set(asked)) == 48
    assert max(asked) < links.TARGETS


def test_another_panel_comes_first_each_time() -> None:
    assert [panels.turned(["a", "b", "c"], by)[0] for by in range(4)] == ["a", "b", "c", "a"]


def test_a_series_tells_each_panel_the_slowest_and_what_was_refused() -> None:
    series = panels.Series({"lost": [0.1] * 19 + [0.9], "toxic": [0.01]}, ["lost: 503"])
    told = {row.name: row for row in series.rows("REST, all")}
    assert told["REST, all: lost p95"].value == 900
    assert told["REST, all: lost p95"].note == "p50 100, max 900"
    assert told["REST, all: the slowest"].value == 900
    assert told["REST, all: not answered"].value == 1
