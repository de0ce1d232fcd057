"""Which registries are asked next, and what they said: a domain at a time, its answer in a transaction of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from data.domains.streams import DOMAINS, DomainRow
from data.ingest.store import store
from data.permissions import SYSTEM

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from data.domains.rdap import Said

LEASE = timedelta(minutes=5)  # an asker that dies is replaced after so long
AGAIN = timedelta(days=1)
UNWATCHED_AGAIN = timedelta(days=365)
LONGEST_PAUSE = timedelta(days=1)
SIMULATED = "simulated: no registry is asked"


def due(connection: Connection, now: datetime, *, most: int) -> list[str]:
    """Names whose time has come, held by us for a while. Simulated ones are set aside: nobody may be asked of them."""
    connection.execute(
        text("""update domain_lookups l set outcome = 'unsupported', detail = :said, due_at = :later from domains d
                where d.domain_name = l.domain_name and d.simulated and l.due_at <= :now"""),
        {"said": SIMULATED, "later": now + UNWATCHED_AGAIN, "now": now},
    )
    rows = connection.scalars(
        text("""update domain_lookups set due_at = :held where domain_name in (
                  select domain_name from domain_lookups where due_at <= :now
                  order by due_at limit :most for update skip locked)
                returning domain_name"""),
        {"now": now, "held": now + LEASE, "most": most},
    )
    return sorted(rows)


def keep(connection: Connection, name: str, said: Said, now: datetime) -> None:
    """Write down what its registry said of a domain, and when it is asked again."""
    connection.execute(
        text("""
        update domain_lookups l set outcome = :outcome, detail = :detail, last_fetched_at = :now,
          tries = case when :failed then least(tries + 1, 20) else 0 end,
          due_at = cast(:now as timestamptz) + case
            when :failed then greatest(make_interval(secs => :wait), least(:longest, interval '1 minute' * 2 ^ tries))
            when exists (select from watched_domains w where w.domain_name = l.domain_name) then :again
            else :unwatched end
        where domain_name = :name"""),
        {
            "name": name,
            "outcome": said.outcome,
            "detail": said.detail,
            "failed": said.outcome == "failed",
            "wait": said.wait_s or 0.0,
            "now": now,
            "longest": LONGEST_PAUSE,
            "again": AGAIN,
            "unwatched": UNWATCHED_AGAIN,
        },
    )
    if said.fields:
        row = DomainRow.model_validate(said.fields | {"domain_name": name, "source": "rdap", "last_fetched_at": now})
        store(connection, SYSTEM, DOMAINS, [row])


def put_off(connection: Connection, names: list[str], until: datetime) -> None:
    """Asked again then, without it counting as a failure."""
    connection.execute(
        text("update domain_lookups set due_at = :until where domain_name = any(:names)"),
        {"names": names, "until": until},
    )
