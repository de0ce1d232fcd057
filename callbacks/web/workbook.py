"""A table as a workbook: typed cells below a frozen header in words, and a sheet that says what they are."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from math import ceil
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from data.exports import Column, Kind, Table

_LONGEST_CELL = 32_767  # characters, in a workbook
_MEASURED, _NARROWEST, _WIDEST = 500, 6, 46  # rows looked at for the width of a column; characters
_FILTER_MARK = 2  # characters that the arrow of the auto filter covers
_A4, _A3, _ON_A4, _ON_A3 = 9, 8, 170, 240  # paper sizes of the format; as many characters can be read on a page
_NARROW = 24  # characters of a text column where there are too many
_LINE, _MOST_LINES = 15, 20  # points of a line, lines of a row
_OPTIONS = {"constant_memory": True, "remove_timezone": True, "strings_to_formulas": False, "strings_to_urls": False}
_MASKS: dict[Kind, str] = {
    "integer": "#,##0",
    "money": "#,##0.00",
    "share": "0.0%",
    "percent": "0.0%",
    "moment": "yyyy-mm-dd hh:mm",
    "day": "yyyy-mm-dd",
    "flag": '"TRUE";"TRUE";"FALSE"',  # Excel needs none, others show 1 and 0 without
}
_WIDTHS: dict[Kind, int] = {"moment": 17, "day": 11, "flag": 8, "share": 7, "percent": 7}
_LEFT: tuple[Kind, ...] = ("text", "moment", "day", "flag")


def write(table: Table, file: IO[bytes]) -> None:
    from xlsxwriter import Workbook

    with Workbook(file, _OPTIONS) as book:
        _rows_sheet(book, table)
        _said_sheet(book, table)


def _rows_sheet(book: Any, table: Table) -> None:  # noqa: ANN401 — XlsxWriter publishes no types
    sheet = book.add_worksheet(table.dataset.name[:31])
    columns = list(table.dataset.columns.values())
    formats = [book.add_format({"num_format": _mask(column), "valign": "top", **_place(column)}) for column in columns]
    widths = _widths(table)
    for at, (column, width) in enumerate(zip(columns, widths, strict=True)):
        sheet.set_column(at, at, width)
        side = "left" if column.kind in _LEFT else "right"
        heading = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "align": side}
        heading |= {"indent": 1} if side == "left" else {}
        sheet.write_string(0, at, column.title, book.add_format(heading))
    sheet.set_row(0, _LINE * max(_lines(column, width) for column, width in zip(columns, widths, strict=True)))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, table.rows), len(columns) - 1)
    _printed(sheet, table, sum(widths))
    number = 0
    for rows in table.pieces():
        for row in rows:
            number += 1
            if (high := _height(row, widths)) > 1:
                sheet.set_row(number, _LINE * high)
            for at, value in enumerate(row):
                _cell(sheet, (number, at), _shown(value, columns[at]), formats[at])


def _height(row: tuple[Any, ...], widths: list[int]) -> int:
    """The lines that the longest text of a row takes, as far as a page can hold them."""
    texts = ((value, width) for value, width in zip(row, widths, strict=True) if isinstance(value, str))
    return min(_MOST_LINES, max((ceil(len(value) / (width - 2)) for value, width in texts), default=1))


def _mask(column: Column) -> str:
    if column.kind == "number":
        return "#,##0." + "0" * column.places if column.places else "#,##0"
    return _MASKS.get(column.kind, "@")


def _place(column: Column) -> dict[str, Any]:
    """Text stands apart from the numbers before it."""
    left = {"align": "left", "indent": 1}
    return left | {"text_wrap": True} if column.kind == "text" else left if column.kind in _LEFT else {}


def _widths(table: Table) -> list[int]:
    columns = table.dataset.columns.values()
    widths = [_width(column, values) for column, values in zip(columns, table.values.values(), strict=True)]
    if sum(widths) <= _ON_A3:
        return widths
    return [min(width, _NARROW) if each.kind == "text" else width for each, width in zip(columns, widths, strict=True)]


def _width(column: Column, values: list[Any]) -> int:
    """As wide as what stands in it, and as the longest word above it."""
    known = [len(_as_read(value, column)) for value in values[:_MEASURED] if value is not None]
    within = max(max(known) + 2, _WIDTHS.get(column.kind, 0)) if known else 0
    above = max(map(len, column.title.split())) + _FILTER_MARK + 1
    return min(max(within, above, _NARROWEST), _WIDEST)


def _lines(column: Column, width: int) -> int:
    """That the words above a column take."""
    lines, left = 1, width - _FILTER_MARK
    for word in map(len, column.title.split()):
        if word > left and left < width - _FILTER_MARK:
            lines, left = lines + 1, width - _FILTER_MARK
        left -= word + 1
    return lines


def _as_read(value: Any, column: Column) -> str:  # noqa: ANN401 — a cell
    match column.kind:
        case "text":
            return str(value)
        case "integer":
            return f"{value:,}"
        case "number" | "money":
            return f"{value:,.2f}"
        case _:
            return ""


def _shown(value: Any, column: Column) -> Any:  # noqa: ANN401 — a cell
    return value / 100 if column.kind == "percent" and value is not None else value


def _printed(sheet: Any, table: Table, characters: int) -> None:  # noqa: ANN401 — XlsxWriter publishes no types
    """Landscape, as wide as the paper, the header on each page; what a simulator made says so on each, too."""
    sheet.set_landscape()
    sheet.set_paper(_A4 if characters <= _ON_A4 else _A3)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
    title = table.dataset.title.replace("&", "&&")
    sheet.set_header(f"&L&B{title}&R" + ("&BSIMULATION" if table.simulated else ""))
    sheet.set_footer(f"&LMission Control · {table.metadata.get('range', table.metadata['as_of'])}&RPage &P of &N")


def _cell(sheet: Any, place: tuple[int, int], value: Any, form: Any) -> None:  # noqa: ANN401 — XlsxWriter's own
    """A text is written as text whatever it begins with: it is never a formula, a link or a number."""
    match value:
        case None:
            return
        case str():
            sheet.write_string(*place, value[:_LONGEST_CELL], form)
        case bool():
            sheet.write_boolean(*place, value, form)
        case int() | float() | Decimal():
            sheet.write_number(*place, value, form)
        case _:
            sheet.write_datetime(*place, value.replace(microsecond=0) if isinstance(value, datetime) else value, form)


def _said_sheet(book: Any, table: Table) -> None:  # noqa: ANN401 — XlsxWriter publishes no types
    sheet = book.add_worksheet("Read me")
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    wrapped, bold = book.add_format({"text_wrap": True, "valign": "top"}), book.add_format({"bold": True})
    filters = {f"filter: {name}": value for name, value in table.filters.items()}
    lines = {"title": table.dataset.title, **table.metadata, **filters, "source": "Mission Control"}
    for row, (name, words) in enumerate(lines.items()):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, words[:_LONGEST_CELL], wrapped)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
