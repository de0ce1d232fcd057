"""What can be exported about domains and mentions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data import clock
from data.domains import mentions, portfolios, reads
from data.domains.inputs import HunterFilters, MentionFilters, OneDomain
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
    "date_unknown": "flag",
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
_PORTFOLIOS: dict[str, Kind] = {
    "owner": "text",
    "domains": "integer",
    "gained": "integer",
    "lost": "integer",
    "domains_value": "money",
    "avg_authority": "number",
    "next_expiry": "moment",
}
_BRANDS: dict[str, Kind] = {
    "brand": "text",
    "mentions": "integer",
    "positive": "integer",
    "negative": "integer",
    "sentiment": "number",
    "watched": "flag",
}
_FEEDS: dict[str, Kind] = {
    "url": "text",
    "source_kind": "text",
    "last_fetched_at": "moment",
    "outcome": "text",
    "detail": "text",
    "failures": "integer",
    "entries": "integer",
    "mentions": "integer",
    "dropped": "integer",
    "dropped_why": "text",
}
_HISTORY: dict[str, Kind] = {
    "at": "moment",
    "availability_status": "text",
    "lifecycle": "text",
    "domain_authority": "integer",
    "estimated_value": "money",
    "expires_at": "moment",
    "owner": "text",
    "source": "text",
    "simulated": "flag",
}
_REFERRING: dict[str, Kind] = {
    "source_domain_name": "text",
    "max_authority": "integer",
    "max_spam": "integer",
    "links": "integer",
    "live": "integer",
    "first_seen": "moment",
    "last_seen": "moment",
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


def _portfolios(connection: Connection, wanted: Wanted) -> pd.DataFrame:
    return _frame(portfolios.owners(connection, wanted.start.date(), limit=wanted.limit), _PORTFOLIOS)


def _brands(connection: Connection, wanted: Wanted) -> pd.DataFrame:
    return _frame(mentions.brands_seen(connection, wanted.start.date(), wanted.end.date()), _BRANDS)


def _feeds(connection: Connection, _: Wanted) -> pd.DataFrame:
    return _frame(mentions.feeds(connection), _FEEDS)


def _history(connection: Connection, wanted: Wanted) -> pd.DataFrame:
    name = wanted.chosen(OneDomain).domain_name
    return _frame(reads.history(connection, name, limit=wanted.limit), _HISTORY)


def _referring(connection: Connection, wanted: Wanted) -> pd.DataFrame:
    name = wanted.chosen(OneDomain).domain_name
    return _frame(reads.referring(connection, name, limit=wanted.limit), _REFERRING)


_READ = Permission.DOMAINS_READ
DATASETS = (
    Dataset("domains", "Domains, those for sale unless told otherwise", _READ, _HUNTED, _hunted, HunterFilters, False),
    Dataset("domain_opportunities", "Available and worth buying", _READ, _OPPORTUNITIES, _opportunities, dated=False),
    Dataset("brand_mentions", "Brand mentions, by publication", _READ, _MENTIONS, _mentions, MentionFilters),
    Dataset("domain_watch_list", "The watch list", _READ, _WATCHED, _watched, NoFilters, False),
    Dataset(
        "domain_portfolios", "Competitors' portfolios, gained and lost since `from`", _READ, _PORTFOLIOS, _portfolios
    ),
    Dataset("brands", "Mentions of each brand", _READ, _BRANDS, _brands),
    Dataset("mention_feeds", "Feeds and what they last said", _READ, _FEEDS, _feeds, NoFilters, False),
    Dataset("domain_history", "A domain's changes, the newest first", _READ, _HISTORY, _history, OneDomain, False),
    Dataset("domain_referring", "The domains that link to one", _READ, _REFERRING, _referring, OneDomain, False),
)
