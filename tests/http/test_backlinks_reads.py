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


@pytest.mark.usefixtures("linked")
def test_the_links_themselves_and_the_statistics_give_the_same_figures(mc: Services) -> None:
    question = inputs.Question(
        TARGETS[0], (NOW - timedelta(days=30)).date(), NOW.date(), NOW, TARGETS[1:], inputs.Filters()
    )
    with transaction(mc.engine) as connection:
        for whole, narrowed in (
            (totals.daily, narrow.daily),
            (rivals.bands, narrow.bands),
            (rivals.board, narrow.board),
        ):
            one, other = whole(connection, question), narrowed(connection, question)
            shared = [name for name in one.columns if name in other.columns]
            assert_frame_equal(one[shared], other[shared], check_dtype=False)


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
