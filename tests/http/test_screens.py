"""Screens, playlists and kiosks over REST: who may report, who may order, and what a kiosk's key opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from components.screens import ids
from data.access import rules
from tests.callers import Caller, Page, person

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services

SCREEN = "screen-of-a-test"
REPORT = {
    "screen_id": SCREEN,
    "name": "NOC-1",
    "address": "/?kiosk",
    "kiosk": True,
    "link": "live",
    "fps": 59.8,
    "heap_bytes": 40_000_000,
    "heap_limit_bytes": 4_000_000_000,
    "data_age_s": 0.4,
    "open_s": 120,
}
PLAYLIST = {
    "name": "Night",
    "hold_seconds": 20,
    "items": [{"address": "/", "dwell_seconds": 30}, {"address": "/missions?from=now-7d&to=now", "dwell_seconds": 45}],
}


def listed(caller: Caller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = caller("GET", "/api/v1/screens").json["items"]
    return found


def silent_for(mc: Services, seconds: int) -> None:
    with mc.engine.begin() as connection:
        connection.execute(
            text("update screens set reported_at = reported_at - make_interval(secs => :s)"), {"s": seconds}
        )


def test_a_screen_that_reports_is_listed_and_one_that_froze_is_red(mc: Services, server: Flask) -> None:
    viewer = person(mc, server, "viewer")
    assert viewer("POST", "/api/v1/screens", REPORT).json == {"reload": False, "report_seconds": 15}
    (seen,) = listed(viewer)
    assert (seen["name"], seen["status"], seen["words"]) == ("NOC-1", "normal", "LIVE")
    silent_for(mc, 60)
    assert [row["status"] for row in listed(viewer)] == ["critical"]
    viewer("POST", "/api/v1/screens", REPORT)
    assert [row["words"] for row in listed(viewer)] == ["LIVE"]
    viewer("POST", "/api/v1/screens", REPORT | {"closed": True})
    silent_for(mc, 600)
    assert [(row["status"], row["words"]) for row in listed(viewer)] == [("off", "CLOSED")]


def test_nobody_speaks_for_somebody_elses_screen(mc: Services, server: Flask) -> None:
    person(mc, server, "viewer")("POST", "/api/v1/screens", REPORT)
    answer = person(mc, server, "admin")("POST", "/api/v1/screens", REPORT | {"name": "mine"})
    assert answer.status_code == 409
    assert [row["name"] for row in listed(person(mc, server, "viewer"))] == ["NOC-1"]


def test_one_person_fills_no_list(mc: Services, server: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.screens.writes.MOST_OF_ONE", 3)
    viewer = person(mc, server, "viewer")
    for number in range(6):
        viewer("POST", "/api/v1/screens", REPORT | {"screen_id": f"screen-{number:04}"})
    assert {row["screen_id"] for row in listed(viewer)} == {f"screen-{number:04}" for number in (3, 4, 5)}


def test_a_manager_has_a_screen_load_itself_anew_once(mc: Services, server: Flask) -> None:
    viewer, manager = person(mc, server, "viewer"), person(mc, server, "manager")
    viewer("POST", "/api/v1/screens", REPORT)
    assert viewer("POST", f"/api/v1/screens/{SCREEN}/reload", {}).status_code == 403
    assert manager("POST", f"/api/v1/screens/{SCREEN}/reload", {}).status_code == 204
    assert viewer("POST", "/api/v1/screens", REPORT).json["reload"]
    assert not viewer("POST", "/api/v1/screens", REPORT | {"open_s": 0}).json["reload"]
    assert manager("DELETE", f"/api/v1/screens/{SCREEN}").status_code == 204
    assert listed(viewer) == []
    assert manager("DELETE", f"/api/v1/screens/{SCREEN}").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"screen_id": "short"}, "screen_id"),
        ({"screen_id": "x" * 41}, "screen_id"),
        ({"address": "https://elsewhere.example/"}, "address"),
        ({"address": "//elsewhere.example/"}, "address"),
        ({"name": "a\x00b"}, "name"),
        ({"name": " "}, "name"),
        ({"link": "fine"}, "link"),
        ({"fps": float("nan")}, ""),
        ({"fps": -1}, "fps"),
        ({"heap_bytes": 1 << 60}, "heap_bytes"),
        ({"open_s": 1e30}, "open_s"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_report_that_is_wrong_is_refused_by_its_field(
    mc: Services, server: Flask, wrong: dict[str, Any], field: str
) -> None:
    answer = person(mc, server, "viewer")("POST", "/api/v1/screens", REPORT | wrong)
    assert 400 <= answer.status_code < 500
    assert field in answer.text


def test_managers_keep_playlists_and_everybody_reads_them(mc: Services, server: Flask) -> None:
    manager, viewer = person(mc, server, "manager"), person(mc, server, "viewer")
    made = manager("POST", "/api/v1/playlists", PLAYLIST)
    assert made.status_code == 201
    path = f"/api/v1/playlists/{made.json['playlist_id']}"
    assert viewer("GET", path).json["items"] == PLAYLIST["items"]
    assert viewer("POST", "/api/v1/playlists", PLAYLIST | {"name": "Day"}).status_code == 403
    assert manager("POST", "/api/v1/playlists", PLAYLIST | {"name": "night"}).status_code == 409
    changed = manager("PUT", path, PLAYLIST | {"hold_seconds": 90})
    assert changed.json["hold_seconds"] == 90
    assert manager("PUT", "/api/v1/playlists/unknown0", PLAYLIST | {"name": "Day"}).status_code == 404
    assert manager("DELETE", path).status_code == 204
    assert viewer("GET", path).status_code == 404


@pytest.mark.parametrize(
    "item",
    [
        {"address": "https://elsewhere.example/"},
        {"address": "/\\elsewhere.example"},
        {"address": "/api/v1/missions"},
        {"address": "/login"},
        {"address": "/?kiosk"},
        {"address": "/missions?playlist=abc"},
        {"address": "/", "dwell_seconds": 1},
        {"address": ""},
    ],
)
def test_a_playlist_shows_pages_of_ours_and_nothing_else(mc: Services, server: Flask, item: dict[str, Any]) -> None:
    answer = person(mc, server, "manager")("POST", "/api/v1/playlists", PLAYLIST | {"items": [item]})
    assert answer.status_code == 422
    assert "items" in answer.text


def kiosk(mc: Services, server: Flask, *scopes: str) -> tuple[Caller, str, str]:
    """A browser that opened its kiosk link, the key and its id."""
    admin = person(mc, server, "admin")
    made = admin("POST", "/api/v1/keys", {"name": "NOC-1", "scopes": list(scopes)}).json
    client = server.test_client()
    answer = client.get(f"/kiosk?key={made['key']}&next=/missions%3Fkiosk")
    headers = {"X-CSRFToken": rules.csrf_token(mc.pepper, made["key"]), "Origin": "http://localhost"}
    if answer.status_code == 302:
        assert urlsplit(answer.location).path == "/missions"
        assert made["key"] not in answer.location
    return Caller(client, headers), made["key"], made["key_id"]


def test_a_kiosk_reads_every_page_reports_and_changes_nothing(mc: Services, server: Flask) -> None:
    screen, _, _ = kiosk(mc, server, "kiosk", "admin")
    assert screen("GET", "/", headers={"Accept": "text/html"}).status_code == 200
    assert screen("GET", "/api/v1/missions").status_code == 200
    assert screen("POST", "/api/v1/screens", REPORT).status_code == 200
    assert screen("POST", "/api/v1/missions", {"job_type": "crawl", "target_url": "acme.io"}).status_code == 403
    assert screen("POST", "/api/v1/keys", {"name": "more", "scopes": ["admin"]}).status_code == 403
    assert screen("POST", f"/api/v1/screens/{SCREEN}/reload", {}).status_code == 403


def test_a_revoked_kiosk_is_nobody_from_the_next_request_on(mc: Services, server: Flask) -> None:
    screen, key, key_id = kiosk(mc, server, "kiosk")
    admin = person(mc, server, "admin")
    assert screen("GET", "/api/v1/missions").status_code == 200
    assert admin("DELETE", f"/api/v1/keys/{key_id}").status_code == 204
    assert screen("GET", "/api/v1/missions").status_code == 401
    assert server.test_client().get(f"/kiosk?key={key}").status_code == 401


def test_a_key_of_another_kind_is_no_cookie(mc: Services, server: Flask) -> None:
    screen, key, _ = kiosk(mc, server, "admin", "read")
    assert screen("GET", "/api/v1/missions").status_code == 401
    client = server.test_client()
    client.set_cookie("mc_session", key)
    assert client.get("/api/v1/missions").status_code == 401


def test_a_kiosks_cookie_alone_sends_nothing_from_a_foreign_page(mc: Services, server: Flask) -> None:
    screen, _, _ = kiosk(mc, server, "kiosk")
    answer = screen.client.post("/api/v1/screens", json=REPORT, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example", "/login", "/\\e"])
def test_a_kiosk_link_leads_to_pages_of_ours_alone(mc: Services, server: Flask, wanted: str) -> None:
    key = person(mc, server, "admin")("POST", "/api/v1/keys", {"name": "NOC-1", "scopes": ["kiosk"]}).json["key"]
    answer = server.test_client().get("/kiosk", query_string={"key": key, "next": wanted})
    assert answer.location == "/?kiosk"


def test_a_manager_takes_all_closed_screens_off_the_list_at_once(mc: Services, server: Flask) -> None:
    viewer, manager = person(mc, server, "viewer"), person(mc, server, "manager")
    for number in range(4):
        closed = {"screen_id": f"screen-{number:04}", "closed": number < 3}
        viewer("POST", "/api/v1/screens", REPORT | closed)
    page = Page(manager, "screens")
    assert "3 closed screens" in str(page.panel(ids.LIST, {}))
    answer = page.press(ids.action("forget-closed"))
    assert "3 closed screens removed from the list" in answer.text
    assert {row["screen_id"] for row in listed(manager)} == {"screen-0003"}
    assert "closed screen" not in str(page.panel(ids.LIST, {}))
    assert Page(viewer, "screens").press(ids.action("forget-closed")).status_code == 403
