"""Brand mentions over REST: where brands are spoken of, which brands are looked for, and in which feeds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, make_response
from pydantic import BaseModel, Field

from callbacks.http.v1.domains.domains import Rows, everything
from callbacks.web.api import actor, blueprint, db, needs, reading
from callbacks.web.paging import PageQuery, page, read_cursor
from callbacks.web.time_range import TimeRangeQuery
from data import clock
from data.domains import writes
from data.domains.inputs import Brand, Feed, MentionFilters
from data.domains.mentions import mention_reads
from data.fields import Word
from data.permissions import Permission

api = blueprint("mentions", "Brand mentions")


class BrandPath(BaseModel):
    brand: Word


class FeedPath(BaseModel):
    feed_id: int = Field(ge=1, le=2**53)


class MentionsQuery(PageQuery, MentionFilters, TimeRangeQuery):
    pass


class DailyQuery(MentionFilters, TimeRangeQuery):
    pass


class Added(BaseModel):
    feed_id: int


@api.get("/domains/mentions", summary="Brand mentions, the newest first", responses={200: Rows})
@needs(Permission.DOMAINS_READ)
def mention_list(query: MentionsQuery) -> dict[str, Any]:
    after = read_cursor(query.cursor, datetime, int)
    wanted = MentionFilters.model_validate(query.model_dump(include=set(MentionFilters.model_fields)))
    asked = query.span(clock.now())
    with reading() as connection:
        items = mention_reads.list_newest(
            connection, wanted, (asked.start, asked.end), limit=query.limit + 1, after=after
        )
    return page(items, query.limit, "published_at", "mention_id")


@api.get("/domains/mentions/daily", summary="Mentions a day and brand, with their tone", responses={200: Rows})
@needs(Permission.DOMAINS_READ)
def mention_days(query: DailyQuery) -> dict[str, Any]:
    wanted = MentionFilters.model_validate(query.model_dump(include=set(MentionFilters.model_fields)))
    start, end = query.days(clock.now())
    with reading() as connection:
        return everything(mention_reads.list_daily(connection, wanted, start, end))


@api.get("/domains/brands", summary="Brands, watched and mentioned", responses={200: Rows})
@needs(Permission.DOMAINS_READ)
def brands(query: TimeRangeQuery) -> dict[str, Any]:
    start, end = query.days(clock.now())
    with reading() as connection:
        return everything(mention_reads.list_brands_seen(connection, start, end))


@api.put("/domains/brands/<brand>", summary="Look for a brand in the feeds", responses={204: None})
@needs(Permission.DOMAINS_MANAGE)
def watch_brand(path: BrandPath, body: Brand) -> Response:
    writes.watch_brand(db(), actor(), path.brand, body)
    return make_response("", 204)


@api.delete("/domains/brands/<brand>", summary="Look for it no longer", responses={204: None})
@needs(Permission.DOMAINS_MANAGE)
def unwatch_brand(path: BrandPath) -> Response:
    writes.unwatch_brand(db(), actor(), path.brand)
    return make_response("", 204)


@api.get("/domains/feeds", summary="The feeds that are read", responses={200: Rows})
@needs(Permission.DOMAINS_READ)
def feeds() -> dict[str, Any]:
    with reading() as connection:
        return everything(mention_reads.list_feeds(connection))


@api.post("/domains/feeds", summary="Read another feed", responses={201: Added})
@needs(Permission.DOMAINS_MANAGE)
def add_feed(body: Feed) -> Response:
    feed_id = writes.add_feed(db(), actor(), body)
    return make_response({"feed_id": feed_id}, 201)


@api.delete("/domains/feeds/<feed_id>", summary="Read it no longer", responses={204: None})
@needs(Permission.DOMAINS_MANAGE)
def remove_feed(path: FeedPath) -> Response:
    writes.remove_feed(db(), actor(), path.feed_id)
    return make_response("", 204)
