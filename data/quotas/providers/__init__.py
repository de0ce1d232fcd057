"""The clients of the paid APIs, by provider: what is asked of each, and how its answers are read. They open nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.quotas.providers.builtwith import BuiltWith
from data.quotas.providers.clearbit import Clearbit
from data.quotas.providers.hunter_io import HunterIo
from data.quotas.providers.securitytrails import SecurityTrails
from data.quotas.providers.serpstack import SerpStack
from data.quotas.providers.valueserp import ValueSerp
from data.quotas.providers.webscraping_ai import WebScrapingAi

if TYPE_CHECKING:
    from data.quotas.providers.client import Client

CLIENTS: dict[str, Client] = {
    client.provider: client
    for client in (SerpStack(), ValueSerp(), WebScrapingAi(), HunterIo(), BuiltWith(), Clearbit(), SecurityTrails())
}
