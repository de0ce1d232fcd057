from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import pytest

from bench import report
from bench.registry import Reach, Registry, Row

if TYPE_CHECKING:
    from pathlib import Path

FAST = Row("ingest", 25_000, "rows/s", 200, Reach(at_least=20_000))
SLOW = Row("ingest p99", 300, "ms", 200, Reach(below=250), "2 senders")
PLAIN = Row("leases", 92.94, "/s", 10)


def test_a_value_within_its_reach_is_ok_and_one_beyond_is_short() -> None:
    assert [report.verdict(row) for row in (FAST, SLOW, PLAIN)] == ["OK", "SHORT", ""]


def test_what_could_not_be_measured_is_never_ok() -> None:
    assert report.verdict(Row("failed", math.nan, "", 0, Reach(below=0))) == "SHORT"
    assert report.verdict(Row("failed", math.nan, "", 0, Reach(at_least=1))) == "SHORT"


def test_the_columns_of_the_table_stand_below_each_other() -> None:
    heading, _, *lines = report.table([FAST, SLOW, PLAIN]).splitlines()

    assert [line[heading.index("unit") :].split()[0] for line in lines] == ["rows/s", "ms", "/s"]
    assert "≥ 20,000" in lines[0]
    assert lines[1].endswith("2 senders")


def test_the_file_holds_name_value_unit_n_and_machine(tmp_path: Path) -> None:
    machine = report.machine()
    report.write([FAST, PLAIN], machine, tmp_path / "results.json")

    first, second = json.loads((tmp_path / "results.json").read_text())

    assert first | {"machine": None} == {
        "name": "ingest",
        "value": 25_000,
        "unit": "rows/s",
        "n": 200,
        "machine": None,
        "reach": "≥ 20,000",
        "met": True,
    }
    assert first["machine"]["cores"] == machine["cores"]
    assert "reach" not in second


@pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 51), (0.95, 96), (0.99, 100), (1.0, 100)])
def test_a_percentile_is_a_measured_value(share: float, value: float) -> None:
    assert report.percentile(list(range(100, 0, -1)), share) == value


def test_benchmarks_are_found_by_name_and_unknown_names_are_refused() -> None:
    registry = Registry()
    registry.add("one")(lambda _stack, _scale: [])
    registry.add("two", where="simulated")(lambda _stack, _scale: [])

    assert [each.name for each in registry.named([])] == ["one", "two"]
    assert [each.name for each in registry.named(["two"])] == ["two"]
    with pytest.raises(KeyError, match="three"):
        registry.named(["three"])
