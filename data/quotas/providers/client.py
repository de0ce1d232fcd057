"""What every provider's client is: pure functions from a query to a request, and from an answer to what it says."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.quotas.providers.outcomes import CallResult, ReportedUsage
    from data.quotas.routing.queries import Query

Document = Any  # parsed JSON of somebody else's; nothing about it is certain


@dataclass(frozen=True, slots=True)
class Request:
    """A GET below the provider's address. It holds the key: never written anywhere."""

    path: str
    params: Mapping[str, str | int] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class UnexpectedAnswer(Exception):
    """The answer has not the form that the provider documents."""


class Client(ABC):
    """`base` is where the provider is; a key is only ever sent there (or, made up, to a stand-in on loopback)."""

    provider: ClassVar[str]
    base: ClassVar[str]
    is_json: ClassVar[bool] = True
    missing: ClassVar[frozenset[int]] = frozenset()  # statuses that mean: we know nothing of what you ask for

    @abstractmethod
    def request(self, query: Query, key: str) -> Request: ...

    @abstractmethod
    def parse_answer(self, query: Query, document: Document) -> dict[str, Any]:
        """The answer in our own words. Raises UnexpectedAnswer, TypeError, KeyError where it is not as documented."""

    def parse_error(self, document: Document) -> CallResult | None:
        """An error that comes with a status of success."""
        del document
        return None

    def words(self, document: Document) -> str:
        """What an error says for people."""
        if not isinstance(document, dict):
            return ""
        for name in ("error", "message", "detail", "errors", "Errors"):
            message = document.get(name)
            while isinstance(message, list) and message:
                message = message[0]
            if isinstance(message, dict):
                message = (
                    message.get("info") or message.get("message") or message.get("details") or message.get("Message")
                )
            if isinstance(message, str) and message:
                return message
        return ""

    def account_request(self, key: str) -> Request | None:
        """Where the provider tells its own number; None where it does not."""
        del key
        return None

    def parse_account(self, document: Document, headers: Mapping[str, str]) -> ReportedUsage | None:
        """The provider's own number, out of its account's answer."""
        del document, headers
        return None

    def parse_usage(self, document: Document, headers: Mapping[str, str]) -> ReportedUsage | None:
        """The provider's own number, where each answer carries it."""
        del document, headers
        return None


def parse_number(value: object) -> Decimal | None:
    """What a provider gives as a count, where it is one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 <= found < 10**12 else None


def parse_moment(value: object) -> datetime | None:
    """A day, an ISO time or epoch seconds, where it is one."""
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
        found = datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def record(value: object) -> dict[str, Any]:
    """Raises UnexpectedAnswer for anything but an object."""
    if not isinstance(value, dict):
        raise UnexpectedAnswer("no object where one should be")
    return value


def records(value: object) -> list[dict[str, Any]]:
    """Raises UnexpectedAnswer for anything but a list of objects; None is an empty one."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise UnexpectedAnswer("no list where one should be")
    return [record(item) for item in value]
