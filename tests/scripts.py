"""The browser's rules, asked without a browser."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ASK = Path(__file__).with_name("js") / "ask.js"
DENO = Path(sys.prefix) / "bin" / "deno"
ALONE = {"DENO_DIR": str(Path(sys.prefix) / "deno"), "DENO_NO_UPDATE_CHECK": "1"}


def ask(module: str, name: str, calls: list[tuple[Any, ...]]) -> list[Any]:
    """What `name` of assets/js/rules/<module>.js answers to each of `calls`."""
    command = [str(DENO), "run", "--quiet", "--no-check", "--no-remote", f"--allow-read={ASK.parents[2]}", str(ASK)]
    asked = json.dumps({"module": module, "name": name, "calls": calls})
    done = subprocess.run(
        command, input=asked, env=os.environ | ALONE, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    answers: list[Any] = json.loads(done.stdout)
    return answers
