"""Finding an entity by what a person remembers of it. Each finder is bounded: an index by the first letters, or a look
at the newest few thousand; the finder's own permission decides whether it is asked at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import quote

from sqlalchemy import text

from data.permissions import Permission

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from data.permissions import Actor

EACH = 6
LAST_LETTER = "\U0010ffff"


class Found(TypedDict):
    kind: str
    title: str
    detail: str
    href: str


@dataclass(frozen=True, slots=True)
class Finder:
    """`sql` gives `key`, `title`, `detail`; `href` holds `{}` for the key. Its parameters: `like` is what was typed,
    anywhere; `start` what was typed in lower case, and `stop` an end to everything that begins with it."""

    kind: str
    needs: Permission
    href: str
    sql: str


FINDERS: tuple[Finder, ...] = (
    Finder(
        "mission",
        Permission.MISSIONS_READ,
        "/missions?job={}",
        """select job_id as key, job_id as title, job_type || ' · ' || target_url || ' · ' || status as detail
           from ((select * from crawl_jobs where job_id = upper(:start))
                 union all
                 (select * from (select * from crawl_jobs order by created_date desc limit 3000) newest
                  where (job_id ilike :like or target_url ilike :like) and job_id <> upper(:start)
                  order by created_date desc limit :each)) found
           limit :each""",
    ),
    Finder(
        "satellite",
        Permission.MISSIONS_READ,
        "/missions#panel-fleet",
        """select satellite_id as key, name as title, status as detail from satellites
           where name ilike :like or satellite_id ilike :like order by last_heartbeat_at desc limit :each""",
    ),
    Finder(
        "domain",
        Permission.DOMAINS_READ,
        "/domains/{}",
        """select domain_name as key, domain_name as title,
                  concat_ws(' · ', 'DA ' || domain_authority, availability_status) as detail
           from domains where domain_name >= :start and domain_name < :stop and starts_with(domain_name, :start)
           order by domain_name limit :each""",
    ),
    Finder(
        "provider",
        Permission.QUOTAS_READ,
        "/quotas",
        """select provider as key, title, provider || ' · ' || state as detail from api_providers
           where provider ilike :like or title ilike :like order by position limit :each""",
    ),
    Finder(
        "screen",
        Permission.SCREENS_READ,
        "/screens",
        """select screen_id as key, name as title, address as detail from screens
           where name ilike :like and closed_at is null order by reported_at desc limit :each""",
    ),
    Finder(
        "playlist",
        Permission.SCREENS_READ,
        "/?kiosk&playlist={}",
        """select playlist_id as key, name as title, jsonb_array_length(items) || ' pages' as detail from playlists
           where name ilike :like order by name limit :each""",
    ),
)


def find(connection: Connection, actor: Actor, words: str) -> list[Found]:
    """At most `EACH` of every kind that this actor may read."""
    start = words.strip().lower()
    escaped = start.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    asked = {"start": start, "stop": start + LAST_LETTER, "like": f"%{escaped}%", "each": EACH}
    found: list[Found] = []
    for finder in FINDERS:
        if actor.may(finder.needs):
            known = {name: value for name, value in asked.items() if f":{name}" in finder.sql}
            rows = connection.execute(text(finder.sql), known)
            found += [
                Found(
                    kind=finder.kind,
                    title=row.title,
                    detail=row.detail,
                    href=finder.href.format(quote(row.key, safe="")),
                )
                for row in rows
            ]
    return found
