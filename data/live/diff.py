"""What changed between two states, as a JSON merge patch (RFC 7396), and how a patch is applied.

A state is made of objects, arrays, strings, numbers and booleans. A null inside an object would be taken for a
deletion, so what is not known is left out; inside an array a null is a value like any other.
"""

from __future__ import annotations

from typing import Any

Json = Any


def diff(old: Json, new: Json) -> Json:
    """The smallest merge patch that turns the object `old` into `new`: null deletes, arrays are replaced whole."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    patch = {key: None for key in old if key not in new}
    for key, value in new.items():
        if key not in old:
            patch[key] = value
        elif not same(old[key], value):
            patch[key] = diff(old[key], value)
    return patch


def merge(target: Json, patch: Json) -> Json:
    """`target` with `patch` applied, as a new value that shares what did not change."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge(merged.get(key), value)
    return merged


def same(one: Json, other: Json) -> bool:
    """Equality as JSON knows it: 1 and true are two things, although Python takes them for one."""
    if one is other:
        return True  # a part that was not read again
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)
