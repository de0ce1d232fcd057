"""What the children print, one file each, kept small."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 5 * 1024 * 1024  # bytes


def rotate(folder: Path, largest: int = LARGEST) -> None:
    """Moves what a full log holds to the file before it. The writer keeps its open file, which appends."""
    for log in folder.glob("*.log"):
        if log.stat().st_size > largest:
            shutil.copyfile(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)
