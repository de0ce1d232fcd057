"""What a mission asks of this satellite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from clients.satellite import addresses
from clients.satellite.guard import NOWHERE, Reach

if TYPE_CHECKING:
    from clients.sdk import Lease


@dataclass(frozen=True, slots=True)
class Plan:
    """`sites` are host[:port]; `delay_seconds` lies between requests to one host, `timeout_seconds` is for a page.
    `reach` is what of private networks the server lets this mission fetch."""

    job_id: str
    start: str
    sites: frozenset[str]
    max_pages: int
    max_depth: int | None
    delay_seconds: float
    concurrency: int
    timeout_seconds: float
    reach: Reach = NOWHERE

    @classmethod
    def of(cls, lease: Lease) -> Self:
        """Raises ValueError naming what of the mission cannot be used."""
        config: dict[str, Any] = lease["config"] or {}
        target = _address("target_url", lease["target_url"])
        start = _address("start_url", config.get("start_url") or target)
        sites = {addresses.site(target), addresses.site(start)}
        depth = config.get("max_depth")
        return cls(
            job_id=lease["job_id"],
            start=start,
            sites=frozenset(sites | {addresses.named_site(name) for name in config.get("allowed_sites") or ()}),
            max_pages=int(_number(config, "max_pages", 100_000, 1, 100_000)),
            max_depth=None if depth is None else int(_number(config, "max_depth", 0, 0, 100_000)),
            delay_seconds=_number(config, "delay_seconds", 1.0, 0, 60),
            concurrency=int(_number(config, "concurrency", 8, 1, 32)),
            timeout_seconds=_number(config, "timeout_seconds", 20.0, 0.1, 120),
            reach=Reach(bool(lease.get("private_allowed")), frozenset(lease.get("private_sites") or ())),
        )


def _address(name: str, given: str) -> str:
    try:
        return addresses.named_page(given)
    except ValueError:
        raise ValueError(f"{name}: {given!r} is no http or https address") from None


def _number(config: dict[str, Any], name: str, default: float, least: float, most: float) -> float:
    value = config.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise ValueError(f"config.{name}: {value!r} is no number from {least:g} to {most:g}")
    return value
