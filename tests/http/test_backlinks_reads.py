"""How links are read: the same figures by either way, and from indexes alone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import event, text

from data.backlinks import inputs
from data.backlinks.analysis import recovery
from data.backlinks.reads import competitors, daily_counts, from_links, lists
from data.db import run_script, transaction
from tests.links import NOW, TARGETS, fresh, reader_of_links

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy import Connection

    from data.services import Services


@pytest.fixture
def linked(mc: Services, server: Flask) -> None:
    """Links in every state there is: some of the live ones are missed, some were missed and are back."""
    reader_of_links(mc, server)
    with transaction(mc.engine) as connection:
        for state, of_ten in (("suspected", 1), ("recovered", 2)):
            connection.execute(
                text("""update backlinks set link_state = :state,
                          suspected_at = case when :state = 'suspected' then now() end
                        where link_state = 'live' and backlink_id % 10 = :of_ten"""),
                {"state": state, "of_ten": of_ten},
            )
    fresh(server.extensions["mission_control"])


GROUNDS: dict[str, list[dict[str, str]]] = {
    "days": [{}],
    "sets": [
        {"type": "follow"},
        {"type": "nofollow", "da": "0-9"},
        {"type": "ugc"},
        {"da": "40-100"},
        {"type": "follow", "da": "70-79", "reason": "redirected"},
        {"anchor": "buy cheap"},
        {"anchor": " ", "type": "nofollow", "da": "0-89"},
        {"source": "s7.example"},
        {"da": "42-57"},
        {"da": "42-57", "spam": "30-100", "source": "s7.example"},
        {"spam": "60-100"},
        {"spam": "20-29", "da": "0-49"},
        {"state": "live"},
        {"state": "lost", "spam": "0-59"},
        {"state": "suspected", "type": "follow"},
        {"state": "recovered", "anchor": "here"},
    ],
    "links": [{"spam": "55-65"}],
}


@pytest.mark.usefixtures("linked")
def test_the_days_and_the_sets_give_the_same_figures_as_the_links_themselves(
    mc: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [(ground, inputs.filters(given)) for ground, every in GROUNDS.items() for given in every]
    assert [filters.answered_from for _, filters in cases] == [ground for ground, _ in cases]
    start = NOW - timedelta(days=30)
    reads = (
        daily_counts.list_days,
        competitors.list_bands,
        competitors.list_competitors,
        competitors.list_intersection,
        lists.list_anchors,
        lists.list_recent,
    )
    with transaction(mc.engine) as connection:
        for _, filters in cases:
            question = inputs.Question(TARGETS[0], start.date(), NOW.date(), NOW, TARGETS[1:], filters, overlap=1)
            for read in reads:
                counted = read(connection, question)
                with monkeypatch.context() as patch:
                    patch.setattr(inputs.Filters, "answered_from", "links")
                    assert_frame_equal(counted, read(connection, question), check_dtype=False)
                assert len(counted) or (read, filters.source) == (competitors.list_intersection, "s7.example"), (
                    filters,
                    read,
                )


@pytest.mark.usefixtures("linked")
def test_the_sets_know_what_marks_the_bad_links(mc: Services) -> None:
    start = NOW - timedelta(days=60)
    with transaction(mc.engine) as connection:
        for given in (
            {},
            {"type": "nofollow"},
            {"state": "lost"},
            {"spam": "70-79"},
            {"da": "5-20"},
            {"anchor": "here"},
        ):
            question = inputs.Question(TARGETS[0], start.date(), NOW.date(), NOW, filters=inputs.filters(given))
            from_sets, from_links = (
                recovery.list_markers(read(connection, question)) for read in (lists.list_marked, lists.list_toxic)
            )
            assert from_sets, given
            marks = [
                {one["marker"]: (one["links"], one["share"]) for one in found} for found in (from_sets, from_links)
            ]
            assert marks[0] == marks[1], given


@pytest.mark.usefixtures("linked")
def test_what_narrows_and_counts_links_is_read_from_indexes_alone(mc: Services) -> None:
    day, month = NOW.date(), f"backlinks_{NOW - timedelta(days=45):%Y%m}_pkey"
    question = inputs.Question(
        TARGETS[0], day - timedelta(days=80), day, NOW, TARGETS[1:], inputs.Filters(kind="follow", spam=(0, 50))
    )
    for read in (
        from_links.list_days,
        from_links.list_bands,
        from_links.list_competitors,
        from_links.list_found_by_day,
        lists.list_recent,
        competitors.list_intersection,
    ):
        plan = planned(mc, lambda connection, read=read: read(connection, question))
        assert re.search(f"Index Only Scan (Backward )?using {month}", plan), f"{read.__name__}: {plan}"


@pytest.mark.usefixtures("linked")
@pytest.mark.parametrize(
    "given", [{}, {"type": "follow"}, {"da": "40-49"}, {"spam": "60-100"}, {"state": "lost"}, {"source": "s7.example"}]
)
def test_no_panel_reads_a_growing_table_whole(mc: Services, given: dict[str, str]) -> None:
    day = NOW.date()
    question = inputs.Question(TARGETS[0], day - timedelta(days=80), day, NOW, TARGETS[1:], inputs.filters(given))
    reads = (
        daily_counts.list_days,
        daily_counts.get_last_day,
        competitors.list_bands,
        competitors.list_competitors,
        competitors.list_intersection,
        lists.list_anchors,
        lists.list_recent,
    )
    for read in (*reads, lists.list_lost, lists.list_marked):
        plan = planned(mc, lambda connection, read=read: read(connection, question))
        assert "Seq Scan" not in plan, f"{read.__name__}: {plan}"
        if not given and read in (
            daily_counts.list_days,
            competitors.list_bands,
            competitors.list_competitors,
            competitors.list_intersection,
            lists.list_anchors,
            lists.list_marked,
        ):
            assert not re.search(r"(?<!Only )Scan (Backward )?using backlink", plan), f"{read.__name__}: {plan}"


GROWING = (
    "backlinks",
    "backlink_hour_sources",
    "backlink_target_sources",
    "rollup_backlinks_lost_daily",
    "rollup_backlinks_kinds_daily",
    "rollup_backlinks_states_daily",
    "mv_daily_backlink_stats",
)


def planned(mc: Services, read: Callable[[Connection], object]) -> str:
    """How the statements of a read are carried out where tables are too large to be read whole or by day alone."""
    asked_: list[tuple[str, Any]] = []
    with mc.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in GROWING:
            connection.execute(text(f"vacuum analyze {table}"))
    with mc.engine.connect() as connection:  # and what is set here is forgotten at its end
        run_script(connection, "set local enable_seqscan = off; set local enable_bitmapscan = off")
        run_script(connection, "drop index backlinks_discovered")
        event.listen(connection, "before_cursor_execute", lambda *given: asked_.append((given[2], given[3])))
        read(connection)
        plans = [connection.exec_driver_sql(f"explain {statement}", values) for statement, values in [*asked_]]
        return "\n".join(row[0] for plan in plans for row in plan)
