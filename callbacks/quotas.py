"""The Quotas page: forecasts, the router's reasons, drills and the catalogue. The same writes as over REST."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from dash import ALL, Input, Output, State, ctx
from dash.exceptions import PreventUpdate
from flask import current_app, g

from callbacks import clientside
from callbacks.actions import perform
from callbacks.blueprint import CallbackBlueprint
from callbacks.panels import Panels
from callbacks.web.api import db
from components.kit import charts, notices
from components.kit.states import freshness_at
from components.kit.toasts import refused
from components.quotas import clocks, figures, ids, tables
from components.quotas.forms import USUAL_PRIORITY, USUAL_TYPE
from data import clock
from data.errors import BadInput
from data.permissions import Permission
from data.quotas.catalogue import records, writes
from data.quotas.catalogue.records import QUERY_TYPES
from data.quotas.forecast import reads as forecasts
from data.quotas.forecast import recommendations as rules
from data.quotas.forecast import wording
from data.quotas.ledger import reads, reconciliation, usage
from data.quotas.routing.gateway import ProviderGateway, to_dict
from data.quotas.routing.queries import PRIORITY_RANK, Query

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from callbacks.panels import Chart, Draw, Reader
    from components.kit.address import Address
    from components.kit.toasts import Toast
    from data.permissions import Actor
    from data.quotas.catalogue.records import QueryType
    from data.quotas.routing.queries import Priority

FILTERS: notices.Known = {"provider": "one", "type": "one", "priority": "one", "down": "several"}
LOGGED = 25
LONGEST_DRILL = 120


class Question(NamedTuple):
    days: tuple[date, date]
    provider: str | None
    query_type: QueryType
    priority: Priority
    down: frozenset[str]


def parse(here: Address) -> Question:
    """What is no choice is the usual one, and `choice_faults` says so."""
    kind, priority = here.value("type"), here.value("priority")
    return Question(
        notices.time_range(here, clock.now()).days,
        here.value("provider"),
        cast("QueryType", kind if kind in QUERY_TYPES else USUAL_TYPE),
        cast("Priority", priority if priority in PRIORITY_RANK else USUAL_PRIORITY),
        frozenset(here.values("down")),
    )


blueprint = CallbackBlueprint("quotas")
page = Panels(blueprint, needs=Permission.QUOTAS_READ, view=ids.VIEW, question=parse)
# No view stands behind this page: forecasts are made every minute, the ledger grows with every query.
TICK, ACTED = Input(ids.TICK, "n_intervals"), Input(ids.ACTED, "data")


@page.children(ids.CLOCKS, ids.COUNTERS, ids.PERFORMANCE, inputs=[TICK, ACTED])
def show_use(asked: Question, read: Reader) -> Draw:
    rows, scores, measured = read.now(
        lambda connection: (
            forecasts.list_latest(connection),
            forecasts.list_scores(connection),
            usage.list_performance(connection, *asked.days),
        )
    )
    burn = {row["provider"]: row["burn_week"] for row in rows}
    return lambda: (
        clocks.clocks([row | {"reserve": reserve_of(row)} for row in rows], scores),
        clocks.counters(rows, measured),
        tables.performance([row | {"burn_week": burn.get(row["provider"])} for row in measured]),
    )


def reserve_of(row: dict[str, Any]) -> str:
    """When ordinary queries end, and urgent ones; nothing where all of them are urgent, or none is turned away."""
    if row["made_at"] is None or (row["urgent"] or 0.0) == 1:
        return ""
    return wording.reserve(row["ordinary_dry_at"], row["urgent_dry_at"], clock.now())


@page.outputs(
    Output(charts.slot(ids.FORECAST), "data"),
    Output(ids.FORECAST_OF, "children"),
    fallback=lambda words: (charts.empty_figure(words), []),
    inputs=[TICK, ACTED],
)
def draw_forecast(asked: Question, read: Reader) -> Draw:
    now = clock.now()
    row, so_far = read.now(lambda connection: forecast_of(connection, asked.provider))
    if row is None:
        return lambda: (charts.empty_figure("No provider yet"), [])
    model = clocks.MODELS[row["model"]] if row["model"] else "not forecast yet"
    parts = (row["provider"], row["unit"], row["clock"], reserve_of(row), model)
    words = " · ".join(part for part in parts if part) + " "
    return lambda: (figures.forecast(so_far, row, now=now), [words, freshness_at(clock.epoch_ms(now), 90)])


def forecast_of(connection: Connection, wanted: str | None) -> tuple[Any, Any]:
    """The provider that is asked for, else the one that is worst off, with its use so far; nothing where none is."""
    rows = {row["provider"]: row for row in forecasts.list_latest(connection)}
    name = wanted if wanted in rows else clocks.worst(list(rows.values())) or next(iter(rows), None)
    if name is None:
        return None, None
    now = clock.now()
    return rows[name], usage.used_so_far(connection, name, rows[name]["window_start"] or now, now)


CHARTS: dict[str, Chart] = {"credits_by_day": (usage.credits_by_day, figures.credits_by_day)}


@page.figure(ids.CREDITS_BY_DAY, inputs=[TICK])
def draw_credits(asked: Question, read: Reader) -> Draw:
    start, end = asked.days
    frame = read.now(lambda connection: usage.credits_by_day(connection, start, end))
    return lambda: figures.credits_by_day(frame, start=start, end=end)


@page.children(ids.SAVINGS, ids.LEDGERS, inputs=[TICK, ACTED])
def advise(_: Question, read: Reader) -> Draw:
    now = clock.now()
    spent, checks = read.now(
        lambda connection: (usage.list_spending(connection, now), forecasts.list_checks(connection))
    )
    rows = [row | {"alarm": reconciliation.alarm(row["drift"], row["answered_at"], now)} for row in checks]
    return lambda: (tables.savings(rules.recommend(spent, now)), tables.ledgers(rows, now))


def choice_faults(here: Address, read: Reader) -> list[str]:
    """Of filters that name what there is not."""
    if not here.variables:
        return []
    names = {each.provider for each in read.now(records.list_providers)}
    choices = {"type": QUERY_TYPES, "priority": PRIORITY_RANK, "provider": names, "down": names}
    return [
        notices.left_out(f"{name}: must be one of {', '.join(sorted(choices[name]))}")
        for name in FILTERS
        if any(word not in choices[name] for word in here.values(name))
    ]


@page.children(ids.LOG, inputs=[TICK, ACTED])
def show_log(_: Question, read: Reader) -> Draw:
    rows = read.now(lambda connection: reads.list_decisions(connection, limit=LOGGED, after=None))
    return lambda: tables.log(rows)


@page.children(ids.WHAT_IF, inputs=[ACTED])
def suppose(asked: Question, read: Reader) -> Draw:
    """Where this would go; nothing is spent."""
    query = Query(asked.query_type, {})
    decision = read.now(
        lambda connection: gateway().route(
            lambda: connection, actor_shown(connection), query, asked.priority, down=asked.down, store=False
        )
    )
    return lambda: tables.dry_run(to_dict(decision, dry_run=True))


def gateway() -> ProviderGateway:
    return cast("ProviderGateway", current_app.extensions["quotas"])


def actor_shown(connection: Connection) -> Actor:
    """Whoever looks, asking with the accounts that the page shows."""
    shown = {row["simulated"] for row in forecasts.list_latest(connection) if row["used_now"]}
    return replace(g.actor, simulated=True) if shown == {True} else cast("Actor", g.actor)


@page.outputs(
    Output(ids.DRILLS, "children"),
    Output(ids.DRILL_PROVIDER, "options"),
    Output(ids.control("down"), "options"),
    fallback=lambda words: (words, [], []),
    inputs=[TICK, ACTED],
)
def show_drills(_: Question, read: Reader) -> Draw:
    now = clock.now()
    known, running = read.now(
        lambda connection: (records.list_providers(connection), usage.list_drills(connection, now))
    )
    names = [each.provider for each in known]
    return lambda: (tables.drills(running, now), names, names)


@blueprint.callback(
    Output(ids.TOAST, "data"),
    Output(ids.ACTED, "data"),
    Input(ids.DRILL_START, "n_clicks"),
    Input(ids.end_drill(ALL), "n_clicks"),
    State(ids.DRILL_PROVIDER, "value"),
    State(ids.DRILL_MINUTES, "value"),
    needs=Permission.QUOTAS_CALL,
    prevent_initial_call=True,
)
def drill(start: int | None, ends: list[int | None], provider: str | None, minutes: Any) -> tuple[Toast, str]:  # noqa: ANN401 — what a browser sends
    if not start and not any(ends):
        raise PreventUpdate  # the buttons were drawn, nobody pressed one
    toast, _ = perform(lambda: play(provider, minutes), lambda words: words)
    return toast, clock.now().isoformat()


def play(provider: str | None, minutes: object) -> str:
    """Start a drill, or end the one whose button was pressed; the words that say so."""
    if isinstance(ctx.triggered_id, dict):
        ended = str(ctx.triggered_id["provider"])
        writes.drill(db(), g.actor, ended, 0)
        return f"{ended}: the drill has ended"
    if not provider:
        raise BadInput.field("provider", msg="pick one first")
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or not 0 < minutes <= LONGEST_DRILL:
        raise BadInput.field("minutes", msg=f"must be a number over 0, at most {LONGEST_DRILL}")
    writes.drill(db(), g.actor, provider, float(minutes))
    return f"{provider} has a simulated outage for {minutes:g} min"


@blueprint.callback(
    Output(ids.CATALOGUE, "value"),
    Input(ids.VIEW, "id"),
    needs=Permission.QUOTAS_READ,
)
def read_catalogue(_: str) -> str:
    return records.to_yaml(records.list_providers(db()))


@blueprint.callback(
    Output(ids.CATALOGUE_ERROR, "children"),
    Output(ids.TOAST, "data", allow_duplicate=True),
    Output(ids.ACTED, "data", allow_duplicate=True),
    Input(ids.CATALOGUE_SAVE, "n_clicks"),
    State(ids.CATALOGUE, "value"),
    needs=Permission.QUOTAS_MANAGE,
    prevent_initial_call=True,
)
def save_catalogue(clicks: int | None, document: str | None) -> tuple[str, Toast, str]:
    if not clicks:
        raise PreventUpdate
    toast, saved = perform(
        lambda: writes.edit_catalogue(db(), g.actor, document=document or ""), lambda _: "The catalogue is saved"
    )
    if saved is not None:
        return "", toast, clock.now().isoformat()
    why = toast["words"]
    return why, refused("The catalogue was not saved: see below it"), clock.now().isoformat()


page.notice(ids.NOTICE, known=FILTERS, check=choice_faults)
clientside.filters(blueprint, ids.control(ALL))
clientside.toasts(blueprint, ids.TOAST)
