"""Who may see which part of the live state."""

from __future__ import annotations

from typing import Any

import pytest

from data.areas import PAGES
from data.live.channel import Frame
from data.live.sections import audience, by_area, encoded_for, everything, needed, paths, visible
from data.live.state import judged
from data.permissions import ROLE_PERMISSIONS, SCOPE_PERMISSIONS, Permission, Role, Scope

STATE: dict[str, Any] = {
    "as_of": 1,
    "tick": 2,
    "version": "0",
    "stamps": {"mv": {"version": 1}},
    "summary": {"active_jobs": 3, "links_24h": 9, "pages_total": 4},
    "queue_depth": 5,
    "active_jobs": {"LP-1": {"status": "running", "symbol": "normal"}},
    "api_quotas": {"hunter_io": {"status": "critical", "used": 50}},
    "services": {"redis": {"status": "ok", "symbol": "normal"}},
    "errors": {},
    "recent_discoveries": [{"id": "a"}],
    "nobody_declared_this": {"secret": 1},
}


def seen(*permissions: Permission) -> dict[str, Any]:
    return visible(judged(STATE), audience({Permission.LIVE_READ, *permissions}))


def test_no_two_sections_bring_the_same_part() -> None:
    brought = [path for section in everything() for path in paths(section.shape)]
    assert len(brought) == len(set(brought))
    names = [section.name for section in everything()]
    assert len(names) == len(set(names))


def test_every_area_with_a_page_says_how_it_is() -> None:
    judging = {area for area, sections in by_area().items() if any(section.status for section in sections)}
    assert {area.name for area in PAGES} <= judging
    assert {area.name for area in PAGES} <= set(judged({})["areas"])


def test_who_may_not_read_quotas_sees_nothing_of_them() -> None:
    state = seen(Permission.MISSIONS_READ)
    assert "api_quotas" not in state
    assert "quotas" not in state["areas"]
    assert "quotas" not in state["sections"]
    assert (state["summary"], state["queue_depth"]) == ({"active_jobs": 3, "pages_total": 4}, 5)
    assert state["areas"]["missions"] == "normal"


def test_two_areas_share_an_object_and_each_reader_gets_their_part_of_it() -> None:
    assert seen(Permission.BACKLINKS_READ)["summary"] == {"links_24h": 9}
    assert "summary" not in seen(Permission.QUOTAS_READ)


def test_what_nobody_declared_is_seen_by_nobody_who_is_restricted() -> None:
    assert "nobody_declared_this" not in seen(Permission.QUOTAS_READ, Permission.MISSIONS_READ)


def test_a_patch_is_cut_like_the_state_and_what_is_gone_is_gone_for_those_who_saw_it() -> None:
    patch = {"as_of": 5, "summary": {"links_24h": 10}, "api_quotas": None, "active_jobs": {"LP-1": None}}
    missions = audience({Permission.LIVE_READ, Permission.MISSIONS_READ})
    assert visible(patch, missions) == {"as_of": 5, "active_jobs": {"LP-1": None}}


@pytest.mark.parametrize("role", list(Role))
def test_every_role_sees_the_whole_wall(role: Role) -> None:
    assert visible(STATE, audience(ROLE_PERMISSIONS[role])) is STATE


def test_a_dashboards_key_sees_how_the_services_are_and_no_area() -> None:
    state = visible(judged(STATE), audience(SCOPE_PERMISSIONS[Scope.DASHBOARD]))
    assert set(state) == {"as_of", "tick", "version", "stamps", "services", "sections", "areas"}
    assert set(state["sections"]) == {"services"}
    assert set(state["areas"]) == {"overview"}, "whose only section is that of the services"


def test_a_frame_for_who_may_see_everything_is_not_made_again() -> None:
    raw = Frame(1, "snapshot", STATE, 1).encoded()
    assert encoded_for(raw, needed()) is raw
    assert b"hunter_io" not in encoded_for(raw, audience({Permission.MISSIONS_READ}))


def test_whose_permissions_differ_only_elsewhere_are_one_audience() -> None:
    assert audience(ROLE_PERMISSIONS[Role.ADMIN]) == audience(SCOPE_PERMISSIONS[Scope.KIOSK]) == needed()
