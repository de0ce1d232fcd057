"""The page of one domain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import dcc, html

from components.domains import ids
from components.domains.tiles import SHOWS, chart, head, told
from components.kit import address, view_versions
from components.kit.exports import RANGE, Export
from components.kit.page_header import notice
from components.kit.states import link

if TYPE_CHECKING:
    from collections.abc import Mapping


def layout(name: str, here: address.Address = address.BARE) -> html.Div:
    """A domain's own page."""
    return html.Div(
        [
            address.store(ids.OWN_VIEW, here),
            dcc.Store(id=ids.OWN_NAME, data=name),
            *(dcc.Store(id=each) for each in (ids.TOAST, ids.ACTED, ids.PRESSED)),
            view_versions.store(ids.STAMP, *SHOWS),
            head(name, here, link("← Domains", "/domains", className="button button-quiet")),
            notice(ids.OWN_NOTICE),
            html.Div(_tiles({"domain_name": name}), className="domains-tiles domains-own"),
        ],
        className="page domains",
    )


def _tiles(of: Mapping[str, str]) -> list[html.Section]:
    return [
        told("What is known", ids.OWN_FACTS, None, "What registries, crawls and sources say of this domain."),
        told(
            "Value",
            ids.OWN_VALUE,
            "with the current weights",
            "The factors of the estimate, each with its weight; what is not known widens the band.",
        ),
        chart(
            "Links found and lost",
            ids.OWN_LINKS,
            "per day",
            "Links to this domain by day: found above, lost below.",
        ),
        told(
            "History",
            ids.OWN_HISTORY,
            "the newest first",
            "Each change of what is known of this domain.",
            Export("domain_history", given=of),
        ),
        told(
            "Referring domains",
            ids.OWN_REFERRING,
            "the strongest 50",
            "Domains that link to this one, by authority; the file holds all.",
            Export("domain_referring", given=of),
        ),
        told(
            "Newest links",
            ids.OWN_NEWEST,
            "the newest 50",
            "The links to this domain that were found last.",
        ),
        told(
            "Mentions on its pages",
            ids.OWN_MENTIONS,
            "in the range",
            "Mentions of the brands on pages of this domain.",
            Export("brand_mentions", RANGE, of),
        ),
    ]
