"""A table of the Quotas page: rows whose cells are drawn already."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

from components.kit.tables import Column, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

NOTHING = ("No provider yet.", "The catalogue is filled when the first process starts.")


def listed(
    headings: Sequence[str], rows: Sequence[Sequence[Any]], *, label: str, numbers: Sequence[str] = ()
) -> Component:
    """`numbers` are the headings above figures; all headings differ. A cell is words or components."""
    columns = [Column(heading, itemgetter(heading), heading in numbers) for heading in headings]
    return table(label, columns, [dict(zip(headings, row, strict=True)) for row in rows], nothing=NOTHING)
