"""What may be asked of the paid APIs: one form a query type, and the identity of a query for the cache."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import orjson
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from data.errors import BadInput
from data.fields import Line, Url
from data.hosts import parse_host
from data.quotas.catalogue.records import QUERY_TYPES, QueryType

_NAME = re.compile(r"(?=.{3,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")

Priority = Literal["low", "normal", "high", "critical"]
PRIORITY_RANK: dict[Priority, int] = {"low": 0, "normal": 1, "high": 2, "critical": 3}


def _priority(value: object) -> object:
    """A mission's scale is understood too: 10 critical, 8 and 9 high, 4 to 7 normal, less low."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 10:
        return value
    return "critical" if value == 10 else "high" if value >= 8 else "normal" if value >= 4 else "low"


AnyPriority = Annotated[
    Priority,
    BeforeValidator(_priority, json_schema_input_type=Priority | Annotated[int, Field(ge=1, le=10)]),
]


def _domain(value: str) -> str:
    name = parse_host(value).rstrip(".")
    if not _NAME.fullmatch(name):
        raise ValueError("must be a domain name such as acme.io")
    return name


Domain = Annotated[Line, Field(max_length=253), AfterValidator(_domain)]
Words = Annotated[Line, Field(min_length=1, max_length=500), AfterValidator(lambda text: " ".join(text.split()))]


class _Params(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Search(_Params):
    """A results page: `num` results for people in `country` who read `language` (two letters each)."""

    q: Words
    country: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "us"
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"
    num: int = Field(10, ge=1, le=100)


class OfDomain(_Params):
    domain: Domain


class Page(_Params):
    """A fetched page; `js` renders it in a browser, `proxy` says from where."""

    url: Url
    js: bool = False
    proxy: Literal["datacenter", "residential", "stealth"] = "datacenter"
    country: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "us"


_PARAMS: dict[QueryType, type[_Params]] = {
    "search": Search,
    "contact": OfDomain,
    "company": OfDomain,
    "technology": OfDomain,
    "page": Page,
    "dns": OfDomain,
    "whois": OfDomain,
}


assert set(_PARAMS) == set(QUERY_TYPES)  # noqa: S101 — a type without a form could not be asked


@dataclass(frozen=True, slots=True)
class Query:
    """A checked query; two that ask the same have the same `digest`."""

    query_type: QueryType
    params: dict[str, Any]

    @property
    def digest(self) -> str:
        """128 bits, hexadecimal."""
        asked = orjson.dumps([self.query_type, self.params], option=orjson.OPT_SORT_KEYS)
        return hashlib.blake2b(asked, digest_size=16).hexdigest()


def parse_query(query_type: QueryType, params: dict[str, Any]) -> Query:
    """Raises BadInput that names each wrong parameter."""
    try:
        return Query(query_type, _PARAMS[query_type].model_validate(params).model_dump(mode="json"))
    except ValidationError as error:
        errors = error.errors(include_url=False, include_context=False, include_input=False)
        names = ", ".join(sorted({".".join(map(str, one["loc"])) for one in errors}))
        raise BadInput(
            f"A {query_type} query does not fit: params.{names}",
            errors=[{"loc": ["params", *one["loc"]], "msg": one["msg"][:300]} for one in errors],
        ) from None
