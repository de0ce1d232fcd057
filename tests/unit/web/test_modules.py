"""Modules become one script that does what they did apart."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from callbacks.web import modules
from tests.architecture.house import ROOT
from tests.scripts import ALONE, DENO

if TYPE_CHECKING:
    from pathlib import Path

PARTS = {
    "main.js": """
/* Says what the others found. */
import * as names from "./names.js";
import { greet as say, LOUD } from "./talk/greet.js";
import {
  count,
} from "./count.js";

const $ = "not taken";
console.log([say(names.first), say(names.second), count(), LOUD, $, "// a word", `/* another */`].join("|"));
""",
    "names.js": 'export const first = "Ann";\nexport const second = "Bob";\n',
    "count.js": "let said = 0;\nexport const add = () => (said += 1);\nexport function count() {\n  return said;\n}\n",
    "talk/greet.js": """
import { add } from "../count.js";
/** @type {(name: string) => string} */
export function greet(name) {
  // it counts
  add();
  return "Hello " + name;
}
export const LOUD = greet("all").toUpperCase();
""",
}


def written(folder: Path, parts: dict[str, str]) -> Path:
    for name, text in parts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "main.js"


def said_by(script: Path) -> str:
    done = subprocess.run(
        [str(DENO), "run", "--quiet", str(script)], env=ALONE, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_one_script_says_what_the_modules_say(tmp_path: Path) -> None:
    entry = written(tmp_path, PARTS)
    whole = tmp_path / "whole.js"
    whole.write_bytes(modules.joined(entry))
    assert said_by(whole) == said_by(entry) == "Hello Ann|Hello Bob|3|HELLO ALL|not taken|// a word|/* another */\n"
    assert "@type" not in whole.read_text(encoding="utf-8")
    assert "it counts" not in whole.read_text(encoding="utf-8")


def test_each_stands_once_and_after_what_it_imports(tmp_path: Path) -> None:
    script = modules.joined(written(tmp_path, PARTS)).decode()
    assert script.count("let said = 0") == 1
    places = [script.index(words) for words in ("let said", "const LOUD", "console.log")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"main.js": 'import { a } from "./none.js";\n'}, "main.js imports ./none.js, which is not there"),
        ({"main.js": 'import { a } from "./a.js";\n', "a.js": 'import { b } from "./main.js";\n'}, "imports itself"),
        ({"main.js": 'import "./a.js";\n'}, 'main.js: import "./a.js"; is a form'),
        ({"main.js": "export default 1;\n"}, "main.js: export default 1; is a form"),
        ({"main.js": "export let now = 1;\n"}, "main.js: export let now = 1; is a form"),
        ({"main.js": 'const later = await import("./a.js");\n'}, "is a form that the bundle does not know"),
        ({"main.js": 'import { c } from "./a.js";\n', "a.js": "export const a = 1;\n"}, "main.js imports c from a.js"),
    ],
)
def test_what_it_does_not_know_is_refused_and_named(tmp_path: Path, parts: dict[str, str], words: str) -> None:
    with pytest.raises(modules.ScriptError, match=words.replace("(", r"\(").replace(".", r"\.")):
        modules.joined(written(tmp_path, parts))


def test_every_script_of_ours_is_part_of_the_page() -> None:
    scripts = ROOT / "assets" / "js"
    whole = set(modules.ordered(scripts / "main.js"))
    assert sorted(path.name for path in scripts.rglob("*.js") if path.resolve() not in whole) == []
