"""The newest live state over HTTP."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from flask import g

from callbacks.web import bootstrap
from data.live import channel
from data.live.channel import Frame
from data.permissions import Actor, Permission
from tests.callers import Caller, person, program

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services


@pytest.fixture
def watcher(mc: Services, server: Flask) -> Caller:
    server.extensions.pop("live_newest", None)
    return program(mc, server, "read")


def test_it_answers_the_snapshot_with_everything_since(mc: Services, watcher: Caller) -> None:
    channel.publish(mc.cache.redis, Frame(70, "snapshot", {"queue_depth": 1, "errors": {"LP-1": {"at": 1}}}, 10))
    channel.publish(mc.cache.redis, Frame(71, "delta", {"queue_depth": 2, "errors": {"LP-1": None}}, 20))
    answer = watcher("GET", "/api/v1/live")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json == {
        "v": 1,
        "id": "live-71",
        "type": "snapshot",
        "ts": 20,
        "seq": 71,
        "payload": {"queue_depth": 2, "errors": {}},
    }


def test_it_is_put_together_twice_a_second_however_many_ask(mc: Services, watcher: Caller) -> None:
    channel.publish(mc.cache.redis, Frame(1, "snapshot", {"queue_depth": 1}, 1))
    assert watcher("GET", "/api/v1/live").json["seq"] == 1
    start, told = time.monotonic(), set[int]()
    for seq in range(2, 52):
        channel.publish(mc.cache.redis, Frame(seq, "delta", {"queue_depth": seq}, seq))
        told.add(watcher("GET", "/api/v1/live").json["seq"])
    assert len(told) <= 2 + (time.monotonic() - start) / 0.5
    time.sleep(0.6)
    assert watcher("GET", "/api/v1/live").json["payload"] == {"queue_depth": 51}


def test_it_says_503_while_nothing_was_published(watcher: Caller) -> None:
    answer = watcher("GET", "/api/v1/live")
    assert (answer.status_code, answer.json["title"]) == (503, "Unavailable")
    assert "Retry-After" in answer.headers


def test_it_is_for_whoever_may_watch(mc: Services, server: Flask, watcher: Caller) -> None:
    channel.publish(mc.cache.redis, Frame(1, "snapshot", {}, 1))
    assert watcher("GET", "/api/v1/live").status_code == 200
    assert person(mc, server, "viewer")("GET", "/api/v1/live").status_code == 200
    assert program(mc, server, "ingest")("GET", "/api/v1/live").status_code == 403
    assert Caller(server.test_client())("GET", "/api/v1/live").status_code == 401


def test_a_key_gets_only_what_its_permissions_allow(mc: Services, server: Flask, watcher: Caller) -> None:
    state = {"tick": 1, "summary": {"active_jobs": 1}, "api_quotas": {"hunter_io": {}}, "services": {"redis": {}}}
    channel.publish(mc.cache.redis, Frame(1, "snapshot", state, 1))
    assert watcher("GET", "/api/v1/live").json["payload"] == state
    dashboard = program(mc, server, "dashboard")
    assert dashboard("GET", "/api/v1/live").json["payload"] == {"tick": 1, "services": {"redis": {}}}
    assert watcher("GET", "/api/v1/live").json["payload"] == state


@pytest.mark.usefixtures("watcher")
def test_the_state_that_comes_with_a_page_is_cut_as_well(mc: Services, server: Flask) -> None:
    channel.publish(mc.cache.redis, Frame(1, "snapshot", {"tick": 1, "api_quotas": {"hunter_io": {}}}, 1))
    permissions = frozenset({Permission.PAGES_READ, Permission.LIVE_READ, Permission.LAYOUTS_EDIT})
    with server.test_request_context("/"):
        g.actor = Actor(kind="key", id="k", name="k", permissions=permissions)
        assert "hunter_io" not in bootstrap._arrival()
        g.actor = Actor(kind="key", id="k", name="k", permissions=permissions | {Permission.QUOTAS_READ})
        assert "hunter_io" in bootstrap._arrival()
