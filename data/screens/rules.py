"""What a screen's last report means now. Pure; ages in seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from data.status import Status

if TYPE_CHECKING:
    from datetime import datetime

REPORT_EVERY_S = 15
FROZEN_AFTER_S = 45.0  # three reports that did not come
BACKGROUND_AFTER_S = 150.0  # browsers let a tab in the background speak once a minute
AWAY_AFTER_S = 900.0  # a person's tab whose machine sleeps; a wall stays red until somebody has looked
OLD_DATA_S = 10.0
SLOW_FPS = 10
FULL_HEAP = 0.8  # of what the browser grants the tab


class Verdict(NamedTuple):
    status: Status
    words: str


class Report(NamedTuple):
    """What a verdict needs of a screen."""

    kiosk: bool
    visible: bool
    link: str
    fps: float | None
    heap_bytes: int | None
    heap_limit_bytes: int | None
    data_age_s: float | None
    reported_at: datetime
    closed_at: datetime | None


def verdict(report: Report, now: datetime) -> Verdict:
    if report.closed_at is not None:
        return Verdict(Status.OFF, "CLOSED")
    return _silence(report, (now - report.reported_at).total_seconds()) or _health(report)


def _silence(report: Report, silent_s: float) -> Verdict | None:
    if silent_s <= (FROZEN_AFTER_S if report.visible else BACKGROUND_AFTER_S):
        return None
    if not report.kiosk and silent_s > AWAY_AFTER_S:
        return Verdict(Status.OFF, "AWAY")
    return Verdict(Status.CRITICAL, "FROZEN")


def _health(report: Report) -> Verdict:
    if report.link in ("lost", "silent"):
        return Verdict(Status.SERIOUS, "NO LIVE DATA")
    if report.data_age_s is not None and report.data_age_s > OLD_DATA_S:
        return Verdict(Status.SERIOUS, f"OLD DATA, {report.data_age_s:.0f} s")
    if report.heap_bytes and report.heap_limit_bytes and report.heap_bytes > FULL_HEAP * report.heap_limit_bytes:
        return Verdict(Status.CAUTION, "HEAP NEARLY FULL")
    if not report.visible:
        return Verdict(Status.STANDBY, "IN THE BACKGROUND")
    if report.fps is not None and report.fps < SLOW_FPS:
        return Verdict(Status.CAUTION, f"SLOW, {report.fps:.0f} fps")
    return Verdict(Status.NORMAL, "POLLING" if report.link == "polling" else "LIVE")
