"""Who watches, in two numbers: open screens, and those of them that somebody should look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from data.live.section import LiveSection
from data.permissions import Permission
from data.screens.reads import screens
from data.status import Status, worst

if TYPE_CHECKING:
    from data.live.section import ReadContext, State


class ScreensNow(TypedDict):
    open: int
    troubled: int
    worst: Status


class Screens(TypedDict):
    screens: ScreensNow


def read(context: ReadContext) -> State:
    rows = [row["status"] for row in screens(context.connection, context.now) if row["closed_at"] is None]
    troubled = sum(status.rank > Status.NORMAL.rank for status in rows)
    return {"screens": {"open": len(rows), "troubled": troubled, "worst": worst(rows)}}


def status(state: State) -> Status:
    return Status(state.get("screens", {}).get("worst", Status.OFF))


SECTIONS = (LiveSection("screens", 5, (Permission.SCREENS_READ,), Screens, read, status),)
