"""Simulated links go together with their identities, while no refresh of the sets is under way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from data.backlinks.sets import hold_sets

if TYPE_CHECKING:
    from sqlalchemy import Connection


def remove(connection: Connection) -> dict[str, int]:
    """Rows removed per table."""
    hold_sets(connection)
    removed: int = connection.execute(
        text("""
        with gone as (delete from backlinks where simulated returning backlink_id),
        forgotten as (delete from backlink_identities i using gone where i.backlink_id = gone.backlink_id)
        select count(*) from gone
        """)
    ).scalar_one()
    return {"backlinks": removed}
