"""Paid APIs over REST: what is left, who would take a query and why, a call, a drill, the catalogue."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from flask import current_app

from callbacks.http.v1.quotas.shapes import (
    CallBody,
    Called,
    CatalogueText,
    Decisions,
    Drill,
    DrillBody,
    Edit,
    Fields,
    ProviderPath,
    Quota,
    Quotas,
    QuotasQuery,
    Route,
    Routing,
)
from callbacks.web.api import actor, blueprint, db, needs, release
from callbacks.web.guard import deny
from callbacks.web.paging import PageQuery, page, read_cursor
from data import clock
from data.permissions import Permission
from data.quotas.catalogue import records, writes
from data.quotas.forecast import model_reads
from data.quotas.ledger import reads
from data.quotas.routing import calls
from data.quotas.routing.gateway import ProviderGateway, to_dict
from data.quotas.routing.queries import Query, parse_query

api = blueprint("quotas", "Quotas")


def gateway() -> ProviderGateway:
    return cast("ProviderGateway", current_app.extensions["quotas"])


@api.get("/quotas", summary="Every provider: allowance, use, state", responses={200: Quotas})
@needs(Permission.QUOTAS_READ)
def quotas(query: QuotasQuery) -> dict[str, Any]:
    return {"items": _statuses(query.simulated), "next_cursor": None}


def _statuses(simulated: bool | None) -> list[dict[str, Any]]:  # noqa: FBT001 — a filter of three values
    now = clock.now()
    if simulated is None and not actor().simulated:
        pairs = zip(
            gateway().list_accounts(db(), simulated=False), gateway().list_accounts(db(), simulated=True), strict=True
        )
        accounts = [reads.shown_account(real, simulated_account) for real, simulated_account in pairs]
    else:
        accounts = gateway().list_accounts(db(), simulated=True if simulated is None else simulated)
    forecasts = model_reads.list_forecasts(db())
    return [
        _numbers(reads.status_of(account, now))
        | {"forecast": forecasts.get((account.provider.provider, account.simulated))}
        for account in accounts
    ]


@api.put("/quotas", summary="Edit providers' records", responses={200: Quotas})
@needs(Permission.QUOTAS_MANAGE)
def edit(body: Edit) -> dict[str, Any]:
    writes.edit_catalogue(db(), actor(), changes=body.providers, document=body.document)
    return {"items": _statuses(None), "next_cursor": None}


@api.patch("/quotas/<provider>", summary="Edit fields of one provider's record", responses={200: Quota})
@needs(Permission.QUOTAS_MANAGE)
def edit_one(path: ProviderPath, body: Fields) -> dict[str, Any]:
    writes.edit_provider(db(), actor(), path.provider, body.model_dump())
    return next(each for each in _statuses(None) if each["provider"] == path.provider)


@api.get("/quotas/catalogue", summary="The catalogue as YAML", responses={200: CatalogueText})
@needs(Permission.QUOTAS_READ)
def catalogue_text() -> dict[str, str]:
    return {"document": records.to_yaml(records.list_providers(db()))}


@api.post("/quotas/route", summary="Who would take a query, and why", responses={200: Route})
@needs(Permission.QUOTAS_READ)
def route(body: Routing) -> dict[str, Any]:
    if not body.dry_run and not actor().may(Permission.QUOTAS_CALL):
        raise deny(Permission.QUOTAS_CALL)
    query = parse_query(body.query_type, body.params) if body.params else Query(body.query_type, {})
    decision = gateway().route(db, actor(), query, body.priority, down=frozenset(body.down), store=not body.dry_run)
    release()  # a refusal stands in the log as well
    answer = to_dict(decision, dry_run=body.dry_run)
    if answer["provider"] is None:
        raise calls.refusal(decision, clock.now())
    return answer


@api.post("/quotas/call", summary="Ask a paid API", responses={200: Called})
@needs(Permission.QUOTAS_CALL)
def call(body: CallBody) -> dict[str, Any]:
    max_age = None if body.max_age_s is None else timedelta(seconds=body.max_age_s)
    query = parse_query(body.query_type, body.params)
    release()  # the providers may take their time
    return calls.call(gateway(), actor(), query, body.priority, max_age=max_age)


@api.post("/quotas/<provider>/drill", summary="Play a provider dead for some minutes", responses={200: Drill})
@needs(Permission.QUOTAS_CALL)
def drill(path: ProviderPath, body: DrillBody) -> dict[str, Any]:
    return {"provider": path.provider, "until": writes.drill(db(), actor(), path.provider, body.minutes)}


@api.get("/quotas/decisions", summary="The routing log, the newest first", responses={200: Decisions})
@needs(Permission.QUOTAS_READ)
def decisions(query: PageQuery) -> dict[str, Any]:
    after = read_cursor(query.cursor, datetime, UUID)
    items = [_numbers(each) for each in reads.list_decisions(db(), limit=query.limit + 1, after=after)]
    return page(items, query.limit, "at", "decision_id")


def _numbers(values: Any) -> Any:  # noqa: ANN401 — a record, or what one of its fields holds
    """Amounts as JSON numbers: they have two decimals at most, and stay exact."""
    if isinstance(values, Decimal):
        return float(values)
    if isinstance(values, dict):
        return {name: _numbers(value) for name, value in values.items()}
    return [_numbers(value) for value in values] if isinstance(values, list | tuple) else values
