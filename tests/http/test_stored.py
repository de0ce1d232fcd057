"""Whatever was sent, what is stored can always be read: every list, the live state and every file answer afterwards.

Some hundreds of rows in the suite; tens of thousands with `--hypothesis-profile=long`.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from callbacks.web.export_formats import FORMATS
from data.ingest.streams import streams
from data.live import channel
from data.live.state import build_state
from data.permissions import Scope
from tasks.backlinks import bring_sets_up_to_date
from tasks.refresh import bring_up_to_date, refresh_due
from tests.callers import Caller, person, program
from tests.crawls import crew
from tests.odd import BASE, NUMBERS, requests

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from data.services import Services

SHARE = 32  # of the profile's examples, for each stream


@pytest.fixture
def crawler(mc: Services, server: Flask) -> Caller:
    server.extensions.pop("live_newest", None)
    return program(mc, server, "ingest")


def every_get(server: Flask) -> list[tuple[str, bool]]:
    """Every address of the API that is read, and whether it names one thing, which may be there or not."""
    there = {
        "job_id": "M-1",
        "domain_name": "acme.io",
        "owner": "acme.io",
        "brand": "Acme",
        "provider": "serpstack",
        "page": "overview",
        "name": "rivals",
    }
    found: list[tuple[str, bool]] = []
    for path, methods in server.test_client().get("/api/v1/openapi.json").json["paths"].items():
        names = re.findall(r"{(\w+)}", path)
        if "get" in methods and "/export/" not in path and all(name in there for name in names):
            found.append((re.sub(r"{(\w+)}", lambda match: there[match[1]], path), bool(names)))
    return found


QUESTION = {
    "domain_name": "acme.io",
    "target": "acme.io",
    "own": "acme.io",
    "q": "acme",
    "brand": "Acme",
    "set": "rivals",
    "competitors": "b.example",
}


def assert_everything_answers(mc: Services, server: Flask) -> None:
    for stream, row in BASE.items():
        assert program(mc, server, "ingest")("POST", f"/api/v1/ingest/{stream}", [row]).json["accepted"] == 1
    with mc.engine.begin() as connection:  # of the roll-ups' and views' own pace nothing is waited for
        connection.execute(text("update view_stamps set due_at = '-infinity'"))
    bring_up_to_date(mc)
    bring_sets_up_to_date(mc)
    refresh_due(mc)
    with mc.engine.begin() as connection:
        state = build_state(connection, mc.cache.redis, datetime.now(UTC))
    channel.publish(mc.cache.redis, channel.Frame(channel.last_seq(mc.cache.redis) + 1, "snapshot", state, 1))
    reader = program(mc, server, *Scope)
    for path, names_one in every_get(server):
        answer = _ask(reader, path)
        assert answer.status_code in ((200, 404) if names_one else (200,)), (path, answer.text[:500])
        _read_to_the_end(reader, path, answer.json)
    for dataset in reader("GET", "/api/v1/export").json["items"]:
        span = {"from": "2020-01-01", "to": "2100-01-01"} if dataset["dated"] else {}
        for form in FORMATS:
            file = _ask(reader, f"/api/v1/export/{dataset['name']}.{form}", **span)
            assert file.status_code == 200, (dataset["name"], form, file.text[:500])
            assert file.data, dataset["name"]


def _ask(reader: Caller, path: str, **query: str) -> TestResponse:
    """Where it wants to know about what, that is said."""
    answer = reader("GET", path, query_string=query)
    if answer.status_code != 422:
        return answer
    wanted = {name: QUESTION[name] for error in answer.json["errors"] if (name := error["loc"][0]) in QUESTION}
    return reader("GET", path, query_string=query | wanted)


def _read_to_the_end(reader: Caller, path: str, first: Any) -> None:
    page = first
    for _ in range(50):
        if not isinstance(page, dict) or not page.get("next_cursor"):
            return
        answer = reader("GET", path, query_string={"cursor": page["next_cursor"], "limit": 1000})
        assert answer.status_code == 200, (path, answer.text[:500])
        page = answer.json


def test_whatever_is_sent_to_a_stream_everything_answers_afterwards(
    mc: Services, server: Flask, crawler: Caller
) -> None:
    accepted: dict[str, int] = dict.fromkeys(streams(), 0)

    @settings(max_examples=max(2, settings().max_examples // SHARE), suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def send(stream: str, data: st.DataObject) -> None:
        body, headers = data.draw(requests(stream))
        answer = crawler("POST", f"/api/v1/ingest/{stream}", data=body, headers=headers)
        assert answer.status_code in (200, 400), (answer.status_code, answer.text[:500], body[:300])
        if answer.status_code == 200:
            accepted[stream] += answer.json["accepted"]
            assert all(each["errors"] and each["errors"][0]["msg"] for each in answer.json["rejected"])

    for stream in streams():
        send(stream)
    assert all(accepted.values()), accepted
    assert_everything_answers(mc, server)


def test_what_was_ingested_can_be_retried_leased_and_worked_on(mc: Services, server: Flask, crawler: Caller) -> None:
    wide = (*NUMBERS[:20], -5, "fast", None, True, [], {})
    batch = [
        BASE["missions"] | {"job_id": f"M-{number}-{name}", "config": {name: value}}
        for number, value in enumerate(wide)
        for name in ("delay_seconds", "max_pages", "x")
    ]
    assert crawler("POST", "/api/v1/ingest/missions", batch).status_code == 200
    team = crew(mc, server)
    waiting = [mission["job_id"] for mission in team.operator("GET", "/api/v1/missions?limit=1000").json["items"]]
    assert len(waiting) > 20
    for job in waiting:
        assert team.act(job, "retry").status_code == 200, job
    team.register()
    leased = []
    while job_ := team.lease():
        leased.append(job_["job_id"])
    assert sorted(leased) == sorted(waiting)
    for job in leased:
        team.beat(job)
        assert team.report(job, pages_crawled=1, pages_queued=3).status_code == 200
        assert team.report(job, pages_crawled=2, pages_queued=3).status_code == 200
    assert_everything_answers(mc, server)


@pytest.mark.parametrize("value", [1e20, 2**64 - 1, 1e308, 5e-324, {"a": [1e19]}], ids=str)
def test_a_setting_that_is_taken_is_answered_as_it_was_sent(mc: Services, server: Flask, value: Any) -> None:
    operator = person(mc, server, "operator")
    made = operator("POST", "/api/v1/missions", {"job_type": "x", "target_url": "a.org", "config": {"x": value}})
    assert (made.status_code, json.loads(made.data)["config"]) == (201, {"x": value})
    changed = operator("PATCH", f"/api/v1/missions/{made.json['job_id']}", {"config": {"y": value}})
    assert json.loads(changed.data)["config"] == {"x": value, "y": value}
    assert json.loads(operator("GET", "/api/v1/missions").data)["items"][0]["config"] == {"x": value, "y": value}


@pytest.mark.parametrize(
    "value",
    [
        *("10000000000000000000000", "-9223372036854775809", "NaN", "-Infinity", "1e999", '"\\ud800"', '"\\u0000"'),
        '{"a": ' * 17 + "1" + "}" * 17,
    ],
    ids=lambda value: value[:20],
)
def test_a_setting_that_cannot_be_kept_is_refused_by_name(mc: Services, server: Flask, value: str) -> None:
    operator = person(mc, server, "operator")
    body = f'{{"job_type": "x", "target_url": "a.org", "config": {{"x": {value}}}}}'
    refused = operator("POST", "/api/v1/missions", data=body, content_type="application/json")
    assert refused.status_code == 422
    assert refused.json["errors"][0]["loc"][0] == "config"
    assert "x" in refused.json["errors"][0]["loc"] or "x" in refused.json["errors"][0]["msg"]
    assert operator("GET", "/api/v1/missions").json["items"] == []


def test_what_an_older_version_stored_is_answered_too(mc: Services, server: Flask) -> None:
    operator = person(mc, server, "operator")
    operator("POST", "/api/v1/missions", {"job_type": "x", "target_url": "a.org"})
    with mc.engine.begin() as connection:
        wide = {"x": "1" + "0" * 400, "y": "123456789012345678901234567890"}
        config = "{" + ", ".join(f'"{name}": {number}' for name, number in wide.items()) + "}"
        connection.execute(text("update crawl_jobs set config = cast(:config as jsonb)"), {"config": config})
    assert operator("GET", "/api/v1/missions").status_code == 200
    assert_everything_answers(mc, server)
