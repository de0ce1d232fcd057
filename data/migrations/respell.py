"""Stored addresses and names into the spelling that they have today; rows that thereby become one are merged.

An address that browsers refuse stays as it was stored. A second run finds nothing left to do.
"""

from __future__ import annotations

import logging
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import text

from data import hosts, urls
from data.db import driver
from data.domains.streams import mention_hash

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg
    from sqlalchemy import Connection

BLOCKS = 2_000  # of a table at a time: 16 MB
# What needs no second look, told by PostgreSQL itself. Whatever these let pass is its own last spelling.
_PART = "A-Za-z0-9_~!$&()*+,;=:@"
PLAIN_URL = f"^https?://([a-z0-9_-]+[.])*[a-z]+(/([{_PART}-][{_PART}.-]*)?)+([?][{_PART}./?%-]*)?$"
PLAIN_NAME = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?[.][a-z]+$"
PLAIN_REL = "^([!-@[-`{-~]+( [!-@[-`{-~]+)*)?$"

log = logging.getLogger(__name__)


class Link(NamedTuple):
    target: str
    discovered: Any
    id: int
    url_from: str
    url_to: str
    source: str
    rel: str | None


def respell(connection: Connection) -> Counter[str]:
    """Run outside of a transaction: each batch is one of its own. Says, and writes into the audit log, how many."""
    counts: Counter[str] = Counter()
    for read in (_links, _mentions):
        for part in read(connection):
            counts += part
    counts += _domains(connection)
    counts += _logins(connection)
    if counts:
        log.warning("Addresses read anew: %s", ", ".join(f"{count} {what}" for what, count in counts.items()))
        connection.execute(
            text("""insert into audit_log (actor_kind, actor_id, actor_name, action, object_kind, object_id, outcome,
                      detail)
                    select 'system', 'system', 'migration 0016', 'addresses.respell', 'database', current_database(),
                      'done', jsonb_object_agg(key, value)
                    from unnest(cast(:names as text[]), cast(:counts as bigint[])) as c (key, value)"""),
            {"names": list(counts), "counts": list(counts.values())},
        )
    return counts


def url(stored: str, *, fragment: bool = False) -> str:
    try:
        return urls.parse(stored, fragment=fragment)
    except ValueError:
        return stored


@cache
def name(stored: str) -> str | None:
    """None for what can be no name."""
    try:
        return hosts.parse_site(stored)
    except ValueError:
        return None


def _links(connection: Connection) -> Iterator[Counter[str]]:
    for where, raw in _batches(connection, "backlinks"):
        rows = raw.execute(
            f"""select target_domain_name, discovered_date, backlink_id, url_from, url_to, source_domain_name, rel
                from {where} and ({_odd("url_from")} or {_odd("url_to")} or source_domain_name !~ %(name)s
                  or target_domain_name !~ %(name)s or rel !~ %(rel)s)""",
            _BINDS,
        ).fetchall()
        changed = [new for row in rows if (new := _respelled(Link(*row)))]
        if changed:
            yield _put(raw, "respell_links", _LINKS, changed)


def _respelled(link: Link) -> tuple[Any, ...] | None:
    """What becomes of a link, with its key before; None where it is as it is to be."""
    url_from, url_to = url(link.url_from), url(link.url_to)
    rel = link.rel and " ".join(link.rel.lower().split())
    source, target = _domain(link.source, url_from), _domain(link.target, url_to)
    if (url_from, url_to, source, target, rel) == (link.url_from, link.url_to, link.source, link.target, link.rel):
        return None
    return (link.target, link.discovered, link.id, url_from, url_to, source, target, rel)


def _domain(stored: str, address: str) -> str:
    """The domain in its spelling of today; where it can be none, that of its address."""
    known = name(stored)
    if known is None and hosts.host_of(address):
        return hosts.domain_of(address)
    return known or stored


def _mentions(connection: Connection) -> Iterator[Counter[str]]:
    for where, raw in _batches(connection, "brand_mentions"):
        rows = raw.execute(
            f"select brand, published_at, mention_id, url from {where} and {_odd('url')}",
            _BINDS,
        ).fetchall()
        changed = [
            (*row, new, hosts.domain_of(new), mention_hash(row[0], row[3]), mention_hash(row[0], new))
            for row in rows
            if (new := url(row[3], fragment=True)) != row[3]
        ]
        if changed:
            yield _put(raw, "respell_mentions", _MENTIONS, changed)


def _domains(connection: Connection) -> Counter[str]:
    raw = driver(connection)
    odd = raw.execute("select domain_name from domains where domain_name !~ %(name)s", _BINDS).fetchall()
    changed = [(stored, new) for (stored,) in odd if (new := name(stored)) and new != stored]
    with raw.transaction():
        return _put(raw, "respell_domains", _DOMAINS, changed) if changed else Counter()


def _logins(connection: Connection) -> Counter[str]:
    gone = connection.execute(
        text(r"""update crawl_jobs set target_url = regexp_replace(target_url, '^(https?://)[^/?#\\]*@', '\1', 'i')
                 where target_url ~* '^https?://[^/?#\\]*@'""")
    ).rowcount
    return Counter({"logins removed from missions": gone} if gone else {})


_LINKS = """target text, discovered timestamptz, id bigint, url_from text, url_to text, source text, new_target text,
  rel text"""
_MENTIONS = """brand text, published_at timestamptz, id bigint, url text, new_url text, domain_name text, hash uuid,
  new_hash uuid"""
_DOMAINS = "domain_name text, new_name text"
_BINDS = {"url": PLAIN_URL, "name": PLAIN_NAME, "rel": PLAIN_REL}


def _odd(column: str) -> str:
    return f"({column} !~ %(url)s or {column} like '%%xn--%%')"


def _batches(connection: Connection, table: str) -> Iterator[tuple[str, psycopg.Connection]]:
    """Each stretch of a partitioned table, as what follows `from`, with the transaction that it is worked on in."""
    raw = driver(connection)
    parts = raw.execute(
        """select inhrelid::regclass::text, (pg_relation_size(inhrelid) / 8192)::bigint from pg_inherits
           where inhparent = %s::regclass order by 1""",
        (table,),
    ).fetchall()
    for part, blocks in parts:
        for first in range(0, blocks, BLOCKS):
            with raw.transaction():
                yield f"{part} where ctid >= '({first},0)' and ctid < '({first + BLOCKS},0)'", raw


def _put(raw: psycopg.Connection, name: str, columns: str, rows: list[tuple[Any, ...]]) -> Counter[str]:
    """Stage the rows and run the script, whose last statement says what was done how often."""
    raw.execute(f"create temporary table if not exists {name} ({columns}) on commit delete rows")
    raw.execute(f"truncate {name}")
    with raw.cursor().copy(f"copy {name} from stdin") as copy:
        for row in rows:
            copy.write_row(row)
    raw.execute((Path(__file__).parent / "sql" / f"0016_{name}.sql").read_bytes())
    counted = raw.execute(f"select what, n from {name}_counts").fetchall()
    raw.execute(f"drop table {name}_counts")
    return Counter({what: n for what, n in counted if n})
