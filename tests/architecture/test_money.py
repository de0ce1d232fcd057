"""Money is NUMERIC in the database and Decimal in Python: no statement and no field makes a float of it."""

from __future__ import annotations

import re

import pytest

from tests.architecture.house import ROOT

MONEY = (
    r"\w*(?:price|usd|cents|dollars)"
    r"|\w*(?:estimated|calculated|domains?|opportunities|passing)_value|sum_value|max_value"
)
FLOAT = re.compile(
    rf"\b(?:{MONEY})\)*(?:::float8| as float8)\b|\b(?:{MONEY}): (?:float|NDArray)|float\([^)]*\b(?:{MONEY})\b"
)
OTHERS = {
    *("min_value: float", "max_value: float"),  # what a filter of an address says; compared as NUMERIC
    "price: float",  # of the register of asking prices: points on a logarithmic scale
}
JSON = {"callbacks/http/v1/quotas/shapes.py"}  # a JSON number is written from the Decimal, and never counted with


@pytest.mark.parametrize(
    "words", ["p.unit_price::float8", "sum(estimated_value)::float8", "usd: float | None", 'float(row["asking_price"])']
)
def test_the_search_knows_a_float_of_money(words: str) -> None:
    assert FLOAT.search(words)


def test_no_money_is_read_as_a_float() -> None:
    paths = [path for kind in ("*.py", "*.sql") for path in (ROOT / "data").rglob(kind)]
    paths += [path for package in ("components", "callbacks", "tasks") for path in (ROOT / package).rglob("*.py")]
    found = [
        f"{name}: {hit.group()}"
        for path in paths
        if (name := path.relative_to(ROOT).as_posix()) not in JSON
        for hit in FLOAT.finditer(path.read_text(encoding="utf-8"))
        if hit.group() not in OTHERS
    ]
    assert found == []
