"""The columns of the performance area's frames, named once."""

from __future__ import annotations

DAILY_SATELLITE_PERFORMANCE = (
    "day",
    "satellite_id",
    "samples",
    "avg_speed",
    "min_speed",
    "max_speed",
    "success_rate",
    "avg_response_time",
    "max_response_time",
)
