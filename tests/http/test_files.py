"""Files equal the screen: the same range, the same rows, the same sums, in every form; and they say what they hold."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from callbacks.web.export_formats import FORMATS
from clients.simulator.market import candidate, foundations, talk_of_day
from clients.simulator.world import build_world
from data import views
from data.domains.valuation import values
from data.exports import SIMULATED
from data.quotas.forecast import commands
from data.quotas.routing.gateway import ProviderGateway
from tests.callers import empty, program
from tests.exported_files import rows_of, simulation_of
from tests.exports_offered import datasets
from tests.links import NOW, TARGETS, fresh, reader_of_links

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine

    from data.exports import Dataset
    from data.services import Services
    from tests.callers import Caller

DATASETS = {dataset.name: dataset for dataset in datasets()}
DAY = (NOW - timedelta(days=3)).date()
MONTH = (NOW - timedelta(days=40)).date()
SPANS = {
    "a day": f"from={DAY}&to={DAY}",
    "a month": f"from={MONTH}&to={MONTH + timedelta(days=30)}",
    "ninety days": "from=now-90d",
    "nothing": "from=2001-01-01&to=2001-01-01",
}
SAYS_IT = "SIMULATION"


def rows_of_all_streams() -> dict[str, list[dict[str, Any]]]:
    """What programs send of every area."""
    roll, world = Random(3), build_world(7, NOW)
    evening = NOW.replace(hour=0, minute=0, second=0)
    return {
        "domains": [
            *foundations(world, NOW),
            *(candidate(world, each, NOW) | {"estimated_value": 9000} for each in world.expired),
            {"domain_name": TARGETS[0], "availability_status": "registered", "domain_authority": 50},
        ],
        "brand_mentions": [
            row for back in range(1, 9) for row in talk_of_day(world, (evening - timedelta(days=back)).date())
        ],
        "missions": [
            {
                "job_id": f"M-{number}",
                "job_type": roll.choice(("audit", "crawl")),
                "status": "completed",
                "target_url": "acme.io",
                "created_date": (NOW - timedelta(hours=7 * number)).isoformat(),
                "pages_crawled": number,
            }
            for number in range(200)
        ],
        "satellite_performance": [
            {"satellite_id": f"s{number % 3}", "created_date": (NOW - timedelta(hours=number)).isoformat()}
            | {"pages_per_minute": 10 + number, "success_rate": 0.9, "response_time_ms": 100}
            for number in range(150)
        ],
        "api_usage": [
            {"provider": "serpstack", "query_type": "search", "at": (NOW - timedelta(hours=3 * number)).isoformat()}
            | {"outcome": "ok", "credits": 1, "latency_ms": 50}
            for number in range(200)
        ],
    }


def fill(mc: Services, server: Flask, *, simulated: bool) -> None:
    """Something of every area."""
    reader_of_links(mc, server, simulated=simulated)
    send = program(mc, server, "ingest", name="filler", simulated=simulated)
    for stream, rows in rows_of_all_streams().items():
        for first in range(0, len(rows), 2000):
            answer = send("POST", f"/api/v1/ingest/{stream}", rows[first : first + 2000])
            assert answer.json["rejected"] == [], stream
    with mc.engine.begin() as connection:
        connection.execute(
            text("""insert into alerts (rule, fingerprint, labels, subject, group_key, severity, state, value, message,
                      started_at, fired_at, last_evaluated_at, simulated)
                    select 'Queue', 'f' || n, '{"queue": "q"}', '{}', 'Queue', 'warning', 'resolved', n, '=1+1', at, at,
                      at, :simulated
                    from generate_series(1, 9) n, lateral (select now() - n * interval '1 hour' as at) t"""),
            {"simulated": simulated},
        )
        connection.execute(
            text("""insert into backlink_signal_log (kind, target_domain_name, day, severity, score, title, detail,
                      evidence, raised_at, updated_at, simulated)
                    select 'spam_influx', :target, at::date, 'warning', 50, 'an influx', 'why', '{}', at, at, :simulated
                    from generate_series(now() - interval '20 days', now() - interval '1 hour', '1 day') at"""),
            {"target": TARGETS[0], "simulated": simulated},
        )
        values.revalue(connection, NOW)
        while views.refresh_rollups(connection):
            pass
        for view in ("mv_daily_job_stats", "mv_daily_satellite_performance"):
            views.refresh_view(connection, view)
    gateway = ProviderGateway(mc)
    commands.make_forecasts(mc, gateway, datetime.now(UTC))
    gateway.close()
    fresh(server.extensions["mission_control"])


@pytest.fixture(scope="module")
def filled(opened: Services, server: Flask, owner: Engine) -> Caller:
    """Who reads and writes all, once a simulator has told something of every area."""
    empty(opened, owner)
    fill(opened, server, simulated=True)
    return program(opened, server, "admin")


def address(dataset: Dataset, form: str, *more: str) -> str:
    of = ["domain_name=ours.example"] if "domain_name" in dataset.filters.model_fields and not dataset.dated else []
    target = [f"target={TARGETS[0]}&vs={TARGETS[1]},{TARGETS[2]}"] if "target" in dataset.filters.model_fields else []
    return f"/api/v1/export/{dataset.name}.{form}?" + "&".join([*of, *target, *more])


def figures(rows: list[dict[str, Any]], columns: list[str], scale: float = 1) -> list[float]:
    return [sum(scale * float(row[name] or 0) for row in rows) for name in columns]


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("name", DATASETS)
def test_the_four_forms_hold_the_same_rows_and_sums(filled: Caller, name: str, span: str) -> None:
    dataset = DATASETS[name]
    asked = [SPANS[span]] if dataset.dated else []
    answers = {form: filled("GET", address(dataset, form, *asked)) for form in FORMATS}
    assert {answer.status_code for answer in answers.values()} == {200}, answers["csv"].text[:300]
    rows = {form: rows_of(form, answer) for form, answer in answers.items()}
    counted = {form: len(found) for form, found in rows.items()}
    assert len(set(counted.values())) == 1, counted
    known = [each for each, column in dataset.columns.items() if column.kind in ("integer", "number", "money", "share")]
    words = [dataset.columns[each].title for each in known]
    sums = figures(rows["json"], known)
    assert figures(rows["csv"], known) == pytest.approx(sums)
    assert figures(rows["parquet"], known) == pytest.approx(sums)
    assert figures(rows["xlsx"], words) == pytest.approx(sums)
    assert list(answers["csv"].text.split("\r\n", 1)[0].split(",")) == list(dataset.columns)


def test_no_dataset_of_the_test_is_empty(filled: Caller) -> None:
    """Else nothing was compared: a new area adds its rows to `fill`."""
    silent = {"domain_watch_list", "mention_feeds", "api_decisions", "api_reconciliations", "satellites"}
    for dataset in DATASETS.values():
        asked = [SPANS["ninety days"]] if dataset.dated else []
        found = filled("GET", address(dataset, "json", *asked)).json["items"]
        assert found or dataset.name in silent, dataset.name


CARRIED = {
    "domain_portfolios_daily",
    "brand_mentions",
}  # its first day says what was before; moments, ordered otherwise


@pytest.mark.parametrize("name", [name for name, each in DATASETS.items() if each.dated])
def test_the_days_of_a_range_add_up_to_the_range(filled: Caller, name: str) -> None:
    """Of datasets whose rows are something that happened at a time: their first column says when."""
    dataset = DATASETS[name]
    when = next(iter(dataset.columns))
    if dataset.columns[when].kind not in ("day", "moment") or name in CARRIED:
        return
    days = [DAY - timedelta(days=back) for back in range(3)]
    whole = filled("GET", address(dataset, "json", f"from={days[-1]}&to={days[0]}")).json["items"]
    single = [filled("GET", address(dataset, "json", f"from={day}&to={day}")).json["items"] for day in days]
    assert len(whole) == sum(map(len, single))
    assert {row[when][:10] for row in whole} <= {str(day) for day in days}
    if dataset.columns[when].kind == "day" and name.startswith("backlinks"):
        assert {row[when] for row in whole} == {str(day) for day in days}


PANELS = {
    "velocity": ("new", "lost", "toxic", "domains"),
    "authority": ("links",),
    "competition": ("links", "domains", "delta"),
    "intersect": ("links", "overlap"),
    "anchors": ("links", "domains"),
    "lost": ("value",),
}


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("panel", PANELS)
def test_a_file_of_links_is_its_panel(filled: Caller, panel: str, span: str) -> None:
    asked = f"target={TARGETS[0]}&vs={TARGETS[1]},{TARGETS[2]}&{SPANS[span]}"
    shown = filled("GET", f"/api/v1/backlinks/{panel}?{asked}").json
    file = filled("GET", f"/api/v1/export/backlinks_{panel}.json?{asked}").json
    assert len(file["items"]) == len(shown["items"])
    assert figures(file["items"], list(PANELS[panel])) == pytest.approx(figures(shown["items"], list(PANELS[panel])))
    if span != "ninety days":
        assert file["range"] == f"{shown['from']} to {shown['to']}"


def test_a_month_in_words_by_its_days_and_by_moments_is_one_month(filled: Caller) -> None:
    last = NOW.replace(day=1) - timedelta(days=1)
    first, after = last.replace(day=1).date(), last.date() + timedelta(days=1)
    asked = (
        "from=now-1M/M&to=now-1M/M",
        f"from={first}&to={last.date()}",
        f"from={first}T00:00:00Z&to={after}T00:00:00Z",
    )
    for name in ("backlinks_lost", "backlinks_velocity", "missions", "missions_daily", "brands"):
        found = [filled("GET", address(DATASETS[name], "json", span)).json["items"] for span in asked]
        assert found[0] == found[1] == found[2], name


@pytest.mark.parametrize("limit", [1, 10, 199, 499, 500])
def test_a_limit_never_cuts_in_silence(filled: Caller, limit: int) -> None:
    for name in ("backlinks_recent", "backlinks_toxic", "backlinks_lost", "missions"):
        answer = filled("GET", address(DATASETS[name], "json", SPANS["ninety days"], f"limit={limit}"))
        whole = filled("GET", address(DATASETS[name], "json", SPANS["ninety days"])).json["items"]
        assert answer.json["items"] == whole[:limit]
        assert answer.headers["Export-Complete"] == ("yes" if len(whole) <= limit else "no"), name


@pytest.mark.parametrize("name", DATASETS)
def test_whatever_a_simulator_made_says_so_in_every_form(filled: Caller, name: str) -> None:
    dataset = DATASETS[name]
    for form in FORMATS:
        answer = filled("GET", address(dataset, form, *([SPANS["ninety days"]] if dataset.dated else [])))
        rows = rows_of(form, answer)
        marked = bool(rows) and dataset.simulated
        assert (SAYS_IT in answer.headers["Content-Disposition"]) is marked
        assert answer.headers["Export-Simulated"] == ("yes" if marked else "no")
        title = "Simulated" if form == "xlsx" else SIMULATED
        marks = {str(row[title]).lower() for row in rows if dataset.simulated}
        assert marks <= {"true"} or name == "api_forecasts"  # which knows real accounts, too
        assert simulation_of(form, answer).startswith("yes" if marked else "no")


def test_a_file_says_whose_it_is_and_what_narrows_it(filled: Caller) -> None:
    """The target and the rivals that the page shows by itself, too."""
    answer = filled("GET", "/api/v1/export/backlinks_lost.xlsx")
    read_me = dict(load_workbook(io.BytesIO(answer.data))["Read me"].iter_rows(values_only=True))
    target = read_me["filter: target"]
    assert f"_{target}_" in answer.headers["Content-Disposition"]
    assert "vs = " in read_me["filters"]
    names = {
        filled("GET", f"/api/v1/export/backlinks_lost.csv?target={name}{more}").headers["Content-Disposition"]
        for name in TARGETS
        for more in ("", "&type=follow", "&anchor=می‌خواهم", "&anchor=another")
    }
    assert len(names) == 12
    assert all(re.fullmatch(r'attachment; filename="[\w.-]+\.csv"', name) for name in names), names


def test_whole_days_stand_in_the_name_of_the_file(filled: Caller) -> None:
    answer = filled("GET", "/api/v1/export/missions.csv?from=2026-10-01&to=2026-10-31")
    assert "missions_2026-10-01_2026-10-31_UTC" in answer.headers["Content-Disposition"]


def test_a_workbook_speaks_in_words_and_prints_on_paper(filled: Caller) -> None:
    answer = filled("GET", address(DATASETS["backlinks_competition"], "xlsx"))
    sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    head = {cell.value: cell for cell in sheet[1]}
    assert list(head) == [column.title for column in DATASETS["backlinks_competition"].columns.values()]
    assert head["Overlap"].alignment.horizontal == "right"
    assert head["Domain"].alignment.horizontal == "left"
    cells = {cell.value: sheet.cell(2, cell.column) for cell in sheet[1]}
    assert cells["Overlap"].number_format == "0.0%"
    assert cells["Mean DA"].number_format == "#,##0.0"
    assert cells["Links"].number_format == "#,##0"
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$1"
    assert str(sheet.oddHeader.right.text).endswith(SAYS_IT)
    widths = {
        column.title: sheet.column_dimensions[letter].width
        for letter, column in zip("ABCDEFGH", DATASETS["backlinks_competition"].columns.values(), strict=True)
    }
    assert widths["Domain"] > widths["Overlap"]
