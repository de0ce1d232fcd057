"""How a fetch and a run ended, in an operator's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.spidermiddlewares.httperror import HttpError

if TYPE_CHECKING:
    from clients.satellite.outbox import Waiting
    from clients.satellite.run import Run, Tally

WORDS: dict[type[Exception], str] = {
    DownloadConnectionRefusedError: "the connection was refused",
    CannotResolveHostError: "the host name is not known",
    DownloadTimeoutError: "no complete answer in time",
    DownloadCancelledError: "the page is too big",
    DownloadFailedError: "the connection broke",
    ResponseDataLossError: "the answer broke off",
}
LATE = 10.0  # s from which a row that waits is late
FORBIDDEN = "Forbidden by robots.txt"
TOO_MANY_REDIRECTS = "max redirections reached"  # what Scrapy says
ENDINGS_NAMED = 3


class Passed(IgnoreRequest):
    """An address that is neither page nor error: fetched already, or not ours to fetch."""


class Circle(IgnoreRequest):
    """A redirect back to where it came from."""


class Unreadable(IgnoreRequest):
    """What came back cannot be read."""


class PrivateAddress(IgnoreRequest):
    """An address on a private network, where nobody let us go."""

    def __init__(self, host: str, address: str) -> None:
        behind = "" if address == host.strip("[]") else f" ({address})"
        super().__init__(f"{host}{behind} is on a private network, where this may not go: see PRIVATE_TARGETS")
        self.host = host
        self.address = address


class NoRobots(IgnoreRequest):
    """The host's robots.txt cannot be had, so nothing of the host may be fetched."""

    def __init__(self, error: Exception) -> None:
        why = reason(error)
        silent = isinstance(error, (DownloadConnectionRefusedError, CannotResolveHostError))
        super().__init__(why if silent else f"robots.txt cannot be had ({why}), so nothing may be fetched")


def reason(error: BaseException) -> str:
    if isinstance(error, HttpError):
        return f"answered {error.response.status}"
    words = next((text for kind, text in WORDS.items() if isinstance(error, kind)), None)
    return words or str(error) or type(error).__name__


def unanswered(error: BaseException) -> bool:
    """True where the site, not the address, seems to be the trouble."""
    if isinstance(error, HttpError):
        return error.response.status >= 500 or error.response.status == 429
    return isinstance(error, NoRobots) or not isinstance(error, IgnoreRequest)


def verdict(run: Run) -> tuple[Literal["completed", "failed"], str | None]:
    tally = run.tally
    if tally.crawled == 0:
        return "failed", f"Nothing could be crawled: {tally.first_problem or 'no page was found'}"
    if run.gave_up:
        return "failed", (
            f"The site stopped answering after {tally.crawled} pages: {tally.in_a_row} failures in a row, "
            f"the last: {tally.last_problem}"
        )
    return "completed", _remarks(tally)


def _remarks(tally: Tally) -> str | None:
    counted = {
        "could not be fetched": tally.errors,
        "forbidden by robots.txt": tally.forbidden,
        f"addresses left out for their endings ({_endings(tally)})": tally.endings.total(),
        "links left out, longer than 2,048 characters": tally.left_out,
        "links to private addresses not followed": tally.private,
        "links left out, to impossible addresses": tally.impossible,
        "rows refused by the server": tally.refused,
    }
    remarks = [f"{count} {what}" for what, count in counted.items() if count]
    if tally.dropped:
        rows = ", ".join(f"{count} of {stream}" for stream, count in tally.dropped.items())
        remarks.append(f"rows dropped that the server would not take: {rows}, the last: {tally.dropped_for}")
    if tally.crawled == 1 and tally.blank:
        remarks.insert(0, f"Only the start page was read, and it links nowhere: {tally.blank}")
    return "; ".join(remarks) or None


def _endings(tally: Tally) -> str:
    named = tally.endings.most_common(ENDINGS_NAMED)
    more = ", …" if len(tally.endings) > ENDINGS_NAMED else ""
    return ", ".join(f"{ending} {count}" for ending, count in named) + more


def late(waiting: Waiting) -> str | None:
    """What a mission says while its deliveries wait."""
    if waiting.seconds < LATE:
        return None
    counted = {"link": waiting.rows, "page": waiting.pages}
    parts = [f"{count:,} {what}{'s' * (count != 1)}" for what, count in counted.items() if count]
    return f"{' and '.join(parts)} waiting to be delivered for {waiting.seconds:.0f} s" if parts else None
