"""The overview shows what other areas offer."""

from __future__ import annotations

from data.area import Area

OVERVIEW = Area("overview", "Overview", "/")
