"""The table that is printed and the file that is kept."""

from __future__ import annotations

import math
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import psutil

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.registry import Row

RESULTS = Path(__file__).parent / "results.json"
Machine = dict[str, Any]
HEADINGS = ("what", "value", "unit", "reach", "", "n", "")
RIGHT = {1, 3, 5}


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0–1) of all lie, by the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def verdict(row: Row) -> str:
    if row.reach is None:
        return ""
    return "OK" if row.reach.met(row.value) else "SHORT"


def table(rows: Sequence[Row]) -> str:
    cells = [HEADINGS, *map(_cells, rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADINGS))]
    lines = [_line(line, widths) for line in cells]
    return "\n".join([lines[0], "─" * (sum(widths) + 2 * len(widths) - 2), *lines[1:]])


def write(rows: Sequence[Row], on: Machine, path: Path = RESULTS) -> None:
    path.write_bytes(orjson.dumps([_kept(row, on) for row in rows], option=orjson.OPT_INDENT_2) + b"\n")


def machine() -> Machine:
    """Where it is measured; `load` is how many processes wanted a core before the first benchmark began."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "processor": platform.machine(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),
    }


def _cells(row: Row) -> tuple[str, ...]:
    reach = str(row.reach) if row.reach else ""
    return (row.name, _number(row.value), row.unit, reach, verdict(row), f"{row.n:,}", row.note)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    parts = [
        cell.rjust(width) if at in RIGHT else cell.ljust(width)
        for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(parts).rstrip()


def _kept(row: Row, on: Machine) -> dict[str, Any]:
    reach = {"reach": str(row.reach), "met": row.reach.met(row.value)} if row.reach else {}
    note = {"note": row.note} if row.note else {}
    value = None if math.isnan(row.value) else row.value
    return {"name": row.name, "value": value, "unit": row.unit, "n": row.n, "machine": on, **reach, **note}
