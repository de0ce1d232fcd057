"""`alert_rules.yaml`: read whole or refused whole, with rule, line and reason of everything that is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import ValidationError

from data.alerts.language.parse import BadCondition, parse
from data.alerts.rule import Rule, RuleFields
from data.errors import BadInput
from data.signals import signals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from data.errors import FieldError
    from data.signal import Signal

LARGEST = 262_144  # characters
MOST_RULES = 500
_DEEPEST = 20
_MOST_NODES = 50_000
_NAMED = 50  # of the faults that are told

Loc = tuple[str | int, ...]


@dataclass(slots=True)
class _Faults:
    """What is wrong, each with where it stands in the text."""

    lines: Mapping[Loc, int] = field(default_factory=dict)
    found: list[FieldError] = field(default_factory=list)

    def add(self, loc: Loc, msg: str, rule: str = "") -> None:
        where = [f"line {self.line(loc)}"] if self.lines else []
        where += [f"rule “{rule}”"] if rule else []
        told = ", ".join(where)
        self.found.append({"loc": list(loc), "msg": f"{told}: {msg}" if told else msg})

    def line(self, loc: Loc) -> int:
        """Of the nearest that is written out."""
        while loc and loc not in self.lines:
            loc = loc[:-1]
        return self.lines.get(loc, 1)

    def raise_any(self) -> None:
        if self.found:
            more = len(self.found) - 1
            beside = f" (and {more} more)" if more else ""
            raise BadInput(f"The rules are refused: {self.found[0]['msg']}{beside}", errors=self.found[:_NAMED])


def from_yaml(document: str, known: Mapping[str, Signal] | None = None) -> tuple[Rule, ...]:
    """Raises BadInput that names rule, line and reason of each fault."""
    value, lines = read(document)
    return _from(value, _Faults(lines), known)


def from_rows(rows: Sequence[Any], known: Mapping[str, Signal] | None = None) -> tuple[Rule, ...]:
    """The same of what came as JSON."""
    return _from({"rules": list(rows)}, _Faults(), known)


def to_yaml(rules: Iterable[Rule]) -> str:
    plain = [rule.plain() for rule in rules]
    parts = [yaml.safe_dump([each], sort_keys=False, allow_unicode=True, width=100) for each in plain]
    body = "\n".join("  " + line if line else "" for part in parts for line in [*part.splitlines(), ""])
    return "rules:\n" + body.rstrip() + "\n" if parts else "rules: []\n"


@cache
def shipped() -> tuple[Rule, ...]:
    """The rules that come with the product."""
    document = (Path(__file__).parent / "rules.yaml").read_text(encoding="utf-8")
    value, lines = read(document)
    return _from(value, _Faults(lines), None, shipped=True)


def in_force(own: Iterable[Rule]) -> tuple[Rule, ...]:
    """One's own rules, then the shipped ones that none of them replaces by its name."""
    mine = tuple(own)
    names = {rule.name for rule in mine}
    return (*mine, *(rule for rule in shipped() if rule.name not in names))


def read(document: str) -> tuple[Any, dict[Loc, int]]:
    """What a YAML document holds, and on which line each of its parts begins. Raises BadInput for what is no YAML, or
    more of it than a person writes."""
    if len(document) > LARGEST:
        raise BadInput.field("document", msg=f"is longer than {LARGEST:,} characters")
    lines: dict[Loc, int] = {}
    try:
        _check_depth(document)
        loader = yaml.CSafeLoader(document)
        try:
            node = loader.get_single_node()
            if node is None:
                return None, lines
            _locate(node, (), lines)
            return loader.construct_document(node), lines
        finally:
            loader.dispose()
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        why = getattr(error, "problem", None) or str(error).partition("\n")[0] or "cannot be read"
        raise BadInput.field("document", msg=f"{where}is no YAML that we take: {why}") from None


def _check_depth(document: str) -> None:
    depth = 0
    for event in yaml.parse(document, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            raise ValueError(f"nested deeper than {_DEEPEST} levels")


def _locate(root: yaml.Node, start: Loc, lines: dict[Loc, int]) -> None:
    """Walks what is written as often as aliases repeat it, up to a bound. Raises ValueError beyond it."""
    left = [(root, start)]
    count = 0
    while left:
        node, loc = left.pop()
        lines.setdefault(loc, node.start_mark.line + 1)
        count += 1
        if count > _MOST_NODES or len(loc) > _DEEPEST:
            raise ValueError("its aliases repeat more than anybody writes")
        if isinstance(node, yaml.SequenceNode):
            left += [(each, (*loc, place)) for place, each in enumerate(node.value)]
        elif isinstance(node, yaml.MappingNode):
            keys = [str(key.value) for key, _ in node.value]
            if twice := next((key for key in keys if keys.count(key) > 1), None) if len(keys) < 1000 else None:
                raise ValueError(f"{twice[:60]} stands twice (line {node.start_mark.line + 1})")
            for (key, each), name in zip(node.value, keys, strict=True):
                lines[*loc, name] = key.start_mark.line + 1
                left.append((each, (*loc, name)))


def _from(
    value: Any,  # noqa: ANN401 — whatever was sent
    faults: _Faults,
    known: Mapping[str, Signal] | None,
    *,
    shipped: bool = False,
) -> tuple[Rule, ...]:
    rows = value.get("rules") if isinstance(value, dict) else None
    if not isinstance(rows, list):
        faults.add((), "must hold a list named rules")
        rows = []
    elif unknown := [name for name in value if name != "rules"]:
        faults.add((str(unknown[0]),), f"there is no field {str(unknown[0])[:60]}: only rules")
    if len(rows) > MOST_RULES:
        faults.add(("rules",), f"are more than {MOST_RULES}")
        rows = []
    found = [_rule(row, place, faults, known or signals(), shipped=shipped) for place, row in enumerate(rows)]
    names: set[str] = set()
    for place, rule in enumerate(found):
        if rule and rule.name in names:
            faults.add(("rules", place, "name"), "another rule has this name", rule.name)
        names.update({rule.name} if rule else ())
    faults.raise_any()
    return tuple(rule for rule in found if rule)


def _rule(row: Any, place: int, faults: _Faults, known: Mapping[str, Signal], *, shipped: bool) -> Rule | None:  # noqa: ANN401 — whatever was sent
    loc: Loc = ("rules", place)
    name = str(row.get("name", ""))[:100] if isinstance(row, dict) else ""
    try:
        fields = RuleFields.model_validate(row)
        node = parse(fields.condition, known)
    except ValidationError as error:
        for each in error.errors():
            msg = each["msg"].removeprefix("Value error, ")
            beside = f"{'.'.join(map(str, each['loc']))}: " if each["loc"] else ""
            faults.add((*loc, *each["loc"]), beside + msg, name)
        return None
    except BadCondition as error:
        faults.add((*loc, "condition"), f"condition {error}", name)
        return None
    try:
        return Rule.of(fields, node, shipped=shipped)
    except ValueError as error:
        at, msg = error.args
        faults.add((*loc, at), f"{at}: {msg}", name)
        return None
