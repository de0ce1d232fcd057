"""What every kind of channel is: the fields it is made of, the request it makes of a message, what an answer means."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from data import urls
from data.alerts.delivery.retries import Fate, Outcome, outcome_of_status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from email.message import EmailMessage


def _web(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    return urls.parse(value)


WebUrl = Annotated[str, Field(min_length=1, max_length=2048), AfterValidator(_web)]


class Fields(BaseModel):
    """The fields of a kind. Those that are `SECRET` are never shown again."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Post:
    """An HTTP request. It holds secrets: never written anywhere."""

    url: str = field(repr=False)
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Mail:
    host: str
    port: int
    tls: str
    user: str | None
    password: str | None = field(repr=False)
    message: EmailMessage = field(repr=False)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message on its way: `key` is its idempotency key, `reference` what the receiver called the message that this
    one changes, `links` the words and addresses that act."""

    key: str
    content: Mapping[str, Any]
    at: datetime
    links: tuple[tuple[str, str], ...] = ()
    reference: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> Any:  # noqa: ANN401 — somebody else's JSON, or None
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return None

    @property
    def text(self) -> str:
        return self.body[:200].decode("utf-8", "replace").strip()


class Channel(ABC):
    kind: ClassVar[str]
    fields: ClassVar[type[Fields]]
    secrets: ClassVar[frozenset[str]]

    @abstractmethod
    def request(self, fields: Any, envelope: Envelope) -> Post | Mail:  # noqa: ANN401 — the kind's own fields
        """What is sent."""

    def changes_in_place(self, fields: Any) -> bool:  # noqa: ANN401 — the kind's own fields
        """Whether the receiver lets us change a message."""
        del fields
        return False

    def read(self, answer: Answer, now: datetime) -> Outcome:
        """What the answer means."""
        return outcome_of_status(answer.status, answer.text, answer.headers.get("retry-after"), now)


def unreadable(words: str) -> Outcome:
    """An answer of success that is not in the form that the receiver documents: whatever it was, nothing arrived."""
    return Outcome(Fate.PASSING, f"an answer that is not readable: {words}"[:300])
