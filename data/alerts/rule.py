"""A rule as it stands in `alert_rules.yaml`, and as the engine takes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from data.alerts.language import tree
from data.alerts.language.parse import duration
from data.fields import Name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.alerts.language.tree import Node

Severity = Literal["info", "warning", "critical"]
NoData = Literal["ok", "alert", "keep"]

LONGEST_S = 30 * 86_400
_PLACE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_DURATION = re.compile(r"\d{1,6}[smhdw]")
_OWN_PLACES = frozenset({"value", "rule", "severity", "note"})


def _seconds(value: object) -> object:
    """`5m` or a number of seconds."""
    if isinstance(value, bool):
        raise ValueError("must be a duration as 30s, 5m, 2h or 1d")  # noqa: TRY004 — pydantic knows this one
    if isinstance(value, str):
        if not _DURATION.fullmatch(value.strip()):
            raise ValueError("must be a duration as 30s, 5m, 2h or 1d")
        return duration(value.strip())
    return value


def _harmless(href: str) -> str:
    if not re.match(r"(https?://|/(?!/))", href):
        raise ValueError("must be an address of http or https, or a path of this product")
    return href


Seconds = Annotated[int, BeforeValidator(_seconds), Field(ge=0, le=LONGEST_S)]
LabelName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,59}$")]


class Action(BaseModel):
    """What a person may do about an alert."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: Name = Field(max_length=100)
    action: str | None = Field(None, max_length=100)
    href: Annotated[str, Field(max_length=500), AfterValidator(_harmless)] | None = None


def _action(value: object) -> object:
    return {"label": value} if isinstance(value, str) else value


class RuleFields(BaseModel):
    """The fields of a rule as people write them."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    name: Name = Field(max_length=100)
    condition: str = Field(min_length=1)
    severity: Severity = "warning"
    channels: list[Annotated[Name, Field(max_length=100)]] = Field(default_factory=list, max_length=20)
    hold: Seconds = Field(0, alias="for")
    keep_firing_for: Seconds = 0
    labels: dict[LabelName, Annotated[str, Field(max_length=200)]] = Field(default_factory=dict, max_length=20)
    group_by: list[LabelName] = Field(default_factory=list, max_length=20)
    no_data: NoData = "keep"
    escalation: Annotated[Name, Field(max_length=100)] | None = None
    actions: list[Annotated[Action, BeforeValidator(_action)]] = Field(default_factory=list, max_length=10)
    message: str | None = Field(None, max_length=1000)
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    condition: str
    node: Node
    severity: Severity = "warning"
    channels: tuple[str, ...] = ()
    hold_s: int = 0
    keep_firing_s: int = 0
    labels: tuple[tuple[str, str], ...] = ()
    group_by: tuple[str, ...] = ()
    no_data: NoData = "keep"
    escalation: str | None = None
    actions: tuple[Action, ...] = ()
    message: str | None = None
    enabled: bool = True
    shipped: bool = False

    @classmethod
    def of(cls, fields: RuleFields, node: Node, *, shipped: bool = False) -> Rule:
        """Raises ValueError, the field's name first, where a label is named that an alert of this rule cannot have."""
        known = {name for each in tree.every_series(node) for name in each.signal.labels}
        if clash := known & fields.labels.keys():
            raise ValueError("labels", f"{min(clash)} is a label of the signal itself")
        groups = known | fields.labels.keys() | {"rule"}
        if strange := [name for name in fields.group_by if name not in groups]:
            raise ValueError("group_by", f"no alert of this rule has a label {strange[0]}")
        if unknown := set(_PLACE.findall(fields.message or "")) - groups - _OWN_PLACES:
            raise ValueError("message", f"{{{min(unknown)}}} is neither a label of this rule nor value, note, severity")
        return cls(
            fields.name,
            fields.condition,
            node,
            fields.severity,
            tuple(fields.channels),
            fields.hold,
            fields.keep_firing_for,
            tuple(sorted(fields.labels.items())),
            tuple(fields.group_by),
            fields.no_data,
            fields.escalation,
            tuple(fields.actions),
            fields.message,
            fields.enabled,
            shipped,
        )

    def words(self, labels: Mapping[str, str], value: float | None, note: str) -> str:
        """The message of an alert, its places filled."""
        places = {"rule": self.name, "severity": self.severity, "note": note, "value": number(value)} | dict(labels)
        if self.message is None:
            of = ", ".join(f"{name} {said}" for name, said in sorted(labels.items()))
            parts = (f"{self.condition} · now {number(value)}" if value is not None else self.condition, of, note)
            return " · ".join(part for part in parts if part)[:2000]
        return _PLACE.sub(lambda place: places.get(place[1], place[0]), self.message).strip(" ·:")[:2000]

    def written(self) -> dict[str, Any]:
        """Every field as people write it."""
        return {
            "name": self.name,
            "condition": self.condition,
            "severity": self.severity,
            "channels": list(self.channels),
            "for": said_duration(self.hold_s),
            "keep_firing_for": said_duration(self.keep_firing_s),
            "labels": dict(self.labels),
            "group_by": list(self.group_by),
            "no_data": self.no_data,
            "escalation": self.escalation,
            "actions": [each.model_dump(exclude_none=True) for each in self.actions],
            "message": self.message,
            "enabled": self.enabled,
        }

    def plain(self) -> dict[str, Any]:
        """The same without what is usual."""
        usual = Rule(self.name, self.condition, self.node).written()
        kept = {"name", "condition", "severity"}
        return {name: value for name, value in self.written().items() if name in kept or value != usual[name]}


def number(value: float | None) -> str:
    """As a person writes it: 1,247 or 0.12."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def said_duration(seconds: int) -> str:
    for unit, size in (("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
