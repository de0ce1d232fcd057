"""What comes in about screens and playlists, checked."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import parse_qs, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from data.fields import Line, Name

MAX_ITEMS = 50
_NO_PAGES = ("/api/", "/assets/", "/login", "/logout", "/kiosk", "/_", "/v1/", "/ws/")
_RESERVED = {"kiosk", "playlist", "screen"}


def _page(value: str) -> str:
    """An address of a page of ours, as it stands in the address bar after the host."""
    parts = urlsplit(value)
    if parts.scheme or parts.netloc or not value.startswith("/") or value.startswith(("//", "/\\")):
        raise ValueError("must be the address of a page here, like /missions?from=now-7d")
    if parts.path.startswith(_NO_PAGES) or any(letter.isspace() for letter in value):
        raise ValueError("is no address of a page")
    return value


def _item_page(value: str) -> str:
    found = _RESERVED & parse_qs(urlsplit(_page(value)).query, keep_blank_values=True).keys()
    if found:
        raise ValueError(f"must not say {', '.join(sorted(found))}: the playlist does")
    return value


Page = Annotated[Line, Field(min_length=1, max_length=500), AfterValidator(_page)]
Pixels = Annotated[int, Field(ge=0, le=100_000)]
Bytes = Annotated[int, Field(ge=0, le=2**50)]


def read_items(lines: str) -> list[dict[str, str]]:
    """The items of a playlist as people write them, one a line: seconds, then the address of a page."""
    parts = [line.split(maxsplit=1) for line in lines.splitlines() if line.strip()]
    return [{"dwell_seconds": seconds, "address": rest[0].strip() if rest else ""} for seconds, *rest in parts]


def write_items(items: list[dict[str, Any]]) -> str:
    return "\n".join(f"{item['dwell_seconds']} {item['address']}" for item in items)


class ScreenReport(BaseModel):
    """What a tab says of itself; `screen_id` is its own for as long as it lives. Ages in seconds."""

    model_config = ConfigDict(extra="forbid")

    screen_id: str = Field(pattern=r"^[A-Za-z0-9_-]{8,40}$")
    name: Name | None = None
    address: Page
    kiosk: bool = False
    visible: bool = True
    closed: bool = False
    link: Literal["waiting", "live", "polling", "silent", "lost"]
    width: Pixels = 0
    height: Pixels = 0
    fps: float | None = Field(None, ge=0, le=1000, allow_inf_nan=False)
    heap_bytes: Bytes | None = None
    heap_limit_bytes: Bytes | None = None
    data_age_s: float | None = Field(None, ge=0, le=1e8, allow_inf_nan=False)
    open_s: float = Field(0, ge=0, le=1e8, allow_inf_nan=False)


class PlaylistItem(BaseModel):
    model_config = ConfigDict(extra="forbid")

    address: Annotated[Line, Field(min_length=1, max_length=500), AfterValidator(_item_page)] = Field(
        description="A page with its range and filters: /missions?from=now-7d&to=now"
    )
    dwell_seconds: int = Field(30, ge=5, le=86_400)


class NewPlaylist(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name
    items: list[PlaylistItem] = Field(min_length=1, max_length=MAX_ITEMS)
    hold_seconds: int = Field(60, ge=5, le=3600, description="How long a critical alert keeps the wall")
