"""An exported file as it is read again, in each of its formats."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook
from pyarrow import parquet

if TYPE_CHECKING:
    from werkzeug.test import TestResponse


def rows_of(form: str, answer: TestResponse) -> list[dict[str, Any]]:
    """The rows of a file, by the names of the columns; a workbook's by their words."""
    match form:
        case "csv":
            return list(csv.DictReader(io.StringIO(answer.text)))
        case "json":
            items: list[dict[str, Any]] = json.loads(answer.data)["items"]
            return items
        case "parquet":
            rows: list[dict[str, Any]] = parquet.read_table(io.BytesIO(answer.data)).to_pylist()
            return rows
    head, *rest = load_workbook(io.BytesIO(answer.data)).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rest]


def simulation_of(form: str, answer: TestResponse) -> str:
    """What the file itself says of simulation."""
    match form:
        case "json":
            return str(json.loads(answer.data)["simulation"])
        case "parquet":
            return str(parquet.read_schema(io.BytesIO(answer.data)).metadata[b"simulation"].decode())
        case "xlsx":
            read_me = load_workbook(io.BytesIO(answer.data))["Read me"]
            return str(dict(read_me.iter_rows(values_only=True))["simulation"])
    return answer.headers["Export-Simulated"]
