"""Domains over REST: the numbers behind every panel of their page, the watch list, weights, brands and feeds."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Response, make_response
from pydantic import BaseModel, ConfigDict, Field

from callbacks.web.api import actor, blueprint, db, needs, reading
from callbacks.web.paging import PageQuery, page, read_cursor, write_cursor
from callbacks.web.time_range import TimeRangeQuery
from data import clock
from data.domains import portfolios, reads, writes
from data.domains.inputs import DomainPath, HunterFilters, Watch, Weights
from data.domains.valuation import values
from data.errors import NotFound
from data.fields import Word
from data.permissions import Permission

api = blueprint("domains", "Domains")


class OwnerPath(BaseModel):
    owner: Word


class HunterQuery(PageQuery, HunterFilters):
    pass


class ListQuery(BaseModel):
    limit: int = Field(100, ge=1, le=1000)


class OpportunitiesQuery(PageQuery):
    above: float = Field(reads.OPPORTUNITY, ge=0, le=1e12, allow_inf_nan=False)


class Loose(BaseModel):
    """Rows as the query names them."""

    model_config = ConfigDict(extra="allow")


class Rows(BaseModel):
    items: list[Loose]
    next_cursor: str | None


class WeightsNow(BaseModel):
    version: int
    weights: Weights
    changed_by: str | None
    changed_at: datetime | None


def everything(items: list[Any]) -> dict[str, Any]:
    return {"items": items, "next_cursor": None}


@api.get("/domains", summary="Domains for sale and others, filtered and sorted", responses={200: Rows})
@needs(Permission.DOMAINS_READ)
def domains(query: HunterQuery) -> dict[str, Any]:
    after = read_cursor(query.cursor, str, str)
    wanted = HunterFilters.model_validate(query.model_dump(include=set(HunterFilters.model_fields)))
    with reading() as connection:
        items = reads.list_hunted(connection, wanted, clock.now(), limit=query.limit + 1, after=after)
    found = page(items, query.limit, "place", "domain_name")
    for item in found["items"]:
        del item["place"]
    return found


@api.get("/domains/summary", summary="The page's key figures", responses={200: Loose})
@needs(Permission.DOMAINS_READ)
def summary() -> dict[str, Any]:
    with reading() as connection:
        return reads.summary(connection, clock.now())


@api.get("/domains/opportunities", summary="Available and worth buying, by value", responses={200: Rows})
@needs(Permission.DOMAINS_READ)
def opportunities(query: OpportunitiesQuery) -> dict[str, Any]:
    key = read_cursor(query.cursor, int)
    offset = min(max(0, key[0]), 2**31) if key else 0
    with reading() as connection:
        items = reads.list_opportunities(connection, limit=query.limit + 1, offset=offset, above=query.above)
    more = len(items) > query.limit
    return {"items": items[: query.limit], "next_cursor": write_cursor(offset + query.limit) if more else None}


@api.get("/domains/portfolios", summary="Competitors' portfolios as they are", responses={200: Rows})
@needs(Permission.DOMAINS_READ)
def portfolio_list(query: TimeRangeQuery) -> dict[str, Any]:
    start, end = query.days(clock.now())
    with reading() as connection:
        return everything(portfolios.list_owners(connection, start, end, limit=500))


@api.get("/domains/portfolios/daily", summary="The days on which a portfolio changed", responses={200: Rows})
@needs(Permission.DOMAINS_READ)
def portfolio_days(query: TimeRangeQuery) -> dict[str, Any]:
    start, end = query.days(clock.now())
    with reading() as connection:
        return everything(portfolios.list_over_time(connection, start, end))


@api.get("/domains/portfolios/<owner>", summary="One portfolio", responses={200: Rows})
@needs(Permission.DOMAINS_READ)
def portfolio(path: OwnerPath, query: ListQuery) -> dict[str, Any]:
    with reading() as connection:
        return everything(portfolios.list_domains_of(connection, path.owner, limit=query.limit))


@api.get("/domains/weights", summary="The weights of the value calculator", responses={200: WeightsNow})
@needs(Permission.DOMAINS_READ)
def weights() -> dict[str, Any]:
    with reading() as connection:
        return values.get_weights(connection)._asdict()


@api.put("/domains/weights", summary="Other weights: candidates are ranked anew at once", responses={200: WeightsNow})
@needs(Permission.DOMAINS_MANAGE)
def weigh(body: Weights) -> dict[str, Any]:
    return writes.weigh(db(), actor(), body, clock.now())._asdict()


@api.get("/domains/watched", summary="The watch list", responses={200: Rows})
@needs(Permission.DOMAINS_READ)
def watched(query: ListQuery) -> dict[str, Any]:
    with reading() as connection:
        return everything(reads.watch_list(connection, limit=query.limit))


@api.put("/domains/watched/<domain_name>", summary="Watch a domain", responses={204: None})
@needs(Permission.DOMAINS_WATCH)
def watch(path: DomainPath, body: Watch) -> Response:
    writes.watch(db(), actor(), path.domain_name, body.note)
    return make_response("", 204)


@api.delete("/domains/watched/<domain_name>", summary="Watch it no longer", responses={204: None})
@needs(Permission.DOMAINS_WATCH)
def unwatch(path: DomainPath) -> Response:
    writes.unwatch(db(), actor(), path.domain_name)
    return make_response("", 204)


@api.get("/domains/<domain_name>", summary="One domain", responses={200: Loose})
@needs(Permission.DOMAINS_READ)
def domain(path: DomainPath) -> dict[str, Any]:
    with reading() as connection:
        found = reads.get_domain(connection, path.domain_name)
    if found is None:
        raise NotFound(f"No data on {path.domain_name} yet; its value can still be estimated")
    return found


@api.get("/domains/<domain_name>/history", summary="Its changes, the newest first", responses={200: Rows})
@needs(Permission.DOMAINS_READ)
def history(path: DomainPath, query: ListQuery) -> dict[str, Any]:
    with reading() as connection:
        return everything(reads.list_history(connection, path.domain_name, limit=query.limit))


@api.get("/domains/<domain_name>/referring", summary="The domains that link to it", responses={200: Rows})
@needs(Permission.DOMAINS_READ)
def referring(path: DomainPath, query: ListQuery) -> dict[str, Any]:
    with reading() as connection:
        return everything(reads.list_referring(connection, path.domain_name, limit=query.limit))


@api.get("/domains/<domain_name>/value", summary="What it is worth, and why: any domain", responses={200: Loose})
@needs(Permission.DOMAINS_READ)
def value(path: DomainPath) -> dict[str, Any]:
    with reading() as connection:
        found, weights = values.value(connection, path.domain_name, clock.now())
    amounts = {name: None if amount is None else str(amount) for name, amount in found.amounts().items()}
    return asdict(found) | amounts | {"version": weights.version}


@api.post("/domains/<domain_name>/look-up", summary="Have its registry asked soon", responses={202: None})
@needs(Permission.DOMAINS_WATCH)
def look_up(path: DomainPath) -> Response:
    writes.look_up(db(), actor(), path.domain_name)
    return make_response("", 202)
