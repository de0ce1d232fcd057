"""How links are read: the same figures by either way, and from indexes alone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import event, text

from data.backlinks import inputs
from data.backlinks.reads import lists, narrow, rivals, totals
from data.db import run_script, transaction
from tests.links import NOW, TARGETS, reader_of_links

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy import Connection

    from data.services import Services


@pytest.fixture
def linked(mc: Services, server: Flask) -> None:
    reader_of_links(mc, server)


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
    ],
}


@pytest.mark.usefixtures("linked")
def test_the_days_and_the_sets_give_the_same_figures_as_the_links_themselves(
    mc: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [(ground, inputs.filters(given)) for ground, every in GROUNDS.items() for given in every]
    assert [filters.ground for _, filters in cases] == [ground for ground, _ in cases]
    start, reads = NOW - timedelta(days=30), (totals.daily, rivals.bands, rivals.board, rivals.intersect, lists.anchors)
    with transaction(mc.engine) as connection:
        for _, filters in cases:
            question = inputs.Question(TARGETS[0], start.date(), NOW.date(), NOW, TARGETS[1:], filters, overlap=1)
            for read in reads:
                counted = read(connection, question)
                with monkeypatch.context() as patch:
                    patch.setattr(inputs.Filters, "ground", "links")
                    assert_frame_equal(counted, read(connection, question), check_dtype=False)
                assert len(counted) or (read, filters.source) == (rivals.intersect, "s7.example"), (filters, read)


@pytest.mark.usefixtures("linked")
def test_what_narrows_and_counts_links_is_read_from_indexes_alone(mc: Services) -> None:
    day, month = NOW.date(), f"backlinks_{NOW - timedelta(days=45):%Y%m}_pkey"
    question = inputs.Question(
        TARGETS[0], day - timedelta(days=80), day, NOW, TARGETS[1:], inputs.Filters(kind="follow", spam=(0, 50))
    )
    for read in (narrow.daily, narrow.bands, narrow.board, narrow.found_by_day, lists.recent, rivals.intersect):
        plan = planned(mc, lambda connection, read=read: read(connection, question))
        assert re.search(f"Index Only Scan (Backward )?using {month}", plan), f"{read.__name__}: {plan}"


def planned(mc: Services, read: Callable[[Connection], object]) -> str:
    """How the last statement of a read is carried out where a table is too large to be read whole or by day alone."""
    asked_: list[tuple[str, Any]] = []
    with mc.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze backlinks"))
    with mc.engine.connect() as connection:  # and what is set here is forgotten at its end
        run_script(connection, "set local enable_seqscan = off; set local enable_bitmapscan = off")
        run_script(connection, "drop index backlinks_discovered")
        event.listen(connection, "before_cursor_execute", lambda *given: asked_.append((given[2], given[3])))
        read(connection)
        statement, values = asked_[-1]
        return "\n".join(row[0] for row in connection.exec_driver_sql(f"explain {statement}", values))
