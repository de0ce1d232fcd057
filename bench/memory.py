"""What the whole of `make run` takes of a machine's memory, with the simulator at work."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from bench.registry import Reach, Row, Scale, benchmark

if TYPE_CHECKING:
    from bench.stack import Stack

MB = 1e6
EVERY_S = 10.0


@benchmark.add("memory", where="simulated")
def memory(stack: Stack, scale: Scale) -> list[Row]:
    """PSS counts each shared page once; RSS counts it in every process that maps it."""
    if stack.pid is None:  # not started here: nobody says which processes it consists of
        return []
    begun, grown = time.monotonic(), list[tuple[float, float]]()
    while (passed := time.monotonic() - begun) < scale.soak:
        grown.append((passed, taken(stack)[0]))
        time.sleep(EVERY_S)
    pss, rss, count = taken(stack)
    half = [each for each in grown if each[0] >= scale.soak / 2] or grown
    minutes = max(EVERY_S, time.monotonic() - begun - half[0][0]) / 60
    note = f"{count} processes, after {scale.soak:.0f} s"
    return [
        Row("memory of the whole stack, PSS", pss / MB, "MB", len(grown), Reach(below=900), note),
        Row("memory of the whole stack, sum of RSS", rss / MB, "MB", 1),
        Row("memory grown in the soak's second half", (pss - half[0][1]) / MB / minutes, "MB/min", len(half)),
        *(Row(f"memory of {name}, PSS", part / MB, "MB", 1) for name, part in parts(stack).items()),
    ]


def parts(stack: Stack) -> dict[str, float]:
    """Bytes of each program that the supervisor runs, with all its processes."""
    supervisor, *_ = stack.processes()
    found = {"supervisor": supervisor.memory_full_info().pss}
    for child in supervisor.children():
        family = [child, *child.children(recursive=True)]
        found[_name(child)] = sum(each.memory_full_info().pss for each in family)
    return found


def _name(process: psutil.Process) -> str:
    words = [word for word in process.cmdline() if word and not word.startswith("-")]
    first = Path(words[0]).name
    if not first.startswith("python"):
        return first.split(":")[0]
    module = words[-1] if "app" in words else next((word for word in words if word.startswith("app:")), words[-1])
    return {"app:create_server()": "web", "app:create_sockets()": "sockets"}.get(module, module)


def taken(stack: Stack) -> tuple[float, float, int]:
    """Bytes as PSS, bytes as RSS, and the number of processes."""
    pss, rss, count = 0.0, 0.0, 0
    for process in stack.processes():
        try:
            full = process.memory_full_info()
        except psutil.NoSuchProcess:
            continue
        pss, rss, count = pss + full.pss, rss + full.rss, count + 1
    return pss, rss, count
