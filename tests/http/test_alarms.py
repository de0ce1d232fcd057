"""What asks for a person is taken on by one, and everybody is told who that was."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from data.alerts import evaluation
from data.db import transaction
from data.live.state import build_state
from tests.callers import person, program
from tests.crawls import Crew, crew

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services

SHARP = datetime.fromtimestamp(datetime.now(UTC).timestamp() // 30 * 30, UTC)  # when every signal is due
SIGNAL = """
insert into backlink_signal_log (kind, target_domain_name, day, severity, score, title, detail, evidence, raised_at,
  updated_at, simulated)
values ('own_surge', 'acme.io', current_date, 'critical', 9, 'Surge', '90 a day, usually 3', '{}', now(), now(), false)
returning 'S' || signal_id
"""


@pytest.fixture
def team(mc: Services, server: Flask) -> Crew:
    return crew(mc, server)


def failed(team: Crew) -> str:
    job = team.start()
    team.report(job, status="failed", message="robots.txt forbids it")
    return job


def wall(mc: Services) -> dict[str, Any]:
    with transaction(mc.engine) as connection:
        return build_state(connection, mc.cache.redis, datetime.now(UTC))


def test_the_first_who_takes_an_alarm_on_stands_and_the_wall_says_who(mc: Services, server: Flask, team: Crew) -> None:
    job = failed(team)
    assert "ack" not in wall(mc)["errors"][job]
    operator, manager = person(mc, server, "operator"), person(mc, server, "manager")
    first = operator("POST", f"/api/v1/alarms/mission/{job}/ack")
    assert (first.status_code, first.json["by"]) == (200, "operator@example.org")
    assert manager("POST", f"/api/v1/alarms/mission/{job}/ack").json == first.json
    assert wall(mc)["errors"][job]["ack"] == "operator@example.org"
    with transaction(mc.engine) as connection:
        asked = "select actor_name, object_id from audit_log where action = 'alarm.acknowledge'"
        assert [tuple(row) for row in connection.execute(text(asked))] == [("operator@example.org", job)]


def test_a_mission_that_fails_again_asks_again(mc: Services, server: Flask, team: Crew) -> None:
    job = failed(team)
    operator = person(mc, server, "operator")
    operator("POST", f"/api/v1/alarms/mission/{job}/ack")
    team.act(job, "retry")
    assert operator("POST", f"/api/v1/alarms/mission/{job}/ack").status_code == 404
    team.lease()
    team.report(job, status="failed", message="again")
    assert "ack" not in wall(mc)["errors"][job]
    operator("POST", f"/api/v1/alarms/mission/{job}/ack")
    assert wall(mc)["errors"][job]["ack"] == "operator@example.org"


def test_a_signal_is_taken_on_like_a_mission(mc: Services, server: Flask) -> None:
    with transaction(mc.engine) as connection:
        signal = connection.scalar(text(SIGNAL))
    assert person(mc, server, "operator")("POST", f"/api/v1/alarms/signal/{signal}/ack").status_code == 200
    (told,) = wall(mc)["signals"]
    assert (told["id"], told["ack"]) == (signal, "operator@example.org")


def test_all_alerts_are_counted_in_groups_also_those_that_no_list_holds(
    mc: Services, server: Flask, team: Crew
) -> None:
    jobs = [failed(team) for _ in range(23)]
    with transaction(mc.engine) as connection:
        connection.execute(text(SIGNAL.replace("own_surge", "spam_influx")))
        connection.execute(text(SIGNAL.replace("own_surge", "competitor_surge").replace("'critical'", "'info'")))
        connection.execute(text("update backlink_signal_log set score = 90"))
    evaluation.evaluate(mc, SHARP)
    assert wall(mc)["alarms"] == {"groups": 2, "alerts": 24, "critical": 0, "info": 1, "taken": 0}
    operator = person(mc, server, "operator")
    operator("POST", f"/api/v1/alarms/mission/{jobs[0]}/ack")  # the oldest, that the list of twenty does not hold
    assert jobs[0] not in wall(mc)["errors"]
    assert wall(mc)["alarms"] == {"groups": 2, "alerts": 24, "critical": 0, "info": 1, "taken": 0}
    for group in wall(mc)["alerts"].values():
        assert operator("POST", f"/api/v1/alerts/{group['id']}/ack?group=true").status_code == 200
    told = wall(mc)
    assert told["alarms"] == {"groups": 0, "alerts": 0, "critical": 0, "info": 0, "taken": 3}
    assert {error["ack"] for error in told["errors"].values()} == {"operator@example.org"}, "what they are about, too"
    assert [signal.get("ack") for signal in told["signals"] if signal["severity"] != "info"] == ["operator@example.org"]


def test_who_may_only_read_takes_nothing_on_and_what_is_not_there_is_not_found(
    mc: Services, server: Flask, team: Crew
) -> None:
    job = failed(team)
    for caller in (person(mc, server, "viewer"), program(mc, server, "read")):
        assert caller("POST", f"/api/v1/alarms/mission/{job}/ack").status_code == 403
    operator = person(mc, server, "operator")
    assert operator("POST", "/api/v1/alarms/mission/LP-none/ack").status_code == 404
    assert operator("POST", "/api/v1/alarms/signal/nonsense/ack").status_code == 404
    refused = operator("POST", f"/api/v1/alarms/quota/{job}/ack")
    assert refused.status_code == 422
    assert refused.json["errors"][0]["loc"] == ["kind"]
