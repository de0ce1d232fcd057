"""The columns of the quotas area's frames, named once."""

from __future__ import annotations

CREDITS_BY_DAY = ("day", "provider", "credits", "saved", "calls", "cached", "failed")
USED_SO_FAR = ("at", "used")  # credits of this window, summed up
