"""`from` and `to` in a query: words of an address, refused by name where they mean nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from components.kit.ranges import DEFAULT_FROM, DEFAULT_TO, EARLIEST, moment
from data.errors import BadInput

if TYPE_CHECKING:
    from datetime import date, datetime

_WORDS = "ISO time, milliseconds since 1970, or now-30d"


class SpanQuery(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    start: str = Field(DEFAULT_FROM, alias="from", max_length=60, description=_WORDS)
    end: str = Field(DEFAULT_TO, alias="to", max_length=60, description=_WORDS)

    def span(self, now: datetime) -> tuple[datetime, datetime]:
        """Raises BadInput for words that mean no moment, and for a range that ends before it begins."""
        start, end = _moment("from", self.start, now), _moment("to", self.end, now)
        if start > end:
            raise BadInput.field("from", msg="lies after `to`")
        return start, end

    def days(self, now: datetime) -> tuple[date, date]:
        start, end = self.span(now)
        return start.date(), end.date()


def _moment(name: str, words: str, now: datetime) -> datetime:
    found = moment(words, now, end=name == "to")
    if found is None:
        raise BadInput.field(name, msg=f"must be an {_WORDS}")
    return max(found, EARLIEST)
