"""What is said of our sites."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

SILENT_AFTER = timedelta(hours=1)


def silent_before(now: datetime) -> datetime:
    """Who was last probed before this is silent."""
    return now - SILENT_AFTER
