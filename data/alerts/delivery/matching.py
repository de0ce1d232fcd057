"""Which alerts a silence, a window or a dependency means: by name, severity and labels, `*` standing for anything."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from data.fields import Line, Word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Matcher(BaseModel):
    """`name` is a label, or `rule`, or `severity`. A label that the alert has not is empty."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Word
    value: Line
    op: Literal["=", "!="] = Field("=", description="`value` may hold `*`, which stands for anything")

    def holds(self, labels: Mapping[str, str]) -> bool:
        matches = fnmatchcase(labels.get(self.name, ""), self.value.replace("[", "[[]").replace("?", "[?]"))
        return matches == (self.op == "=")


def match_labels(rule: str, severity: str, labels: Mapping[str, str]) -> dict[str, str]:
    """What matchers read of an alert."""
    return {**labels, "rule": rule, "severity": severity}


def match(matchers: Sequence[Matcher], alert: Mapping[str, str]) -> bool:
    """All of them hold; none at all mean no alert, not every one."""
    return bool(matchers) and all(matcher.holds(alert) for matcher in matchers)


def of_alert(rule: str, labels: Mapping[str, str]) -> list[Matcher]:
    """The matchers that mean this alert and its recurrences: its values are taken word for word."""
    pairs = {"rule": rule, **labels}
    return [Matcher(name=name, value=value) for name, value in pairs.items() if "*" not in value]


def describe(matchers: Sequence[Matcher]) -> str:
    return " and ".join(f"{each.name} {each.op} {each.value}" for each in matchers)
