"""The Quotas page: forecasts, the router's reasons, drills and the catalogue. The same commands as over REST."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from dash import ALL, Input, Output, State, ctx
from dash.exceptions import PreventUpdate
from flask import current_app, g

from callbacks import clientside, notices
from callbacks.blueprint import CallbackBlueprint
from callbacks.web.api import services
from components.kit import address, charts
from components.kit.states import empty, freshness_at
from components.kit.toasts import done, refused
from components.quotas import clocks, figures, ids, tables
from components.quotas.forms import USUAL_PRIORITY, USUAL_TYPE
from components.shell import ids as shell
from data import clock
from data.db import transaction
from data.errors import BadInput, Conflict, NotFound, TooMany, Unavailable
from data.permissions import Permission
from data.quotas import catalogue, commands, forecast_reads, forecast_words, panels, reads, reconcile
from data.quotas import savings as rules
from data.quotas.catalogue import QUERY_TYPES
from data.quotas.desk import Desk, as_plain
from data.quotas.queries import RANK, Query

if TYPE_CHECKING:
    from datetime import date

    import plotly.graph_objects as go
    from dash.development.base_component import Component

    from components.kit.toasts import Toast
    from data.permissions import Actor
    from data.quotas.catalogue import QueryType
    from data.quotas.queries import Priority

blueprint = CallbackBlueprint("quotas")

FILTERS: notices.Known = {"provider": "one", "type": "one", "priority": "one", "down": "several"}
SAID = (BadInput, Conflict, NotFound, TooMany, Unavailable)
LOGGED = 25
LONGEST_DRILL = 120


def days(view: address.Parts) -> tuple[date, date]:
    return notices.time_range(address.read(view), clock.now()).days


@blueprint.callback(
    Output(ids.CLOCKS, "children"),
    Input(ids.TICK, "n_intervals"),
    Input(ids.ACTED, "data"),
    needs=Permission.QUOTAS_READ,
)
def show_clocks(_tick: object, _acted: object) -> Component:
    with transaction(services().engine) as connection:
        rows, scores = forecast_reads.latest(connection), forecast_reads.scores(connection)
    return clocks.clocks([row | {"reserve": reserve_of(row)} for row in rows], scores)


def reserve_of(row: dict[str, Any]) -> str:
    """When ordinary queries end, and urgent ones; nothing where all of them are urgent, or none is turned away."""
    if row["made_at"] is None or (row["urgent"] or 0.0) == 1:
        return ""
    return forecast_words.reserve(row["ordinary_dry_at"], row["urgent_dry_at"], clock.now())


@blueprint.callback(
    Output(ids.COUNTERS, "children"),
    Input(ids.VIEW, "data"),
    Input(ids.TICK, "n_intervals"),
    needs=Permission.QUOTAS_READ,
)
def count(view: address.Parts, _: object) -> Component:
    with transaction(services().engine) as connection:
        rows, measured = forecast_reads.latest(connection), panels.performance(connection, *days(view))
    return clocks.counters(rows, measured)


@blueprint.callback(
    Output(charts.slot(ids.FORECAST), "data"),
    Output(ids.FORECAST_OF, "children"),
    Input(ids.VIEW, "data"),
    Input(shell.STAMPS, "data"),
    Input(ids.ACTED, "data"),
    needs=Permission.QUOTAS_READ,
)
def draw_forecast(view: address.Parts, _stamps: object, _acted: object) -> tuple[go.Figure, list[Any]]:
    now, wanted = clock.now(), address.read(view).value("provider")
    with transaction(services().engine) as connection:
        rows = {row["provider"]: row for row in forecast_reads.latest(connection)}
        name = wanted if wanted in rows else clocks.worst(list(rows.values())) or next(iter(rows), None)
        if name is None:
            return charts.nothing("No provider yet"), []
        start = rows[name]["window_start"] or now
        so_far = panels.used_so_far(connection, name, start, now)
    row = rows[name]
    model = clocks.MODELS[row["model"]] if row["model"] else "not forecast yet"
    words = " · ".join(part for part in (name, row["unit"], row["clock"], reserve_of(row), model) if part) + " "
    return figures.forecast(so_far, row, now=now), [words, freshness_at(clock.epoch_ms(now), 90)]


@blueprint.callback(
    Output(ids.PERFORMANCE, "children"),
    Input(ids.VIEW, "data"),
    Input(ids.TICK, "n_intervals"),
    needs=Permission.QUOTAS_READ,
)
def show_performance(view: address.Parts, _: object) -> Component:
    with transaction(services().engine) as connection:
        burn = {row["provider"]: row["burn_week"] for row in forecast_reads.latest(connection)}
        rows = panels.performance(connection, *days(view))
    return tables.performance([row | {"burn_week": burn.get(row["provider"])} for row in rows])


@blueprint.callback(
    Output(charts.slot(ids.CREDITS_BY_DAY), "data"),
    Input(ids.VIEW, "data"),
    Input(shell.STAMPS, "data"),
    needs=Permission.QUOTAS_READ,
)
def draw_credits(view: address.Parts, _: object) -> go.Figure:
    start, end = days(view)
    with transaction(services().engine) as connection:
        frame = panels.credits_by_day(connection, start, end)
    return figures.credits_by_day(frame, start=start, end=end)


@blueprint.callback(
    Output(ids.SAVINGS, "children"),
    Output(ids.LEDGERS, "children"),
    Input(shell.STAMPS, "data"),
    Input(ids.ACTED, "data"),
    needs=Permission.QUOTAS_READ,
)
def advise(_stamps: object, _acted: object) -> tuple[Component, Component]:
    now = clock.now()
    with transaction(services().engine) as connection:
        spent, checks = panels.spending(connection, now), forecast_reads.checks(connection)
    found = rules.savings(spent, now)
    rows = [row | {"alarm": reconcile.alarm(row["drift"], row["answered_at"], now)} for row in checks]
    return tables.savings(found), tables.ledgers(rows, now)


def choice_faults(here: address.Address) -> list[str]:
    """Of filters that name what there is not."""
    with transaction(services().engine) as connection:
        names = {each.provider for each in catalogue.load(connection)}
    choices = {"type": QUERY_TYPES, "priority": RANK, "provider": names, "down": names}
    return [
        f"{name}: must be one of {', '.join(sorted(choices[name]))}; the usual is shown"
        for name in FILTERS
        if any(word not in choices[name] for word in here.values(name))
    ]


@blueprint.callback(
    Output(ids.LOG, "children"),
    Input(shell.STAMPS, "data"),
    Input(ids.ACTED, "data"),
    needs=Permission.QUOTAS_READ,
)
def show_log(_stamps: object, _acted: object) -> Component:
    with transaction(services().engine) as connection:
        rows = reads.decisions(connection, limit=LOGGED, after=None)
    return tables.log(rows)


@blueprint.callback(
    Output(ids.WHAT_IF, "children"),
    Input(ids.VIEW, "data"),
    Input(ids.ACTED, "data"),
    needs=Permission.QUOTAS_READ,
)
def suppose(view: address.Parts, _: object) -> Component:
    """Where this would go; words in the address that mean nothing are as if they were not there."""
    here = address.read(view)
    kind, priority = here.value("type"), here.value("priority")
    query_type = cast("QueryType", kind if kind in QUERY_TYPES else USUAL_TYPE)
    level = cast("Priority", priority if priority in RANK else USUAL_PRIORITY)
    try:
        found = desk().route(asking(), Query(query_type, {}), level, down=frozenset(here.values("down")), store=False)
    except SAID as error:
        return empty("Nobody can say now.", error.detail)
    return tables.dry_run(as_plain(found, dry_run=True))


def desk() -> Desk:
    return cast("Desk", current_app.extensions["quotas"])


def asking() -> Actor:
    """Whoever looks, asking with the purses that the page shows."""
    with transaction(services().engine) as connection:
        shown = {row["simulated"] for row in forecast_reads.latest(connection) if row["used_now"]}
    return replace(g.actor, simulated=True) if shown == {True} else cast("Actor", g.actor)


@blueprint.callback(
    Output(ids.DRILLS, "children"),
    Output(ids.DRILL_PROVIDER, "options"),
    Output(ids.filter("down"), "options"),
    Input(ids.TICK, "n_intervals"),
    Input(ids.ACTED, "data"),
    needs=Permission.QUOTAS_READ,
)
def show_drills(_tick: object, _acted: object) -> tuple[Component, list[str], list[str]]:
    now = clock.now()
    with transaction(services().engine) as connection:
        names = [each.provider for each in catalogue.load(connection)]
        running = panels.drills(connection, now)
    return tables.drills(running, now), names, names


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
    try:
        return done(play(provider, minutes)), clock.now().isoformat()
    except SAID as error:
        return refused(error.detail), clock.now().isoformat()


def play(provider: str | None, minutes: object) -> str:
    """Start a drill, or end the one whose button was pressed; the words that say so."""
    if isinstance(ctx.triggered_id, dict):
        ended = str(ctx.triggered_id["provider"])
        commands.drill(services(), g.actor, ended, 0)
        return f"{ended}: the drill has ended"
    if not provider:
        raise BadInput.field("provider", msg="pick one first")
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or not 0 < minutes <= LONGEST_DRILL:
        raise BadInput.field("minutes", msg=f"must be a number over 0, at most {LONGEST_DRILL}")
    commands.drill(services(), g.actor, provider, float(minutes))
    return f"{provider} is played dead for {minutes:g} min"


@blueprint.callback(
    Output(ids.CATALOGUE, "value"),
    Input(ids.VIEW, "id"),
    needs=Permission.QUOTAS_READ,
)
def read_catalogue(_: str) -> str:
    with transaction(services().engine) as connection:
        records = catalogue.load(connection)
    return catalogue.as_yaml(records)


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
    now = clock.now().isoformat()
    try:
        commands.edit(services(), g.actor, document=document or "")
    except SAID as error:
        return error.detail, refused("The catalogue was not saved: see below it"), now
    return "", done("The catalogue is saved"), now


notices.tell(
    blueprint, view=ids.VIEW, place=ids.NOTICE, needs=Permission.QUOTAS_READ, known=FILTERS, check=choice_faults
)
clientside.filters(blueprint, ids.filter(ALL))
clientside.toasts(blueprint, ids.TOAST)
