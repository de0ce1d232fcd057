"""Which process runs which test, so that none waits while another has a queue."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parents[1]
ONE_SERVICE = "tests/sockets"  # it takes longer to start than most of its tests
FOR_A_FILE = 'scope="module"'


class Together(LoadScopeScheduling):
    """Tests that share an instance stay in one process; every other goes to the process that is free."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return shared(file) or nodeid


@cache
def shared(file: str) -> str:
    """The place whose tests share something that is made for them alone: the file, or its folder; or none."""
    if file.startswith(f"{ONE_SERVICE}/"):
        return ONE_SERVICE
    path = ROOT / file
    texts = [one.read_text(encoding="utf-8") for one in (path, path.with_name("conftest.py")) if one.exists()]
    return file if any(FOR_A_FILE in text for text in texts) else ""
