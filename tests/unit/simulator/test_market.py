"""The trade in domains and the talk about brands, as the simulator tells them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from clients.simulator.market import brand_of, foundations, holdings, talk_of_day
from clients.simulator.world import build_world

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
WORLD = build_world(7, NOON)


def when(row: dict[str, object], field: str) -> datetime:
    return datetime.fromisoformat(str(row[field]))


def test_every_competitor_holds_domains_and_lets_some_go() -> None:
    held = holdings(WORLD)

    assert {each.owner for each in held} == {rival for target in WORLD.targets for rival in target.rivals}
    assert len({each.domain for each in held}) == len(held)
    assert 0 < sum(each.until is not None for each in held) < len(held) / 2
    assert all(each.until is None or each.until < each.since for each in held)


def test_the_life_of_a_candidate_is_dated_in_order_and_in_the_past() -> None:
    rows = list(foundations(WORLD, NOON))

    for each in WORLD.expired[:20]:
        steps = [row for row in rows if row["domain_name"] == each.domain]
        assert [row["lifecycle"] for row in steps] == ["active", "grace", "redemption"]
        times = [when(row, "last_fetched_at") for row in steps]
        assert times == sorted(times)
        assert times[-1] < NOON


def test_every_brand_is_spoken_of_in_every_tone_and_tells_where() -> None:
    rows = [row for back in range(60) for row in talk_of_day(WORLD, date(2026, 11, 1) - timedelta(days=back))]

    assert {row["brand"] for row in rows} == {brand_of(target.domain) for target in WORLD.targets}
    tones = Counter(
        "none" if row["sentiment"] is None else "good" if float(str(row["sentiment"])) > 0.05 else "bad" for row in rows
    )
    assert min(tones.values()) > len(rows) / 25
    assert len({row["url"] for row in rows}) == len(rows)
    assert {row["source_kind"] for row in rows} == {"news", "blog", "forum", "social", "review", "web"}
