"""Each section of the live state fails, ages and mends by itself."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, get_type_hints

import pytest
from sqlalchemy import text

from data.clock import epoch_ms
from data.live.section import LiveSection
from data.live.sections import Always, by_area, everything, paths
from data.live.state import Builder, ask_redis
from data.missions import commands
from data.permissions import Permission
from data.quotas.catalogue import records
from tests.callers import commanded
from tests.live import misfits

if TYPE_CHECKING:
    from collections.abc import Callable

    from data.live.section import ReadContext
    from data.services import Services

NOW = datetime.now(UTC)


def build(mc: Services, builder: Builder, seconds: float) -> dict[str, Any]:
    with mc.engine.begin() as connection:
        return builder.build(connection, ask_redis(mc.cache.redis), NOW + timedelta(seconds=seconds))


def at(seconds: float) -> int:
    return epoch_ms(NOW + timedelta(seconds=seconds))


def test_a_locked_table_stales_its_own_section_and_no_other(mc: Services) -> None:
    builder = Builder()
    before = build(mc, builder, 0)
    assert not any("as_of" in section for section in before["sections"].values())
    with mc.engine.connect() as other, other.begin():
        other.execute(text("lock table api_providers in access exclusive mode"))
        job = commanded(mc, commands.submit, job_type="t", target_url="https://example.org/")["job_id"]
        time.sleep(0.6)  # past the pace of the quotas
        start = time.monotonic()
        during = build(mc, builder, 60)
        assert time.monotonic() - start < 3
        start = time.monotonic()
        build(mc, builder, 61)
        assert time.monotonic() - start < 1.5  # what has just failed is left alone for a while
    assert during["as_of"] == at(60)
    assert job in during["active_jobs"]
    assert during["sections"]["quotas"]["as_of"] == at(0)
    assert during["api_quotas"] == before["api_quotas"]
    assert {name for name, section in during["sections"].items() if "as_of" in section} <= {
        "quotas",
        *(section.name for section in everything() if section.every_s > 1),  # 60 seconds passed in no time
    }


def failing(_: ReadContext) -> dict[str, Any]:
    raise KeyError("a defect of one area")


def broken_sql(context: ReadContext) -> dict[str, Any]:
    context.connection.execute(text("select no_such_column from crawl_jobs"))
    return {}


@pytest.mark.parametrize("read", [failing, broken_sql])
def test_a_defect_of_one_reading_is_told_and_costs_nobody_else_anything(mc: Services, read: Any) -> None:
    broken = LiveSection("broken", 0, (Permission.LIVE_READ,), dict, read)
    builder = Builder(sections=(broken, *everything()))
    state = build(mc, builder, 0)
    state = build(mc, builder, 10)
    assert state["sections"]["broken"]["as_of"] == at(0)
    assert state["queue_depth"] == 0
    assert state["services"]["postgres"]["status"] == "ok"


def test_a_section_is_read_at_its_own_pace(mc: Services) -> None:
    read: list[str] = []

    def note(name: str) -> Any:
        return lambda _: read.append(name) or {}

    sections = [LiveSection(name, every, (), dict, note(name)) for name, every in (("rare", 60), ("always", 0))]
    builder = Builder(sections=tuple(sections))
    for second in range(3):
        build(mc, builder, second)
    assert (read.count("rare"), read.count("always")) == (1, 3)


def test_a_state_has_the_shape_that_its_sections_declare(mc: Services) -> None:
    commanded(mc, commands.submit, job_type="t", target_url="https://example.org/")
    with mc.engine.begin() as connection:
        connection.execute(
            text("""
            insert into satellites (satellite_id, name) values ('s', 's');
            insert into crawl_jobs (job_type, target_url, status, completed_time)
              values ('t', 'https://example.org/', 'failed', now());
            insert into watched_domains (domain_name, added_by) values ('a.io', 'x');
            insert into backlinks (target_domain_name, discovered_date, source_domain_name, url_from, url_to, last_seen)
              values ('acme.io', now(), 'a.org', 'u', 'v', now());
            insert into backlink_signal_log (kind, target_domain_name, day, severity, score, title, detail, evidence,
              raised_at, updated_at, simulated)
              values ('own_surge', 'acme.io', current_date, 'critical', 9, 'Surge', 'much', '{}', now(), now(),
                      false)""")
        )
        records.save_missing_providers(connection)
    builder = Builder()
    state = build(mc, builder, 1)
    assert all(state[key] for key in ("active_jobs", "errors", "signals", "recent_discoveries", "api_quotas"))
    assert [wrong for each in builder._readings for wrong in misfits(each.value, each.section.shape)] == []
    assert list(misfits({name: state[name] for name in get_type_hints(Always) if name in state}, Always)) == []
    brought = {path[0] for section in everything() for path in paths(section.shape)}
    assert brought | set(get_type_hints(Always)) >= set(state)


def test_every_area_that_watches_something_tells_its_worst(mc: Services, eventually: Callable[..., None]) -> None:
    with mc.engine.begin() as connection:
        connection.execute(
            text("""
            insert into domains (domain_name, availability_status) values ('a.io', 'expired');
            insert into watched_domains (domain_name, added_by) values ('a.io', 'x');
            insert into screens (screen_id, actor_id, actor_name, name, address, kiosk, visible, link, width, height,
                                 opened_at, reported_at)
              values ('screen-one', 'u', 'u', 'Wall', '/', true, true, 'live', 1, 1, now() - interval '1 hour',
                      now() - interval '5 minutes')""")
        )
    worst = {"domains": "caution", "screens": "critical", "backlinks": "normal"}
    told: dict[str, str] = {}

    def all_told() -> bool:
        """A section that was not answered within its time tells nothing yet: the next state does."""
        told.update(build(mc, Builder(), 1)["areas"])
        return worst.items() <= told.items()

    with suppress(AssertionError):
        eventually(all_told)
    assert told == told | worst
    assert set(told) == set(by_area())
