"""Where a redirect leads: read as browsers read it, relative to the page that answered."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware

from clients.satellite import addresses

if TYPE_CHECKING:
    from scrapy.http import Response


class Redirects(RedirectMiddleware):
    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        found = super().process_response(request, response)
        if not isinstance(found, Request):
            return found
        url = addresses.absolute(request.url, _text(response.headers["Location"] or b""))
        return found.replace(url=url, meta=found.meta | addresses.AS_IT_IS) if url else response


def _text(location: bytes) -> str:
    try:
        return location.decode()
    except UnicodeDecodeError:
        return quote(location, safe="".join(map(chr, range(0x21, 0x7F))))
