"""What a batch costs depends on the batch: its statements find rows through indexes, whatever is stored and whatever
the planner believes of it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from sqlalchemy import text

from data.backlinks.checks import writes
from data.db import driver, transaction
from data.ingest import store
from data.ingest.streams import streams
from data.permissions import SYSTEM
from tests.callers import program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from sqlalchemy import Connection

    from data.services import Services

GROWING = ("backlink", "brand_mention", "domain", "ingest_receipts", "crawl_jobs")
SOON_S = 10.0  # half of what the visit of one page may take
PAGE = "https://big.example/"
SMALL = 3.0  # of a scan's cost, pages not counted: a table of at most some hundred rows
STORE = """
with made as (
  insert into backlink_identities (link_hash, target_domain_name, discovered_date)
  select link_hash(page(n), 'https://t.example/' || n), target(n), at(n) from generate_series(1, {links}) n
  returning *)
insert into backlinks (target_domain_name, discovered_date, backlink_id, source_domain_name, url_from, url_to,
  last_seen)
select m.target_domain_name, m.discovered_date, m.backlink_id, 'big.example', page(n), 'https://t.example/' || n, at(n)
from generate_series(1, {links}) n join made m on m.link_hash = link_hash(page(n), 'https://t.example/' || n)"""
MANY_PAGES = "'https://p' || n || '.example/'"
ONE_PAGE = f"'{PAGE}'"


def fill(connection: Connection, links: int, *, page: str, target: str, at: str) -> None:
    """Links 1 to `links`; page, target and time of each are SQL over its number `n`."""
    for name, kind, body in (("page", "text", page), ("target", "text", target), ("at", "timestamptz", at)):
        connection.execute(
            text(f"create or replace function pg_temp.{name}(n int) returns {kind} language sql as $$ select {body} $$")
        )
    statement = STORE.format(links=links)
    for name in ("page", "target", "at"):
        statement = statement.replace(f"{name}(n)", f"pg_temp.{name}(n)")
    connection.execute(text(statement))


def few(connection: Connection) -> None:
    fill(connection, 20, page=MANY_PAGES, target="'t' || n || '.example'", at="now() - interval '1 day'")


def many(connection: Connection) -> None:
    fill(
        connection, 20_000, page=MANY_PAGES, target="'t' || n % 50 || '.example'", at="now() - interval '1 minute' * n"
    )


def one_page(connection: Connection) -> None:
    fill(connection, 20_000, page=ONE_PAGE, target="'t.example'", at="now() - interval '1 day'")


SHAPES: tuple[Callable[[Connection], None], ...] = (few, many, one_page)
# Of what belongs to another role, as the audit log does, nobody else forgets.
FORGET = """
select pg_clear_attribute_stats(t.schemaname, t.tablename, t.attname, t.inherited)
from pg_stats t join pg_class c on c.oid = format('%I.%I', t.schemaname, t.tablename)::regclass
where t.schemaname = 'public' and c.relowner = current_user::regrole"""


@pytest.fixture(params=["known", "unknown"])
def statistics(request: pytest.FixtureRequest) -> str:
    """Whether the planner knows of what is stored, or nobody ever looked, as in the first minutes of a new house."""
    return {"known": "analyze", "unknown": FORGET}[request.param]


@pytest.fixture(params=SHAPES, ids=lambda shape: str(shape.__name__))
def stored(request: pytest.FixtureRequest, mc: Services, statistics: str) -> Iterator[Connection]:
    """A transaction in a database of this shape."""
    with transaction(mc.engine) as connection:
        request.param(connection)
    with mc.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statistics))
    with transaction(mc.engine) as connection:
        connection.execute(text("select set_config('mc.simulated', 'false', true)"))
        yield connection


def batch(stream: str, rows: int) -> list[dict[str, Any]]:
    now = "2026-01-01T00:00:00Z"
    made: dict[str, Callable[[int], dict[str, Any]]] = {
        "backlinks": lambda n: {"url_from": PAGE, "url_to": f"https://t.example/{n}", "event_id": f"e{n}"},
        "page_visits": lambda n: {"url": f"https://p{n}.example/" if n else PAGE, "fetched_at": now},
        "domains": lambda n: {"domain_name": f"t{n}.example", "domain_authority": n % 100, "last_fetched_at": now},
        "brand_mentions": lambda n: {"brand": "Acme", "url": f"https://t.example/{n}", "title": "Acme"},
    }
    return [made[stream](n) for n in range(rows)]


def plans(connection: Connection, script: str) -> Iterator[dict[str, Any]]:
    """The plan of each of its statements that reads or writes rows, each asked for just before it is carried out."""
    lines = [line for line in script.splitlines() if not line.startswith("--")]
    for statement in filter(None, (part.strip() for part in "\n".join(lines).split(";\n"))):
        if statement.startswith(("insert", "with", "update", "delete", "select")):
            found = driver(connection).execute(f"explain (format json) {statement}".encode()).fetchone()
            assert found
            yield found[0][0]["Plan"]
        driver(connection).execute(statement.encode())


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def reads_whole_tables(plan: dict[str, Any]) -> list[str]:
    """The ways in which this plan reads a growing table other than by an index range. One that holds some dozen rows
    may be read along an index from end to end."""
    found = []
    for node in nodes(plan):
        relation = node.get("Relation Name", "")
        if relation.startswith(GROWING) and "Scan" in node["Node Type"]:
            key = node.get("Index Cond") or node["Node Type"] == "Bitmap Heap Scan"
            small = node["Node Type"].startswith("Index") and node["Total Cost"] < SMALL
            found += [] if key or small else [f"{node['Node Type']} on {relation}"]
        if node["Node Type"] in ("Hash Join", "Merge Join"):
            below = {each.get("Relation Name", "") for each in nodes(node)}
            found += [f"{node['Node Type']} of {name}" for name in below if name.startswith(GROWING)]
    return found


@pytest.mark.parametrize("rows", [1, 1_000])
@pytest.mark.parametrize("stream", ["backlinks", "page_visits", "domains", "brand_mentions"])
def test_a_batch_reads_no_table_whole(stored: Connection, stream: str, rows: int) -> None:
    of = streams()[stream]
    store._stage(stored, SYSTEM, of, store.check(of, batch(stream, rows), {}))
    for name in filter(None, (of.insert_sql(), of.update_sql())):
        for plan in plans(stored, name):
            assert reads_whole_tables(plan) == [], orjson.dumps(plan, option=orjson.OPT_INDENT_2).decode()


def test_what_a_planner_that_is_wrong_about_dates_chooses_leads_to_one_row_too(mc: Services) -> None:
    """It has seen links of as many dates as links; then one page came with twenty thousand of one moment."""
    with transaction(mc.engine) as connection:
        many(connection)
    with mc.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("analyze"))
    with transaction(mc.engine) as connection:
        fill(connection, 20_000, page=ONE_PAGE, target="'t.example'", at="date_trunc('day', now())")
    took = visit(mc)
    assert took < SOON_S
    assert states(mc)["suspected"] == 20_000


def visit(mc: Services) -> float:
    """Seconds that the visit of the big page takes, which has lost all of its links."""
    of = streams()["page_visits"]
    rows = store.check(of, [{"url": PAGE, "fetched_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}], {})
    began = time.monotonic()
    with transaction(mc.engine) as connection:
        connection.execute(text("set local statement_timeout = '20s'"))
        assert store.store(connection, SYSTEM, of, rows).accepted == 1
    return time.monotonic() - began


def states(mc: Services) -> dict[str, int]:
    with mc.engine.connect() as connection:
        rows = connection.execute(text("select link_state, count(*) from backlinks group by 1"))
        return {row[0]: row[1] for row in rows}


def test_a_page_that_lost_sixty_thousand_links_is_put_away_in_half_its_time(mc: Services) -> None:
    with transaction(mc.engine) as connection:
        fill(connection, 60_000, page=ONE_PAGE, target="'t.example'", at="now() - interval '1 day'")
    assert visit(mc) < SOON_S
    assert states(mc) == {"suspected": 60_000}


def test_the_first_missions_of_a_new_house_cost_what_their_pages_cost(mc: Services) -> None:
    """Twenty thousand links on two thousand pages, and nobody has analyzed anything."""
    page = "'https://p' || n % 2000 || '.example/'"
    with transaction(mc.engine) as connection:
        fill(connection, 20_000, page=page, target="'t' || n % 50 || '.example'", at="now() - interval '1 day'")
        connection.execute(text(FORGET))
    pages = [{"url": f"https://p{n}.example/", "fetched_at": "2026-01-01T00:00:00Z"} for n in range(1_000)]
    pages += [
        {"url": f"https://p{n}.example/", "fetched_at": datetime.now(UTC).isoformat()} for n in range(0, 1_000, 10)
    ]
    of = streams()["page_visits"]
    began = time.monotonic()
    with transaction(mc.engine) as connection:
        store.store(connection, SYSTEM, of, store.check(of, pages, {}))
    assert time.monotonic() - began < SOON_S / 5
    assert states(mc) == {"suspected": 1_000, "live": 19_000}


def test_what_a_session_planned_for_one_link_still_serves_it_for_ten_thousand(mc: Services) -> None:
    """A trigger's statements are planned once a session."""
    with transaction(mc.engine) as connection:
        one_page(connection)
    change = (
        "update backlinks set anchor = 'changed' where backlink_id <= (select min(backlink_id) from backlinks) + :n"
    )
    with mc.engine.connect() as connection:
        for links in (0, 10_000):
            with connection.begin():
                connection.execute(text("set local statement_timeout = '4s'"))
                assert connection.execute(text(change), {"n": links}).rowcount == links + 1


def test_ten_thousand_domains_at_once_are_put_away_in_one_statement_s_time(mc: Services, server: Flask) -> None:
    caller = program(mc, server, "ingest")
    for _ in range(2):
        answer = caller("POST", "/api/v1/ingest/domains", batch("domains", 10_000))
        assert (answer.status_code, answer.json["accepted"]) == (200, 10_000)


def test_what_is_due_is_claimed_through_its_index_by_a_kept_plan_too(stored: Connection) -> None:
    stored.execute(text("update backlinks set link_state = 'suspected', next_check_at = now()"))
    stored.execute(text("insert into satellites (satellite_id, name) values ('S', 'S')"))
    stored.execute(text("set local plan_cache_mode = force_generic_plan"))
    for _ in range(8):  # beyond the fifth the driver prepares the statement, and its plan no longer knows the limit
        assert len(writes.claim_links(stored, "S", 1)) == 1
    kept = "select name from pg_prepared_statements where statement like '%with due as%skip locked%'"
    name = driver(stored).execute(f"{kept} order by prepare_time desc").fetchall()[0][0]
    plan = driver(stored).execute(f"explain (format json) execute \"{name}\" (false, 1, '2 minutes')").fetchone()
    assert plan
    assert reads_whole_tables(plan[0][0]["Plan"]) == []
