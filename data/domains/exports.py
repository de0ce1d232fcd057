"""What can be exported about domains and mentions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data import clock
from data.domains import mentions, reads
from data.domains.inputs import HunterFilters, MentionFilters
from data.exports import Dataset, NoFilters
from data.permissions import Permission

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection

    from data.exports import Kind, Wanted

_HUNTED: dict[str, Kind] = {
    "domain_name": "text",
    "availability_status": "text",
    "lifecycle": "text",
    "domain_authority": "integer",
    "spam_score": "integer",
    "referring_domains": "integer",
    "links": "integer",
    "estimated_value": "money",
    "value_source": "text",
    "score": "number",
    "calculated_value": "money",
    "value_low": "money",
    "value_high": "money",
    "rejected": "text",
    "asking_price": "money",
    "registered_at": "moment",
    "expires_at": "moment",
    "drops_at": "moment",
    "owner": "text",
    "registrar": "text",
    "watched": "flag",
    "last_fetched_at": "moment",
    "simulated": "flag",
}
_OPPORTUNITIES: dict[str, Kind] = {
    "domain_name": "text",
    "domain_authority": "integer",
    "availability_status": "text",
    "estimated_value": "money",
    "backlink_count": "integer",
    "avg_backlink_authority": "number",
    "referring_domains": "integer",
    "score": "number",
    "calculated_value": "money",
    "rejected": "text",
    "asking_price": "money",
    "simulated": "flag",
}
_MENTIONS: dict[str, Kind] = {
    "published_at": "moment",
    "brand": "text",
    "title": "text",
    "url": "text",
    "domain_name": "text",
    "source": "text",
    "source_kind": "text",
    "author": "text",
    "sentiment": "number",
    "reach": "integer",
    "language": "text",
    "last_fetched_at": "moment",
    "simulated": "flag",
}
_WATCHED: dict[str, Kind] = {
    "domain_name": "text",
    "note": "text",
    "added_by": "text",
    "added_at": "moment",
    "availability_status": "text",
    "lifecycle": "text",
    "domain_authority": "integer",
    "estimated_value": "money",
    "ends_at": "moment",
    "changes": "integer",
    "changed_at": "moment",
    "last_fetched_at": "moment",
}


def _frame(rows: list[dict[str, Any]], columns: dict[str, Kind]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns), dtype=object)


def _hunted(connection: Connection, wanted: Wanted) -> pd.DataFrame:
    filters = wanted.chosen(HunterFilters)
    return _frame(reads.hunted(connection, filters, clock.now(), limit=wanted.limit, after=None), _HUNTED)


def _opportunities(connection: Connection, wanted: Wanted) -> pd.DataFrame:
    return _frame(reads.opportunities(connection, limit=wanted.limit), _OPPORTUNITIES)


def _mentions(connection: Connection, wanted: Wanted) -> pd.DataFrame:
    span = (wanted.start, wanted.end)
    return _frame(mentions.newest(connection, wanted.chosen(MentionFilters), span, limit=wanted.limit), _MENTIONS)


def _watched(connection: Connection, wanted: Wanted) -> pd.DataFrame:
    return _frame(reads.watch_list(connection, limit=wanted.limit), _WATCHED)


_READ = Permission.DOMAINS_READ
DATASETS = (
    Dataset("domains", "Domains, those for sale unless told otherwise", _READ, _HUNTED, _hunted, HunterFilters, False),
    Dataset("domain_opportunities", "Available and worth buying", _READ, _OPPORTUNITIES, _opportunities, dated=False),
    Dataset("brand_mentions", "Brand mentions, by publication", _READ, _MENTIONS, _mentions, MentionFilters),
    Dataset("domain_watch_list", "The watch list", _READ, _WATCHED, _watched, NoFilters, False),
)
