"""What people and satellites may send about missions; checked here for every front door."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from data import hosts, urls
from data.fields import Count, Label, Line, Name, Number, Word, check_json

_DOMAIN = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+")


def _target(value: str) -> str:
    """An http(s) address, or a bare domain name such as acme.io."""
    value = value.strip()
    if not value.isprintable():
        raise ValueError("holds a control character")
    try:
        if "://" in value:
            address = urls.parse(value)
            return address if "@" in value else value  # a login is not kept
        if _DOMAIN.fullmatch(host := hosts.parse_host(value)):
            return host
    except ValueError:
        pass
    raise ValueError("must be an http or https address, or a domain name")


def _site(value: str) -> str:
    """A host, host:port or address. Which port is named stays: satellites go to no other on private networks."""
    hosts.parse_host(value)
    return urls.parse(value) if "://" in value else value.strip()


Target = Annotated[str, Field(min_length=1, max_length=2048), AfterValidator(_target)]
Site = Annotated[Line, Field(min_length=1), AfterValidator(_site)]


class MissionConfig(BaseModel):
    """How to crawl. Settings that are not known here are kept for the satellite that knows them."""

    model_config = ConfigDict(extra="allow")

    max_pages: int | None = Field(None, ge=1, le=100_000, description="Stop after so many pages; none: the whole site")
    delay_seconds: float | None = Field(
        None, ge=0, le=60, allow_inf_nan=False, description="Between two fetches a site"
    )
    max_depth: int | None = Field(None, ge=0, le=1000)
    allowed_sites: list[Site] | None = Field(None, max_length=100)
    start_url: Target | None = None
    concurrency: int | None = Field(None, ge=1, le=32)


class _WithConfig(BaseModel):
    model_config = ConfigDict(extra="forbid")

    config: MissionConfig = Field(default_factory=MissionConfig)

    @field_validator("config")
    @classmethod
    def _storable(cls, value: MissionConfig) -> MissionConfig:
        check_json(value.model_dump(mode="json", exclude_unset=True))
        return value

    def config_values(self) -> dict[str, Any]:
        return self.config.model_dump(mode="json", exclude_unset=True)


class NewMission(_WithConfig):
    job_type: Label
    target_url: Target
    priority: int = Field(5, ge=1, le=10, description="10 goes first")


class MissionChange(_WithConfig):
    priority: int | None = Field(None, ge=1, le=10)


class SatelliteIdentity(BaseModel):
    satellite_id: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9._-]+$")] | None = None
    name: Name
    version: Annotated[Line, Field(max_length=60)] = ""
    hostname: Annotated[Line, Field(max_length=255)] = ""
    max_jobs: int = Field(1, ge=1, le=100)


class Heartbeat(BaseModel):
    status: Literal["idle", "working", "paused", "stopping"] = "idle"
    jobs: list[Word] = Field(default_factory=list, max_length=100)
    pages_per_minute: Number | None = None
    cpu_percent: Number | None = None
    memory_mb: Number | None = None


class Progress(BaseModel):
    """Absolute numbers of this run."""

    satellite_id: Word
    pages_crawled: Count
    pages_queued: Count = 0
    links_found: Count = 0
    errors_count: Count = 0
    status: Literal["running", "paused", "completed", "failed"] = "running"
    message: Line | None = None
