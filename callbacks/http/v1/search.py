"""Any entity by what a person remembers of it, for the palette and for programs."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field

from callbacks.web.api import actor, blueprint, db, needs
from data import search
from data.permissions import Permission

api = blueprint("search", "Search")


def _typed(value: str) -> str:
    if "\x00" in value or not value.strip():
        raise ValueError("must hold something to look for")
    return value


class SearchQuery(BaseModel):
    q: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_typed)]


class FoundEntity(BaseModel):
    kind: str
    title: str
    detail: str
    href: str = Field(description="Where it is shown")


class FoundEntities(BaseModel):
    items: list[FoundEntity]
    next_cursor: None = None


@api.get("/search", summary="Missions, satellites, domains and more by name", responses={200: FoundEntities})
@needs(Permission.LIVE_READ)
def search_entities(query: SearchQuery) -> dict[str, Any]:
    return {"items": search.find(db(), actor(), query.q), "next_cursor": None}
