"""The kinds of values that rows are made of. What they refuse could be stored by nobody, or would poison a roll-up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from operator import attrgetter
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Union, get_args, get_origin, get_type_hints

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from data import hosts, urls
from data.serialization import unstorable

if TYPE_CHECKING:
    from collections.abc import Callable

FUTURE_TOLERANCE = timedelta(minutes=5)
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_EXTRA_BYTES = 8192
_EXTRA_DEPTH = 16
_URL_LENGTH = 8192  # 2,048 letters beyond ASCII are several times as long


def _no_nul(value: str) -> str:
    if "\x00" in value:
        raise ValueError("holds a NUL character")
    return value


def _visible(value: str) -> str:
    """The name without the blanks around it."""
    if not any(letter.isprintable() and not letter.isspace() for letter in value):
        raise ValueError("must not be blank")
    return value.strip()


def _any_moment(value: datetime) -> datetime:
    try:
        moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError:  # the last hours of the year 9999, west of us
        raise ValueError("must be between 1990 and 2200") from None
    if not _EARLIEST <= moment <= _LATEST:
        raise ValueError("must be between 1990 and 2200")
    return moment


def _past(value: datetime) -> datetime:
    moment = _any_moment(value)
    if moment > datetime.now(UTC) + FUTURE_TOLERANCE:
        raise ValueError("lies in the future by more than 5 minutes")
    return moment


def _address(value: str) -> str:
    return _short(urls.parse(value))


def _place(value: str) -> str:
    return _short(urls.parse(value, fragment=True))


def _short(url: str) -> str:
    if len(url) > _URL_LENGTH:
        raise ValueError(f"is longer than {_URL_LENGTH} characters once its letters are escaped")
    return url


def check_json(value: dict[str, Any]) -> bytes:
    """The value as JSON; raises ValueError when it is too large, too deep, or holds what no JSON column takes."""
    try:
        packed = orjson.dumps(value)
    except TypeError:
        packed = b"null"
    if _may_hold_a_fault(packed) and (fault := unstorable(value, _EXTRA_DEPTH)):
        raise ValueError(" ".join((".".join(map(str, fault[0])), fault[1])).strip())
    if len(packed) > _EXTRA_BYTES:
        raise ValueError(f"is larger than {_EXTRA_BYTES} bytes")
    return packed


def _may_hold_a_fault(packed: bytes) -> bool:
    """Whether it is worth a look at every value: NaN is written as null, a level opens with a bracket."""
    return b"null" in packed or b"\\u0000" in packed or packed.count(b"{") + packed.count(b"[") > _EXTRA_DEPTH


def _storable(value: dict[str, Any]) -> dict[str, Any]:
    check_json(value)
    return value


@dataclass(frozen=True, slots=True)
class Column:
    """In an annotation: the column's type, where it is not the usual one of its Python type."""

    type: str


_USUAL = {
    str: "text",
    bool: "boolean",
    int: "bigint",
    float: "float8",
    Decimal: "numeric",
    datetime: "timestamptz",
    dict: "jsonb",
    list: "text[]",
}


class stored(property):  # noqa: N801 — used as a decorator, like property
    """A column that is made of a row's other values: `@stored` over a method of its name; its type is that of the
    method's answer."""


Word = Annotated[str, Field(min_length=1, max_length=128), AfterValidator(_no_nul)]
Name = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_no_nul), AfterValidator(_visible)]
Label = Annotated[Word, AfterValidator(_visible)]  # a word that people give and read
Line = Annotated[str, Field(max_length=2000), AfterValidator(_no_nul)]
_Typed = Annotated[str, Field(min_length=1, max_length=2048), AfterValidator(_no_nul)]
# Names and addresses come out in the one spelling that is stored. A place may be a part of a page: `#comment-7`.
Domain = Annotated[_Typed, AfterValidator(hosts.parse_domain)]
Site = Annotated[_Typed, AfterValidator(hosts.parse_site)]
Url = Annotated[_Typed, AfterValidator(_address)]
Place = Annotated[_Typed, AfterValidator(_place)]
Moment = Annotated[datetime, AfterValidator(_past)]
AnyMoment = Annotated[datetime, AfterValidator(_any_moment)]
Number = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Score = Annotated[int, Field(ge=0, le=100), Column("smallint")]
Count = Annotated[int, Field(ge=0, le=2**53)]
Json = Annotated[dict[str, Any], AfterValidator(_storable)]


class Row(BaseModel):
    """One row of a stream. Its fields and its `@stored` methods are the columns of the stage, in that order; fields
    that the stream does not know are kept in the column `extra`, where there is one (`keeps_extra`)."""

    model_config = ConfigDict(extra="allow")

    keeps_extra: ClassVar[bool] = True

    event_id: Word | None = None

    @model_validator(mode="after")
    def _bounded_extra(self) -> Row:
        if self.model_extra:
            check_json(self.model_extra)
        return self

    @classmethod
    def columns(cls) -> dict[str, str]:
        """The columns of the stage, each with its type in PostgreSQL."""
        return _columns(cls)

    def values(self) -> tuple[Any, ...]:
        """One value a column, in their order, as COPY takes it."""
        read, packed = _readers(type(self))
        values = list(read(self))
        for place in packed:
            if values[place] is not None:
                values[place] = orjson.dumps(values[place]).decode()
        return tuple(values)

    def more(self) -> dict[str, Any] | None:
        """What the stream does not know, for the column `extra`."""
        return self.model_extra or None


@cache
def _columns(row: type[Row]) -> dict[str, str]:
    hints = get_type_hints(row, include_extras=True)
    columns = {name: _column_type(hints[name]) for name in row.model_fields if name != "event_id"}
    made = {name: value for name, value in vars(row).items() if isinstance(value, stored)}
    for name, value in made.items():
        columns[name] = _column_type(get_type_hints(value.fget, include_extras=True)["return"])
    return columns | ({"extra": "jsonb"} if row.keeps_extra else {})


@cache
def _readers(row: type[Row]) -> tuple[Callable[[Row], tuple[Any, ...]], tuple[int, ...]]:
    """What reads a row's columns, and the places of those that are JSON."""
    columns = _columns(row)

    def read(one: Row) -> tuple[Any, ...]:
        return (*own(one), one.more()) if row.keeps_extra else own(one)

    own = attrgetter(*(name for name in columns if name != "extra"))
    return read, tuple(at for at, kind in enumerate(columns.values()) if kind == "jsonb")


def _column_type(hint: Any) -> str:  # noqa: ANN401 — an annotation is whatever typing makes of it
    """The type that an annotation names with `Column`, else the usual one of its Python type; None beside it or not."""
    if get_origin(hint) is Annotated:
        named = [part.type for part in hint.__metadata__ if isinstance(part, Column)]
        return named[-1] if named else _column_type(hint.__origin__)
    inner = [part for part in get_args(hint) if part is not type(None)]
    if get_origin(hint) in (Union, UnionType):
        return _column_type(inner[0])
    if get_origin(hint) is Literal:
        return _USUAL[type(inner[0])]
    return _USUAL[get_origin(hint) or hint]
