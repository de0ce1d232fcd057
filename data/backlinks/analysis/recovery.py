"""What a lost link is worth winning back, and what marks a bad one. Pure.

Value of a loss = authority x recoverability. How recoverable a link is depends on why it was lost: an address of our
own that no longer answers is mended at home;
a link that its author took out is won back, if at all, by writing to them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

RECOVERABILITY = {
    "broken_redirect": 0.9,  # the target's own redirect leads nowhere
    "redirected": 0.8,
    "not_found": 0.7,
    "crawl_error": 0.6,  # may be back by itself
    "not_canonical": 0.5,
    "noindex": 0.3,
    "link_removed": 0.3,  # outreach
    "dropped": 0.1,
}
UNKNOWN = 0.4
WORDS = {
    "not_found": "page gone",
    "redirected": "redirected",
    "noindex": "noindex",
    "not_canonical": "not canonical",
    "crawl_error": "crawl error",
    "dropped": "dropped",
    "link_removed": "removed",
    "broken_redirect": "broken redirect",
}
SUSPECTED = "suspected"
_ENDINGS = "bet bid buzz casino cheap click cyou gq icu loan ml monster rest tk top win work xyz"
SPAM_ENDINGS = frozenset(_ENDINGS.split())
_SELLING = r"\b(?:buy|cheap|casino|bet|loans?|pills?|viagra|coupon|free|bonus|replica|best|discount)\b"
MONEY = re.compile(_SELLING, re.IGNORECASE)
CROWDED, LOW_AUTHORITY = 5, 10
BURST = 3.0  # times the median day


def loss_reason(state: str, reason: str | None) -> str:
    """What is said of a lost or missed link."""
    return SUSPECTED if state == SUSPECTED else WORDS.get(reason or "", "unknown")


def list_markers(toxic: pd.DataFrame) -> list[dict[str, Any]]:
    """How many of the bad links bear each mark, those borne by most first: marker, links, share (0–1), example."""
    if toxic.empty:
        return []
    tests: list[tuple[str, Callable[[pd.DataFrame], pd.Series]]] = [
        ("TLD popular with spammers", lambda f: f["source"].str.rpartition(".")[2].isin(SPAM_ENDINGS)),
        ("commercial anchor", lambda f: f["anchor"].str.contains(MONEY)),
        (f"authority below {LOW_AUTHORITY}", lambda f: f["authority"].astype(float) < LOW_AUTHORITY),
        (f"{CROWDED} or more links from one domain", lambda f: _times(f["source"]) >= CROWDED),
        ("same anchor on ≥ 10 % of links", lambda f: _times(f["anchor"]) >= max(3, len(f) / 10)),
        ("arrived in a burst", lambda f: _times(f["found"].dt.floor("D")) > BURST * _usual(f)),
        ("dofollow", lambda f: ~f["rel"].fillna("").str.contains("nofollow|ugc|sponsored")),
    ]
    found = [_marker(name, test(toxic), toxic) for name, test in tests]
    return sorted((one for one in found if one["links"]), key=lambda one: -one["links"])


def _marker(name: str, borne: pd.Series, toxic: pd.DataFrame) -> dict[str, Any]:
    hit = toxic[borne.to_numpy(dtype=bool)]
    example = "" if hit.empty else str(hit["source"].value_counts().index[0])
    return {"marker": name, "links": len(hit), "share": len(hit) / len(toxic), "example": example}


def _times(values: pd.Series) -> pd.Series:
    return values.map(values.value_counts())


def _usual(toxic: pd.DataFrame) -> float:
    """The median of the days from the first to the last, those without any included."""
    by_day = toxic["found"].dt.floor("D").value_counts()
    return max(1.0, float(by_day.resample("D").sum().median()))
