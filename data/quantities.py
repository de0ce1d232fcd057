"""Numbers with what they count, in plain English."""

from __future__ import annotations


def count(number: int, noun: str) -> str:
    """`1 day`, `12,000 days`, `3 queries`."""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun[:-1]}ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else f"{number:,} {noun}s"


def amount(number: str, unit: str) -> str:
    """`1 search`, `25 searches`: the unit stands in the plural, the number as it is written."""
    return f"{number} {_singular(unit)}" if number == "1" else f"{number} {unit}"


def _singular(noun: str) -> str:
    if noun.endswith("ies"):
        return f"{noun[:-3]}y"
    return noun.removesuffix("es") if noun.endswith(("ches", "shes", "xes", "sses")) else noun.removesuffix("s")
