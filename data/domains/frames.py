"""The columns of the domains area's frames, named once."""

from __future__ import annotations

MENTIONS_DAILY = ("day", "brand", "mentions", "positive", "neutral", "negative", "sentiment", "reach", "simulated")
HISTORY = (
    "at",
    "availability_status",
    "lifecycle",
    "domain_authority",
    "estimated_value",
    "expires_at",
    "owner",
    "source",
)
LINKS_DAILY = ("day", "new_backlinks", "lost_backlinks", "unique_domains", "avg_authority")
