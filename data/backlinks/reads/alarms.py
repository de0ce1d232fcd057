"""What was out of the ordinary about these domains, and how far a suspicion can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.backlinks.frames import SIGNALS
from data.backlinks.signals.detection import EVERYBODY
from data.backlinks.signals.reads import count_precision
from data.db import frame

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection

    from data.backlinks.inputs import Question


def list_signals(connection: Connection, question: Question) -> pd.DataFrame:
    """Of the target, its rivals and the whole index (`target` is *) in the range, the newest first."""
    found = frame(
        connection,
        """select id, kind, target, at, day, severity, score, title, detail, simulated
           from backlink_signals
           where target = any(:names) and at >= :since and at < :close order by at desc, id desc limit :rows""",
        names=[*question.everyone, EVERYBODY],
        since=question.since,
        close=question.close,
        rows=question.rows,
    )
    return found[list(SIGNALS)]


def count_settled(connection: Connection, question: Question) -> tuple[int, int]:
    """The suspicions of all domains since the range began that proved right, and those that did not."""
    return count_precision(connection, question.since)
