"""What people may send about their screens; checked here for every front door."""

from __future__ import annotations

from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from data.areas import NUMBERS
from data.fields import Name
from data.layouts.rules import DEEPEST, Item

Theme = Literal["night", "day", "contrast"]
THEMES: tuple[Theme, ...] = get_args(Theme)
MOST_PANELS = 60

ViewId = Annotated[str, Field(pattern=r"^[a-z0-9]{1,40}$")]
Title = Annotated[Name, Field(max_length=60)]
Limit = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Placed(_Strict):
    """A panel and its rectangle, in cells of a grid of 24 columns."""

    panel: Annotated[str, Field(min_length=1, max_length=60)]
    x: int = Field(ge=0, le=23)
    y: int = Field(ge=0, le=DEEPEST)
    w: int = Field(ge=1, le=24)
    h: int = Field(ge=1, le=100)
    hidden: bool = False
    shows: Annotated[str, Field(max_length=60)] | None = Field(None, description="What a widget's slot holds")

    def item(self) -> Item:
        item: Item = {"panel": self.panel, "x": self.x, "y": self.y, "w": self.w, "h": self.h}
        if self.hidden:
            item["hidden"] = True
        if self.shows is not None:
            item["shows"] = self.shows
        return item


class NewLayout(_Strict):
    panels: list[Placed] = Field(max_length=MOST_PANELS)
    view: ViewId | None = Field(None, description="A named view; none: one's own standing layout")


class NewView(_Strict):
    name: Title
    page: Annotated[str, Field(max_length=40)] = "overview"
    of: ViewId | None = Field(None, description="The view it starts as a copy of; none: one's own standing layout")


class ViewName(_Strict):
    name: Title


class Threshold(_Strict):
    """From these values on a number counts as caution, as critical."""

    caution: Limit | None = None
    critical: Limit | None = None


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        raise ValueError("must be a time zone such as UTC or Europe/Vienna") from None
    return name


class Preferences(_Strict):
    """How one person wants to see every page."""

    refresh_s: int = Field(1, ge=1, le=60, description="Seconds between two paintings of what is new")
    theme: Theme = "night"
    time_zone: Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_zone)] = "UTC"
    sound: bool = Field(default=False, description="A tone when something becomes critical")
    thresholds: dict[str, Threshold] = Field(default_factory=dict, max_length=len(NUMBERS))

    @field_validator("thresholds")
    @classmethod
    def _known(cls, value: dict[str, Threshold]) -> dict[str, Threshold]:
        for name, limits in value.items():
            if name not in NUMBERS:
                raise ValueError(f"there is no number {name[:60]}")
            if not _ordered(limits, NUMBERS[name].worse):
                raise ValueError(f"{name}: critical must lie {NUMBERS[name].worse} caution")
        return value


def _ordered(limits: Threshold, worse: str) -> bool:
    if limits.caution is None or limits.critical is None:
        return True
    return limits.critical >= limits.caution if worse == "above" else limits.critical <= limits.caution
