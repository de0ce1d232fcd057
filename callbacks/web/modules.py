"""The browser's modules as one script: each once, after those it imports, in a scope of its own.

No tool is needed to run the product, so only the few forms are understood that our scripts use: imports by name or as a
namespace at the top, exports at their declarations. Anything else is refused with file and line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from data.errors import MissionControlError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_IMPORT = re.compile(r'^import (?:\* as (\w+)|\{\s*([\w\s,]*?)\s*\}) from "([^"]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async function|function|const|class) (\w+))", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b|\bimport\(|\bimport\.meta\b", re.MULTILINE)
# Comments that fill their lines: the browser needs none, and their types are half of some files.
_COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*(?:[^*]|\*(?!/))*\*/[ \t]*)\n", re.MULTILINE)


class ScriptError(MissionControlError):
    """A script that cannot be put into the bundle."""


def joined(entry: Path) -> bytes:
    """The script that runs `entry` and all that it imports."""
    names: dict[Path, str] = {}
    parts = [_scoped(path, names) for path in _ordered(entry)]
    return ('(() => {\n"use strict";\n' + "\n".join(parts) + "\n})();\n").encode()


def _ordered(entry: Path) -> list[Path]:
    done: dict[Path, bool] = {}  # whether it stands already; false while its own imports are looked at

    def visit(path: Path) -> None:
        if done.get(path):
            return
        if path in done:
            raise ScriptError(f"{path.name} imports itself, by way of others")
        done[path] = False
        for other in _imports(path):
            visit(other)
        done.pop(path)
        done[path] = True

    visit(entry.resolve())
    return list(done)


def _imports(path: Path) -> Iterator[Path]:
    for _, _, source in _IMPORT.findall(path.read_text(encoding="utf-8")):
        other = (path.parent / source).resolve()
        if not other.is_file():
            raise ScriptError(f"{path.name} imports {source}, which is not there")
        yield other


def _scoped(path: Path, names: dict[Path, str]) -> str:
    """One module as a constant that holds what it exports."""
    names[path] = f"${len(names)}"
    code = _COMMENT.sub("", path.read_text(encoding="utf-8"))
    exported = _EXPORT.findall(code)

    def taken(found: re.Match[str]) -> str:
        module = names[(path.parent / found[3]).resolve()]
        what = found[1] or "{ " + " ".join(found[2].replace(" as ", ": ").split()) + " }"
        return f"const {what} = {module};"

    code = _IMPORT.sub(taken, _EXPORT.sub("", code))
    if other := _OTHER.search(code):
        raise ScriptError(
            f"{path.name}: {code[other.start() :].splitlines()[0]} is a form that the bundle does not know"
        )
    return f"const {names[path]} = (() => {{\n{code}return {{ {', '.join(exported)} }};\n}})();"
