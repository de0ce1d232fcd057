"""Panels are drawn in one way: for their own views, with no connection held, once for one click."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from dash import Input
from flask import g
from sqlalchemy import text

from callbacks.actions import perform
from callbacks.blueprint import CallbackBlueprint
from callbacks.panels import Panels
from callbacks.web.api import CALLBACKS, db, services
from components.backlinks import layout as backlinks
from components.domains import domain_layout
from components.domains import layout as domains
from components.kit import view_versions
from components.missions import ids as missions_ids
from components.missions import layout as missions
from components.overview import layout as overview
from components.shell import ids as shell
from data.areas import VIEWS
from data.errors import BadInput, Unavailable
from data.permissions import SYSTEM, Permission
from data.unit_of_work import UnitOfWork
from tests.callers import person, program
from tests.http.test_callbacks import press, toast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from data.services import Services

LAYOUTS = {
    "missions": missions.layout,
    "overview": overview.layout,
    "backlinks": backlinks.layout,
    "domains": domains.layout,
    "domains' own": lambda: domain_layout.layout("acme.io"),
}


@pytest.fixture
def wiring(mc: Services, server: Flask) -> list[dict[str, Any]]:
    """All callbacks, as the browser is told."""
    viewer = person(mc, server, "viewer")
    assert viewer("POST", CALLBACKS, {}).status_code == 400
    return list(viewer("GET", "/_dash-dependencies").json)


def parts(callback: dict[str, Any]) -> set[str]:
    """The outputs of a callback, without what tells those of one property apart."""
    return {part.partition("@")[0] for part in callback["output"].strip(".").split("...")}


def sources(callback: dict[str, Any]) -> set[str]:
    return {f"{wire['id']}.{wire['property']}" for wire in callback["inputs"]}


def test_no_panel_listens_to_views_that_it_does_not_show(wiring: list[dict[str, Any]]) -> None:
    listening = [one for one in wiring if f"{shell.STAMPS}.data" in sources(one)]
    assert [one["output"] for one in listening if not one["clientside_function"]] == []
    assert {one["output"].partition(".")[0].partition("-")[2] for one in listening} == {"stamp"}


def test_what_listens_to_an_address_only_draws_so_that_it_may_be_asked_again(
    mc: Services, server: Flask, wiring: list[dict[str, Any]]
) -> None:
    """The browser repeats by itself what listens to the store of the address (`assets/js/shell/retries.js`)."""
    views = {view.removesuffix(".data") for callback in wiring for view in sources(callback) if "-view.data" in view}
    assert len(views) >= 6
    drawn = [
        each for each in wiring if not each["clientside_function"] and sources(each) & {f"{v}.data" for v in views}
    ]
    with mc.engine.connect() as connection:
        before = connection.scalar(text("select count(*) from audit_log"))
        viewer = person(mc, server, "viewer")
        for callback in drawn:
            wires = {name: [wire | {"value": {}} for wire in callback[name]] for name in ("inputs", "state")}
            outputs = [part.rpartition(".")[::2] for part in callback["output"].strip(".").split("...")]
            named = [{"id": name, "property": prop.partition("@")[0]} for name, prop in outputs]
            asked = {"output": callback["output"], "outputs": named, "changedPropIds": [], **wires}
            assert viewer("POST", CALLBACKS, asked).status_code != 403, callback["output"]
        assert connection.scalar(text("select count(*) from audit_log")) == before


def test_a_stamp_is_set_by_the_browser_alone(wiring: list[dict[str, Any]]) -> None:
    stamped = {part for one in wiring for part in sources(one) if part.endswith("-stamp.data")}
    assert len(stamped) == 4, "missions, overview, backlinks, domains"
    for store in stamped:
        setting = [one for one in wiring if store in parts(one)]
        assert [bool(one["clientside_function"]) for one in setting] == [True], store


@pytest.mark.parametrize("page", LAYOUTS)
def test_a_page_names_its_own_views_and_no_others(page: str) -> None:
    held = [part.data for part in LAYOUTS[page]()._traverse() if getattr(part, "id", None) and "stamp" in str(part.id)]
    [data] = held
    assert data["views"]
    assert set(data["views"]) <= {view.name for view in VIEWS}
    assert view_versions.store("x", *data["views"]).data == data


def downstream(wiring: list[dict[str, Any]], changed: set[str]) -> set[str]:
    """What is drawn, by the server, because of these."""
    drawn: set[str] = set()
    seen, left = set(changed), set(changed)
    while left:
        following = [one for one in wiring if sources(one) & left]
        drawn |= {part for one in following if not one["clientside_function"] for part in parts(one)}
        left = {part for one in following for part in parts(one)} - seen
        seen |= left
    return drawn


def test_one_click_draws_a_panel_once(wiring: list[dict[str, Any]]) -> None:
    """What a click's own answer draws is drawn by nothing that follows from it."""
    clicks = [
        one
        for one in wiring
        if one["prevent_initial_call"]
        and not one["clientside_function"]
        and any(source.endswith(("n_clicks", "pressed.data")) for source in sources(one))
    ]
    assert len(clicks) >= 9
    for one in clicks:
        own = {part for part in parts(one) if part.endswith((".children", ".figure", ".rowData"))}
        assert not own & downstream(wiring, parts(one)), one["output"]


def test_a_mission_is_drawn_from_the_answer_to_what_was_pressed(
    mc: Services, server: Flask, wiring: list[dict[str, Any]]
) -> None:
    made = program(mc, server, "operate")("POST", "/api/v1/missions", {"job_type": "crawl", "target_url": "acme.io"})
    job = str(made.json["job_id"])
    answer = press(person(mc, server, "operator"), "pause", job)
    assert toast(answer)["words"] == f"{job}: paused"
    response = answer.json["response"]
    assert "PAUSED" in json.dumps(response[missions_ids.DETAIL]["children"])
    assert "pause by operator@example.org" in json.dumps(response[missions_ids.DETAIL]["children"])
    assert response[missions_ids.DETAIL]["hidden"] is False
    assert response[missions_ids.DRAWN]["data"] == "paused", "so that the live state draws it no second time"
    pressed = next(one for one in wiring if "missions-action" in str(one["inputs"]))
    assert f"{missions_ids.DETAIL}.children" in parts(pressed)
    assert f"{missions_ids.DETAIL}.children" not in downstream(wiring, parts(pressed))


def test_what_was_refused_draws_the_mission_as_it_is(mc: Services, server: Flask) -> None:
    made = program(mc, server, "operate")("POST", "/api/v1/missions", {"job_type": "crawl", "target_url": "acme.io"})
    job = str(made.json["job_id"])
    answer = press(person(mc, server, "operator"), "resume", job)
    assert toast(answer)["status"] == "critical"
    assert answer.json["response"][missions_ids.DRAWN]["data"] == "queued"


class Page:
    """A page with one panel on the product's server, and what the panel saw."""

    def __init__(self, server: Flask, draw: Callable[..., Any], question: Callable[..., Any]) -> None:
        self.blueprint = CallbackBlueprint("probe")
        panels = Panels(
            self.blueprint, needs=Permission.MISSIONS_READ, view="probe-view", question=question, views=("probe",)
        )
        panels.children("probe-panel", inputs=[Input("probe-tick", "n_intervals")])(draw)
        panels.notice("probe-notice")
        self.answers: list[Callable[..., Any]] = []
        self.blueprint.register(SimpleNamespace(callback=lambda *_, **__: self.answers.append))
        self.server = server

    def ask(self, view: object, which: int = 0) -> Any:
        with self.server.test_request_context():
            g.actor = SYSTEM
            return self.answers[which](view, *([1] if which == 0 else []))


def held() -> int:
    return int(services().engine.pool.checkedout())  # type: ignore[attr-defined]


@pytest.fixture
def free(mc: Services, server: Flask) -> Iterator[Flask]:
    server.extensions["mission_control"].view_cache.clear()
    yield server
    assert server.extensions["mission_control"].engine.pool.checkedout() == 0
    del mc


def test_nobody_holds_a_connection_while_a_panel_is_drawn(free: Flask) -> None:
    seen: list[int] = []

    def panel(_: object, read: Any) -> Any:
        db().execute(text("select 1"))
        seen.append(held())
        read(ask_one, 5)
        read.now(ask_one)
        db().execute(text("select 1"))
        return lambda: seen.append(held()) or "drawn"

    assert Page(free, panel, lambda here: here).ask({}) == "drawn"
    assert seen == [1, 0]


def ask_one(connection: Any, number: int = 1) -> int:
    asked.append(number)
    return int(connection.scalar(text("select cast(:n as int)"), {"n": number}))


asked: list[int] = []


def test_what_was_read_of_a_view_is_read_once_and_what_is_now_each_time(free: Flask) -> None:
    asked.clear()

    def panel(_: object, read: Any) -> Any:
        found = read(ask_one, 5), read(ask_one, 5), read.now(ask_one), read.now(ask_one)
        return lambda: str(found)

    page = Page(free, panel, lambda here: here)
    assert [page.ask({}), page.ask({})] == ["(5, 5, 1, 1)"] * 2
    assert sorted(asked) == [1, 1, 1, 1, 5]


def test_what_reads_for_a_panel_cannot_write(free: Flask) -> None:
    def panel(_: object, read: Any) -> Any:
        read.now(lambda connection: connection.execute(text("delete from idempotency_keys")))
        return lambda: "drawn"

    with pytest.raises(Exception, match="read-only transaction"):
        Page(free, panel, lambda here: here).ask({})


def test_a_question_that_means_nothing_is_said_on_the_panel_and_in_the_notice(free: Flask) -> None:
    def refuse(_: object) -> None:
        raise BadInput("colour: must be red")

    page = Page(free, lambda *_: lambda: "drawn", refuse)
    assert "colour: must be red" in str(page.ask({}))
    said = "X: there is no such filter on this page; it is left out. Colour: must be red."
    assert page.ask({"var-x": "1"}, which=1) == said


def test_what_is_pressed_is_committed_before_it_is_said_to_be_done(mc: Services, free: Flask) -> None:
    """A commit that fails is a refusal, in words; and takes everything back."""

    def write() -> int:
        db().execute(text("insert into view_stamps (view, version) values ('probe', 1)"))
        db().execute(text("create temporary table probe (n int unique deferrable initially deferred) on commit drop"))
        db().execute(text("insert into probe values (1), (1)"))
        return 1

    def fail() -> int:
        db().execute(text("insert into view_stamps (view, version) values ('probe', 1)"))
        raise Unavailable("nobody answers")

    with free.test_request_context():
        assert perform(fail, str)[0]["words"] == "nobody answers"
        with pytest.raises(Exception, match="duplicate key"):
            perform(write, str)
        said, answer = perform(lambda: db().execute(text("select 7")).scalar(), lambda found: f"found {found}")
        assert (said["words"], said["status"], answer) == ("found 7", "normal", 7)
        assert held() == 0
    with mc.engine.begin() as connection:
        assert connection.scalar(text("select count(*) from view_stamps where view = 'probe'")) == 0


def test_an_answer_is_kept_until_one_of_its_views_is_refreshed(mc: Services) -> None:
    views, unit = ("mv_daily_job_stats", "mv_daily_backlink_stats"), UnitOfWork(mc.engine)
    counted: list[int] = []

    def read(_: object) -> int:
        counted.append(1)
        return len(counted)

    def ask(*names: str) -> int:
        mc.view_cache._looked = float("-inf")  # the look that it takes once a second
        return mc.view_cache.get(unit, names, "question", read)

    assert [ask(*views), ask(*views)] == [1, 1]
    for number, view in enumerate(views, start=2):
        with mc.engine.begin() as connection:
            connection.execute(text("update view_stamps set version = version + 1 where view = :v"), {"v": view})
        assert [ask(*views), ask(*views)] == [number, number]
    before = ask(views[0])
    with mc.engine.begin() as connection:
        connection.execute(text("update view_stamps set version = version + 1 where view = :v"), {"v": views[1]})
    assert ask(views[0]) == before, "another view says nothing of this one"
    unit.rollback()
    mc.view_cache.clear()
