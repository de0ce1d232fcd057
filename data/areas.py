"""The areas of the product, in the order of the navigation and of their roll-ups. A new area is one entry here, its
permissions in `data/permissions.py`, and files of its own."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from data.access.area import ACCESS
from data.alerts.area import ALERTS
from data.alerts.delivery.area import DELIVERY
from data.area import Area, Table
from data.backlinks.area import BACKLINKS
from data.domains.area import DOMAINS
from data.missions.area import MISSIONS
from data.overview.area import OVERVIEW
from data.performance.area import PERFORMANCE
from data.quotas.area import QUOTAS
from data.screens.area import SCREENS

if TYPE_CHECKING:
    from types import ModuleType

AREAS: tuple[Area, ...] = (
    OVERVIEW,
    MISSIONS,
    PERFORMANCE,
    BACKLINKS,
    DOMAINS,
    QUOTAS,
    ALERTS,
    DELIVERY,
    SCREENS,
    ACCESS,
)

# Those of no area: the machinery's own.
_KERNEL_TABLES = (
    Table("ingest_receipts", simulated=True, expires="received_at < now() - make_interval(days => :metrics)"),
    Table("idempotency_keys", expires="created_at < now() - interval '1 day'"),
    Table("background_jobs", expires="ended_at < now() - interval '7 days'"),
    Table("acknowledgements", expires="at < now() - make_interval(days => :history)"),
    Table("live_minutes", expires="minute < now() - make_interval(days => :history)"),
)

PAGES = tuple(area for area in AREAS if area.path)
ROLLUPS = tuple(rollup for area in AREAS for rollup in area.rollups)
VIEWS = tuple(view for area in AREAS for view in area.views)
TABLES = (*(table for area in AREAS for table in area.tables), *_KERNEL_TABLES)
FINDERS = tuple(finder for area in AREAS for finder in area.finders)
NUMBERS = {number.name: number for area in AREAS for number in area.numbers}
CHARTS = {chart.name: chart for area in AREAS for chart in area.charts}


@cache
def parts(package: str, kind: str = "") -> tuple[ModuleType, ...]:
    """The modules `<package>.<area>` or `<package>.<area>.<kind>` of those areas that have one, in their order."""
    names = (".".join(filter(None, (package, area.name, kind))) for area in AREAS)
    return tuple(import_module(name) for name in names if _exists(name))


def _exists(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # the area has no such package at all
        return False
