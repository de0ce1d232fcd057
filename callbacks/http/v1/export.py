"""Every table as a file. What can be had is a registry that the areas fill; who may have it each dataset says."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Any, get_args

from flask import Flask, Response, current_app, request
from pydantic import BaseModel, Field, ValidationError

from callbacks.web.api import actor, blueprint, db, needs, release
from callbacks.web.export_formats import FORMATS, FormatName
from callbacks.web.guard import deny
from callbacks.web.time_range import TimeRangeQuery
from data import clock, exports
from data.errors import BadInput, NotFound
from data.exports import MOST_ROWS, ROWS, Dataset, ExportRequest, Kind, Registry, Table
from data.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.datastructures import MultiDict

api = blueprint("export", "Exports")

_EXTENSION = "mission_control_exports"
_OWN = ("from", "to", "limit")
_SUBJECTS = ("target", "domain_name", "provider", "brand")
_LONGEST_PART, _MOST_PARTS = 40, 6


class ExportPath(BaseModel):
    dataset: str = Field(min_length=1, max_length=100)
    form: str = Field(min_length=1, max_length=20, description="One of: " + ", ".join(FORMATS))


class ExportQuery(TimeRangeQuery):
    limit: int = Field(ROWS, ge=1, le=MOST_ROWS)


class Offered(BaseModel):
    name: str
    title: str
    columns: dict[str, Kind]
    titles: dict[str, str]
    filters: list[str]
    dated: bool


class Offer(BaseModel):
    items: list[Offered]
    next_cursor: None


def register(server: Flask, *datasets: Dataset) -> None:
    """Offer these datasets."""
    registry = Registry()
    registry.add(*datasets)
    server.extensions[_EXTENSION] = registry
    server.register_api(api)  # type: ignore[attr-defined]


def _registry() -> Registry:
    registry: Registry = current_app.extensions[_EXTENSION]
    return registry


@api.get("/export", summary="What can be exported", responses={200: Offer})
@needs(Permission.EXPORTS_READ)
def offer() -> dict[str, Any]:
    """The datasets that the caller may read."""
    allowed = [each for each in _registry().datasets.values() if actor().may(each.permission)]
    items = [
        {
            "name": each.name,
            "title": each.title,
            "columns": {name: column.kind for name, column in each.columns.items()},
            "titles": {name: column.title for name, column in each.columns.items()},
            "filters": list(each.filters.model_fields),
            "dated": each.dated,
        }
        for each in sorted(allowed, key=lambda each: each.name)
    ]
    return {"items": items, "next_cursor": None}


_FILES: dict[str, Any] = {"content": {each.mimetype: {"schema": {}} for each in FORMATS.values()}}


@api.get(
    "/export/<dataset>.<form>",
    summary="A dataset as a file",
    description=(
        "CSV, JSON, Parquet or XLSX, of the last 30 days unless told otherwise. A dataset's own filters are parameters "
        "too; `GET /api/v1/export` lists them. `Export-Complete: no` says that the limit cut rows off, "
        "`Export-Simulated: yes` that a simulator made some; the file's name and its column `simulated` say so too."
    ),
    responses={200: _FILES},
)
@needs(Permission.EXPORTS_READ)
def export(path: ExportPath, query: ExportQuery) -> Response:
    form = _form(path.form)
    dataset = _registry().find(path.dataset)
    if not actor().may(dataset.permission):
        raise deny(dataset.permission)
    export_request = _export_request(dataset, query)
    table = exports.read(db(), dataset, export_request, clock.now())
    release()  # a large file is long in the making
    export_format = FORMATS[form]
    response = Response(export_format.write(table), mimetype=export_format.mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(table, form)}"'
    response.headers["Export-Complete"] = "no" if table.cut else "yes"
    response.headers["Export-Simulated"] = "yes" if table.simulated else "no"
    response.headers["Cache-Control"] = "no-store"
    return response


def _form(name: str) -> FormatName:
    for form in get_args(FormatName):
        if form == name:
            known: FormatName = form
            return known
    raise NotFound(f"There is no form {name!r}: the forms are {', '.join(FORMATS)}")


def _export_request(dataset: Dataset, query: ExportQuery) -> ExportRequest:
    """What the address asks for. Raises BadInput that names the parameter."""
    if not dataset.dated and (given := [name for name in ("from", "to") if name in request.args]):
        raise BadInput.field(given[0], msg=f"{dataset.name} is as it is now and takes no range")
    span = query.span(clock.now(), usual=dataset.usual_from)
    return ExportRequest(span, _filters(dataset, request.args), query.limit)


def _filters(dataset: Dataset, given: MultiDict[str, str]) -> BaseModel:
    """A parameter that stands there several times is a list."""
    values = {name: several if len(several) > 1 else several[0] for name, several in given.lists() if name not in _OWN}
    try:
        return dataset.filters.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        known = ", ".join((*_OWN, *dataset.filters.model_fields))
        where = ".".join(str(part)[:60] for part in first["loc"])
        raise BadInput.field(where or "query", msg=f"{first['msg'][:200]} (parameters: {known})") from None


def file_name(table: Table, form: FormatName) -> str:
    """mission-control_<dataset>_<filters>_<from>_<to>_UTC_SIMULATION.<form>; what has no range carries the moment."""
    span = table.span or (exports.stamp(table.as_of),)
    at = [re.sub(r":\d\d(?=Z$)|:", "", words) for words in span]
    mark = ["SIMULATION"] if table.simulated else []
    return "_".join(("mission-control", table.dataset.name, *_named(table.filters), *at, "UTC", *mark)) + f".{form}"


def _named(filters: Mapping[str, str]) -> list[str]:
    """Filters as parts of a file's name: whose it is by itself, others with their names. What is no plain word, or
    long, stands for itself as a number."""
    parts = []
    for name, value in filters.items():
        words = re.sub(r"[^A-Za-z0-9.-]+", "-", value).strip("-.")
        plain = words if value.isascii() and 0 < len(words) <= _LONGEST_PART else f"{zlib.crc32(value.encode()):08x}"
        parts.append(plain if name in _SUBJECTS else f"{name}-{plain}")
    return parts[:_MOST_PARTS]
