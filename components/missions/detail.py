"""One mission, whole: its fields, what can be done with it, who worked on it and what people did to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc, html

from components.kit import formats, live
from components.kit.states import badge, freshness, link, symbol
from components.kit.timestamps import timestamp
from components.missions import ids
from data.missions.rules import ACTIVE, VERBS, next_status
from data.status import Status

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from components.kit.live import Format

Job = dict[str, Any]
Rows = list[dict[str, Any]]
STATUS_SYMBOL: dict[str, Status] = {
    "queued": Status.OFF,
    "running": Status.NORMAL,
    "paused": Status.STANDBY,
    "completed": Status.NORMAL,
    "failed": Status.CRITICAL,
    "cancelled": Status.OFF,
    "abnormal": Status.SERIOUS,
}


def detail(job: Job, worked: Rows, audited: Rows, *, operates: bool) -> list[Component]:
    parts: list[Component] = [_head(job), _progress(job)]
    if operates:
        parts.append(_actions(job))
    return [
        *parts,
        _fields(job),
        _list("Satellites", [_work(row) for row in worked]),
        _list("History", _history(job, audited)),
    ]


def missing(job_id: str) -> list[Component]:
    head = html.Header([html.H2(job_id), _close()], className="panel-head")
    return [head, html.P("No mission with this ID.", className="empty")]


def _close() -> html.A:
    return link("Close", "?job=", within=True, className="button button-quiet", **live.attrs(data_close=""))


def _is_live(job: Job) -> bool:
    return job["status"] in ACTIVE and "." not in job["job_id"]


def _head(job: Job) -> html.Header:
    marks: list[Component] = [badge("simulated", tone="plain")] if job["simulated"] else []
    said = html.Span([symbol(STATUS_SYMBOL[job["status"]]), " ", job["status"].upper()], className="detail-status")
    age: list[Component] = []
    if _is_live(job):
        feed = live.attrs(data_live_feed=f"active_jobs.{job['job_id']}.status", data_feed_to=ids.STATUS)
        age = [freshness(), html.Span(hidden=True, **feed)]
    return html.Header([html.H2(job["job_id"]), said, *marks, *age, _close()], className="panel-head")


def _value(job: Job, path: str, form: Format, words: str) -> html.Span:
    """The live value while the mission runs, else what the database holds."""
    if _is_live(job):
        return html.Span(
            words, **(live.text(f"active_jobs.{job['job_id']}.{path}", form) | live.attrs(data_live_keep=""))
        )
    return html.Span(words)


def _progress(job: Job) -> html.Div:
    counts = (
        ("pages", "pages_crawled", "pages_crawled"),
        ("waiting", "pages_queued", "pages_queued"),
        ("links", "links_found", "links_found"),
        ("errors", "errors_count", "errors"),
    )
    figures = [
        html.Div([_value(job, path, "int", formats.whole(job[field])), html.Small(label)], className="detail-count")
        for label, field, path in counts
    ]
    circle = _ring(job)
    return html.Div(
        [circle, *figures], className="detail-progress", **live.attrs(data_status=STATUS_SYMBOL[job["status"]])
    )


def _ring(job: Job) -> html.Div:
    shown = round(job["progress_percentage"])
    said = live.attrs(
        aria_valuemin="0", aria_valuemax="100", aria_valuenow=str(shown), aria_label="Progress in percent"
    )
    words = _value(job, "progress", "int", str(shown))
    bound = live.variables(p=f"active_jobs.{job['job_id']}.progress") if _is_live(job) else {}
    return html.Div(words, className="ring", role="progressbar", style={"--p": shown}, **(said | bound))


def _actions(job: Job) -> html.Div:
    """The buttons that the mission's status allows; the server decides again at each."""
    allowed = [verb for verb in VERBS if next_status(job["status"], verb, leased=False)]
    buttons: list[Component] = [_button(verb, danger=verb == "cancel") for verb in allowed]
    if job["status"] in ACTIVE:
        box = dcc.Input(id=ids.priority(), value=job["priority"], type="number", inputMode="numeric")
        label = html.Label(["Priority ", box])
        buttons.append(html.Div([label, _button("reprioritise", danger=False)], className="field detail-priority"))
    return html.Div(buttons, className="detail-actions")


def _button(verb: str, *, danger: bool) -> html.Button:
    tone = "button button-danger" if danger else "button"
    return html.Button(verb.capitalize(), id=ids.action(verb), className=tone, type="button")


def _fields(job: Job) -> html.Dl:
    eta = timestamp(job["estimated_completion"]) if job["estimated_completion"] else job["eta_note"] or formats.WAITING
    facts = [
        ("Target", job["target_url"]),
        ("Type", job["job_type"]),
        ("Priority", str(job["priority"])),
        ("Created", timestamp(job["created_date"])),
        ("Started", timestamp(job["start_time"])),
        ("Expected end", eta),
        ("Ended", timestamp(job["completed_time"])),
        ("Took", _took(job)),
        ("Last page fetched", timestamp(job["last_fetched_at"])),
        ("Submitted by", job["submitted_by"] or formats.WAITING),
        ("Requeued", f"{job['requeue_count']} times" if job["requeue_count"] else "never"),
        ("Message", _message(job)),
        *((key.replace("_", " ").capitalize(), str(value)) for key, value in job["config"].items()),
    ]
    return html.Dl([html.Div([html.Dt(name), html.Dd(said)]) for name, said in facts], className="facts")


def _message(job: Job) -> html.Span:
    """While the mission runs, what its satellite says now: nothing once its deliveries have caught up."""
    said = job["message"] or formats.WAITING
    if job["status"] == "running" and _is_live(job):
        return html.Span(said, **live.text(f"active_jobs.{job['job_id']}.note"))
    return html.Span(said)


def _took(job: Job) -> str:
    if not job["start_time"] or not job["completed_time"]:
        return formats.WAITING
    return formats.duration((job["completed_time"] - job["start_time"]).total_seconds())


def _list(title: str, rows: list[html.Li]) -> html.Div:
    return html.Div([html.H3(title), html.Ul(rows or [html.Li("none")], className="events")])


def _work(row: dict[str, Any]) -> html.Li:
    until = [timestamp(row["released_at"]), f" · {row['outcome']}"] if row["released_at"] else ["working now"]
    return html.Li([html.Strong(row["satellite_id"]), html.Span([timestamp(row["assigned_at"]), " → ", *until])])


def _history(job: Job, audited: Rows) -> list[html.Li]:
    """What people did, and what the mission's own times tell; newest first."""
    said = [
        (row["at"], f"{row['action'].removeprefix('mission.')} by {row['actor_name']}", row["outcome"])
        for row in audited
    ]
    own = (("created", "created_date"), ("started", "start_time"), ("ended as " + job["status"], "completed_time"))
    said += [(job[field], words, "") for words, field in own if job[field]]
    rows = sorted(said, key=lambda event: event[0], reverse=True)
    return [
        html.Li([html.Span(timestamp(at)), html.Strong(words), html.Span(_refused(outcome))])
        for at, words, outcome in rows
    ]


def _refused(outcome: str) -> str:
    return "refused" if outcome == "denied" else ""
