"""The Missions page: history, one mission, and what operators tell missions. The same commands as over REST."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import ALL, MATCH, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate
from flask import g
from pydantic import ValidationError

from callbacks import clientside
from callbacks.actions import USER_ERRORS, first_fault, perform
from callbacks.blueprint import CallbackBlueprint
from callbacks.panels import Panels, by_day, days
from callbacks.web.api import db, release, services, unit
from components.kit import address, charts
from components.kit.toasts import refused
from components.missions import figures, ids
from components.missions.detail import detail, missing
from components.missions.layout import SHOWS
from data.access import reads as access
from data.db import translated
from data.errors import BadInput, NotFound
from data.missions import commands, reads, writes
from data.missions.inputs import MissionChange, NewMission
from data.missions.rules import VERBS
from data.performance import reads as performance
from data.permissions import Permission

if TYPE_CHECKING:
    from callbacks.panels import Chart
    from components.kit.toasts import Toast

    Job = dict[str, Any]
    Drawer = tuple[Any, bool, str | None]  # what it shows, whether it is closed, the status that it shows

blueprint = CallbackBlueprint("missions")
panels = Panels(blueprint, needs=Permission.MISSIONS_READ, view=ids.VIEW, question=days, stamp=ids.STAMP, views=SHOWS)

DONE = {
    "pause": "paused",
    "resume": "resumed",
    "cancel": "cancelled",
    "retry": "queued again",
    "reprioritise": "has its new priority",
}
HISTORY = 30  # audit rows of one mission

# What a board may show too, under the names of the manifest.
CHARTS: dict[str, Chart] = {
    "jobs_by_outcome": (reads.daily_job_stats, figures.jobs_by_outcome),
    "pages_by_day": (reads.daily_job_stats, figures.pages_by_day),
    "completion_time": (reads.daily_job_stats, figures.completion_time),
    "satellite_speed": (performance.daily_satellite_performance, figures.satellite_speed),
}
panels.figure(ids.JOBS_BY_OUTCOME)(by_day(CHARTS["jobs_by_outcome"]))
panels.figure(ids.PAGES_BY_DAY)(by_day(CHARTS["pages_by_day"]))
panels.figure(ids.COMPLETION_TIME)(by_day(CHARTS["completion_time"]))
panels.figure(ids.SATELLITE_SPEED)(by_day(CHARTS["satellite_speed"]))


@blueprint.callback(
    Output(ids.DETAIL, "children"),
    Output(ids.DETAIL, "hidden"),
    Output(ids.DRAWN, "data"),
    Input(ids.VIEW, "data"),
    Input(ids.CHANGED, "data"),
    needs=Permission.MISSIONS_READ,
)
def show_mission(view: address.Parts, _: object) -> Drawer:
    """The mission of the address, drawn anew when its status is another one than it shows."""
    job_id = view.get("job")
    if not isinstance(job_id, str) or not job_id:
        return None, True, None
    try:
        return drawer(reads.get_mission(db(), job_id))
    except NotFound:
        return missing(job_id), False, None


def drawer(job: Job) -> Drawer:
    worked = reads.list_assignments(db(), job["job_id"])
    audited = access.audit(db(), before=None, limit=HISTORY, object_id=job["job_id"])
    release()
    return detail(job, worked, audited, operates=g.actor.may(Permission.MISSIONS_OPERATE)), False, job["status"]


@blueprint.callback(
    Output(ids.TOAST, "data"),
    Output(ids.DETAIL, "children", allow_duplicate=True),
    Output(ids.DETAIL, "hidden", allow_duplicate=True),
    Output(ids.DRAWN, "data", allow_duplicate=True),
    Input(ids.action(ALL), "n_clicks"),
    State(ids.priority(ALL), "value"),
    State(ids.VIEW, "data"),
    needs=Permission.MISSIONS_OPERATE,
    prevent_initial_call=True,
)
def act(clicks: list[int | None], priorities: list[Any], view: address.Parts) -> tuple[Any, ...]:
    """What was pressed, and the drawer as it is then: drawn from the command's answer."""
    if not any(clicks):
        raise PreventUpdate  # the buttons were drawn, nobody pressed one
    verb, job_id = str(ctx.triggered_id["verb"]), str(view.get("job"))
    toast, job = perform(lambda: tell(verb, job_id, priorities), lambda _: f"{job_id}: {DONE.get(verb, verb)}")
    return toast, *(drawer(job) if job else still(job_id))


def still(job_id: str) -> tuple[Any, Any, Any]:
    """The drawer after a refusal: perhaps because it showed what is no longer so."""
    try:
        with translated():
            return drawer(reads.get_mission(db(), job_id))
    except USER_ERRORS:
        unit().rollback()
        return no_update, no_update, no_update


def tell(verb: str, job_id: str, priorities: list[Any]) -> Job:
    """Do what was pressed; returns the mission. Raises what the commands raise, BadInput for a wrong priority."""
    known = {name: name for name in VERBS}
    if verb == "reprioritise":
        writes.change(db(), g.actor, job_id, priority=priority_of(job_id, priorities))
        return reads.get_mission(db(), job_id)
    if verb in known:
        return commands.act(services(), unit(), g.actor, job_id, known[verb])
    raise BadInput.field("verb", msg=f"must be one of {', '.join(VERBS)}")


def priority_of(job_id: str, given: list[Any]) -> int:
    try:
        priority = MissionChange.model_validate({"priority": given[0] if given else None}).priority
    except ValidationError as error:
        raise BadInput(f"reprioritise {job_id}: {first_fault(error)}") from None
    if priority is None:
        raise BadInput.field("priority", msg="must be a whole number from 1 to 10")
    return priority


@blueprint.callback(
    Output(ids.error(ALL), "children"),
    Output(ids.TOAST, "data", allow_duplicate=True),
    Input(ids.SUBMIT, "n_clicks"),
    State(ids.field(ALL), "value"),
    State(ids.field(ALL), "id"),
    needs=Permission.MISSIONS_OPERATE,
    prevent_initial_call=True,
)
def submit(clicks: int | None, values: list[Any], names: list[dict[str, str]]) -> tuple[list[str], Toast]:
    if not clicks:
        raise PreventUpdate
    given = {place.get("name", ""): value for place, value in zip(names, values, strict=False)}
    try:
        mission = new_mission(given)
    except ValidationError as error:
        return by_field(error, list(given)), refused("The mission was not submitted: see the form")
    wanted = mission.model_dump(exclude={"config"}) | {"config": mission.config_values()}
    toast, _ = perform(
        lambda: commands.submit(services(), unit(), g.actor, **wanted), lambda job: f"{job['job_id']} is queued"
    )
    return [""] * len(given), toast


def new_mission(given: dict[str, Any]) -> NewMission:
    """The mission that the form's fields describe. Raises ValidationError."""
    values = {name: value for name, value in given.items() if value not in (None, "")}
    config = {name: values.pop(name) for name in ("max_pages", "delay_seconds") if name in values}
    return NewMission.model_validate({"job_type": "", "target_url": ""} | values | {"config": config})


def by_field(error: ValidationError, names: list[str]) -> list[str]:
    """One message a field, in the order of `names`; each names its field, so that it can be read aloud alone."""
    found = {str(one["loc"][-1]): one["msg"].removeprefix("Value error, ") for one in error.errors()}
    return [f"{name.replace('_', ' ')}: {found[name]}" if name in found else "" for name in names]


panels.notice(ids.NOTICE)
clientside.changed(blueprint, ids.STATUS, ids.DRAWN, ids.CHANGED)
clientside.charts(blueprint, charts.graph(MATCH), charts.cover(MATCH), charts.slot(MATCH))
clientside.toasts(blueprint, ids.TOAST)
