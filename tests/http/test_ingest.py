"""Data comes in: whole batches, bad rows, replays, large and broken bodies."""

from __future__ import annotations

import gzip
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from callbacks.web.errors import BODY_LIMIT
from data.db import transaction
from tests.callers import program

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services

SAMPLE = {"satellite_id": "S1", "pages_per_minute": 10, "success_rate": 0.9, "response_time_ms": 100}
LINK = {"url_from": "https://blog.example.co.uk/a", "url_to": "https://www.acme.io/b"}


def count(mc: Services, table: str, where: str = "true") -> int:
    with transaction(mc.engine) as connection:
        found: int = connection.execute(text(f"select count(*) from {table} where {where}")).scalar_one()
        return found


def bad_rows() -> list[str]:
    """A thousand rows as JSON texts, seven of them bad in seven ways."""
    texts = [json.dumps(SAMPLE | {"event_id": str(index)}) for index in range(1000)]
    spoil: dict[int, dict[str, Any]] = {
        3: {"pages_per_minute": "fast"},
        10: {"response_time_ms": float("nan")},
        20: {"job_id": "a\x00b"},
        30: {"created_date": "20000-01-01T00:00:00Z"},
        40: {"job_id": "x" * 1_000_000},
    }
    for index, wrong in spoil.items():
        texts[index] = json.dumps(SAMPLE | wrong)
    texts[50] = json.dumps(SAMPLE)[:-1] + ',"deep":' + "[" * 50_000 + "]" * 50_000 + "}"
    texts[60] = json.dumps({name: value for name, value in SAMPLE.items() if name != "satellite_id"})
    return texts


@pytest.mark.parametrize("form", ["array", "lines"])
def test_of_a_thousand_rows_seven_bad_ones_are_named_and_the_rest_is_stored(
    mc: Services, server: Flask, form: str
) -> None:
    texts = bad_rows()
    body = f"[{','.join(texts)}]" if form == "array" else "\n".join(texts)
    kind = "application/json" if form == "array" else "application/x-ndjson"
    answer = program(mc, server, "ingest")("POST", "/api/v1/ingest/satellite_performance", data=body, content_type=kind)
    assert answer.status_code == 200
    assert (answer.json["accepted"], answer.json["duplicates"]) == (993, 0)
    assert [row["index"] for row in answer.json["rejected"]] == [3, 10, 20, 30, 40, 50, 60]
    named = {row["index"]: row["errors"][0]["loc"] for row in answer.json["rejected"]}
    assert named[3] == ["pages_per_minute"]
    assert named[10] == ["response_time_ms"]
    assert named[60] == ["satellite_id"]
    assert count(mc, "satellite_performance_logs") == 993


def test_a_replay_is_a_duplicate_and_changes_nothing(mc: Services, server: Flask) -> None:
    crawler = program(mc, server, "ingest")
    rows = [SAMPLE | {"event_id": f"e{index % 50}"} for index in range(100)]
    assert crawler("POST", "/api/v1/ingest/satellite_performance", rows).json["accepted"] == 50
    assert crawler("POST", "/api/v1/ingest/satellite_performance", rows).json["duplicates"] == 100
    other = program(mc, server, "ingest", name="another crawler")
    assert other("POST", "/api/v1/ingest/satellite_performance", rows[:1]).json["accepted"] == 1
    assert count(mc, "satellite_performance_logs") == 51


def test_a_link_seen_again_is_the_same_row_brought_up_to_date(mc: Services, server: Flask) -> None:
    crawler = program(mc, server, "ingest")
    crawler("POST", "/api/v1/ingest/backlinks", [LINK | {"anchor": "old", "rel": "nofollow"}, LINK])
    answer = crawler("POST", "/api/v1/ingest/backlinks", [LINK | {"anchor": "new", "http_code": 200}])
    assert answer.json == {"accepted": 1, "duplicates": 0, "rejected": []}
    with transaction(mc.engine) as connection:
        row = connection.execute(text("select * from backlinks")).mappings().one()
    assert (row["anchor"], row["rel"], row["http_code"]) == ("new", None, 200)
    assert (row["source_domain_name"], row["target_domain_name"]) == ("example.co.uk", "acme.io")
    assert row["last_seen"] > row["discovered_date"]


def test_rows_of_a_simulated_key_are_marked(mc: Services, server: Flask) -> None:
    program(mc, server, "ingest", simulated=True)("POST", "/api/v1/ingest/backlinks", [LINK])
    program(mc, server, "ingest")("POST", "/api/v1/ingest/domains", [{"domain_name": "Acme.io"}])
    assert count(mc, "backlinks", "simulated") == 1
    assert count(mc, "domains", "not simulated and domain_name = 'acme.io'") == 1


def test_one_call_removes_what_the_simulator_sent_and_nothing_else(mc: Services, server: Flask) -> None:
    simulator = program(mc, server, "ingest", "satellite", simulated=True, name="simulator")
    real = program(mc, server, "ingest")
    simulator("POST", "/api/v1/ingest/backlinks", [LINK])
    simulator("POST", "/api/v1/ingest/satellite_performance", [SAMPLE | {"event_id": "1"}])
    simulator("POST", "/api/v1/satellites", {"name": "SAT-01", "satellite_id": "SAT-01"})
    real("POST", "/api/v1/ingest/backlinks", [LINK | {"url_to": "https://b.example/"}])
    removed = program(mc, server, "admin")("DELETE", "/api/v1/simulation").json["removed"]
    assert (removed["backlinks"], removed["satellites"], removed["satellite_performance_logs"]) == (1, 1, 1)
    assert (count(mc, "backlinks"), count(mc, "satellites"), count(mc, "backlink_identities")) == (1, 0, 1)
    assert simulator("POST", "/api/v1/ingest/satellite_performance", [SAMPLE | {"event_id": "1"}]).json["accepted"] == 1


def test_gzip_is_unpacked_and_a_bomb_is_413(mc: Services, server: Flask) -> None:
    crawler = program(mc, server, "ingest")
    packed = {"Content-Encoding": "gzip"}

    def send(body: bytes) -> Any:
        return crawler("POST", "/api/v1/ingest/backlinks", data=body, content_type="application/json", headers=packed)

    assert send(gzip.compress(json.dumps([LINK]).encode())).json["accepted"] == 1
    assert send(gzip.compress(b" " * 200_000_000, 9)).status_code == 413
    assert send(b"no gzip").status_code == 400
    assert send(gzip.compress(json.dumps([LINK]).encode())[:-9]).status_code == 400


def test_an_unknown_stream_is_404_and_names_the_streams(mc: Services, server: Flask) -> None:
    answer = program(mc, server, "ingest")("POST", "/api/v1/ingest/nonsense", [])
    assert answer.status_code == 404
    assert "backlinks" in answer.json["detail"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{}", 400),
        (b"null", 400),
        (b"[1, 2", 400),
        (b"[] []", 400),
        (b"\xff\xfe\x00", 400),
        (b"[" * 100_000, 400),
        (b'[1,null,[],{},"x"]', 200),
        (b"[]", 200),
        (b"[" + b"{}," * 10_000 + b"{}]", 413),
        (b'[{"url_from":"\\ud800","url_to":"https://a.example"}]', 200),
        (b'[{"domain_name":' + b"9" * 5000 + b"}]", 200),
    ],
)
def test_a_broken_body_is_a_clear_4xx_and_never_a_5xx(mc: Services, server: Flask, body: bytes, status: int) -> None:
    answer = program(mc, server, "ingest")(
        "POST", "/api/v1/ingest/backlinks", data=body, content_type="application/json"
    )
    assert answer.status_code == status
    if status == 200:
        assert answer.json["accepted"] == 0


@pytest.mark.parametrize(
    "row",
    [
        {"url_from": "javascript:alert(1)"},
        {"url_from": "https://"},
        {"domain_authority": 101},
        {"domain_authority": 1e400},
        {"discovered_date": "2999-01-01T00:00:00Z"},
        {"discovered_date": "2026-02-30"},
        {"discovered_date": -1e18},
        {"lost_reason": "bored"},
        {"anchor": "x" * 3000},
        {"something": {"new": float("inf")}},
        {"something": "x\x00"},
        {"something": "x" * 9000},
    ],
)
def test_a_value_that_would_poison_a_number_or_a_read_is_refused(
    mc: Services, server: Flask, row: dict[str, Any]
) -> None:
    body = json.dumps([LINK | row, LINK])
    answer = program(mc, server, "ingest")(
        "POST", "/api/v1/ingest/backlinks", data=body, content_type="application/json"
    )
    assert answer.json["accepted"] == 1
    assert answer.json["rejected"][0]["index"] == 0


def test_fields_that_a_stream_does_not_know_are_kept(mc: Services, server: Flask) -> None:
    program(mc, server, "ingest")("POST", "/api/v1/ingest/backlinks", [LINK | {"page_title": "Hello"}])
    assert count(mc, "backlinks", "extra ->> 'page_title' = 'Hello'") == 1


def test_a_repeated_post_with_an_idempotency_key_acts_once(mc: Services, server: Flask) -> None:
    operator = program(mc, server, "operate")
    mission = {"job_type": "crawl", "target_url": "acme.io"}
    key = {"Idempotency-Key": "order-1"}
    first = operator("POST", "/api/v1/missions", mission, headers=key)
    again = operator("POST", "/api/v1/missions", mission, headers=key)
    assert again.json == first.json
    assert again.headers["Idempotency-Replayed"] == "true"
    assert operator("POST", "/api/v1/missions", mission | {"priority": 9}, headers=key).status_code == 422
    refused = [operator("POST", "/api/v1/missions", {}, headers={"Idempotency-Key": "order-0"}) for _ in range(2)]
    assert refused[0].data == refused[1].data
    assert refused[0].mimetype == refused[1].mimetype == "application/problem+json"
    assert count(mc, "crawl_jobs") == 1


@pytest.mark.parametrize("told", [True, False])
def test_a_body_over_the_limit_is_413_whether_its_length_is_told_or_not(
    mc: Services, server: Flask, *, told: bool
) -> None:
    body = b"[" + b" " * BODY_LIMIT + b"]"
    environ: dict[str, Any] = {"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True}
    if told:
        environ["CONTENT_LENGTH"] = str(len(body))
    answer = program(mc, server, "ingest")(
        "POST", "/api/v1/ingest/backlinks", content_type="application/json", environ_overrides=environ
    )
    assert answer.status_code == 413


def test_a_repetition_is_answered_in_full_whatever_encoding_was_asked_for_the_first_time(
    mc: Services, server: Flask
) -> None:
    crawler, once = program(mc, server, "ingest"), {"Idempotency-Key": "order-2"}
    path, rows = "/api/v1/ingest/domains", [{"domain_name": number} for number in range(100)]
    first = crawler("POST", path, rows, headers=once | {"Accept-Encoding": "gzip"})
    assert first.headers["Content-Encoding"] == "gzip"
    again = crawler("POST", path, rows, headers=once | {"Accept-Encoding": "identity"})
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json == json.loads(gzip.decompress(first.data))


SPELLINGS = [
    "http://Acme.io:80/a/../отзыв?x='1'|2",
    "http:\\\\acme.io\\%D0%BE%D1%82%D0%B7%D1%8B%D0%B2?x=%271%27|2#top",
    " http://user:pw@acme.io/./отзыв?x='1'\t|2",
]


def test_one_address_is_one_link_however_it_is_spelled(mc: Services, server: Flask) -> None:
    links = [{"url_from": "https://blog.org", "url_to": url, "rel": "NoFollow\tUGC"} for url in SPELLINGS]
    program(mc, server, "ingest")("POST", "/api/v1/ingest/backlinks", links)
    with transaction(mc.engine) as connection:
        row = connection.execute(text("select * from backlinks")).mappings().one()
    assert (row["url_from"], row["target_domain_name"], row["rel"]) == ("https://blog.org/", "acme.io", "nofollow ugc")
    assert row["url_to"] == "http://acme.io/%D0%BE%D1%82%D0%B7%D1%8B%D0%B2?x=%271%27|2"


def test_a_domain_is_one_however_it_is_written_and_junk_is_refused_by_name(mc: Services, server: Flask) -> None:
    written = ["https://example-dup.com/", "www.example-dup.com", "*.example-dup.com", "Example-Dup.com."]
    junk = ["not a domain", "exam<ple.com", "a..b", "-x.io", "10.0.0.1", f"{'a' * 64}.io"]
    rows = [{"domain_name": name} for name in [*written, *junk]]
    answer = program(mc, server, "ingest")("POST", "/api/v1/ingest/domains", rows)
    assert [row["index"] for row in answer.json["rejected"]] == [4, 5, 6, 7, 8, 9]
    assert {tuple(row["errors"][0]["loc"]) for row in answer.json["rejected"]} == {("domain_name",)}
    assert count(mc, "domains") == count(mc, "domains", "domain_name = 'example-dup.com'") == 1


@pytest.mark.parametrize("field", ["source_domain_name", "target_domain_name", "url_from", "url_to"])
def test_an_impossible_host_is_refused_by_its_field(mc: Services, server: Flask, field: str) -> None:
    answer = program(mc, server, "ingest")(
        "POST", "/api/v1/ingest/backlinks", [LINK, LINK | {field: "http://exam<ple.com/"}]
    )
    assert [(row["index"], row["errors"][0]["loc"]) for row in answer.json["rejected"]] == [(1, [field])]


def test_places_on_a_page_are_mentions_of_their_own(mc: Services, server: Flask) -> None:
    urls = ["http://forum.org/t#1", "http://forum.org:80/t#1", "http://forum.org/t#2"]
    rows = [{"brand": "Acme", "url": url, "title": "Acme"} for url in urls]
    program(mc, server, "ingest")("POST", "/api/v1/ingest/brand_mentions", rows)
    assert count(mc, "brand_mentions") == 2
