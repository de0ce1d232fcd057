"""The Missions page: history, one mission, and what operators tell missions. The same commands as over REST."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import ALL, MATCH, Input, Output, State, ctx
from dash.exceptions import PreventUpdate
from flask import g
from pydantic import ValidationError

from callbacks import clientside, notices
from callbacks.blueprint import CallbackBlueprint
from callbacks.web.api import services
from components.kit import address, charts
from components.kit.toasts import done, refused
from components.missions import figures, ids
from components.missions.detail import detail, missing
from components.shell import ids as shell
from data import clock
from data.access import reads as access
from data.db import transaction
from data.errors import BadInput, Conflict, NotFound, Unavailable
from data.missions import commands, reads
from data.missions.inputs import MissionChange, NewMission
from data.missions.rules import VERBS
from data.performance import reads as performance
from data.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    import plotly.graph_objects as go

    from components.kit.toasts import Toast

blueprint = CallbackBlueprint("missions")

DONE = {
    "pause": "paused",
    "resume": "resumed",
    "cancel": "cancelled",
    "retry": "queued again",
    "reprioritise": "has its new priority",
}
HISTORY = 30  # audit rows of one mission
SAID = (BadInput, Conflict, NotFound, Unavailable)


def _history(chart: str, read: Callable[..., pd.DataFrame], figure: Callable[..., go.Figure]) -> None:
    """Draw a chart when the range changes, and when its view has been refreshed."""

    @blueprint.callback(
        Output(charts.slot(chart), "data"),
        Input(ids.VIEW, "data"),
        Input(shell.STAMPS, "data"),
        needs=Permission.MISSIONS_READ,
    )
    def draw(view: address.Parts, _: object) -> go.Figure:
        first, last = notices.time_range(address.read(view), clock.now()).days
        with transaction(services().engine) as connection:
            frame = read(connection, first, last)
        return figure(frame, start=first, end=last)


# What a board may show too, under the names of the manifest.
CHARTS = {
    "jobs_by_outcome": (reads.daily_job_stats, figures.jobs_by_outcome),
    "pages_by_day": (reads.daily_job_stats, figures.pages_by_day),
    "completion_time": (reads.daily_job_stats, figures.completion_time),
    "satellite_speed": (performance.daily_satellite_performance, figures.satellite_speed),
}
_history(ids.JOBS_BY_OUTCOME, *CHARTS["jobs_by_outcome"])
_history(ids.PAGES_BY_DAY, *CHARTS["pages_by_day"])
_history(ids.COMPLETION_TIME, *CHARTS["completion_time"])
_history(ids.SATELLITE_SPEED, *CHARTS["satellite_speed"])


@blueprint.callback(
    Output(ids.DETAIL, "children"),
    Output(ids.DETAIL, "hidden"),
    Input(ids.VIEW, "data"),
    Input(ids.STATUS, "data"),
    Input(ids.ACTED, "data"),
    needs=Permission.MISSIONS_READ,
)
def show_mission(view: address.Parts, _status: object, _acted: object) -> tuple[Any, bool]:
    job_id = view.get("job")
    if not isinstance(job_id, str) or not job_id:
        return None, True
    try:
        with transaction(services().engine) as connection:
            job, worked = reads.mission(connection, job_id), reads.assignments(connection, job_id)
            audited = access.audit(connection, before=None, limit=HISTORY, object_id=job_id)
    except NotFound:
        return missing(job_id), False
    return detail(job, worked, audited, operates=g.actor.may(Permission.MISSIONS_OPERATE)), False


@blueprint.callback(
    Output(ids.TOAST, "data"),
    Output(ids.ACTED, "data"),
    Input(ids.action(ALL), "n_clicks"),
    State(ids.priority(ALL), "value"),
    State(ids.VIEW, "data"),
    needs=Permission.MISSIONS_OPERATE,
    prevent_initial_call=True,
)
def act(clicks: list[int | None], priorities: list[Any], view: address.Parts) -> tuple[Toast, str]:
    if not any(clicks):
        raise PreventUpdate  # the buttons were drawn, nobody pressed one
    verb, job_id = str(ctx.triggered_id["verb"]), str(view.get("job"))
    toast = told(verb, job_id, lambda: tell(verb, job_id, priorities))
    return toast, clock.now().isoformat()


def tell(verb: str, job_id: str, priorities: list[Any]) -> None:
    """Do what was pressed. Raises what the commands raise, ValidationError for a wrong priority."""
    known = {name: name for name in VERBS}
    if verb == "reprioritise":
        priority = MissionChange.model_validate({"priority": priorities[0] if priorities else None}).priority
        if priority is None:
            raise BadInput.field("priority", msg="must be a whole number from 1 to 10")
        commands.change(services(), g.actor, job_id, priority=priority)
    elif verb in known:
        commands.act(services(), g.actor, job_id, known[verb])
    else:
        raise BadInput.field("verb", msg=f"must be one of {', '.join(VERBS)}")


def told(verb: str, job_id: str, do: Callable[[], object]) -> Toast:
    try:
        do()
    except SAID as error:
        return refused(error.detail)
    except ValidationError as error:
        return refused(f"{verb} {job_id}: {error.errors()[0]['msg']}")
    return done(f"{job_id}: {DONE.get(verb, verb)}")


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
        job = commands.submit(
            services(), g.actor, **mission.model_dump(exclude={"config"}), config=mission.config_values()
        )
    except ValidationError as error:
        return by_field(error, list(given)), refused("The mission was not submitted: see the form")
    except SAID as error:
        return [""] * len(given), refused(error.detail)
    return [""] * len(given), done(f"{job['job_id']} is queued")


def new_mission(given: dict[str, Any]) -> NewMission:
    """The mission that the form's fields describe. Raises ValidationError."""
    values = {name: value for name, value in given.items() if value not in (None, "")}
    config = {name: values.pop(name) for name in ("max_pages", "delay_seconds") if name in values}
    return NewMission.model_validate({"job_type": "", "target_url": ""} | values | {"config": config})


def by_field(error: ValidationError, names: list[str]) -> list[str]:
    """One message a field, in the order of `names`; each names its field, so that it can be read aloud alone."""
    found = {str(one["loc"][-1]): one["msg"].removeprefix("Value error, ") for one in error.errors()}
    return [f"{name.replace('_', ' ')}: {found[name]}" if name in found else "" for name in names]


notices.tell(blueprint, view=ids.VIEW, place=ids.NOTICE, needs=Permission.MISSIONS_READ)
clientside.charts(blueprint, charts.graph(MATCH), charts.cover(MATCH), charts.slot(MATCH))
clientside.toasts(blueprint, ids.TOAST)
