"""The rows of the tables, as the grids take them: plain values, times as epoch milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from callbacks.backlinks.query import run_query
from data.backlinks.analysis import recovery
from data.backlinks.checks.rules import precision
from data.backlinks.reads import alarms, competitors, daily_counts, lists
from data.backlinks.rules import TOXIC_SPAM
from data.quantities import count

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from data.backlinks.inputs import Question

Row = dict[str, Any]


STATES = {"suspected": "suspected", "confirmed_lost": "confirmed"}
WORST = ("info", "warning", "critical")
STATUS = {"warning": "serious", "critical": "critical"}


def board(q: Question) -> tuple[list[Row], str]:
    """Each with the worst signal of the range; a domain that lost more than it gained in a week is worth a look too."""
    alarms_ = run_query(alarms.list_signals, q)
    worst = {
        name: max(found["severity"], key=WORST.index)
        for name, found in alarms_[alarms_["severity"] != "info"].groupby("target")
    }
    return [
        row
        | {"overlap": 100 * row["overlap"]}
        | {"status": STATUS.get(worst.get(row["domain"], ""), "caution" if row["delta"] < 0 else "normal")}
        for row in records(run_query(competitors.list_competitors, q))
    ], ""


def signals(q: Question) -> tuple[list[Row], str]:
    found = records(run_query(alarms.list_signals, q))
    until = q.until.timestamp() * 1000
    shown = [row | {"age": (until - row["at"]) / 1000, "day": row["day"].isoformat()} for row in found]
    right, wrong = run_query(alarms.count_settled, q)
    share = precision(right, wrong)
    told = (
        "no suspicion checked yet"
        if share is None
        else (f"{right:,} of {count(right + wrong, 'checked suspicion')} confirmed")
    )
    return shown, f"{count(len(shown), 'signal')} in {count(q.days, 'day')} · {told}"


def updates(q: Question) -> list[date]:
    """The days on which the whole index jumped, so that no surge of them means anything."""
    return update_days(run_query(alarms.list_signals, q))


def update_days(found: pd.DataFrame) -> list[date]:
    return sorted(found.loc[found["kind"] == "index_update", "day"])


def lost(q: Question) -> tuple[list[Row], str]:
    found = run_query(lists.list_lost, q)
    listed, suspected = found.attrs["count"], found.attrs["suspected"]
    words = f"{listed:,} in {count(q.days, 'day')} · {suspected:,} suspected · value = DA × recoverability"
    return [row | _told(row, q.until.timestamp() * 1000) for row in records(found)], words


def _told(row: Row, until: float) -> Row:
    """A grid knows its rows by text."""
    shown = {
        "id": str(row["id"]),
        "words": recovery.loss_reason(row["state"], row["reason"]),
        "state": STATES.get(row["state"], row["state"]),
    }
    return shown | {"age": (until - row["lost_at"]) / 1000}


def intersect(q: Question) -> tuple[list[Row], str]:
    if not q.rivals:
        return [], "no rivals selected"
    found = records(run_query(competitors.list_intersection, q))
    shown = [row | {"rivals": ", ".join(sorted(row["rivals"]))} for row in found]
    total = run_query(competitors.list_intersection, q).attrs["count"]
    return shown, f"{count(total, 'domain')} linking to ≥ {q.overlap} of {len(q.rivals)} rivals and not to {q.target}"


def anchors(q: Question) -> tuple[list[Row], str]:
    found = run_query(lists.list_anchors, q)
    total = max(1, found.attrs["links"])
    rows = [row | {"share": 100 * row["links"] / total} for row in records(found)]
    return rows, f"{count(found.attrs['count'], 'text')} of {count(total, 'link')} in {count(q.days, 'day')}"


def markers(q: Question) -> tuple[list[Row], str]:
    bad = run_query(lists.list_marked, q)
    rows = [row | {"share": 100 * row["share"]} for row in recovery.list_markers(bad)]
    return rows, f"of {count(len(bad), 'link')} with spam score ≥ {TOXIC_SPAM}; a link can have several markers"


def said(q: Question) -> list[str]:
    """What a person should know of the range before reading the panels; mostly nothing."""
    daily = run_query(daily_counts.list_days, q)
    within = daily[(daily["day"] >= q.start) & (daily["day"] <= q.end)]
    if within.empty:
        return [f"Nothing was found or lost for {q.target} from {q.start} to {q.end} with these filters."]
    return []


def records(frame: pd.DataFrame) -> list[Row]:
    """Rows for JSON: NaN is None, a moment is epoch milliseconds."""
    return [{str(name): _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:  # noqa: ANN401 — a cell of a frame
    if isinstance(value, list):
        return value
    if value is None or value != value:  # noqa: PLR0124 — only what is not a number differs from itself
        return None
    return round(value.timestamp() * 1000) if hasattr(value, "timestamp") else value
