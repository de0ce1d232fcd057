"""The rules in the database, one row a version. The newest is in force; where there is none, the shipped ones are."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from data.access.writes import audit
from data.alerts import rulebook
from data.errors import BadInput, Conflict

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from data.alerts.rule import Rule
    from data.permissions import Actor

log = logging.getLogger(__name__)

_TRIED = 5
_parsed: dict[str, tuple[Rule, ...]] = {}  # of the newest document alone: a process reads it every five seconds


@dataclass(frozen=True, slots=True)
class RuleBook:
    """`own` are one's own rules, `rules` all that are in force. `version` 0: nobody has saved any yet."""

    version: int
    document: str
    own: tuple[Rule, ...]
    saved_by: str | None = None
    saved_at: datetime | None = None

    @property
    def rules(self) -> tuple[Rule, ...]:
        return rulebook.in_force(self.own)

    def text(self) -> str:
        """All of it as one document that may be edited and saved: one's own as it was written, then the shipped."""
        rest = [rule for rule in self.rules if rule.shipped]
        if not self.own:
            return rulebook.to_yaml(rest)
        if not rest:
            return self.document
        tail = rulebook.to_yaml(rest).removeprefix("rules:\n")
        return f"{rulebook.to_yaml(self.own)}\n  # Shipped with Mission Control\n{tail}"


def load(connection: Connection) -> RuleBook:
    """The newest that is good. What was good when it was saved may name a signal that a later release has no more:
    then the one before it goes on."""
    rows = connection.execute(
        text("select version, document, actor_name, at from alert_rules order by version desc limit :most"),
        {"most": _TRIED},
    ).all()
    for row in rows:
        try:
            return RuleBook(rows[0].version, row.document, _own(row.document), row.actor_name, row.at)
        except BadInput as error:
            log.warning("version %s of the alert rules is passed over: %s", row.version, error.detail)
    return RuleBook(rows[0].version if rows else 0, "rules: []\n", ())


def _own(document: str) -> tuple[Rule, ...]:
    if document not in _parsed:
        parsed = rulebook.from_yaml(document)
        _parsed.clear()
        _parsed[document] = parsed
    return _parsed[document]


def save(connection: Connection, actor: Actor, document: str, *, expected: int | None) -> RuleBook:
    """A new version, in force from the next evaluation on. `expected` is the version that was edited.

    Raises BadInput that names rule, line and reason, and Conflict where somebody else saved meanwhile.
    """
    own = rulebook.from_yaml(document)
    if "\x00" in document:
        raise BadInput.field("document", msg="holds a NUL character")
    before = load(connection)
    if expected is not None and expected != before.version:
        raise _overtaken(before)
    try:
        with connection.begin_nested():
            row = connection.execute(
                text("""insert into alert_rules (version, document, actor_name) values (:version, :document, :name)
                        returning version, at"""),
                {"version": before.version + 1, "document": document, "name": actor.name},
            ).one()
    except IntegrityError:
        raise _overtaken(load(connection)) from None
    detail = {"version": row.version, "rules": [rule.name for rule in own][:100]}
    audit(connection, actor, "alert_rules.save", ("alert_rules", str(row.version)), detail=detail)
    return RuleBook(row.version, document, own, actor.name, row.at)


def _overtaken(now: RuleBook) -> Conflict:
    return Conflict(
        f"The rules were changed meanwhile by {now.saved_by or 'somebody'}: version {now.version} is in force. "
        "Load it, and make the change again"
    )
