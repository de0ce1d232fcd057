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
    from clients.satellite.run import Run, Tally

WORDS: dict[type[Exception], str] = {
    DownloadConnectionRefusedError: "the connection was refused",
    CannotResolveHostError: "the host name is not known",
    DownloadTimeoutError: "no complete answer in time",
    DownloadCancelledError: "the page is too big",
    DownloadFailedError: "the connection broke",
    ResponseDataLossError: "the answer broke off",
}
FORBIDDEN = "Forbidden by robots.txt"  # what Scrapy says


class Passed(IgnoreRequest):
    """An address that is neither page nor error: fetched already, or not ours to fetch."""


class Circle(IgnoreRequest):
    """A redirect back to where it came from."""


def reason(error: BaseException) -> str:
    if isinstance(error, HttpError):
        return f"answered {error.response.status}"
    words = next((text for kind, text in WORDS.items() if isinstance(error, kind)), None)
    return words or str(error) or type(error).__name__


def unanswered(error: BaseException) -> bool:
    """True where the site, not the address, seems to be the trouble."""
    if isinstance(error, HttpError):
        return error.response.status >= 500 or error.response.status == 429
    return not isinstance(error, IgnoreRequest)


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
        "links left out, longer than 2,048 characters": tally.left_out,
        "links left out, to impossible addresses": tally.impossible,
        "rows refused by the server": tally.refused,
    }
    return "; ".join(f"{count} {what}" for what, count in counted.items() if count) or None
