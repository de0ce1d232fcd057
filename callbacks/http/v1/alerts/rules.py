"""The rules of alerts over REST: read, saved whole, tried."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, cast

from flask import Response, jsonify, request
from pydantic import BaseModel, ConfigDict, Field

from callbacks.http.v1.alerts.alerts import AlertAction
from callbacks.web.api import actor, blueprint, db, needs, release
from data import clock
from data.alerts import preview, reads, rulebook, rules_store
from data.alerts.rule import NoData, Severity
from data.errors import BadInput, Malformed
from data.permissions import Permission
from data.signals import signals

api = blueprint("alert_rules", "Alert rules")

_YAML = ("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml", "text/plain")
_TOLD = frozenset({"shipped", "evaluated_at", "note"})  # what we say of a rule beside its fields


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


_BOOK = {
    "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/RuleBook"}},
        "application/yaml": {"schema": {"type": "object"}},
    }
}
_BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {
                    "rules": {"type": "array", "items": {"type": "object"}},
                    "document": {"type": "string", "description": "instead of rules: the same as YAML"},
                    "version": {"type": "integer", "minimum": 0, "description": "the version that was edited"},
                },
            }
        },
        "application/yaml": {"schema": {"type": "object"}},
    },
}


@api.get("/alert-rules", summary="The rules in force", responses=cast("Any", {200: _BOOK}))
@needs(Permission.ALERTS_READ)
def rules(query: RulesQuery) -> Any:  # noqa: ANN401 — JSON, or YAML where that is wished for
    book = rules_store.load(db())
    wishes = request.accept_mimetypes.best_match(("application/json", *_YAML), "application/json")
    if query.format == "yaml" or wishes in _YAML:
        return _tagged(Response(book.text(), mimetype="application/yaml"), book.version)
    return _told(book)


@api.put(
    "/alert-rules",
    summary="Save one's own rules, whole",
    responses={200: RuleBook},
    openapi_extensions={"requestBody": _BODY},
)
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
    if request.mimetype != "application/json":
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
    play = preview.prepare(db(), body, clock.now())
    release()  # it may take seconds
    return preview.told(play())


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
        for _, each in sorted(signals().items())
    ]
    return {"items": told, "next_cursor": None}
