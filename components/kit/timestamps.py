"""Times that the server draws. They are written in UTC; the browser shows them in the zone that this person chose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from dash import html

from components.kit import formats, live

if TYPE_CHECKING:
    from datetime import datetime

    from dash.development.base_component import Component

Precision = Literal["moment", "time"]


def timestamp(at: datetime | None, said: Precision = "moment") -> Component | str:
    """`at` (aware, UTC) as a day with its time, or as the time alone, whose day a pointer finds; a dash for None."""
    if at is None:
        return formats.WAITING
    whole = formats.moment(at)
    words = f"{at:%H:%M:%S}" if said == "time" else whole
    return html.Time(words, dateTime=at.isoformat(), title=whole, **live.attrs(data_moment=said))
