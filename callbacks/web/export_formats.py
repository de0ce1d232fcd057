"""The forms a table leaves in: CSV and JSON piece by piece, Parquet and XLSX as one file. Typed where the form can."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any, Literal, NamedTuple

import orjson

from callbacks.web import workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from data.exports import Kind, Table

FormatName = Literal["csv", "json", "parquet", "xlsx"]
_IN_MEMORY = 4 * 1024 * 1024
_MONEY_DIGITS, _MONEY_PLACES = 24, 6
# What a spreadsheet takes for a formula when a text begins with it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class ExportFormat(NamedTuple):
    mimetype: str
    write: Callable[[Table], Iterable[bytes]]


def csv_pieces(table: Table) -> Iterator[bytes]:
    """RFC 4180 with a header; a text that a spreadsheet would take for a formula stands behind an apostrophe."""
    yield _csv([list(table.values)])
    for rows in table.pieces():
        yield _csv([[_harmless(value) for value in row] for row in rows])


def _csv(rows: list[list[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _harmless(value: Any) -> Any:  # noqa: ANN401 — a cell
    if isinstance(value, str):
        return "'" + value if value.lstrip(" ").startswith(_FORMULA) else value
    if isinstance(value, bool):
        return str(value).lower()
    return _iso(value) if isinstance(value, datetime) else value


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def json_pieces(table: Table) -> Iterator[bytes]:
    """`{dataset, from, to, …, items: [{column: value}]}`; money is a text, so that no digit is lost."""
    yield orjson.dumps(table.metadata)[:-1] + b',"items":['
    before = b""
    for rows in table.pieces():
        named = (dict(zip(table.values, row, strict=True)) for row in rows)
        yield before + b",".join(orjson.dumps(row, default=_plain, option=orjson.OPT_UTC_Z) for row in named)
        before = b","
    yield b"]}"


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError


def parquet(table: Table) -> Iterator[bytes]:
    import pyarrow as pa
    from pyarrow import parquet as pq

    kinds = {name: column.kind for name, column in table.dataset.columns.items()}
    schema = pa.schema([pa.field(name, _arrow(kinds[name])) for name in table.values], metadata=table.metadata)
    columns = [_arrow_values(values, kinds[name]) for name, values in table.values.items()]
    with SpooledTemporaryFile(_IN_MEMORY) as file:
        pq.write_table(pa.table(columns, schema=schema), file, compression="zstd")
        yield from _pieces(file)


def _arrow(kind: Kind) -> Any:  # noqa: ANN401 — pyarrow publishes no types
    import pyarrow as pa

    return {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "share": pa.float64(),
        "percent": pa.float64(),
        "money": pa.decimal128(_MONEY_DIGITS, _MONEY_PLACES),
        "moment": pa.timestamp("us", tz="UTC"),
        "day": pa.date32(),
        "flag": pa.bool_(),
    }[kind]


def _arrow_values(values: list[Any], kind: Kind) -> list[Any]:
    if kind != "money":
        return values
    return [None if value is None else round(value, _MONEY_PLACES) for value in values]


def xlsx(table: Table) -> Iterator[bytes]:
    with SpooledTemporaryFile(_IN_MEMORY) as file:
        workbook.write(table, file)
        yield from _pieces(file)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(65_536):
        yield piece


FORMATS: dict[FormatName, ExportFormat] = {
    "csv": ExportFormat("text/csv", csv_pieces),
    "json": ExportFormat("application/json", json_pieces),
    "parquet": ExportFormat("application/vnd.apache.parquet", parquet),
    "xlsx": ExportFormat("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx),
}
