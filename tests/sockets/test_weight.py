"""The service that holds sockets carries nothing that pages need."""

from __future__ import annotations

import subprocess
import sys

HEAVY = {"dash", "pandas", "numpy", "plotly", "celery", "scrapy", "twisted", "flask_openapi3", "tldextract"}
LOADED = "import sys, app, callbacks.sockets.service; print(*{name.partition('.')[0] for name in sys.modules})"


def test_it_loads_no_page_no_frame_and_no_chart() -> None:
    loaded = subprocess.run([sys.executable, "-c", LOADED], check=True, capture_output=True, text=True)
    assert HEAVY & set(loaded.stdout.split()) == set()
