"""Which counts hold links that a simulator made: for the files that leave the house. Grain of each as its name says.

Where a target has links of one sort only, its sets need not be asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.backlinks.reads.matching import ANCHOR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import Connection

    from data.backlinks.inputs import Question

    Mark = Callable[[Any], bool]


def _sorts(connection: Connection, targets: list[str]) -> dict[str, set[bool]]:
    """Of each target: whether its links are simulated, real, or both."""
    rows = connection.execute(
        text("""select target_domain_name, simulated from backlink_target_totals
                where target_domain_name = any(:targets) and links > 0"""),
        {"targets": targets},
    )
    sorts: dict[str, set[bool]] = {name: set() for name in targets}
    for name, simulated in rows:
        sorts[name].add(simulated)
    return sorts


def targets(connection: Connection, names: list[str]) -> Mark:
    sorts = _sorts(connection, names)
    return lambda name: True in sorts.get(name, ())


def _marked(connection: Connection, names: list[str], sql: str, **values: Any) -> Mark:  # noqa: ANN401 — bound by the driver
    """Whether `sql` names a row, asked only where the targets' links are of both sorts."""
    sorts = set().union(*_sorts(connection, names).values())
    if sorts != {True, False}:
        return lambda _: True in sorts
    rows = connection.execute(text(sql), {"targets": names, **values})
    found = {row[0] if len(row) == 1 else tuple(row) for row in rows}
    return lambda row: row in found


def days(connection: Connection, question: Question) -> Mark:
    """By day, of links found or lost on it."""
    return _marked(
        connection,
        [question.target],
        """select day from rollup_backlinks_kinds_daily
           where target_domain_name = any(:targets) and simulated and n > 0 and day between :start and :end
           union select day from rollup_backlinks_lost_daily
           where target_domain_name = any(:targets) and simulated and n > 0 and day between :start and :end""",
        start=question.start,
        end=question.end,
    )


def bands(connection: Connection, question: Question) -> Mark:
    """By target and band of authority, 0 to 9."""
    return _marked(
        connection,
        question.everyone,
        """select distinct target_domain_name, band from rollup_backlinks_kinds_daily
           where target_domain_name = any(:targets) and simulated and n > 0 and day between :start and :end""",
        start=question.start,
        end=question.end,
    )


def sources(connection: Connection, question: Question, names: Iterable[str]) -> Mark:
    """By referring domain, of its links to the rivals."""
    return _marked(
        connection,
        list(question.rivals),
        """select distinct source_domain_name from backlink_target_sources
           where target_domain_name = any(:targets) and source_domain_name = any(:sources)
             and simulated and links > 0""",
        sources=list(names),
    )


def pairs(connection: Connection, question: Question, names: Iterable[str]) -> Mark:
    """By target and referring domain, of the target and its rivals."""
    return _marked(
        connection,
        question.everyone,
        """select distinct target_domain_name, source_domain_name from backlink_target_sources
           where target_domain_name = any(:targets) and source_domain_name = any(:sources)
             and simulated and links > 0""",
        sources=list(set(names)),
    )


def anchors(connection: Connection, question: Question) -> Mark:
    """By the first characters of an anchor."""
    mark = _marked(
        connection,
        [question.target],
        """select distinct anchor from backlink_hour_sources
           where target_domain_name = any(:targets) and hour >= :since and hour < :close and simulated and links > 0""",
        since=question.since,
        close=question.close,
    )
    return lambda anchor: mark(anchor[:ANCHOR])
