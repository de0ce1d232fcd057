"""What an address asks for and does not get is said on the page, in one way on all of them: a word that cannot be
taken is left out as if it were not there, the panels show what the others ask for, and the notice names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data import timerange
from data.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from components.kit.address import Address
    from data.timerange import TimeRange

    Known = Mapping[str, str]  # how often, "one" or "several": the filters of a page, by their name in the address


def time_range(here: Address, now: datetime) -> TimeRange:
    """The range of the page; the usual one where the address names none that there is (`complaints` says so)."""
    try:
        return timerange.parse(here.start, here.end, now)
    except BadInput:
        return timerange.parse(None, None, now)


def filter_faults(here: Address, known: Known) -> list[str]:
    """Of parts that were not taken, and of filters that the page has not, or takes once."""
    said = [left_out(f"{part.removeprefix('var-')}: {why}") for part, why in here.refused.items()]
    said += [
        left_out(f"{name[:60]}: there is no such filter on this page") for name in here.variables if name not in known
    ]
    return said + [
        f"{name}: takes one value; {words[0][:60]} is shown"
        for name, words in here.variables.items()
        if known.get(name) == "one" and len(words) > 1
    ]


def left_out(fault: str) -> str:
    """`fault` names the word and what is wrong with it; the page shows what the others ask for."""
    return f"{fault}; it is left out"


def range_faults(here: Address, now: datetime, usual: str = "the last 30 days") -> list[str]:
    try:
        cut = timerange.parse(here.start, here.end, now).cut
    except BadInput as error:
        return [f"{error.detail}; {usual} are shown"]
    return ["from: only the newest ten years are shown"] if cut else []


def sentences(said: Iterable[str]) -> str:
    return " ".join(map(sentence, said))


def sentence(said: str) -> str:
    return f"{said[:1].upper()}{said[1:].rstrip('.')}."
