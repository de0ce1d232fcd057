"""Which registries are asked next, and what they answer: a domain at a time, its answer in a transaction of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pydantic import ValidationError
from sqlalchemy import text

from data.domains.streams import DOMAINS, DomainRow
from data.ingest.store import store
from data.permissions import SYSTEM

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from data.domains.registry.rdap import RegistryAnswer

LEASE = timedelta(minutes=5)  # an asker that dies is replaced after so long
AGAIN = timedelta(days=1)
UNWATCHED_AGAIN = timedelta(days=365)
LONGEST_PAUSE = timedelta(days=1)
SIMULATED = "simulated: no registry is asked"


def list_due(connection: Connection, now: datetime, *, most: int) -> list[str]:
    """Names whose time has come, held by us for a while. Simulated ones are set aside: nobody may be asked of them.

    The try counts from here on: a name whose answer ends its asker comes back less and less often."""
    connection.execute(
        text("""update domain_lookups l set outcome = 'unsupported', detail = :answer, due_at = :later from domains d
                where d.domain_name = l.domain_name and d.simulated and l.due_at <= :now"""),
        {"answer": SIMULATED, "later": now + UNWATCHED_AGAIN, "now": now},
    )
    rows = connection.scalars(
        text("""update domain_lookups set tries = least(tries + 1, 20),
                  due_at = cast(:now as timestamptz) + least(:longest, :lease * 2 ^ least(tries, 20))
                where domain_name in (
                  select domain_name from domain_lookups where due_at <= :now
                  order by due_at limit :most for update skip locked)
                returning domain_name"""),
        {"now": now, "lease": LEASE, "longest": LONGEST_PAUSE, "most": most},
    )
    return sorted(rows)


def save_answer(connection: Connection, name: str, answer: RegistryAnswer, now: datetime) -> None:
    """Save what its registry answered of a domain, and when it is asked again."""
    row, refused = storable(name, answer, now)
    detail = "; ".join(filter(None, (answer.detail, refused)))[:500] or None
    connection.execute(
        text("""
        update domain_lookups l set outcome = :outcome, detail = :detail, last_fetched_at = :now,
          tries = case when :failed then greatest(tries, 1) else 0 end,
          due_at = cast(:now as timestamptz) + case
            when :failed then
              greatest(make_interval(secs => :wait), least(:longest, interval '1 minute' * 2 ^ greatest(tries - 1, 0)))
            when exists (select from watched_domains w where w.domain_name = l.domain_name) then :again
            else :unwatched end
        where domain_name = :name"""),
        {
            "name": name,
            "outcome": answer.outcome,
            "detail": detail,
            "failed": answer.outcome == "failed",
            "wait": answer.wait_s or 0.0,
            "now": now,
            "longest": LONGEST_PAUSE,
            "again": AGAIN,
            "unwatched": UNWATCHED_AGAIN,
        },
    )
    if row:
        store(connection, SYSTEM, DOMAINS, [row])


def storable(name: str, answer: RegistryAnswer, now: datetime) -> tuple[DomainRow | None, str | None]:
    """What was answered, as a row, without the fields that no row takes; and which those were."""
    fields = dict(answer.fields)
    refused: list[str] = []
    while fields:
        try:
            own = {"domain_name": name, "source": "rdap", "last_fetched_at": now}
            row = DomainRow.model_validate(fields | own)
        except ValidationError as error:
            wrong = sorted({str(each["loc"][0]) for each in error.errors() if each["loc"]})
            refused += wrong
            if not set(wrong) & set(fields):
                break
            fields = {key: value for key, value in fields.items() if key not in wrong}
        else:
            return row, f"left out: {', '.join(refused)}" if refused else None
    return None, f"left out: {', '.join(refused)}" if refused else None


def postpone(connection: Connection, ending: str | None, now: datetime, until: datetime) -> None:
    """What is due now under that ending, or at all, is asked then. It was not asked, so it counts as no try."""
    connection.execute(
        text("""update domain_lookups set due_at = :until where due_at <= :now
                and (cast(:ending as text) is null or right(domain_name, length(:ending) + 1) = '.' || :ending)"""),
        {"ending": ending, "now": now, "until": until},
    )
