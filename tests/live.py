"""The shape of the live state: what fits it, and where a path leads."""

from __future__ import annotations

from types import UnionType
from typing import TYPE_CHECKING, Any, NotRequired, get_args, get_origin, get_type_hints, is_typeddict

from components.kit.view import View
from data.areas import AREAS, NUMBERS
from data.live.sections import Always, everything

if TYPE_CHECKING:
    from collections.abc import Iterator

STAMPS = {view.name for area in AREAS for view in area.views}


def misfits(value: Any, kind: Any, where: str = "") -> Iterator[str]:
    """Where a value is not of its declared kind."""
    if is_typeddict(kind):
        hints = get_type_hints(kind, include_extras=True)
        yield from (f"{where}.{name} is not declared" for name in value.keys() - hints.keys())
        for name, hint in hints.items():
            if name in value:
                yield from misfits(
                    value[name], get_args(hint)[0] if get_origin(hint) is NotRequired else hint, f"{where}.{name}"
                )
            elif get_origin(hint) is not NotRequired:
                yield f"{where}.{name} is missing"
    elif get_origin(kind) is dict:
        yield from (wrong for key, one in value.items() for wrong in misfits(one, get_args(kind)[1], f"{where}.{key}"))
    elif get_origin(kind) is list:
        yield from (wrong for one in value for wrong in misfits(one, get_args(kind)[0], f"{where}[]"))
    elif kind is not Any and not isinstance(value, _plain(kind)):
        yield f"{where} is {value!r}, not {kind}"


def _plain(kind: Any) -> Any:
    """What a value may be: a whole number passes for a float, as in JSON."""
    kinds = get_args(kind) if isinstance(kind, UnionType) else (kind,)
    return (*kinds, int) if float in kinds else kinds


def is_there(path: str) -> bool:
    """Whether a path leads to something in the state or in the view that is derived from it."""
    return kind_of(path) is not None


def kind_of(path: str, start: Any = None) -> Any:
    """What stands at a path, from the top of the state or from the kind of a row; None where it leads nowhere."""
    first, *rest = path.split(".")
    found = (
        _at_the_top(first) if start is None else [start_kind for start_kind in [_step(start, first, "")] if start_kind]
    )
    for at, key in enumerate(rest):
        found = [kind for each in found if (kind := _step(each, key, ".".join([first, *rest[:at]])))]
    return next((kind for kind in found if kind), None)


def _at_the_top(key: str) -> list[Any]:
    shapes = [Always, *(section.shape for section in everything())]
    return [View] if key == "view" else [hints[key] for shape in shapes if key in (hints := get_type_hints(shape))]


def _step(kind: Any, key: str, where: str) -> Any:
    if is_typeddict(kind):
        return get_type_hints(kind).get(key)
    if get_origin(kind) is dict:
        return get_args(kind)[1] if key in NAMES.get(where, {key}) else None
    return None


_SECTIONS = {section.name for section in everything()}
NAMES: dict[str, set[str]] = {
    "stamps": STAMPS,
    "sections": _SECTIONS,
    "view.as_of": _SECTIONS,
    "view.status": {section.name for section in everything() if section.status} | {area.name for area in AREAS},
    "view.levels": set(NUMBERS),
    "view.delta": {
        name
        for section in everything()
        if section.name == "trends"
        for name in get_type_hints(get_type_hints(section.shape)["trends"])
    },
}
