"""The sets below the exact counts: who links to a target, with which words and
links of which kind, from how many domains.

They follow the hourly roll-up at a slower pace: an hour that is still being filled would otherwise be read again every
few seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from data.area import View
from data.db import run_script
from data.deadline import extend_deadline

if TYPE_CHECKING:
    from sqlalchemy import Connection

_SETS = View("backlinks", "backlink_sets", 1)
_HOURS_A_TICK = 5_000
_REFRESH_S = 240

# Kept from refresh to refresh, emptied at the end of each transaction.
_STAGES = """
create temporary table if not exists taken_link_hours (target text, hour timestamptz) on commit delete rows;
create temporary table if not exists link_changes (target text, hour timestamptz, source text, anchor text,
  kind smallint, authority smallint, spam_band smallint, state smallint, simulated boolean, links int, live int,
  toxic int, first_seen timestamptz, last_seen timestamptz, max_spam smallint, more_links int, more_live int,
  more_toxic int, oldest timestamptz, newest timestamptz, shrunk boolean) on commit delete rows;
create temporary table if not exists source_changes (target text, source text, kind smallint, band smallint,
  spam_band smallint, state smallint, simulated boolean, links bigint, live bigint, first_seen timestamptz,
  last_seen timestamptz, max_authority smallint, max_spam smallint, shrunk boolean) on commit delete rows;
"""


def refresh_sets(connection: Connection) -> int:
    """Bring the sets of the touched hours up to date; returns how many there were. One caller at a time, others
    return 0. Runs in the caller's transaction."""
    if not connection.scalar(text("select pg_try_advisory_xact_lock(hashtext('refresh_link_sets'))")):
        return 0
    extend_deadline(connection, _REFRESH_S)
    run_script(connection, _STAGES)
    taken = connection.execute(
        text("""
        with taken as (
          delete from touched_link_hours
          where ctid = any(array(select ctid from touched_link_hours limit :most)) returning *)
        insert into taken_link_hours (target, hour) select distinct target_domain_name, hour from taken
        """),
        {"most": _HOURS_A_TICK},
    ).rowcount
    if taken:
        run_script(connection, _SETS.sql())
    return taken


def hold_sets(connection: Connection) -> None:
    """Wait for a refresh that is under way, and keep the next one from beginning, until this transaction ends."""
    connection.execute(text("select pg_advisory_xact_lock(hashtext('refresh_link_sets'))"))
