"""The first minutes of a house: the catalogue is there, and nothing that works in the background has run yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from data.areas import PAGES
from data.db import transaction
from data.quotas.catalogue import records
from tests.callers import person
from tests.http.test_connections import VIEW, ask, panels

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services


@pytest.mark.parametrize("area", [area.name for area in PAGES])
def test_every_panel_is_drawn_before_anything_was_counted_or_forecast(mc: Services, server: Flask, area: str) -> None:
    with transaction(mc.engine) as connection:
        records.save_missing_providers(connection)
    admin = person(mc, server, "admin")
    for one in panels(admin, area):
        ask(admin, one, VIEW)
