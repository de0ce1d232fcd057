"""The areas of the product: one noun each, the same word as URL, page, folders, CSS prefix and permission prefix."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Area:
    name: str
    title: str
    path: str


OVERVIEW = Area("overview", "Overview", "/")
MISSIONS = Area("missions", "Missions", "/missions")
BACKLINKS = Area("backlinks", "Backlinks", "/backlinks")
DOMAINS = Area("domains", "Domains", "/domains")
QUOTAS = Area("quotas", "Quotas", "/quotas")
SCREENS = Area("screens", "Screens", "/screens")

AREAS: tuple[Area, ...] = (OVERVIEW, MISSIONS, BACKLINKS, DOMAINS, QUOTAS, SCREENS)
