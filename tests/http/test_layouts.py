"""Layouts, views and preferences over REST: one's own, everybody's, and nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from components.overview.board import BOARD
from tests.callers import Caller, person, program

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services

PAGE = "/api/v1/layouts/overview"


def usual(screen: Any = "laptop") -> list[dict[str, Any]]:
    return [{"panel": name, **places[screen]._asdict()} for name, places in BOARD.panels.items()]


def swapped() -> list[dict[str, Any]]:
    """The overview on the wall, with quotas left of the discoveries."""
    places = {"quotas": {"x": 0, "w": 10}, "discoveries": {"x": 10, "w": 14}}
    return [one | places.get(one["panel"], {}) for one in usual("wall")]


def place_of(caller: Caller, panel: str, screen: str = "wall", query: str = "") -> dict[str, Any]:
    items = caller("GET", PAGE + query).json["screens"][screen]
    found: dict[str, Any] = next(one for one in items if one["panel"] == panel)
    return found


def named(caller: Caller, name: str = "Night shift") -> str:
    made = caller("POST", "/api/v1/views", {"name": name})
    assert made.status_code == 201, made.json
    return str(made.json["view_id"])


def test_a_layout_is_kept_for_its_person_and_screen_alone(mc: Services, server: Flask) -> None:
    operator, again, viewer = (person(mc, server, role) for role in ("operator", "operator", "viewer"))
    assert operator("PUT", f"{PAGE}/wall", {"panels": swapped()}).status_code == 200
    assert place_of(again, "quotas")["x"] == 0
    assert list(again("GET", PAGE).json["screens"]) == ["wall"]
    assert viewer("GET", PAGE).json["screens"] == {}
    assert operator("DELETE", f"{PAGE}/wall").status_code == 204
    assert again("GET", PAGE).json["screens"] == {}


def test_a_named_view_is_a_copy_and_opens_for_whoever_has_its_address(mc: Services, server: Flask) -> None:
    operator, viewer = person(mc, server, "operator"), person(mc, server, "viewer")
    operator("PUT", f"{PAGE}/wall", {"panels": swapped()})
    view = named(operator)
    operator("DELETE", f"{PAGE}/wall")
    assert place_of(viewer, "quotas", query=f"?view={view}")["x"] == 0
    assert viewer("GET", f"{PAGE}?view={view}").json["view"]["own"] is False
    assert viewer("GET", PAGE).json["views"] == []
    assert [one["name"] for one in operator("GET", PAGE).json["views"]] == ["Night shift"]
    assert operator("POST", "/api/v1/views", {"name": "night SHIFT"}).status_code == 409
    assert operator("PATCH", f"/api/v1/views/{view}", {"name": "Day"}).json["name"] == "Day"
    assert operator("DELETE", f"/api/v1/views/{view}").status_code == 204
    assert viewer("GET", f"{PAGE}?view={view}").status_code == 404


def test_nobody_changes_what_is_somebody_elses_and_the_try_is_audited(mc: Services, server: Flask) -> None:
    operator, viewer = person(mc, server, "operator"), person(mc, server, "viewer")
    view = named(operator)
    body = {"panels": swapped(), "view": view}
    assert viewer("PUT", f"{PAGE}/wall", body).status_code == 403
    assert viewer("DELETE", f"{PAGE}/wall?view={view}").status_code == 403
    assert viewer("PATCH", f"/api/v1/views/{view}", {"name": "Mine"}).status_code == 403
    assert viewer("DELETE", f"/api/v1/views/{view}").status_code == 403
    operator("PUT", f"{PAGE}/wall", {"panels": swapped()})
    standing = operator("GET", PAGE).json["view"]["view_id"]
    assert viewer("PUT", f"{PAGE}/wall", body | {"view": standing}).status_code == 403
    with mc.engine.connect() as connection:
        denied = connection.execute(text("select actor_name, object_id from audit_log where outcome = 'denied'")).all()
    assert set(denied) == {("viewer@example.org", view), ("viewer@example.org", standing)}
    assert operator("GET", f"{PAGE}?view={view}").json["screens"] == {}


def test_managers_publish_for_everyone_and_nobody_below_them(mc: Services, server: Flask) -> None:
    viewer, operator, manager = (person(mc, server, role) for role in ("viewer", "operator", "manager"))
    view = named(manager, "The room")
    for caller in (viewer, operator):
        assert caller("PUT", f"/api/v1/views/{view}/published", {}).status_code == 403
    assert manager("PUT", f"/api/v1/views/{view}/published", {}).json["published"] is True
    [listed] = viewer("GET", PAGE).json["views"]
    assert (listed["name"], listed["owner"], listed["own"]) == ("The room", "manager@example.org", False)
    assert viewer("DELETE", f"/api/v1/views/{view}/published").status_code == 403
    assert manager("DELETE", f"/api/v1/views/{view}/published").json["published"] is False
    assert viewer("GET", PAGE).json["views"] == []
    with mc.engine.connect() as connection:
        done = connection.scalars(
            text("select action from audit_log where outcome = 'done' and object_id = :id"), {"id": view}
        )
        assert done.all() == ["view.create", "view.publish", "view.unpublish"]


def test_a_layout_without_a_name_is_not_published(mc: Services, server: Flask) -> None:
    manager = person(mc, server, "manager")
    view = manager("PUT", f"{PAGE}/wall", {"panels": swapped()}).json["view_id"]
    assert manager("PUT", f"/api/v1/views/{view}/published", {}).status_code == 409


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"x": -1}, ["panels", 8, "x"]),
        ({"w": 25}, ["panels", 8, "w"]),
        ({"w": "wide"}, ["panels", 8, "w"]),
        ({"y": 1e99}, ["panels", 8, "y"]),
        ({"y": 20}, ["panels", 8, "y"]),
        ({"h": 1}, ["panels", 8, "h"]),
        ({"panel": "nothing"}, ["panels", 8, "panel"]),
        ({"panel": "fleet\x00"}, ["panels", 8, "panel"]),
        ({"shows": "queue_depth"}, ["panels", 8, "shows"]),
        ({"colour": "red"}, ["panels", 8, "colour"]),
    ],
)
def test_a_layout_that_is_none_is_refused_naming_the_field(
    mc: Services, server: Flask, change: dict[str, Any], where: list[Any]
) -> None:
    panels = [one | change if one["panel"] == "discoveries" else one for one in usual("wall")]
    answer = person(mc, server, "viewer")("PUT", f"{PAGE}/wall", {"panels": panels})
    assert answer.status_code == 422
    assert where in [error["loc"] for error in answer.json["errors"]]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "/wall", {"panels": "none"}, 422),
        ("PUT", "/wall", {"panels": [{}] * 61}, 422),
        ("PUT", "/wall", [], 422),
        ("PUT", "/wall", {"panels": [], "view": "../x"}, 422),
        ("PUT", "/wall", {"panels": [], "view": "nosuchview"}, 404),
        ("PUT", "/cinema", {"panels": []}, 422),
        ("GET", "?view=nosuchview", None, 404),
        ("GET", "?view=", None, 422),
        ("GET", "?view=x%00", None, 422),
    ],
)
def test_garbage_is_a_clear_4xx(mc: Services, server: Flask, method: str, path: str, body: Any, status: int) -> None:
    answer = person(mc, server, "viewer")(method, PAGE + path, body)
    assert answer.status_code == status, answer.json
    assert answer.json["detail"]


def test_there_are_no_layouts_of_a_page_without_panels(mc: Services, server: Flask) -> None:
    assert person(mc, server, "viewer")("GET", "/api/v1/layouts/elsewhere").status_code == 404


def test_a_widget_holds_a_number_of_the_catalogue(mc: Services, server: Flask) -> None:
    viewer = person(mc, server, "viewer")
    widget = {"panel": "widget-1", "x": 0, "y": 53, "w": 6, "h": 4, "shows": "queue_depth"}
    assert viewer("PUT", f"{PAGE}/laptop", {"panels": [*usual(), widget]}).status_code == 200
    assert place_of(viewer, "widget-1", "laptop")["shows"] == "queue_depth"


def test_a_program_sees_the_usual_page_and_has_none_of_its_own(mc: Services, server: Flask) -> None:
    reader, admin = program(mc, server, "read"), program(mc, server, "admin")
    assert reader("GET", PAGE).json == {"page": "overview", "view": None, "screens": {}, "views": []}
    assert reader("PUT", f"{PAGE}/wall", {"panels": swapped()}).status_code == 403
    assert admin("PUT", f"{PAGE}/wall", {"panels": swapped()}).status_code == 404
    assert reader("GET", "/api/v1/preferences").json["theme"] == "night"


def test_preferences_are_kept_for_their_person(mc: Services, server: Flask) -> None:
    viewer, again, operator = (person(mc, server, role) for role in ("viewer", "viewer", "operator"))
    chosen = {"theme": "day", "time_zone": "Europe/Vienna", "refresh_s": 5, "sound": True}
    chosen |= {"thresholds": {"queue_depth": {"caution": 100, "critical": 1000}}}
    assert viewer("PUT", "/api/v1/preferences", chosen).status_code == 200
    assert again("GET", "/api/v1/preferences").json == chosen
    usual_ones = operator("GET", "/api/v1/preferences").json
    assert (usual_ones["theme"], usual_ones["sound"], usual_ones["time_zone"]) == ("night", False, "UTC")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("theme", "pink"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../../etc/passwd"),
        ("time_zone", "x\x00"),
        ("refresh_s", 0),
        ("refresh_s", 61),
        ("sound", "perhaps"),
        ("thresholds", {"nothing": {"caution": 1}}),
        ("thresholds", {"queue_depth": {"caution": 9, "critical": 1}}),
        ("thresholds", {"pages_per_minute": {"caution": 1, "critical": 9}}),
        ("thresholds", {"queue_depth": {"caution": -1}}),
        ("colour", "red"),
    ],
)
def test_a_preference_that_cannot_be_is_refused_by_name(mc: Services, server: Flask, field: str, value: Any) -> None:
    answer = person(mc, server, "viewer")("PUT", "/api/v1/preferences", {field: value})
    assert answer.status_code == 422
    assert field in [error["loc"][0] for error in answer.json["errors"]]
