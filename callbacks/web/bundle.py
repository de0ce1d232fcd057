"""Our style sheets and scripts as two files, named by what is in them: a browser asks for each of them once, ever.

The style sheets in `assets/` follow each other by name, the scripts in `assets/js/` stand after what
they import (`callbacks/web/modules.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from flask import Response, abort, request

from callbacks.web import modules
from callbacks.web.dash_internals import STATIC, SUITES

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

FOREVER = "public, max-age=31536000, immutable"
_KIND = {".css": "text/css", ".js": "text/javascript"}
_URL = re.compile(rb'url\("([^":]+)"\)')
_MOST_KEPT = 64
_WALL = re.compile(r"@media \(min-width: (?:2300|3000)px\)(?: and \(min-height: \d+px\))? \{")
_NO_WALL = "(max-width: 2999px), (max-height: 1599px)"


@dataclass(frozen=True, slots=True)
class Bundle:
    """`style`, `script` and `icon` are addresses; `files` is the content of the first two by the last part of the
    address. `fonts` are the addresses of what the style sheet refers to."""

    style: str
    script: str
    icon: str
    fonts: tuple[str, ...]
    files: dict[str, bytes]


class Compressed:
    """Answers that never change are compressed once. Bounded: a fingerprint in an address may be anything."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        return self._kept.get(key)

    def set(self, key: str, value: bytes) -> None:
        if not key.endswith(";") and len(self._kept) < _MOST_KEPT:
            self._kept[key] = value


def kept_key(asked: object = None) -> str:
    """What a compressed answer is kept under; nothing for one that may be another tomorrow."""
    del asked
    fixed = request.path.startswith((SUITES, "/assets/bundle/"))
    return request.path if fixed else ""


def register(server: Flask, folder: Path) -> Bundle:
    """Serve the bundle of `folder`; everything of it whose address names its version is kept for ever."""
    server.config.setdefault("COMPRESS_CACHE_KEY", kept_key)
    server.config.setdefault("COMPRESS_CACHE_BACKEND", Compressed)
    bundle = made(folder)

    def serve(name: str) -> Response:
        content = bundle.files.get(name)
        if content is None:
            abort(404)
        return Response(content, mimetype=_KIND["." + name.rpartition(".")[2]])

    server.add_url_rule("/assets/bundle/<name>", "bundle", serve)
    server.after_request(_keep)
    return bundle


def made(folder: Path) -> Bundle:
    style = _URL.sub(lambda found: b'url("%s")' % _versioned(folder, found[1].decode()).encode(), _styles(folder))
    script = modules.joined(folder / "js" / "main.js")
    names = [f"mission-control.{_digest(content)}{kind}" for content, kind in ((style, ".css"), (script, ".js"))]
    return Bundle(
        style=f"/assets/bundle/{names[0]}",
        script=f"/assets/bundle/{names[1]}",
        icon=_versioned(folder, "favicon.ico"),
        fonts=tuple(dict.fromkeys(found.decode() for found in _URL.findall(style))),
        files=dict(zip(names, (style, script), strict=True)),
    )


def _styles(folder: Path) -> bytes:
    sheets = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.css")))
    return with_small_walls(sheets).encode()


def with_small_walls(style: str) -> str:
    """A television tells of itself as half its size: what is said of large screens and walls holds for any
    `data-wall`, too, scaled
    (`assets/js/shell/kiosk.js`)."""
    blocks = [style[found.end() : _end(style, found.end())] for found in _WALL.finditer(style)]
    nested = "\n".join(f":root[data-wall] {{{block}}}" for block in blocks)
    return f"{style}\n@media {_NO_WALL} {{\n{nested}\n}}\n"


def _end(style: str, begin: int) -> int:
    """Where the block that has begun ends."""
    depth = 1
    for at in range(begin, len(style)):
        depth += {"{": 1, "}": -1}.get(style[at], 0)
        if not depth:
            return at
    raise ValueError("a block of the style sheets has no end")


def _versioned(folder: Path, name: str) -> str:
    """The address of a file beside the style sheets, with what is in it as its version."""
    return f"/assets/{name}?v={_digest((folder / name).read_bytes())}"


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:16]


def _keep(response: Response) -> Response:
    named = request.endpoint == "bundle" or (request.endpoint == STATIC and "v" in request.args)
    if named and response.status_code == 200:
        response.headers["Cache-Control"] = FOREVER
    return response
