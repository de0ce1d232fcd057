"""One transaction a request: committed before its answer leaves, taken back on an error, let go on request."""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, IntegrityError

import app
from callbacks.web.api import db, needs, release, services, unit
from data.errors import Conflict
from data.permissions import Permission
from tests.callers import person, program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from sqlalchemy import Connection, Engine

    from data.services import Services
    from tests.callers import Caller

LARGE = 100_000


@pytest.fixture
def table(mc: Services, owner: Engine) -> Iterator[None]:
    """A table that refuses the same number twice, and the number 13, at the commit alone."""
    role = mc.engine.url.username
    with owner.begin() as connection:
        for statement in (
            "create table probe (n int, constraint twice unique (n) deferrable initially deferred)",
            """create function probe_clash() returns trigger language plpgsql as $$ begin
                 raise exception 'another was faster' using errcode = '40001'; end $$""",
            """create constraint trigger clash after insert on probe deferrable initially deferred
                 for each row when (new.n = 13) execute function probe_clash()""",
            f'grant all on probe to "{role}"',
        ):
            connection.execute(text(statement))
    yield
    with owner.begin() as connection:
        connection.execute(text("drop table probe"))
        connection.execute(text("drop function probe_clash"))


def put(*numbers: int) -> None:
    for number in numbers:
        db().execute(text("insert into probe values (:n)"), {"n": number})


def held() -> int:
    return int(services().engine.pool.checkedout())  # type: ignore[attr-defined]


def fails_at_the_commit() -> dict[str, Any]:
    put(7, 7)
    return {"done": True}


def clashes_at_the_commit() -> dict[str, Any]:
    put(13)
    return {"done": True}


def fails_after_writing() -> dict[str, Any]:
    put(1)
    raise Conflict("Not like this")


def lets_go() -> dict[str, Any]:
    before = held()
    put(1)
    release()
    between = held()
    put(2)
    if between or before != 1:
        raise AssertionError((before, between))
    raise Conflict("What was let go stands")


def follows() -> dict[str, Any]:
    cache = services().cache
    unit().after_commit(lambda: cache.redis.set("probe", "followed"))
    put(5)
    if cache.redis.get("probe"):
        raise AssertionError("it followed nothing")
    return {"done": True}


def never_follows() -> dict[str, Any]:
    unit().after_commit(lambda: services().cache.redis.set("probe", "followed"))
    return fails_at_the_commit()


def swallows_an_error() -> dict[str, Any]:
    put(1)
    with suppress(DBAPIError):  # as a view would that thinks that nothing happened
        db().execute(text("insert into probe values (1 / 0)"))
    return {"done": True}


def catches_an_error_in_a_savepoint() -> dict[str, Any]:
    try:
        with db().begin_nested():
            db().execute(text("set constraints all immediate"))
            put(3, 3)
    except IntegrityError:
        put(4)
    return {"done": True}


def waits_for_its_body() -> dict[str, Any]:
    return {"held": held()}


VIEWS = (
    fails_at_the_commit,
    clashes_at_the_commit,
    fails_after_writing,
    lets_go,
    follows,
    never_follows,
    swallows_an_error,
    catches_an_error_in_a_savepoint,
    waits_for_its_body,
)


@pytest.fixture(scope="module")
def probing(opened: Services) -> Iterator[Flask]:
    """The product's server, with some views that do what a view may do wrong."""
    server = app.create_server(opened.settings)
    for view in VIEWS:
        server.add_url_rule(
            f"/api/v1/probe/{view.__name__}",
            view.__name__,
            needs(Permission.MISSIONS_READ)(view),
            methods=["GET", "POST"],
        )
    yield server
    server.extensions["mission_control"].engine.dispose()


@pytest.fixture
def caller(mc: Services, probing: Flask, table: None) -> Caller:
    del table
    reader = program(mc, probing, "read")
    assert reader("GET", "/api/v1/missions").status_code == 200
    return reader


def numbers(mc: Services) -> list[int]:
    with mc.engine.begin() as connection:
        return list(connection.scalars(text("select n from probe order by n")))


def ask(caller: Caller, view: Any, **more: Any) -> Any:
    return caller("POST", f"/api/v1/probe/{view.__name__}", **more)


def test_what_cannot_be_committed_is_a_problem_and_never_an_answer(mc: Services, caller: Caller) -> None:
    answer = ask(caller, fails_at_the_commit)
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert "done" not in answer.text
    assert numbers(mc) == []


def test_a_clash_at_the_commit_is_a_503_that_says_when_to_come_again(mc: Services, caller: Caller) -> None:
    answer = ask(caller, clashes_at_the_commit)
    assert (answer.status_code, answer.json["title"], answer.headers["Retry-After"]) == (503, "Unavailable", "2")
    assert numbers(mc) == []


def test_a_key_that_is_repeated_acts_anew_after_a_commit_that_failed(mc: Services, caller: Caller) -> None:
    headers = {"Idempotency-Key": "once"}
    assert ask(caller, clashes_at_the_commit, headers=headers).status_code == 503
    assert ask(caller, clashes_at_the_commit, headers=headers).status_code == 503
    assert numbers(mc) == []


def test_an_error_takes_back_what_was_written(mc: Services, caller: Caller) -> None:
    assert ask(caller, fails_after_writing).status_code == 409
    assert numbers(mc) == []


def test_what_was_released_stands_and_holds_no_connection(mc: Services, caller: Caller) -> None:
    answer = ask(caller, lets_go)
    assert (answer.status_code, answer.json["detail"]) == (409, "What was let go stands")
    assert numbers(mc) == [1]


def test_what_follows_a_commit_follows_it_and_nothing_else(mc: Services, caller: Caller) -> None:
    assert ask(caller, never_follows).status_code == 500
    assert mc.cache.redis.get("probe") is None
    assert ask(caller, follows).status_code == 200
    assert mc.cache.redis.get("probe") == b"followed"
    assert numbers(mc) == [5]


def test_a_failed_transaction_is_not_answered_as_if_it_stood(mc: Services, caller: Caller) -> None:
    assert ask(caller, swallows_an_error).status_code == 500
    assert numbers(mc) == []


def test_a_savepoint_takes_back_its_own_part(mc: Services, caller: Caller) -> None:
    assert ask(caller, catches_an_error_in_a_savepoint).status_code == 200
    assert numbers(mc) == [4]


def test_nobody_holds_a_connection_while_a_large_body_is_on_its_way(caller: Caller) -> None:
    small = ask(caller, waits_for_its_body, data=b"x", content_type="text/plain")
    large = ask(caller, waits_for_its_body, data=b"x" * LARGE, content_type="text/plain")
    assert (small.json["held"], large.json["held"]) == (1, 0)


def test_every_request_gives_its_connection_back(probing: Flask, caller: Caller) -> None:
    for view in VIEWS:
        ask(caller, view)
        assert probing.extensions["mission_control"].engine.pool.checkedout() == 0, view.__name__


def test_a_denial_stands_in_the_audit_and_the_rest_is_taken_back(mc: Services, server: Flask) -> None:
    viewer = person(mc, server, "viewer")
    assert viewer("PUT", "/api/v1/quotas", {"providers": []}).status_code == 403
    with mc.engine.begin() as connection:
        assert connection.scalar(text("select count(*) from audit_log where outcome = 'denied'")) == 1


@contextmanager
def read_only(server: Flask) -> Iterator[None]:
    """Nothing that the server does may write."""
    engine = server.extensions["mission_control"].engine

    def forbid(connection: Connection) -> None:
        connection.exec_driver_sql("set transaction read only")

    event.listen(engine, "begin", forbid)
    try:
        yield
    finally:
        event.remove(engine, "begin", forbid)


def gets(server: Flask) -> list[str]:
    rules = (rule.rule for rule in server.url_map.iter_rules() if rule.methods and "GET" in rule.methods)
    return sorted(rule for rule in rules if rule.startswith("/api/v1/") and not re.search("[<]|probe", rule))


def test_no_get_writes(mc: Services, server: Flask) -> None:
    """On a fresh database too: what is missing there is as it will be when somebody writes it."""
    readers = [program(mc, server, "admin"), person(mc, server, "admin")]
    for reader in readers:
        assert reader("GET", "/api/v1/missions").status_code == 200  # which notes that it is there
    with read_only(server):
        for path in gets(server):
            for reader in readers:
                answer = reader("GET", path)
                assert answer.status_code in (200, 404, 422, 503), (path, answer.text[:300])
        quotas = readers[0]("GET", "/api/v1/quotas")
    assert quotas.status_code == 200
    assert {each["provider"] for each in quotas.json["items"]} >= {"serpstack", "hunter_io"}
    with mc.engine.begin() as connection:
        assert connection.scalar(text("select count(*) from api_quota_state")) == 0
        assert connection.scalar(text("select count(*) from api_providers")) == 0


def test_quotas_stand_as_the_next_call_will_find_them(mc: Services, server: Flask) -> None:
    """A window that has ended is over for who reads, although nobody has written it yet."""
    operator, admin = program(mc, server, "operate"), program(mc, server, "admin")
    wanted = {"query_type": "search", "priority": "normal", "dry_run": False}
    assert operator("POST", "/api/v1/quotas/route", wanted).status_code in (200, 429)
    with mc.engine.begin() as connection:
        connection.execute(
            text("""update api_quota_state set window_start = now() - interval '90 days', used = 7, unmetered = 2,
                      window_end = now() - interval '60 days', state = 'exhausted', until = now() + interval '1 day'
                    where provider = 'serpstack'""")
        )
    read = standing(admin)
    with mc.engine.begin() as connection:
        assert connection.scalar(text("select sum(used) from api_quota_state where provider = 'serpstack'")) == 7
    assert (float(read["used"]), float(read["unmetered"])) == (0, 0)
    assert operator("POST", "/api/v1/quotas/route", wanted).status_code in (200, 429)
    with mc.engine.begin() as connection:
        assert connection.scalar(text("select sum(used) from api_quota_state where provider = 'serpstack'")) == 0
    assert standing(admin) == read


def standing(caller: Caller) -> dict[str, Any]:
    items = caller("GET", "/api/v1/quotas").json["items"]
    found = next(each for each in items if each["provider"] == "serpstack")
    return {name: found[name] for name in ("used", "unmetered", "state", "window_start", "resets_at", "remaining")}
