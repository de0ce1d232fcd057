"""What people and programs may ask and tell about domains; checked here for every front door."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from data.domains.rules import FACTORS, Tone
from data.domains.streams import Availability, Lifecycle, SourceKind
from data.fields import Domain as DomainName
from data.fields import Line, Url, Word

Sort = Literal["value", "score", "authority", "expires", "name"]


Weight = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]


class DomainPath(BaseModel):
    domain_name: DomainName


class OneDomain(BaseModel):
    model_config = ConfigDict(extra="forbid")

    domain_name: DomainName


class HunterFilters(BaseModel):
    """Which domains: `q` is a part of the name, `tld` its ending, `within_days` those that expire or drop by then."""

    model_config = ConfigDict(extra="forbid")

    availability: list[Availability] = Field(["available", "expired"], max_length=4)
    lifecycle: Lifecycle | None = None
    q: Annotated[Line, Field(max_length=60)] | None = None
    tld: Annotated[Word, Field(max_length=63)] | None = None
    min_value: float | None = Field(None, ge=0, le=1e12, allow_inf_nan=False)
    max_value: float | None = Field(None, ge=0, le=1e12, allow_inf_nan=False)
    min_authority: int | None = Field(None, ge=0, le=100)
    max_spam: int | None = Field(None, ge=0, le=100)
    within_days: int | None = Field(None, ge=0, le=3650)
    watched: bool = False
    clean: bool = Field(False, description="Only those that fail no gate")
    sort: Sort = "value"

    @model_validator(mode="before")
    @classmethod
    def _one_is_a_list(cls, data: object) -> object:
        if isinstance(data, dict) and isinstance(data.get("availability"), str):
            return data | {"availability": [data["availability"]]}
        return data


class MentionFilters(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    brand: Word | None = None
    source_kind: SourceKind | None = None
    tone: Tone | None = None
    domain_name: DomainName | None = None


class MentionDays(BaseModel):
    """What narrows counts of days: they know nothing of single mentions."""

    model_config = ConfigDict(extra="forbid")

    brand: Word | None = None
    source_kind: SourceKind | None = None


class Weights(BaseModel):
    """Of each factor, 0 to 100; only their proportion counts."""

    model_config = ConfigDict(extra="forbid")

    authority: Weight
    referring_domains: Weight
    link_authority: Weight
    cleanliness: Weight
    age: Weight
    name: Weight

    @model_validator(mode="after")
    def _something_counts(self) -> Weights:
        if not any(self.by_name().values()):
            raise ValueError("one weight must be above 0")
        return self

    def by_name(self) -> dict[str, float]:
        return {name: getattr(self, name) for name in FACTORS}


class Watch(BaseModel):
    model_config = ConfigDict(extra="forbid")

    note: Annotated[Line, Field(max_length=500)] = ""


class Brand(BaseModel):
    """`words` are looked for in feeds, as whole words in any case; without them the brand's own name is."""

    model_config = ConfigDict(extra="forbid")

    words: list[Annotated[Word, Field(min_length=2)]] = Field(default_factory=list, max_length=20)
    domain_name: DomainName | None = None


class Feed(BaseModel):
    model_config = ConfigDict(extra="forbid")

    url: Annotated[Url, Field(max_length=2048)]
    source_kind: SourceKind = "news"
