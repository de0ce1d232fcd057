"""The Python client of Mission Control's public API.

from clients.sdk import MissionControl

with MissionControl("http://127.0.0.1:8050", "mc_…") as api:
    mission = api.submit_mission("backlink_discovery", "https://example.org/")
"""

from __future__ import annotations

from clients.sdk.client import BATCH_ROWS, VERSION, MissionControl
from clients.sdk.errors import ApiError, Interrupted, SdkError, Unreachable
from clients.sdk.shapes import (
    Directive,
    Envelope,
    HeartbeatAnswer,
    Info,
    IngestResult,
    Lease,
    Mission,
    Registration,
    Rejection,
)

__all__ = [
    "BATCH_ROWS",
    "VERSION",
    "ApiError",
    "Directive",
    "Envelope",
    "HeartbeatAnswer",
    "Info",
    "IngestResult",
    "Interrupted",
    "Lease",
    "Mission",
    "MissionControl",
    "Registration",
    "Rejection",
    "SdkError",
    "Unreachable",
]
