"""Tables as files: typed, bounded, harmless in a spreadsheet, and only for those who may read them."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from pyarrow import parquet
from sqlalchemy import text

from callbacks.web.export_formats import FORMATS
from data.db import frame
from data.exports import Column, Dataset, ExportRequest, Registry, read
from data.permissions import Permission
from data.timerange import TimeRange
from tests.callers import person, program
from tests.exports_offered import datasets
from tests.links import NOW, TARGETS, fresh, reader_of_links

if TYPE_CHECKING:
    import pandas as pd
    from flask import Flask
    from sqlalchemy import Connection
    from werkzeug.test import TestResponse

    from data.services import Services
    from tests.callers import Caller

EVIL = "=1+1"
MOMENT = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
COLUMNS = {
    "words": Column("Words"),
    "count": Column("How many", "integer"),
    "share": Column("Share", "share"),
    "price": Column("Price", "money"),
    "at": Column("At", "moment"),
    "day": Column("Day", "day"),
    "yes": Column("Yes", "flag"),
}
RANGE = TimeRange(MOMENT, MOMENT)


@pytest.fixture
def reader(mc: Services, server: Flask) -> Caller:
    return program(mc, server, "read")


@pytest.fixture
def history(mc: Services, server: Flask) -> list[dict[str, Any]]:
    """Missions sent through the front door, the newest first; one is named like a formula."""
    rows = [
        {
            "job_id": f"M-{number}",
            "job_type": EVIL if number == 0 else "audit",
            "status": "completed" if number % 2 else "failed",
            "target_url": "acme.io",
            "created_date": (MOMENT - timedelta(hours=number)).isoformat(),
            "pages_crawled": number * 10,
        }
        for number in range(5)
    ]
    answer = program(mc, server, "ingest")("POST", "/api/v1/ingest/missions", rows)
    assert answer.json["accepted"] == 5
    return rows


def everything(connection: Connection, _: ExportRequest) -> pd.DataFrame:
    return frame(
        connection,
        """select * from (values
             ('=2+3', 7, 0.25::float8, 12.50::numeric, timestamptz '2026-03-01 10:00Z', date '2026-03-01', true),
             ('plain', null, 'nan', null, null, null, null)) t (words, count, share, price, at, day, yes)""",
    )


def written(mc: Services, form: str) -> bytes:
    dataset = Dataset("all", "All kinds", Permission.LIVE_READ, COLUMNS, everything, dated=False, simulated=False)
    wanted = ExportRequest(RANGE, dataset.filters(), 10)
    with mc.engine.begin() as connection:
        return b"".join(FORMATS[form].write(read(connection, dataset, wanted, MOMENT)))  # type: ignore[index]


def test_a_csv_holds_the_rows_of_the_range_the_newest_first(reader: Caller, history: list[dict[str, Any]]) -> None:
    answer = reader("GET", "/api/v1/export/missions.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["job_id"] for row in rows] == [row["job_id"] for row in history]
    assert rows[1]["pages_crawled"] == "10"
    assert datetime.fromisoformat(rows[0]["created_date"]) == MOMENT
    assert answer.mimetype == "text/csv"


def test_what_looks_like_a_formula_is_text_in_every_form(reader: Caller, history: list[dict[str, Any]]) -> None:
    assert history
    rows = list(csv.DictReader(io.StringIO(reader("GET", "/api/v1/export/missions.csv").text)))
    assert rows[0]["job_type"] == "'" + EVIL
    assert reader("GET", "/api/v1/export/missions.json").json["items"][0]["job_type"] == EVIL
    cell = _sheet(reader("GET", "/api/v1/export/missions.xlsx"))["B2"]
    assert (cell.value, cell.data_type) == (EVIL, "s")


def _sheet(answer: TestResponse) -> Any:
    return load_workbook(io.BytesIO(answer.data))["missions"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "  ="])
def test_no_text_of_a_csv_begins_like_a_formula(start: str) -> None:
    from callbacks.web.export_formats import _harmless

    assert _harmless(start + "cmd") == "'" + start + "cmd"
    assert _harmless(-3) == -3


def test_numbers_and_times_keep_their_types(mc: Services) -> None:
    sheet = load_workbook(io.BytesIO(written(mc, "xlsx")))["all"]
    first, second = ([cell.value for cell in row] for row in sheet.iter_rows(min_row=2))
    assert first == ["=2+3", 7, 0.25, 12.5, datetime(2026, 3, 1, 10), datetime(2026, 3, 1), True]  # noqa: DTZ001 — a workbook knows no zones
    assert second == ["plain"] + [None] * 6
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:G3"
    table = parquet.read_table(io.BytesIO(written(mc, "parquet")))
    assert table.to_pylist()[0] == {
        "words": "=2+3",
        "count": 7,
        "share": 0.25,
        "price": Decimal("12.500000"),
        "at": datetime(2026, 3, 1, 10, tzinfo=UTC),
        "day": datetime(2026, 3, 1, tzinfo=UTC).date(),
        "yes": True,
    }
    assert set(table.to_pylist()[1].values()) == {"plain", None}


def test_an_empty_file_is_typed_too(reader: Caller) -> None:
    table = parquet.read_table(io.BytesIO(reader("GET", "/api/v1/export/missions.parquet").data))
    assert table.num_rows == 0
    assert str(table.schema.field("created_date").type) == "timestamp[us, tz=UTC]"
    assert str(table.schema.field("pages_crawled").type) == "int64"
    assert reader("GET", "/api/v1/export/missions.csv").text.startswith("job_id,job_type,")
    assert _sheet(reader("GET", "/api/v1/export/missions.xlsx")).max_row == 1


def test_a_workbook_says_what_it_holds(reader: Caller, history: list[dict[str, Any]]) -> None:
    answer = reader("GET", "/api/v1/export/missions.xlsx?status=failed&from=now-7d")
    said = dict(load_workbook(io.BytesIO(answer.data))["Read me"].iter_rows(values_only=True))
    assert said["filters"] == "status = failed"
    assert said["rows"] == str(sum(row["status"] == "failed" for row in history))
    assert said["timezone"] == "UTC"


def test_the_file_is_called_after_dataset_range_and_zone(reader: Caller) -> None:
    answer = reader("GET", "/api/v1/export/missions.csv?from=2026-01-01&to=2026-02-01T12:30Z")
    named = 'attachment; filename="mission-control_missions_2026-01-01T0000Z_2026-02-01T1230Z_UTC.csv"'
    assert answer.headers["Content-Disposition"] == named
    assert answer.headers["Export-Complete"] == "yes"


def test_a_limit_cuts_rows_off_and_says_so(reader: Caller, history: list[dict[str, Any]]) -> None:
    answer = reader("GET", "/api/v1/export/missions.json?limit=2")
    assert answer.headers["Export-Complete"] == "no"
    assert answer.json["complete"].startswith("no")
    assert [row["job_id"] for row in answer.json["items"]] == [row["job_id"] for row in history[:2]]


def test_the_figures_are_those_of_plain_sql(mc: Services, reader: Caller, history: list[dict[str, Any]]) -> None:
    start = MOMENT - timedelta(hours=3)
    address = f"/api/v1/export/missions.json?from={int(start.timestamp() * 1000)}&to={int(MOMENT.timestamp() * 1000)}"
    items = reader("GET", address).json["items"]
    with mc.engine.begin() as connection:
        counted = connection.execute(
            text("""select count(*), sum(pages_crawled) from crawl_jobs
                    where created_date >= :start and created_date < :end"""),
            {"start": start, "end": MOMENT},
        ).one()
    assert (len(items), sum(item["pages_crawled"] for item in items)) == tuple(counted)
    assert len(items) == 3 < len(history)


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("nothing.csv", 404, "missions_daily"),
        ("missions.pdf", 404, "csv, json, parquet, xlsx"),
        ("missions.csv?from=yesterday", 422, "from"),
        ("missions.csv?from=now&to=now-1d", 422, "from"),
        ("missions.csv?limit=0", 422, "limit"),
        ("missions.csv?limit=1000000", 422, "limit"),
        ("missions.csv?status=happy", 422, "status"),
        ("missions.csv?status=failed&status=paused", 422, "status"),
        ("missions.csv?colour=red", 422, "colour"),
        ("satellites.csv?from=now-1d", 422, "from"),
    ],
)
def test_what_cannot_be_had_is_refused_by_name(reader: Caller, path: str, status: int, said: str) -> None:
    answer = reader("GET", f"/api/v1/export/{path}")
    assert answer.status_code == status
    assert said in answer.json["detail"]


@pytest.mark.parametrize("years", [10, 26])
def test_a_range_of_many_years_is_answered(reader: Caller, history: list[dict[str, Any]], years: int) -> None:
    answer = reader("GET", f"/api/v1/export/missions.json?from=now-{years}y")
    assert len(answer.json["items"]) == len(history)


def test_each_dataset_asks_for_its_own_permission(mc: Services, server: Flask) -> None:
    offered = person(mc, server, "viewer")("GET", "/api/v1/export").json["items"]
    assert {"missions", "missions_daily", "satellites"} <= {item["name"] for item in offered}
    registry: Registry = server.extensions["mission_control_exports"]
    secret = Dataset("secret", "For admins", Permission.AUDIT_READ, COLUMNS, everything, dated=False, simulated=False)
    registry.add(secret)
    try:
        assert person(mc, server, "viewer")("GET", "/api/v1/export/secret.csv").status_code == 403
        assert person(mc, server, "admin")("GET", "/api/v1/export/secret.csv").status_code == 200
        assert "secret" not in {item["name"] for item in offered}
        with pytest.raises(ValueError, match="secret"):
            registry.add(secret)
    finally:
        del registry.datasets["secret"]


def test_every_dataset_can_be_had_in_every_form(mc: Services, server: Flask) -> None:
    admin = program(mc, server, "admin")
    for dataset in admin("GET", "/api/v1/export").json["items"]:
        of = "?domain_name=acme.io" if "domain_name" in dataset["filters"] else ""
        for form, leaves in FORMATS.items():
            answer = admin("GET", f"/api/v1/export/{dataset['name']}.{form}{of}")
            assert (answer.status_code, answer.mimetype) == (200, leaves.mimetype), dataset["name"]


def test_only_the_rows_of_a_simulator_are_marked(mc: Services, server: Flask) -> None:
    """A real target beside simulated ones, and one with links of both sorts."""
    reader = reader_of_links(mc, server, simulated=True)
    lone = {"url_from": "https://real.example/1", "url_to": "https://mine.example/", "anchor": "real", "spam_score": 90}
    rows = [
        lone | {"source_domain_name": "real.example", "target_domain_name": name}
        for name in ("mine.example", TARGETS[0])
    ]
    when = {"discovered_date": (NOW - timedelta(hours=1)).isoformat(), "domain_authority": 95}
    rows = [row | when | {"url_from": f"https://real.example/{at}"} for at, row in enumerate(rows)]
    assert program(mc, server, "ingest", name="real")("POST", "/api/v1/ingest/backlinks", rows).json["accepted"] == 2
    fresh(server.extensions["mission_control"])
    asked = f"target={TARGETS[0]}&vs={TARGETS[1]},mine.example&k=1"

    def marked(dataset: str, column: str) -> dict[Any, bool]:
        items = reader("GET", f"/api/v1/export/backlinks_{dataset}.json?{asked}").json["items"]
        return {row[column]: row["simulated"] for row in items}

    assert marked("anchors", "anchor")["real"] is False
    assert marked("anchors", "anchor")["ours"] is True
    assert marked("competition", "domain") == {TARGETS[0]: True, TARGETS[1]: True, "mine.example": False}
    assert marked("intersect", "source").get("real.example", False) is False
    assert marked("toxic", "source")["real.example"] is False
    assert marked("recent", "source")["real.example"] is False
    answer = reader("GET", "/api/v1/export/backlinks_velocity.csv?target=mine.example")
    assert "SIMULATION" not in answer.headers["Content-Disposition"]


def test_every_dataset_has_its_own_words_above_each_column(mc: Services, server: Flask) -> None:
    for dataset in datasets():
        titles = [column.title for column in dataset.columns.values()]
        assert len(set(titles)) == len(titles), dataset.name
        assert all(title[0].isupper() and "_" not in title for title in titles), dataset.name
    offered = person(mc, server, "viewer")("GET", "/api/v1/export").json["items"]
    assert {item["titles"]["missions"] for item in offered if "missions" in item["titles"]} <= {"Missions"}
