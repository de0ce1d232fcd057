"""The rows of the tables, as the grids take them: plain values, times as epoch milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from callbacks.backlinks_question import ask
from data.backlinks import value
from data.backlinks.reads import lists, rivals, totals

if TYPE_CHECKING:
    import pandas as pd

    from data.backlinks.inputs import Question

Row = dict[str, Any]


def board(q: Question) -> tuple[list[Row], str]:
    return [row | {"overlap": 100 * row["overlap"]} for row in records(ask(rivals.board, q))], ""


def lost(q: Question) -> tuple[list[Row], str]:
    found = ask(lists.lost, q)
    words = (
        f"{found.attrs['count']:,} in {q.days} d · {found.attrs['suspected']:,} suspected · value = DA × recoverability"
    )
    return [row | _told(row, q.until.timestamp() * 1000) for row in records(found)], words


def _told(row: Row, until: float) -> Row:
    """A grid knows its rows by text."""
    return {"id": str(row["id"]), "words": _why(row), "age": (until - row["lost_at"]) / 1000}


def _why(row: Row) -> str:
    return "suspected" if row["state"] == "suspected" else value.WORDS.get(row["reason"], "unknown")


def intersect(q: Question) -> tuple[list[Row], str]:
    if not q.rivals:
        return [], "no rivals chosen"
    found = records(ask(rivals.intersect, q))
    shown = [row | {"rivals": ", ".join(sorted(row["rivals"]))} for row in found]
    total = ask(rivals.intersect, q).attrs["count"]
    return shown, f"{total:,} link to ≥ {q.overlap} of {len(q.rivals)} rivals and not to {q.target}"


def anchors(q: Question) -> tuple[list[Row], str]:
    found = ask(lists.anchors, q)
    total = max(1, found.attrs["links"])
    rows = [row | {"share": 100 * row["links"] / total} for row in records(found)]
    return rows, f"{found.attrs['count']:,} texts of {total:,} links in {q.days} d"


def markers(q: Question) -> tuple[list[Row], str]:
    bad = ask(lists.toxic, q)
    rows = [row | {"share": 100 * row["share"]} for row in value.markers(bad)]
    return rows, f"of {len(bad):,} links with a spam score of 60 and more; one may bear several"


def said(q: Question) -> str:
    """What a person should know of the range before reading the panels; mostly nothing."""
    daily = ask(totals.daily, q)
    within = daily[(daily["day"] >= q.start) & (daily["day"] <= q.end)]
    if within.empty:
        return f"Nothing was found or lost for {q.target} from {q.start} to {q.end} with these filters."
    return ""


def records(frame: pd.DataFrame) -> list[Row]:
    """Rows for JSON: NaN is None, a moment is epoch milliseconds."""
    return [{str(name): _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:  # noqa: ANN401 — a cell of a frame
    if isinstance(value, list):
        return value
    if value is None or value != value:  # noqa: PLR0124 — only what is not a number differs from itself
        return None
    return round(value.timestamp() * 1000) if hasattr(value, "timestamp") else value
