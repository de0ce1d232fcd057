"""The columns of the backlinks area's frames, named once. Counts are of links unless a name says domains."""

from __future__ import annotations

DAILY = ("day", "new", "high", "toxic", "n_authority", "sum_authority", "lost", "lost_high", "domains")
BANDS = ("target", "band", "links")  # band 0–9: authority 0–9 … 90–100
BOARD = ("domain", "links", "domains", "authority", "delta", "overlap", "trend", "own")
INTERSECT = ("source", "overlap", "authority", "links", "first_seen", "rivals")
ANCHORS = ("anchor", "links", "domains", "authority", "toxic", "first_seen", "last_seen")
LOST = (
    "id",
    "url_from",
    "url_to",
    "source",
    "authority",
    "reason",
    "state",
    "lost_at",
    "value",
    "recoverability",
    "simulated",
)
SIGNALS = ("id", "kind", "target", "at", "day", "severity", "score", "title", "detail", "simulated")
RECENT = ("at", "target", "source", "authority", "spam")
