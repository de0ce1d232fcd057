"""What can be exported about domains and mentions."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

from data import clock
from data.domains import portfolios, reads
from data.domains.inputs import HunterFilters, MentionDays, MentionFilters, OneDomain
from data.domains.mentions import mention_reads
from data.exports import MARK, Column, Dataset
from data.permissions import Permission

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection

    from data.exports import ExportRequest


_HUNTED: dict[str, Column] = {
    "domain_name": Column("Domain"),
    "availability_status": Column("Status"),
    "lifecycle": Column("Lifecycle"),
    "domain_authority": Column("DA", "integer"),
    "spam_score": Column("Spam score", "integer"),
    "referring_domains": Column("Ref. domains", "integer"),
    "links": Column("Links", "integer"),
    "estimated_value": Column("Value", "money"),
    "value_source": Column("Value from"),
    "score": Column("Score", "number"),
    "calculated_value": Column("Our estimate", "money"),
    "value_low": Column("Our estimate, low", "money"),
    "value_high": Column("Our estimate, high", "money"),
    "rejected": Column("Checks failed"),
    "asking_price": Column("Asking price", "money"),
    "registered_at": Column("Registered", "moment"),
    "expires_at": Column("Expires", "moment"),
    "drops_at": Column("Drops", "moment"),
    "owner": Column("Owner"),
    "registrar": Column("Registrar"),
    "watched": Column("Watched", "flag"),
    "last_fetched_at": Column("Last fetched", "moment"),
    "simulated": MARK,
}
_OPPORTUNITIES: dict[str, Column] = {
    "domain_name": Column("Domain"),
    "domain_authority": Column("DA", "integer"),
    "availability_status": Column("Status"),
    "estimated_value": Column("Value", "money"),
    "backlink_count": Column("Links", "integer"),
    "avg_backlink_authority": Column("Their DA", "number"),
    "referring_domains": Column("Ref. domains", "integer"),
    "score": Column("Score", "number"),
    "calculated_value": Column("Our estimate", "money"),
    "rejected": Column("Checks failed"),
    "asking_price": Column("Asking price", "money"),
    "simulated": MARK,
}
_MENTIONS: dict[str, Column] = {
    "published_at": Column("When", "moment"),
    "date_unknown": Column("Date unknown", "flag"),
    "brand": Column("Brand"),
    "title": Column("Mention"),
    "url": Column("Address"),
    "domain_name": Column("Domain"),
    "source": Column("Source"),
    "source_kind": Column("Kind of source"),
    "author": Column("Author"),
    "sentiment": Column("Tone", "number", 2),
    "reach": Column("Reach", "integer"),
    "language": Column("Language"),
    "last_fetched_at": Column("Last fetched", "moment"),
    "simulated": MARK,
}
_MENTIONS_DAILY: dict[str, Column] = {
    "day": Column("Day", "day"),
    "brand": Column("Brand"),
    "mentions": Column("Mentions", "integer"),
    "positive": Column("Positive", "integer"),
    "neutral": Column("Neutral", "integer"),
    "negative": Column("Negative", "integer"),
    "sentiment": Column("Tone", "number", 2),
    "reach": Column("Reach", "integer"),
    "simulated": MARK,
}
_PORTFOLIO_DAYS: dict[str, Column] = {
    "day": Column("Day", "day"),
    "owner": Column("Owner"),
    "domains": Column("Domains", "integer"),
    "gained": Column("Gained", "integer"),
    "lost": Column("Lost", "integer"),
    "simulated": MARK,
}
_WATCHED: dict[str, Column] = {
    "domain_name": Column("Domain"),
    "note": Column("Note"),
    "added_by": Column("Added by"),
    "added_at": Column("Added", "moment"),
    "availability_status": Column("Status"),
    "lifecycle": Column("Lifecycle"),
    "domain_authority": Column("DA", "integer"),
    "estimated_value": Column("Value", "money"),
    "ends_at": Column("Ends", "moment"),
    "changes": Column("Changes", "integer"),
    "changed_at": Column("Changed", "moment"),
    "last_fetched_at": Column("Last fetched", "moment"),
    "simulated": MARK,
}
_PORTFOLIOS: dict[str, Column] = {
    "owner": Column("Owner"),
    "domains": Column("Domains", "integer"),
    "gained": Column("Gained", "integer"),
    "lost": Column("Lost", "integer"),
    "domains_value": Column("Worth", "money"),
    "avg_authority": Column("Mean DA", "number"),
    "next_expiry": Column("Next expiry", "moment"),
    "simulated": MARK,
}
_BRANDS: dict[str, Column] = {
    "brand": Column("Brand"),
    "mentions": Column("Mentions", "integer"),
    "positive": Column("Positive", "integer"),
    "negative": Column("Negative", "integer"),
    "sentiment": Column("Tone", "number", 2),
    "watched": Column("Watched", "flag"),
    "simulated": MARK,
}
_FEEDS: dict[str, Column] = {
    "url": Column("Address"),
    "source_kind": Column("Kind of source"),
    "last_fetched_at": Column("Last fetched", "moment"),
    "outcome": Column("Outcome"),
    "detail": Column("Said"),
    "failures": Column("Failures", "integer"),
    "entries": Column("Entries", "integer"),
    "mentions": Column("Mentions", "integer"),
    "dropped": Column("Left out", "integer"),
    "dropped_why": Column("Why left out"),
}
_HISTORY: dict[str, Column] = {
    "at": Column("From", "moment"),
    "availability_status": Column("Status"),
    "lifecycle": Column("Lifecycle"),
    "domain_authority": Column("DA", "integer"),
    "estimated_value": Column("Value", "money"),
    "expires_at": Column("Expires", "moment"),
    "owner": Column("Owner"),
    "source": Column("Source"),
    "simulated": MARK,
}
_REFERRING: dict[str, Column] = {
    "source_domain_name": Column("Domain"),
    "max_authority": Column("DA", "integer"),
    "max_spam": Column("Spam", "integer"),
    "links": Column("Links", "integer"),
    "live": Column("Live", "integer"),
    "first_seen": Column("First", "moment"),
    "last_seen": Column("Last", "moment"),
    "simulated": MARK,
}


def _frame(rows: list[dict[str, Any]], columns: dict[str, Column]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns), dtype=object)


def _hunted(connection: Connection, request: ExportRequest) -> pd.DataFrame:
    filters = request.filters_as(HunterFilters)
    return _frame(reads.list_hunted(connection, filters, clock.now(), limit=request.limit, after=None), _HUNTED)


def _opportunities(connection: Connection, request: ExportRequest) -> pd.DataFrame:
    return _frame(reads.list_opportunities(connection, limit=request.limit), _OPPORTUNITIES)


def _mentions(connection: Connection, request: ExportRequest) -> pd.DataFrame:
    span = (request.start, request.end)
    return _frame(
        mention_reads.list_newest(connection, request.filters_as(MentionFilters), span, limit=request.limit), _MENTIONS
    )


def _mentions_daily(connection: Connection, request: ExportRequest) -> pd.DataFrame:
    chosen = request.filters_as(MentionDays)
    asked = MentionFilters(brand=chosen.brand, source_kind=chosen.source_kind)
    return mention_reads.count_daily(connection, asked, *request.span.days)


def _portfolio_days(connection: Connection, request: ExportRequest) -> pd.DataFrame:
    """What was before the range counts as of its first day."""
    first, last = request.span.days
    rows = portfolios.list_over_time(connection, first, last)
    before = {row["owner"]: row for row in rows if row["day"] < first}
    on_first = {row["owner"] for row in rows if row["day"] == first}
    held = [row | {"day": first, "gained": 0, "lost": 0} for owner, row in before.items() if owner not in on_first]
    kept = held + [row for row in rows if row["day"] >= first]
    return _frame(sorted(kept, key=itemgetter("owner", "day")), _PORTFOLIO_DAYS)


def _watched(connection: Connection, request: ExportRequest) -> pd.DataFrame:
    return _frame(reads.watch_list(connection, limit=request.limit), _WATCHED)


def _portfolios(connection: Connection, request: ExportRequest) -> pd.DataFrame:
    return _frame(portfolios.list_owners(connection, *request.span.days, limit=request.limit), _PORTFOLIOS)


def _brands(connection: Connection, request: ExportRequest) -> pd.DataFrame:
    return _frame(mention_reads.list_brands_seen(connection, *request.span.days), _BRANDS)


def _feeds(connection: Connection, _: ExportRequest) -> pd.DataFrame:
    return _frame(mention_reads.list_feeds(connection), _FEEDS)


def _history(connection: Connection, request: ExportRequest) -> pd.DataFrame:
    name = request.filters_as(OneDomain).domain_name
    return _frame(reads.list_history(connection, name, limit=request.limit), _HISTORY)


def _referring(connection: Connection, request: ExportRequest) -> pd.DataFrame:
    name = request.filters_as(OneDomain).domain_name
    return _frame(reads.list_referring(connection, name, limit=request.limit), _REFERRING)


_READ = Permission.DOMAINS_READ
DATASETS = (
    Dataset("domains", "Domains, those for sale unless told otherwise", _READ, _HUNTED, _hunted, HunterFilters, False),
    Dataset("domain_opportunities", "Available and worth buying", _READ, _OPPORTUNITIES, _opportunities, dated=False),
    Dataset("domain_watch_list", "The watch list", _READ, _WATCHED, _watched, dated=False),
    Dataset(
        "domain_portfolios",
        "Competitors' portfolios, gained and lost in the range",
        _READ,
        _PORTFOLIOS,
        _portfolios,
        daily=True,
    ),
    Dataset(
        "domain_portfolios_daily",
        "The days on which a portfolio changed",
        _READ,
        _PORTFOLIO_DAYS,
        _portfolio_days,
        daily=True,
    ),
    Dataset("brand_mentions", "Brand mentions, by publication", _READ, _MENTIONS, _mentions, MentionFilters),
    Dataset(
        "brand_mentions_daily",
        "Mentions a day and brand",
        _READ,
        _MENTIONS_DAILY,
        _mentions_daily,
        MentionDays,
        daily=True,
    ),
    Dataset("brands", "Mentions of each brand", _READ, _BRANDS, _brands, daily=True),
    Dataset("mention_feeds", "Feeds and what they last said", _READ, _FEEDS, _feeds, dated=False, simulated=False),
    Dataset("domain_history", "A domain's changes, the newest first", _READ, _HISTORY, _history, OneDomain, False),
    Dataset("domain_referring", "The domains that link to one", _READ, _REFERRING, _referring, OneDomain, False),
)
