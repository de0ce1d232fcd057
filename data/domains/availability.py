"""How a domain stands with its registry, as a status."""

from __future__ import annotations

from data.status import Status

# An expired domain will be free soon, and asks for a decision.
AVAILABILITY = {
    "available": Status.NORMAL,
    "expired": Status.CAUTION,
    "registered": Status.STANDBY,
    "unknown": Status.OFF,
}
