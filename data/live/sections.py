"""All sections of all areas, the shape of the state they make together, and who may see which of its parts."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, get_type_hints, is_typeddict

from data.areas import parts
from data.live.channel import Frame
from data.status import Status, worst

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from data.live.section import LiveSection, State
    from data.permissions import Permission

Audience = frozenset["Permission"]
Path = tuple[str, ...]
Mask = dict[str, Any]  # True where everything below is seen, else a mask


class Section(TypedDict):
    """`as_of` stands where a section is older than its pace allows; without it the state's own holds."""

    status: NotRequired[Status]
    as_of: NotRequired[int]


class ViewStamp(TypedDict):
    version: int
    refreshed: NotRequired[int]


class Always(TypedDict):
    """What stands in every state, whoever watches. `tick` moves on while `as_of` stands still: PostgreSQL is away."""

    as_of: int
    tick: int
    version: str
    started: NotRequired[int]
    newest_event: NotRequired[int]
    stamps: dict[str, ViewStamp]
    sections: dict[str, Section]
    areas: dict[str, Status]


@cache
def by_area() -> dict[str, tuple[LiveSection, ...]]:
    return {module.__name__.split(".")[1]: module.SECTIONS for module in parts("data", "live")}


def areas_of_sections() -> dict[str, str]:
    return {section.name: area for area, sections in by_area().items() for section in sections}


def everything() -> tuple[LiveSection, ...]:
    return tuple(section for sections in by_area().values() for section in sections)


@cache
def paths(shape: type) -> frozenset[Path]:
    """The paths of a TypedDict down to what is no TypedDict."""
    found: set[Path] = set()
    for key, kind in get_type_hints(shape).items():
        found |= {(key, *path) for path in paths(kind)} if is_typeddict(kind) else {(key,)}
    return frozenset(found)


def statuses(state: State) -> dict[str, Status]:
    """The status of every section that has one, by a state as anybody may have made it."""
    return {section.name: section.status(state) for section in everything() if section.status}


def area_statuses(by_section: dict[str, Status]) -> dict[str, Status]:
    """The worst of each area's sections."""
    return {
        area: worst(by_section[section.name] for section in sections if section.name in by_section)
        for area, sections in by_area().items()
    }


@cache
def needed() -> Audience:
    """Every permission that decides on a part of the state."""
    return frozenset(permission for section in everything() for permission in section.needs)


def audience(permissions: Iterable[Permission]) -> Audience:
    """Those of somebody's permissions that matter here: who has the same ones sees the same state."""
    return needed().intersection(permissions)


def visible(payload: State, seen_by: Audience) -> State:
    """The part of a state, or of a patch, that this audience may see; `payload` itself where that is all."""
    return payload if seen_by >= needed() else _masked(payload, _mask(seen_by))


def encoded_for(raw: bytes, seen_by: Audience) -> bytes:
    """An encoded frame as this audience gets it; `raw` itself for who may see everything."""
    if seen_by >= needed():
        return raw
    frame = Frame.decoded(raw)
    return replace(frame, payload=visible(frame.payload, seen_by)).encoded()


@cache
def _mask(seen_by: Audience) -> Mask:
    permitted = {section.name for section in everything() if seen_by.issuperset(section.needs)}
    mask: Mask = dict.fromkeys(get_type_hints(Always), True)
    mask["sections"] = dict.fromkeys(permitted, True)
    mask["areas"] = {
        area: True
        for area, sections in by_area().items()
        if permitted.issuperset(section.name for section in sections if section.status)
    }
    for path in _paths_of(permitted):
        inner = mask
        for key in path[:-1]:
            inner = inner.setdefault(key, {})
        inner[path[-1]] = True
    return mask


def _paths_of(names: set[str]) -> Iterator[Path]:
    for section in everything():
        if section.name in names:
            yield from paths(section.shape)


def _masked(payload: State, mask: Mask) -> State:
    """What is under no mask is not seen: a part that nobody declared belongs to nobody."""
    seen: State = {}
    for key, value in payload.items():
        below = mask.get(key)
        if below is True or (below is not None and not isinstance(value, dict)):
            seen[key] = value
        elif below is not None and ((inner := _masked(value, below)) or not value):
            seen[key] = inner
    return seen
