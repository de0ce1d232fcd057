"""`from` and `to` in a query (`data/timerange.py` says what they mean)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from data import timerange

if TYPE_CHECKING:
    from datetime import date, datetime

    from data.timerange import TimeRange

_WORDS = "A day (2026-10-31, meant whole), a moment (ISO 8601, or milliseconds since 1970), or like now-30d, now-1M/M"


class TimeRangeQuery(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    start: str | None = Field(
        None, alias="from", max_length=60, description=f"{_WORDS}. Left out: {timerange.USUAL_FROM}"
    )
    end: str | None = Field(
        None, alias="to", max_length=60, description=f"The same; days are included. Left out: {timerange.USUAL_TO}"
    )

    def span(self, now: datetime, *, usual: str = timerange.USUAL_FROM) -> TimeRange:
        """Raises BadInput for words that mean no moment, and for a range that ends before it begins."""
        return timerange.parse(self.start, self.end, now, usual=usual)

    def days(self, now: datetime) -> tuple[date, date]:
        return self.span(now).days
