"""Every page there is, as its file registers it: a new one is looked at without being named here."""

from __future__ import annotations

import re

from tests.architecture.house import ROOT

_PATH = re.compile(r'register_page\([^)]*\bpath="([^"]+)"', re.DOTALL)
_PATTERN = re.compile(r'register_page\([^)]*\bpath_template="([^"]+)"', re.DOTALL)


def paths() -> list[str]:
    files = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "pages").glob("[!_]*.py"))]
    fixed = [found for text in files for found in _PATH.findall(text)]
    patterns = [re.sub(r"<\w+>", "acme.io", found) for text in files for found in _PATTERN.findall(text)]
    return sorted(fixed + patterns)
