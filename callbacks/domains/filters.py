"""The filters of the Domains page, from its address; what makes no sense is left out, and said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from components.domains.layout import HUNTED, MENTIONED
from components.kit import notices
from data.domains.inputs import DomainPath, HunterFilters, MentionFilters

if TYPE_CHECKING:
    from components.kit.address import Address
    from components.kit.notices import Known

FILTERS: Known = dict.fromkeys((*HUNTED, *MENTIONED, "value"), "one") | {"status": "several"}
Filters = TypeVar("Filters", bound=BaseModel)


def hunter_filters(here: Address) -> HunterFilters:
    return _filters(HunterFilters, _hunted(here))[0]


def mention_filters(here: Address) -> MentionFilters:
    return _filters(MentionFilters, _mentioned(here))[0]


def faults(here: Address) -> list[str]:
    """What the filters of the address ask for in vain."""
    wrong = _filters(HunterFilters, _hunted(here))[1] | _filters(MentionFilters, _mentioned(here))[1]
    if here.value("value"):
        wrong |= _filters(DomainPath, {"domain_name": here.value("value")})[1]
    words = HUNTED | MENTIONED | {"value": "domain_name", "status": "availability"}
    names = {field: word for word, field in words.items()}
    return [notices.left_out(f"{names.get(field, field)}: {why}") for field, why in wrong.items()]


def _hunted(here: Address) -> dict[str, Any]:
    given: dict[str, Any] = {field: here.value(word) for word, field in HUNTED.items()}
    return given | {"availability": list(here.values("status"))}


def _mentioned(here: Address) -> dict[str, Any]:
    return {field: here.value(word) for word, field in MENTIONED.items()}


def _filters(kind: type[Filters], given: dict[str, Any]) -> tuple[Filters, dict[str, str]]:
    """What was given as far as it makes sense, and why the rest, by field, makes none."""
    kept = {name: value for name, value in given.items() if value not in (None, "", [])}
    wrong: dict[str, str] = {}
    while True:
        try:
            return kind.model_validate(kept), wrong
        except ValidationError as error:
            found = {str(one["loc"][0]): one["msg"].removeprefix("Value error, ") for one in error.errors()}
            wrong |= {name: why[:1].lower() + why[1:] for name, why in found.items()}
            kept = {name: value for name, value in kept.items() if name not in found}
