"""Our style sheets as one, and what is added to them."""

from __future__ import annotations

import re
from pathlib import Path

from callbacks.web.bundle import made, with_small_walls

ASSETS = Path(__file__).parents[3] / "assets"
WALL = "@media (min-width: 3000px) and (min-height: 1600px) {"


def test_what_is_said_of_walls_holds_for_what_is_a_wall_by_its_shape() -> None:
    style = with_small_walls(f".a {{ top: 1px; }}\n{WALL}\n  .a {{ top: 2px; }}\n}}\n.b {{ top: 3px; }}")
    before, _, added = style.partition("@media (max-width: 2999px), (max-height: 1599px)")
    assert before.count("top: 2px") == 1
    assert re.sub(r"\s+", " ", added).strip() == "{ :root[data-wall] { .a { top: 2px; } } }"


def test_every_block_of_walls_is_added() -> None:
    bundle = made(ASSETS)
    style = next(content.decode() for name, content in bundle.files.items() if name.endswith(".css"))
    large = re.findall(r"@media \(min-width: (?:2300|3000)px\)(?: and \(min-height: \d+px\))? \{", style)
    assert style.count(":root[data-wall] {") == len(large) > 8
    assert style.count("{") == style.count("}")
