"""The browser's modules as one script: each once, after those it imports, in a scope of its own.

No tool is needed to run the product, so only the few forms are understood that our scripts use: imports by name or as a
namespace at the top, exports at their declarations. Anything else is refused and named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.errors import MissionControlError

if TYPE_CHECKING:
    from pathlib import Path

_IMPORT = re.compile(r'^import (?:\* as (\w+)|\{\s*([\w\s,]*?)\s*\}) from "([^"]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async function|function|const|class) (\w+))", re.MULTILINE)
_OTHER = re.compile(r"^.*(?:^(?:import|export)\b|\bimport\(|\bimport\.meta\b).*$", re.MULTILINE)
# Comments that fill their lines: the browser needs none, and types are half of some files.
_COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*(?:[^*]|\*(?!/))*\*/[ \t]*)\n", re.MULTILINE)


class ScriptError(MissionControlError):
    """A script that cannot be put into the bundle."""


@dataclass(frozen=True, slots=True)
class Module:
    """`name` is the constant that holds its exports; `code` has no comments, and its imports and exports as written."""

    path: Path
    name: str
    code: str
    exports: tuple[str, ...]


def joined(entry: Path) -> bytes:
    """The script that runs `entry` and all that it imports."""
    known: dict[Path, Module] = {}
    for path in ordered(entry):
        code = _COMMENT.sub("", path.read_text(encoding="utf-8"))
        known[path] = Module(path, f"${len(known)}", code, tuple(_EXPORT.findall(code)))
    parts = "\n".join(_scoped(module, known) for module in known.values())
    return f'(() => {{\n"use strict";\n{parts}\n}})();\n'.encode()


def ordered(entry: Path) -> list[Path]:
    """`entry` and all that it imports, each after what it imports itself."""
    done: list[Path] = []
    begun: list[Path] = []

    def visit(path: Path) -> None:
        if path in done:
            return
        if path in begun:
            raise ScriptError(f"{path.name} imports itself, by way of {begun[-1].name}")
        begun.append(path)
        for _, _, source in _IMPORT.findall(path.read_text(encoding="utf-8")):
            other = (path.parent / source).resolve()
            if not other.is_file():
                raise ScriptError(f"{path.name} imports {source}, which is not there")
            visit(other)
        done.append(begun.pop())

    visit(entry.resolve())
    return done


def _scoped(module: Module, known: dict[Path, Module]) -> str:
    """One module as a constant that holds what it exports."""

    def taken(line: re.Match[str]) -> str:
        other = known[(module.path.parent / line[3]).resolve()]
        names = [name.split(" as ") for name in re.findall(r"\w+(?: as \w+)?", line[2] or "")]
        if strange := next((name[0] for name in names if name[0] not in other.exports), None):
            raise ScriptError(f"{module.path.name} imports {strange} from {other.path.name}, which does not export it")
        return f"const {line[1] or '{ ' + ', '.join(': '.join(name) for name in names) + ' }'} = {other.name};"

    code = _IMPORT.sub(taken, _EXPORT.sub("", module.code))
    if other := _OTHER.search(code):
        raise ScriptError(f"{module.path.name}: {other[0].strip()} is a form that the bundle does not know")
    return f"const {module.name} = (() => {{\n{code}return {{ {', '.join(module.exports)} }};\n}})();"
