"""The stream of probes."""

from __future__ import annotations

from typing import ClassVar

from data.fields import Domain, Moment, Number, Row
from data.ingest.stream import Stream


class ProbeRow(Row):
    """One look at a site: whether it answered, and after how many milliseconds."""

    keeps_extra: ClassVar[bool] = False

    site: Domain
    at: Moment
    up: bool
    latency_ms: Number | None = None


STREAMS = (Stream("uptime", "uptime_probes", ProbeRow, insert_script="uptime_probes_put_v01"),)
