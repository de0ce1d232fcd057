"""python -m bench [--quick] [names…]"""

from __future__ import annotations

import math
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from bench import report
from bench.database import serving
from bench.registry import FULL, QUICK, Benchmark, Reach, Row, Scale, Where, benchmark
from bench.stack import running, started, temporary_home
from deploy.embedded.instance_dir import InstanceDir
from deploy.embedded.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# In the order in which they run: what needs much data comes after what makes it.
_STORED = ("valuation", "domains", "visits", "refresh", "visits_large", "router", "forecasts", "ingest", "fleet", "eta")
for module in (*_STORED, "crawl", "panels", "callbacks", "analyst", "browser", "live", "alerts", "memory", "soak"):
    import_module(f"bench.{module}")


@click.command()
@click.argument("names", nargs=-1)
@click.option("--quick", is_flag=True, help="Smaller sizes and shorter times, to see that all of it works.")
@click.option("--soak", type=float, help="Seconds of soak and memory; the promises speak of 3600.")
def main(*, names: tuple[str, ...], quick: bool, soak: float | None) -> None:
    """Run the benchmarks and print one table; the figures are kept in bench/results.json."""
    try:
        chosen = benchmark.named(names)
    except KeyError as error:
        raise click.BadParameter(str(error.args[0])) from None
    scale, machine = QUICK if quick else FULL, report.machine()
    rows = list(run(chosen, replace(scale, soak=soak) if soak else scale))
    print(report.table(rows))
    print(f"\n{machine['cores']} cores, {machine['memory_gb']} GB, load {machine['load']} before it began")
    report.write(rows, machine)
    sys.exit(any(math.isnan(row.value) for row in rows))


def run(chosen: list[Benchmark], scale: Scale) -> Iterator[Row]:
    """The large stack comes up on the home that the database's benchmarks have filled; the others on fresh ones."""
    places: list[list[Where]] = [["database", "stored", "large"], ["empty"], ["simulated"]]
    for shared in places:
        with temporary_home() as home:
            for where in shared:
                yield from at(where, home, chosen, scale)


def at(where: Where, home: Path, chosen: list[Benchmark], scale: Scale) -> Iterator[Row]:
    here = [each for each in chosen if each.where == where]
    if not here or (where in {"database", "stored"} and running()):
        return
    with ExitStack() as exits:
        if where == "database":
            target: Any = exits.enter_context(serving(InstanceDir(home), free_port()))
        elif where == "stored":
            target = home
        else:
            target = running() or exits.enter_context(started(home, simulate=where == "simulated"))
        for each in here:
            yield from measured(each, target, scale)


def measured(each: Benchmark, target: Any, scale: Scale) -> list[Row]:  # noqa: ANN401 — an Engine or a Stack
    begun = time.monotonic()
    print(f"{each.name} …", end=" ", file=sys.stderr, flush=True)
    try:
        rows = each.measure(target, scale)
    except Exception as error:  # noqa: BLE001 — one benchmark that fails leaves the figures of the others
        print(f"failed: {error}", file=sys.stderr)
        return [Row(f"{each.name} failed", math.nan, "", 0, Reach(below=0), str(error)[:200])]
    print(f"{time.monotonic() - begun:.0f} s", file=sys.stderr)
    return rows


if __name__ == "__main__":
    main()
