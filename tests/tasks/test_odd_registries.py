"""What registries answer that nobody foresaw: stored as far as it can be, said, and nobody else's trouble."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from data.db import transaction
from data.domains.registry import lookups
from tasks import domains
from tests.callers import person
from tests.registries import NOW, RDAP, REGISTERED, look_up, one, registry
from tests.sites import Answer

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services
    from tests.sites import Site

LATER = (NOW + timedelta(days=90)).isoformat()


def event(action: object, at: object) -> dict[str, Any]:
    return {"eventAction": action, "eventDate": at}


def due_at_once(mc: Services) -> None:
    with transaction(mc.engine) as connection:
        connection.execute(text("update domain_lookups set due_at = now() - interval '1 second'"))


@pytest.mark.parametrize(
    ("action", "date", "column", "year"),
    [
        ("registration", "1985-03-15", "registered_at", 1985),
        ("registration", "1986-03-19T05:00:00Z", "registered_at", 1986),
        ("expiration", "9999-12-31T23:59:59Z", "expires_at", 9999),
        ("expiration", "2999-01-01T00:00:00.123456789Z", "expires_at", 2999),
    ],
)
def test_a_date_is_stored_as_the_registry_says_it(
    here: Services, server: Flask, site: Site, action: str, date: str, column: str, year: int
) -> None:
    registry(site, "old.com", REGISTERED | {"events": [event(action, date)]})
    look_up(here, "old.com")
    domains.ask_due(here)
    assert one(here, f"select {column} from domains")[column].year == year
    assert one(here, "select outcome, detail, tries from domain_lookups") == {
        "outcome": "registered",
        "detail": None,
        "tries": 0,
    }
    reader = person(here, server, "viewer")
    assert str(year) in reader("GET", "/api/v1/domains/old.com").json[column]
    for form in ("csv", "json", "xlsx", "parquet"):
        answer = reader("GET", f"/api/v1/export/domains.{form}?availability=registered")
        assert answer.status_code == 200, answer.text[:300]


@pytest.mark.parametrize(
    ("action", "date"),
    [
        ("registration", "0001-01-01T00:00:00Z"),
        ("registration", "2001-02-30"),
        pytest.param("registration", LATER, id="in three months"),
        ("registration", "soon"),
        ("expiration", "9999-12-31T23:59:59-05:00"),
        ("expiration", "10000-01-01"),
        ("expiration", None),
        ("expiration", ["2030-01-01"]),
    ],
)
def test_a_date_that_is_none_is_left_out_with_a_note_and_the_rest_is_stored(
    here: Services, site: Site, action: str, date: object
) -> None:
    other = ("expiration", LATER) if action == "registration" else ("registration", "2001-02-03")
    registry(site, "odd.com", REGISTERED | {"events": [event(action, date), event(*other)]})
    look_up(here, "odd.com")
    domains.ask_due(here)
    found = one(here, "select * from domains")
    assert (found["registered_at"] is None, found["expires_at"] is None) == (
        action == "registration",
        action == "expiration",
    )
    assert found["registrar"] == "Names & Sons"
    lookup = one(here, "select outcome, detail, tries from domain_lookups")
    assert (lookup["outcome"], lookup["tries"]) == ("registered", 0)
    assert lookup["detail"].startswith(f"left out: {action} ")


@pytest.mark.parametrize(
    "change",
    [
        {"events": [event(["registration"], "2001-02-03"), event({}, {})]},
        {"events": "none", "status": 7, "entities": {"a": 1}},
        {"events": [None, 1, "x"], "status": [None, {}, 3], "entities": [{"roles": 5}, {"roles": None}]},
        {"entities": [{"roles": "registrar", "vcardArray": ["vcard", [["fn", {}, "text", "R" * 400]]]}]},
        {"entities": [{"roles": ["registrar"], "vcardArray": ["vcard", [["fn", {}, "text", ["a", "b"]], [], "x"]]}]},
    ],
)
def test_an_answer_of_an_odd_shape_is_read_as_far_as_it_goes(
    here: Services, site: Site, change: dict[str, Any]
) -> None:
    registry(site, "odd.com", REGISTERED | change)
    registry(site, "next.com", REGISTERED)
    look_up(here, "odd.com", "next.com")
    assert domains.ask_due(here) == 2
    assert one(here, "select count(*) from domains where availability_status = 'registered'")["count"] == 2
    assert one(here, "select count(*) from domain_lookups where outcome = 'registered' and tries = 0")["count"] == 2


@pytest.mark.parametrize(
    ("states", "phase"),
    [
        (["pending delete", "redemption period"], "redemption"),
        (["redemption period", "pending delete"], "redemption"),
        (["pendingDelete", "redemptionPeriod"], "redemption"),
        (["Pending Delete", "pending restore"], "redemption"),
        (["pending delete", "auto renew period"], "pending_delete"),
        ("Redemption Period", "redemption"),
    ],
)
def test_redemption_comes_before_pending_delete(here: Services, site: Site, states: object, phase: str) -> None:
    registry(site, "late.com", REGISTERED | {"status": states})
    look_up(here, "late.com")
    domains.ask_due(here)
    assert one(here, "select availability_status, lifecycle from domains") == {
        "availability_status": "expired",
        "lifecycle": phase,
    }


def test_a_value_that_the_database_refuses_is_one_failed_try_and_the_neighbours_are_stored(
    here: Services, site: Site
) -> None:
    """Stored values that nobody foresaw: a constraint of the table refuses them, after every check of ours."""
    with transaction(here.engine) as connection:
        connection.execute(text("alter table domains add constraint odd check (domain_name <> 'odd.com')"))
    try:
        for name in ("odd.com", "a.com", "b.com"):
            registry(site, name, REGISTERED)
        look_up(here, "odd.com")
        look_up(here, "a.com", "b.com")
        assert domains.ask_due(here) == 3
        assert one(here, "select count(*) from domains")["count"] == 2
        lookup = one(here, "select outcome, detail, tries from domain_lookups where domain_name = 'odd.com'")
        assert lookup == {"outcome": "failed", "detail": "an answer that cannot be read", "tries": 1}
    finally:
        with transaction(here.engine) as connection:
            connection.execute(text("alter table domains drop constraint odd"))


def test_tries_are_counted_and_spaced_wider_each_time(here: Services, site: Site) -> None:
    site.pages["/boot/domain/odd.com"] = Answer(b"[]")
    look_up(here, "odd.com")
    waits = []
    for tries in range(1, 6):
        due_at_once(here)
        assert domains.ask_due(here) == 1
        found = one(here, "select tries, extract(epoch from due_at - now())::float8 as wait from domain_lookups")
        assert found["tries"] == tries
        waits.append(found["wait"])
    assert waits == pytest.approx([60, 120, 240, 480, 960], abs=5)
    registry(site, "odd.com", REGISTERED)
    due_at_once(here)
    domains.ask_due(here)
    assert one(here, "select outcome, tries from domain_lookups") == {"outcome": "registered", "tries": 0}


def test_an_asker_that_dies_has_tried_too_and_leaves_the_others_alone(here: Services) -> None:
    look_up(here, "deadly.com")
    look_up(here, "next.com")
    waits = []
    for tries in range(1, 4):
        with transaction(here.engine) as connection:
            connection.execute(text("update domain_lookups set due_at = now() where domain_name = 'deadly.com'"))
        with transaction(here.engine) as connection:
            connection.execute(
                text("update domain_lookups set due_at = now() + interval '1 day' where domain_name = 'next.com'")
            )
            assert lookups.list_due(connection, datetime.now(UTC), most=1) == ["deadly.com"]  # and here it dies
        found = one(
            here,
            "select tries, extract(epoch from due_at - now())::float8 as wait from domain_lookups"
            " where domain_name = 'deadly.com'",
        )
        assert found["tries"] == tries
        waits.append(found["wait"])
    assert waits == pytest.approx([300, 600, 1200], abs=5)
    assert one(here, "select tries from domain_lookups where domain_name = 'next.com'")["tries"] == 0


@pytest.mark.parametrize("wait", ["600", "nan", "soon", "-5", "Thu, 01 Jan 99999 00:00:00 GMT"])
def test_a_registry_that_was_asked_too_often_holds_up_its_own_names_alone(
    here: Services, site: Site, wait: str
) -> None:
    registry(site, "a.com", {}, status=429)
    site.pages["/registry/domain/a.com"].headers = RDAP | {"Retry-After": wait}
    registry(site, "b.com", REGISTERED)
    registry(site, "c.org", REGISTERED)
    for name in ("a.com", "b.com", "c.org"):
        look_up(here, name)
    began = datetime.now(UTC)
    domains.ask_due(here)
    assert one(here, "select domain_name, availability_status from domains") == {
        "domain_name": "c.org",
        "availability_status": "registered",
    }
    held = one(here, "select tries, due_at from domain_lookups where domain_name = 'b.com'")
    assert held["tries"] == 0
    assert held["due_at"] > began + timedelta(seconds=0.9), "a second at least, whatever was said"
