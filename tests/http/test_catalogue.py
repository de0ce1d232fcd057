"""Every chart of the catalogue, read and drawn as a board does: with links, and where there is nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from callbacks.overview import drawings
from data.areas import AREAS, CHARTS, NUMBERS
from data.db import transaction
from data.errors import NotFound
from tests.links import NOW, reader_of_links

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services

LAST = NOW.date()
FIRST = LAST - timedelta(days=29)


def drawn(services: Services, name: str) -> list[str]:
    """What the chart is made of; the words of one without data."""
    read, figure = drawings()[name]
    with transaction(services.engine) as connection:
        found = read(connection, FIRST, LAST)
    made = figure(found, start=FIRST, end=LAST)
    return [trace.type for trace in made.data] or [note.text for note in made.layout.annotations]


def test_a_board_shows_numbers_and_charts_of_every_area_that_has_figures() -> None:
    figured = {"missions", "backlinks", "domains", "quotas"}
    assert {area.name for area in AREAS if area.charts} >= figured
    assert {area.name for area in AREAS if area.numbers} >= figured


def test_every_chart_of_links_is_drawn_for_the_usual_target(mc: Services, server: Flask) -> None:
    reader_of_links(mc, server)
    found = {name: drawn(mc, name) for name in CHARTS if name.startswith("backlinks_")}
    assert found["backlinks_velocity"][:2] == ["bar", "bar"]
    assert found["backlinks_authority"] == ["heatmap"]
    assert found["backlinks_radar"] == ["scatterpolar"]
    assert found["backlinks_toxic"] == ["bar", "scatter"]


def test_where_there_is_nothing_a_chart_says_so(mc: Services) -> None:
    for name in CHARTS:
        if name.startswith("backlinks_"):
            with pytest.raises(NotFound):  # the panel says it in the words of the error
                drawn(mc, name)
        else:
            [words] = drawn(mc, name)
            assert len(words.split()) > 2


def test_no_number_and_chart_share_a_name() -> None:
    assert not set(NUMBERS) & set(CHARTS)
