"""Commands that a person copies into a shell. `assets/js/shell/copy.js` puts it on the clipboard."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dash import html

from components.kit import live

if TYPE_CHECKING:
    from dash.development.base_component import Component


def command(words: str) -> html.Span:
    copy = html.Button(
        "Copy",
        type="button",
        className="button button-quiet",
        **live.attrs(data_copy=words, aria_label=f"Copy {words}"),
    )
    return html.Span([html.Code(words), copy], className="command")


def satellite_commands() -> list[Component]:
    """What to type where a crawler shall work: a key first, then the crawler."""
    return [
        command("mission-control key create crawler --scopes satellite"),
        command("MISSION_CONTROL_KEY=mc_… mission-control satellite"),
    ]


# A row of each stream that the API takes as it stands: a test sends it.
SAMPLES: dict[str, dict[str, Any]] = {
    "backlinks": {
        "url_from": "https://blog.example.org/post",
        "url_to": "https://www.example.com/",
        "source_domain_name": "example.org",
        "target_domain_name": "example.com",
        "discovered_date": "2026-11-20T12:00:00Z",
        "anchor": "example",
        "domain_authority": 42,
    },
    "domains": {"domain_name": "example.com", "availability_status": "available", "domain_authority": 42},
    "brand_mentions": {
        "brand": "Acme",
        "title": "Acme opens a shop",
        "url": "https://news.example.org/acme",
        "source": "news.example.org",
        "published_at": "2026-11-20T12:00:00Z",
    },
}


def ingest_commands(stream: str) -> list[Component]:
    """What to type to send rows of a stream: a key first, then the rows."""
    row = json.dumps([SAMPLES[stream]])
    return [
        command("mission-control key create importer --scopes ingest"),
        command(
            f'curl "$MISSION_CONTROL_URL/api/v1/ingest/{stream}" -H "Authorization: Bearer mc_…" '
            f"-H 'Content-Type: application/json' -d '{row}'"
        ),
    ]
