"""Alerts and their rules over REST."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from flask import Response, jsonify, request
from pydantic import BaseModel, ConfigDict, Field

from callbacks.web.api import actor, blueprint, db, needs
from callbacks.web.paging import PageQuery, page, read_cursor
from data import clock
from data.alerts import preview, reads, rulebook, rules_store, writes
from data.alerts.rule import NoData, Severity
from data.alerts.transition import State
from data.errors import BadInput, Malformed
from data.permissions import Permission
from data.signals import signals as all_signals

api = blueprint("alerts", "Alerts")
APIS = (api,)

_YAML = ("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml", "text/plain")


class AlertAction(BaseModel):
    label: str
    action: str | None = None
    href: str | None = None


class Alert(BaseModel):
    """An alert of a rule and a set of labels; `group` is what it is told with. It fires since `fired_at`, and its
    condition holds since `started_at`."""

    id: int
    rule: str
    severity: Severity
    state: State
    labels: dict[str, str]
    fingerprint: str
    group: str
    value: float | None
    message: str
    actions: list[AlertAction]
    started_at: datetime
    fired_at: datetime | None
    resolved_at: datetime | None
    resolved_by: str | None
    last_evaluated_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    simulated: bool


class Alerts(BaseModel):
    items: list[Alert]
    next_cursor: str | None


class Event(BaseModel):
    """`kind` is a state that the alert came into, or what somebody did to it; `by` whom."""

    at: datetime
    kind: str
    by: str
    detail: dict[str, Any]


class AlertWithTimeline(Alert):
    timeline: list[Event]


class AlertsQuery(PageQuery):
    state: State | None = Field(None, description="in this state now")
    severity: Severity | None = None
    rule: str | None = Field(None, max_length=100)
    group: str | None = Field(None, max_length=500)
    open: bool = Field(False, description="only those that are not over, and no longer pending")


class AlertPath(BaseModel):
    id: int = Field(ge=1, lt=2**63)


class Hand(BaseModel):
    group: bool = Field(False, description="all that are open of its group")


class Handled(BaseModel):
    """`alerts` are all that were taken in hand; the first is the one that was asked for, or stands for its group."""

    id: int
    state: State
    by: str
    at: datetime
    alerts: list[int]


class RuleInForce(BaseModel):
    """A rule, whether it came with the product, and how its last evaluation went."""

    model_config = ConfigDict(populate_by_name=True)

    name: str
    condition: str
    severity: Severity
    channels: list[str]
    hold: str = Field(alias="for")
    keep_firing_for: str
    labels: dict[str, str]
    group_by: list[str]
    no_data: NoData
    escalation: str | None
    actions: list[AlertAction]
    message: str | None
    enabled: bool
    shipped: bool
    evaluated_at: datetime | None
    note: str | None


class RuleBook(BaseModel):
    """All rules in force: one's own, then the shipped ones. `document` is the same as YAML, to be edited and saved."""

    version: int
    saved_by: str | None
    saved_at: datetime | None
    rules: list[RuleInForce]
    document: str


class RulesQuery(BaseModel):
    format: Literal["json", "yaml"] = "json"


class Signal(BaseModel):
    name: str
    title: str
    unit: str
    kind: Literal["number", "word"]
    labels: list[str]
    every_s: float
    known: bool = Field(description="false: its area is still to come, it says nothing yet")


class Signals(BaseModel):
    items: list[Signal]
    next_cursor: None = None


class Tested(BaseModel):
    """What would have become of it: every change of state, and when it fired (null: it does still)."""

    transitions: list[dict[str, Any]]
    fired: int
    periods: list[dict[str, Any]]


@api.get("/alerts", summary="Alerts, the newest first", responses={200: Alerts})
@needs(Permission.ALERTS_READ)
def alerts(query: AlertsQuery) -> dict[str, Any]:
    after = read_cursor(query.cursor, int)
    items = reads.alerts(
        db(),
        limit=query.limit + 1,
        before=after[0] if after else None,
        state=query.state,
        severity=query.severity,
        rule=query.rule,
        group=query.group,
        open_only=query.open,
    )
    return page(items, query.limit, "id")


@api.get("/alerts/<int:id>", summary="An alert with its timeline", responses={200: AlertWithTimeline})
@needs(Permission.ALERTS_READ)
def alert(path: AlertPath) -> dict[str, Any]:
    return reads.alert(db(), path.id) | {"timeline": reads.timeline(db(), path.id)}


@api.post("/alerts/<int:id>/ack", summary="Take an alert on", responses={200: Handled})
@needs(Permission.ALERTS_OPERATE)
def acknowledge(path: AlertPath, query: Hand) -> dict[str, Any]:
    """The first who takes an alert on stands; whoever comes later is told who that was."""
    return _handled(path.id, writes.acknowledge(db(), actor(), path.id, clock.now(), group=query.group))


@api.post("/alerts/<int:id>/resolve", summary="Call an alert over", responses={200: Handled})
@needs(Permission.ALERTS_OPERATE)
def resolve(path: AlertPath, query: Hand) -> dict[str, Any]:
    """It stays quiet while its condition goes on to hold, and comes again when that held anew."""
    return _handled(path.id, writes.resolve(db(), actor(), path.id, clock.now(), group=query.group))


def _handled(alert_id: int, done: list[writes.Handled]) -> dict[str, Any]:
    first = next((each for each in done if each.alert_id == alert_id), done[0])
    told = {"id": first.alert_id, "state": first.state, "by": first.by, "at": first.at}
    return told | {"alerts": [each.alert_id for each in done]}


@api.get("/alert-rules", summary="The rules in force", responses={200: RuleBook})
@needs(Permission.ALERTS_READ)
def rules(query: RulesQuery) -> Any:  # noqa: ANN401 — JSON, or YAML where that is wished for
    book = rules_store.load(db())
    wishes = request.accept_mimetypes.best_match(("application/json", *_YAML), "application/json")
    if query.format == "yaml" or wishes in _YAML:
        return _tagged(Response(book.text(), mimetype="application/yaml"), book.version)
    return _told(book)


@api.put("/alert-rules", summary="Save one's own rules, whole", responses={200: RuleBook})
@needs(Permission.ALERTS_MANAGE)
def save() -> Any:  # noqa: ANN401 — the frame's own answer
    """The form of `alert_rules.yaml`, as YAML or as JSON `{rules: […], version?}`. `If-Match`, or `version`, names the
    version that was edited: another one in force is a conflict. What is wrong is named by rule, line and reason."""
    document, version = _sent()
    match = request.headers.get("If-Match")
    if match and match.strip() != "*":
        version = _version(match.strip().removeprefix("W/").strip('"'), "If-Match")
    return _told(rules_store.save(db(), actor(), document, expected=version))


def _sent() -> tuple[str, int | None]:
    if request.mimetype in _YAML:
        try:
            return request.get_data().decode(), None
        except UnicodeDecodeError:
            raise Malformed("The body is no UTF-8") from None
    body = request.get_json()
    if not isinstance(body, dict):
        raise Malformed("The body must be a JSON object, or YAML with the content type application/yaml")
    version = None if body.get("version") is None else _version(body["version"], "version")
    if isinstance(body.get("document"), str):
        return body["document"], version
    rows = body.get("rules")
    if not isinstance(rows, list):
        raise BadInput.field("rules", msg="must be a list of rules; or send document, the rules as YAML")
    kept = [{k: v for k, v in row.items() if k not in _TOLD} if isinstance(row, dict) else row for row in rows]
    return rulebook.to_yaml(rulebook.from_rows(kept)), version


_TOLD = frozenset({"shipped", "evaluated_at", "note"})  # what we say of a rule beside its fields


def _version(value: object, where: str) -> int:
    if isinstance(value, bool) or not str(value).isdecimal() or len(str(value)) > 18:
        raise BadInput.field(where, msg="must be the number of a version")
    return int(str(value))


def _told(book: rules_store.RuleBook) -> Response:
    known = reads.evaluations(db())
    told = {
        "version": book.version,
        "saved_by": book.saved_by,
        "saved_at": book.saved_at,
        "rules": [
            rule.written()
            | {
                "shipped": rule.shipped,
                "evaluated_at": known.get(rule.name, {}).get("at"),
                "note": known.get(rule.name, {}).get("error"),
            }
            for rule in book.rules
        ],
        "document": book.text(),
    }
    return _tagged(jsonify(told), book.version)


def _tagged(response: Response, version: int) -> Response:
    response.headers["ETag"] = f'"{version}"'
    return response


@api.post("/alert-rules/test", summary="What rules would make of samples", responses={200: Tested})
@needs(Permission.ALERTS_READ)
def try_rules(body: preview.Trial) -> dict[str, Any]:
    """Of the samples in the body; without any, of what the signals said in the last `days`. Nothing is stored."""
    return preview.tried(db(), body, clock.now())


@api.get("/alert-signals", summary="What rules may ask about", responses={200: Signals})
@needs(Permission.ALERTS_READ)
def list_signals() -> dict[str, Any]:
    told = [
        {
            "name": each.name,
            "title": each.title,
            "unit": each.unit,
            "kind": each.kind,
            "labels": list(each.labels),
            "every_s": each.every_s,
            "known": each.read is not None,
        }
        for _, each in sorted(all_signals().items())
    ]
    return {"items": told, "next_cursor": None}
