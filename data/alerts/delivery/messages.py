"""Notifications become messages: one a group, one card of what is too much for a minute, one digest."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from data.alerts.delivery.facts import CRITICAL, STATE_KINDS
from data.alerts.delivery.stages import CARD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from data.alerts.delivery.facts import Row
    from data.alerts.delivery.stages import Decision

LISTED = 20  # of a message's alerts; the others are counted
TOP_RULES = 5
_RANK = {"info": 0, "warning": 1, CRITICAL: 2}
_LONGEST = 500
_NOTES = {
    "flap_start": "it comes and goes: told again when it has been quiet for 3 minutes",
    "flap_over": "it came and went, and has been quiet for 3 minutes",
    "silenced": "it fires still, now that its silence is over",
    "in_maintenance": "it fires still, now that the maintenance is over",
    "quiet_hours": "it fires still, now that the quiet hours are over",
    "explained": "what explained it is over, it fires still",
    "inhibited": "what hid it is over, it fires still",
}
_STATES = {"firing": "", "resolved": "Over: ", "nodata": "No data: ", "error": "Cannot be checked: "}


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to be made, of these notifications; only that of one group can be changed in place."""

    rows: tuple[int, ...]
    group: str | None
    critical: bool
    content: dict[str, Any]


def build_drafts(decisions: Sequence[Decision]) -> list[Draft]:
    """The messages of what passed all stages, the critical ones first."""
    card: list[Decision] = []
    bundles: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        if CARD in decision.reasons:
            card.append(decision)
        else:
            bundles[decision.row.bundle].append(decision)
    drafts = [_group_draft(several) for several in bundles.values()]
    for critical in (True, False):
        folded = [each for each in card if each.row.critical == critical]
        drafts += [_card(folded)] if folded else []
    return sorted(drafts, key=lambda one: not one.critical)


def worst(severities: Iterable[str]) -> str:
    return max(severities, key=lambda severity: _RANK.get(severity, 0))


def _group_draft(several: list[Decision]) -> Draft:
    rows = [each.row for each in several]
    lines = [_line(each) for each in several]
    last = {each.row.fingerprint: each.row.kind for each in several}
    kind = "digest" if rows[0].bundle == "digest" else _kind(rows)
    severity = worst(row.severity for row in rows)
    title = _digest_title(rows) if kind == "digest" else _title(lines[-1], len(last), severity)
    content = {
        "kind": kind,
        "title": title,
        "severity": severity,
        "state": "resolved" if set(last.values()) == {"resolved"} else _going_on(last),
        "alerts": lines[:LISTED],
        "more": max(0, len(lines) - LISTED),
    }
    group = rows[0].group if kind == "alert" else None
    return Draft(tuple(row.id for row in rows), group, any(row.critical for row in rows), content)


def _kind(rows: Sequence[Row]) -> str:
    if any(row.kind in STATE_KINDS for row in rows):
        return "alert"
    return "notice" if rows[0].kind == "escalated" else rows[0].kind


def _line(decision: Decision) -> dict[str, Any]:
    row = decision.row
    waited = {row.reason, *decision.reasons}
    notes = [_NOTES[reason] for reason in _NOTES if reason in waited and row.kind != "resolved"]
    if row.kind == "resolved" and "flap_over" in decision.reasons:
        notes = [_NOTES["flap_over"]]
    return {
        "alert_id": row.alert_id,
        "rule": row.rule,
        "state": row.kind,
        "severity": row.severity,
        "labels": dict(row.labels),
        "fingerprint": row.fingerprint,
        "value": row.value,
        "message": row.message[:_LONGEST],
        "at": row.at.isoformat(),
        "note": "; ".join(notes),
    }


def _going_on(last: Mapping[str, str]) -> str:
    return next(state for state in reversed(list(last.values())) if state != "resolved")


def _title(line: dict[str, Any], alerts: int, severity: str) -> str:
    """The newest one, and how many there are."""
    words = f"{_STATES.get(line['state'], '')}{line['message'] or line['rule']}"
    more = f" and {alerts - 1} more" if alerts > 1 else ""
    return f"[{severity.upper()}] {words[:200]}{more}"


def _digest_title(rows: Sequence[Row]) -> str:
    began = sum(row.kind != "resolved" for row in rows)
    return f"Digest: {began} began, {len(rows) - began} ended"


def _card(several: list[Decision]) -> Draft:
    """One card for all of them: the first cause on top, the rules by their number, and when it ends."""
    rows = [each.row for each in several]
    began = [row for row in rows if row.kind != "resolved"]
    first = min(began or rows, key=lambda row: (row.at, row.id))
    rules = Counter(row.rule for row in rows)
    severity = worst(row.severity for row in rows)
    parts = [f"{len(began):,} began"] if began else []
    parts += [f"{len(rows) - len(began):,} ended"] if len(began) < len(rows) else []
    content = {
        "kind": "storm",
        "title": f"[{severity.upper()}] Alert storm: {' and '.join(parts)}",
        "severity": severity,
        "state": "firing" if began else "resolved",
        "alerts": [_line(next(each for each in several if each.row is first))],
        "more": len(rows) - 1,
        "rules": [{"rule": rule, "alerts": count} for rule, count in rules.most_common(TOP_RULES)],
        "other_rules": max(0, len(rules) - TOP_RULES),
        "resume": "All are listed on the alerts page. Single messages come again once they fit into the minute.",
    }
    return Draft(tuple(row.id for row in rows), None, severity == CRITICAL, content)


def render_text(content: dict[str, Any], links: Sequence[tuple[str, str]] = ()) -> str:
    """The message as text, for whatever shows no more."""
    lines = [content["title"]]
    if content["kind"] == "storm":
        lines += [f"First: {_line_text(line)}" for line in content["alerts"]]
        lines += [f"{each['alerts']:,} of {each['rule']}" for each in content["rules"]]
        lines += [f"and {content['other_rules']} more rules"] if content["other_rules"] else []
        lines.append(content["resume"])
    else:
        lines += [_line_text(line) for line in content["alerts"]]
        lines += [f"and {content['more']:,} more"] if content["more"] else []
    return "\n".join([*lines, *(f"{words}: {url}" for words, url in links)])


def _line_text(line: dict[str, Any]) -> str:
    labels = ", ".join(f"{name}={value}" for name, value in sorted(line["labels"].items()))
    parts = [f"{_STATES.get(line['state'], '')}{line['message'] or line['rule']}", labels]
    parts += [f"value {line['value']:g}"] if line["value"] is not None else []
    parts += [f"since {line['at'][:16].replace('T', ' ')} UTC", line["note"]]
    return " · ".join(part for part in parts if part)
