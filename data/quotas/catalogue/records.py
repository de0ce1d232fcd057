"""The providers' records: the defaults in catalogue.yaml, the copy that administrators edit in `api_providers`."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

import orjson
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from sqlalchemy import text

from data.access.writes import audit
from data.errors import BadInput
from data.fields import AnyMoment, Line, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row

    from data.errors import FieldError
    from data.permissions import Actor

_DEFAULTS = Path(__file__).with_name("catalogue.yaml")

QueryType = Literal["search", "contact", "company", "technology", "page", "dns", "whois"]
QUERY_TYPES: tuple[QueryType, ...] = ("search", "contact", "company", "technology", "page", "dns", "whois")
Window = Literal["monthly", "daily", "trial", "none"]
Reset = Literal["calendar", "anniversary", "unix", "none"]
Units = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2, allow_inf_nan=False)]
Whole = Annotated[int, Field(ge=-(2**53), le=2**53)]
_NO_RESET = ("trial", "none")


class CostRule(BaseModel):
    """What a call costs whose parameters have all these values."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    when: dict[Word, Line | bool | Whole] = Field(min_length=1, max_length=8)
    cost: Units


class Cost(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    base: Units
    rules: tuple[CostRule, ...] = Field((), max_length=20)

    def of(self, params: dict[str, Any]) -> Decimal:
        """Units for one call: the first rule whose parameters all agree, else the base."""
        for rule in self.rules:
            if all(params.get(name) == value for name, value in rule.when.items()):
                return rule.cost
        return self.base


class Provider(BaseModel):
    """One record of the catalogue; the comments in catalogue.yaml say what each field means."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    provider: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]
    title: Annotated[Line, Field(min_length=1, max_length=60)]
    unit: Annotated[Word, Field(max_length=20)]
    quota: Units | None
    window: Window
    reset: Reset
    reset_day: Annotated[int, Field(ge=1, le=28)] | None = None
    cost: Cost
    billed_on: Literal["success", "all"]
    truth: Literal["account_api", "response_body", "header", "ledger"]
    query_types: tuple[QueryType, ...] = Field(min_length=1, max_length=len(QUERY_TYPES))
    quality: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
    cache_seconds: Annotated[int, Field(ge=0, le=366 * 86_400)]
    concurrency: Annotated[int, Field(ge=1, le=1000)]
    per_second: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)] | None = None
    timeout_s: Annotated[float, Field(gt=0, le=20, allow_inf_nan=False)]
    unit_price: Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=6, allow_inf_nan=False)] | None = None
    state: Literal["active", "disabled", "retired"] = "active"
    drill_until: AnyMoment | None = Field(None, exclude=True)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.window in _NO_RESET) != (self.reset == "none"):
            raise ValueError("a trial and an unlimited provider have reset: none, all others have a reset")
        if self.window == "daily" and self.reset == "anniversary":
            raise ValueError("a daily window has no anniversary")
        if (self.reset == "anniversary") != (self.reset_day is not None):
            raise ValueError("reset_day belongs to reset: anniversary, and to nothing else")
        return self


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    providers: list[Provider] = Field(max_length=100)


@cache
def default_providers() -> tuple[Provider, ...]:
    return tuple(_File.model_validate(yaml.safe_load(_DEFAULTS.read_text(encoding="utf-8"))).providers)


def list_providers(connection: Connection) -> list[Provider]:
    """Every provider, in the order of the catalogue; one that the table does not know yet is as it comes."""
    rows = _rows(connection)
    known, places = {row.provider: _provider(row) for row in rows}, {row.provider: row.position for row in rows}
    known |= {each.provider: each for each in _missing(rows)}
    places |= {each.provider: place for place, each in enumerate(default_providers()) if each.provider not in places}
    return sorted(known.values(), key=lambda each: (places[each.provider], each.provider))


def save_missing_providers(connection: Connection) -> None:
    """Add what the table does not know yet: before anything is written that names a provider."""
    for each in _missing(_rows(connection)):
        _insert(connection, each, position=default_providers().index(each))


def _missing(rows: Sequence[Row[Any]]) -> list[Provider]:
    known = {row.provider for row in rows}
    return [each for each in default_providers() if each.provider not in known]


def _rows(connection: Connection) -> Sequence[Row[Any]]:
    return connection.execute(text("select * from api_providers order by position, provider")).all()


def _provider(row: Row[Any]) -> Provider:
    """A stored record was checked on its way in."""
    return Provider.model_construct(
        provider=row.provider,
        title=row.title,
        unit=row.unit,
        quota=row.quota,
        window=row.quota_window,
        reset=row.reset_rule,
        reset_day=row.reset_day,
        cost=Cost.model_validate(row.cost),
        billed_on=row.billed_on,
        truth=row.truth,
        query_types=tuple(row.query_types),
        quality=row.quality,
        cache_seconds=row.cache_seconds,
        concurrency=row.concurrency,
        per_second=row.per_second,
        timeout_s=row.timeout_s,
        unit_price=row.unit_price,
        state=row.state,
        drill_until=row.drill_until,
    )


def _insert(connection: Connection, each: Provider, *, position: int) -> None:
    connection.execute(
        text("""
        insert into api_providers (provider, title, position, unit, quota, quota_window, reset_rule, reset_day, cost,
          billed_on, truth, query_types, quality, cache_seconds, concurrency, per_second, timeout_s, unit_price, state)
        values (:provider, :title, :position, :unit, :quota, :window, :reset, :reset_day, cast(:cost as jsonb),
          :billed_on, :truth, :query_types, :quality, :cache_seconds, :concurrency, :per_second, :timeout_s,
          :unit_price, :state) on conflict do nothing"""),
        _values(each) | {"position": position},
    )


def _values(each: Provider) -> dict[str, Any]:
    cost = orjson.dumps(each.cost.model_dump(mode="json"), default=str).decode()
    return each.model_dump() | {"cost": cost, "query_types": list(each.query_types)}


def edit(connection: Connection, actor: Actor, changes: Sequence[dict[str, Any]]) -> list[Provider]:
    """Change fields of known providers, all or nothing. Raises BadInput that names each wrong field."""
    save_missing_providers(connection)
    known = {each.provider: each for each in list_providers(connection)}
    for each in _validate(known, changes):
        changed = _changed_fields(known, each)
        if not changed:
            continue
        connection.execute(
            text("""
            update api_providers set title = :title, unit = :unit, quota = :quota, quota_window = :window,
              reset_rule = :reset, reset_day = :reset_day, cost = cast(:cost as jsonb), billed_on = :billed_on,
              truth = :truth, query_types = :query_types, quality = :quality, cache_seconds = :cache_seconds,
              concurrency = :concurrency, per_second = :per_second, timeout_s = :timeout_s,
              unit_price = :unit_price, state = :state, edited_at = now(), edited_by = :by
            where provider = :provider"""),
            _values(each) | {"by": actor.name},
        )
        audit(connection, actor, "quotas.edit", ("provider", each.provider), detail=changed)
    return list_providers(connection)


def edit_yaml(connection: Connection, actor: Actor, document: str) -> list[Provider]:
    """Change providers by a document of catalogue.yaml's form. Raises BadInput that names line or field."""
    try:
        parsed = yaml.safe_load(document)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise BadInput.field("yaml", msg=f"{where}{getattr(error, 'problem', None) or 'is no YAML'}") from None
    except RecursionError:
        raise BadInput.field("yaml", msg="is nested too deeply") from None
    changes = parsed.get("providers") if isinstance(parsed, dict) else None
    if not isinstance(changes, list) or not all(isinstance(each, dict) for each in changes):
        raise BadInput.field("providers", msg="must be a list of records")
    return edit(connection, actor, changes)


def to_yaml(providers: Sequence[Provider]) -> str:
    """The records as a document of catalogue.yaml's form, for the editor."""
    plain = [{name: _to_json(value) for name, value in each.model_dump().items()} for each in providers]
    return yaml.safe_dump({"providers": plain}, sort_keys=False, allow_unicode=True, width=110)


def _to_json(value: Any) -> Any:  # noqa: ANN401 — what a record's field may hold
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {name: _to_json(inner) for name, inner in value.items()}
    return [_to_json(inner) for inner in value] if isinstance(value, list | tuple) else value


def _validate(known: dict[str, Provider], changes: Sequence[dict[str, Any]]) -> list[Provider]:
    errors: list[FieldError] = []
    checked: list[Provider] = []
    for index, change in enumerate(changes):
        before = known.get(str(change.get("provider")))
        if before is None:
            msg = f"is none of {', '.join(known)}"
            errors.append({"loc": ["providers", index, "provider"], "msg": msg})
            continue
        try:
            checked.append(Provider.model_validate(before.model_dump() | change))
        except ValidationError as error:
            errors += [
                {"loc": ["providers", index, *one["loc"]], "msg": one["msg"][:300]}
                for one in error.errors(include_url=False, include_context=False, include_input=False)
            ]
    if errors:
        where = ", ".join(sorted({".".join(map(str, one["loc"])) for one in errors}))
        raise BadInput(f"Wrong: {where}: {errors[0]['msg']}", errors=errors)
    return checked


def _changed_fields(known: dict[str, Provider], each: Provider) -> dict[str, Any]:
    before, after = _to_json(known[each.provider].model_dump()), _to_json(each.model_dump())
    return {name: {"was": before[name], "is": value} for name, value in after.items() if before[name] != value}
