"""Processes whose parent died before them: PostgreSQL's of a killed postmaster, say, each in a session of its own."""

from __future__ import annotations

import contextlib
import os
import sys

import psutil

from deploy.embedded.launch import prctl

PR_SET_CHILD_SUBREAPER = 36


def adopt() -> None:
    """Orphans among our offspring become our children instead of init's, on Linux. So none escapes."""
    if sys.platform == "linux":
        prctl(PR_SET_CHILD_SUBREAPER, 1)


def end(known: set[int]) -> None:
    """Ends every child of this process that is not known by its number."""
    for stray in psutil.Process().children():
        if stray.pid in known:
            continue
        with contextlib.suppress(psutil.NoSuchProcess):
            stray.kill()
        with contextlib.suppress(ChildProcessError):
            os.waitpid(stray.pid, 0)
