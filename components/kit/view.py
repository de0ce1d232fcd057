"""What pages may bind to: the live state as the sections of the areas declare it, and the `view` that
`assets/js/rules/view.js` derives from it. A test resolves every binding of every page against this."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class JobRow(TypedDict):
    href: str
    symbol: str
    word: str
    progress: int
    job_type: str
    target: str
    x_start: float
    x_now: float
    x_end: float
    x_low: float
    x_high: float
    reached_1: bool
    reached_2: bool
    reached_3: bool
    reached_4: bool
    reached_words: str
    order: float


class SatelliteRow(TypedDict):
    name: str
    symbol: str
    ppm: NotRequired[float]
    spark: NotRequired[list[float]]
    word: str
    order: str


class ServiceRow(TypedDict):
    symbol: str
    word: str
    order: int


class LinkRow(TypedDict):
    id: str
    at: int
    source: str
    target: str
    grade: str
    tone: str
    order: int


class FailureRow(TypedDict):
    title: str
    href: str
    words: str
    symbol: str
    at: int
    order: float
    alarm: str
    ack: NotRequired[str]
    taken: NotRequired[str]


class AlarmRow(FailureRow):
    """A group of alerts."""

    id: str
    counts: bool


class QuotaRow(TypedDict):
    symbol: str
    used: float
    of: str
    word: str
    x_used: float
    x_low: float
    x_high: float
    x_tick: float
    has_forecast: bool
    has_limit: bool
    said: str
    order: int


class BoardRow(TypedDict):
    job_id: str
    word: str
    symbol: str
    job_type: str
    target: str
    progress: int
    priority: int
    pages_crawled: int
    pages_queued: int
    links_found: int
    errors: int
    satellites: str


class Alarms(TypedDict):
    rows: list[AlarmRow]
    waiting: list[AlarmRow]
    open: int
    critical: str
    said: str


class Discovery(TypedDict):
    said: str
    radar: str
    curve: str


class Means(TypedDict):
    jobs: str
    pages: str


class Notes(TypedDict):
    mean: Means
    pages: str
    jobs: str
    ended: str
    fleet: str
    drain: str
    oldest: str
    short: str
    watched: str
    links: str
    rate: str
    satellites: str


class Sizes(TypedDict):
    jobs: int
    fleet: int
    services: int
    links: int
    errors: int
    quotas: int


class Empty(Sizes):
    wall: bool
    alarms: bool


class Counts(TypedDict):
    jobs: str
    fleet: str
    errors: str
    quotas: str


class Level(TypedDict):
    tone: NotRequired[str]
    status: str
    limit: NotRequired[float]


class View(TypedDict):
    """`status` and `as_of` are of each section and, the status, of each area; `levels` of each number of the catalogue,
    `delta` of each trend."""

    jobs: dict[str, JobRow]
    fleet: dict[str, SatelliteRow]
    services: dict[str, ServiceRow]
    links: list[LinkRow]
    errors: dict[str, FailureRow]
    quotas: dict[str, QuotaRow]
    has: Sizes
    empty: Empty
    whole: Sizes
    board: list[BoardRow]
    said: Counts
    uptime: str
    discovery: Discovery
    alarms: Alarms
    note: Notes
    delta: dict[str, str]
    levels: dict[str, Level]
    status: dict[str, str]
    as_of: dict[str, int]
