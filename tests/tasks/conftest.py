"""The product as the worker sees it, with a website that plays registries and feeds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.sites import website

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.services import Services
    from tests.sites import Site


@pytest.fixture
def site() -> Iterator[Site]:
    with website() as one:
        yield one


@pytest.fixture
def here(mc: Services, site: Site) -> Services:
    """The product, which may fetch from this machine and finds registries through the site."""
    settings = mc.settings.model_copy(update={"rdap_url": f"{site.url}/boot", "fetch_near": ("127.0.0.1",)})
    return replace(mc, settings=settings)
