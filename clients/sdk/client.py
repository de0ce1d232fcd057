"""One object, one method per endpoint. Safe to share between threads."""

from __future__ import annotations

import copy
import gzip
import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from itertools import islice
from typing import Any, Self, Unpack, cast
from urllib.parse import quote

import httpx
import orjson

from clients.sdk.errors import ApiError
from clients.sdk.retry import attempts
from clients.sdk.shapes import (
    Called,
    CheckResult,
    Directive,
    Envelope,
    HeartbeatAnswer,
    HeartbeatFields,
    Info,
    IngestResult,
    Lease,
    Mission,
    MissionStatus,
    PageToCheck,
    ProgressFields,
    Quota,
    Registration,
    Satellite,
    SatelliteFields,
    Verb,
)

VERSION = version("mission-control")
BATCH_ROWS = 1_000
COMPRESS_FROM = 8_192  # bytes: below, gzip costs more than it saves

Row = Mapping[str, Any]


class MissionControl:
    """A caller with an API key.

    `timeout` (s) is for one attempt; a call is tried again for up to `patience` (s; math.inf never gives up) while
    the network, a 429 or a 502, 503, 504 stands in its way. Setting `closing` ends that waiting with Interrupted.
    Raises ApiError and Unreachable (see clients.sdk.errors).
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        timeout: float = 10.0,
        *,
        patience: float = 30.0,
        closing: threading.Event | None = None,
    ) -> None:
        if not base_url.startswith(("http://", "https://")):
            raise ValueError(f"{base_url!r} is no http:// or https:// address")
        headers = {"Authorization": f"Bearer {key}", "User-Agent": f"mission-control-sdk/{VERSION}"}
        self._http = httpx.Client(base_url=base_url.rstrip("/"), headers=headers, timeout=timeout)
        self._patience = patience
        self._closing = closing or threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def with_patience(self, patience: float, closing: threading.Event | None = None) -> Self:
        """The same caller over the same connections, waiting longer or less."""
        other = copy.copy(self)
        other._patience, other._closing = patience, closing or self._closing  # noqa: SLF001 — our own copy
        return other

    def info(self) -> Info:
        return cast("Info", self._call("GET", "/api/v1/"))

    def live(self) -> Envelope:
        """The newest snapshot of everything the wall shows."""
        return cast("Envelope", self._call("GET", "/api/v1/live"))

    def submit_mission(
        self, job_type: str, target_url: str, *, priority: int = 5, config: Mapping[str, Any] | None = None
    ) -> Mission:
        """`priority` is 1 to 10, 10 first."""
        asked = {"job_type": job_type, "target_url": target_url, "priority": priority, "config": dict(config or {})}
        return cast("Mission", self._post_once("/api/v1/missions", asked))

    def missions(self, *, status: MissionStatus | None = None, page_size: int = 100) -> Iterator[Mission]:
        """Every mission, page after page as they are consumed."""
        asked: dict[str, str | int] = {"limit": page_size} | ({"status": status} if status else {})
        return cast("Iterator[Mission]", self._pages("/api/v1/missions", asked))

    def mission(self, job_id: str) -> Mission:
        return cast("Mission", self._call("GET", f"/api/v1/missions/{quote(job_id, safe='')}"))

    def act(self, job_id: str, verb: Verb) -> Mission:
        """Raises ApiError 409 where the mission's state does not allow it."""
        return cast("Mission", self._post_once(f"/api/v1/missions/{quote(job_id, safe='')}/{verb}", {}))

    def register_satellite(self, **satellite: Unpack[SatelliteFields]) -> Registration:
        return cast("Registration", self._post_once("/api/v1/satellites", satellite))

    def satellites(self) -> Iterator[Satellite]:
        """Every satellite that ever registered, by its id."""
        return cast("Iterator[Satellite]", self._pages("/api/v1/satellites", {"limit": 100}))

    def heartbeat(self, satellite_id: str, **beat: Unpack[HeartbeatFields]) -> HeartbeatAnswer:
        """Renews the leases of `jobs`. Raises ApiError 404 where the satellite must register again."""
        return cast("HeartbeatAnswer", self._post(f"{_satellite(satellite_id)}/heartbeat", beat))

    def checks(self, satellite_id: str, results: list[CheckResult], *, limit: int = 10) -> list[PageToCheck]:
        """Reports what was seen on pages that were to be looked at, and asks for up to `limit` more."""
        asked = {"results": results, "limit": limit}
        return cast("list[PageToCheck]", self._post(f"{_satellite(satellite_id)}/checks", asked)["items"])

    def lease(self, satellite_id: str) -> Lease | None:
        """The next job for this satellite; None when nothing is queued. A lease whose answer is lost runs out."""
        return cast("Lease | None", self._post(f"{_satellite(satellite_id)}/lease", {}))

    def progress(self, job_id: str, **progress: Unpack[ProgressFields]) -> list[Directive]:
        """Raises ApiError 409 when the lease is lost."""
        answer = self._post(f"/api/v1/missions/{quote(job_id, safe='')}/progress", progress)
        return cast("list[Directive]", answer["directives"])

    def quotas(self, *, simulated: bool | None = None) -> list[Quota]:
        """Every paid API with its allowance and what is left of it."""
        asked = {} if simulated is None else {"simulated": str(simulated).lower()}
        return cast("list[Quota]", self._call("GET", "/api/v1/quotas", params=asked)["items"])

    def ask(self, query_type: str, params: Mapping[str, Any], *, priority: str = "normal") -> Called:
        """An answer from a paid API, or from the cache. Raises ApiError 429 where no provider can take the query."""
        asked = {"query_type": query_type, "params": dict(params), "priority": priority}
        return cast("Called", self._post_once("/api/v1/quotas/call", asked))

    def ingest(
        self, stream: str, rows: Iterable[Row], *, compress: bool = True, timeout: float | None = None
    ) -> IngestResult:
        """Sends rows in batches of up to 1,000 (NDJSON), each given `timeout` seconds where that is not the caller's
        own. A row with an `event_id` may be sent again without harm.

        The batches before one that raises are stored.
        """
        result, sent, rest = IngestResult(), 0, iter(rows)
        while batch := list(islice(rest, BATCH_ROWS)):
            result = result.followed_by(self._ingest(stream, batch, compress, timeout), offset=sent)
            sent += len(batch)
        return result

    def watch_domain(self, name: str, *, note: str = "") -> None:
        """Puts a domain on the watch list, or changes its note."""
        body = {"content": orjson.dumps({"note": note}), "headers": {"Content-Type": "application/json"}}
        self._call("PUT", f"/api/v1/domains/watched/{quote(name, safe='')}", **body)

    def remove_simulation(self) -> dict[str, int]:
        """Deletes all that keys marked as simulated ever wrote; returns how many rows of each kind."""
        return cast("dict[str, int]", self._call("DELETE", "/api/v1/simulation", timeout=300.0)["removed"])

    def _ingest(self, stream: str, batch: list[Row], compress: bool, timeout: float | None) -> IngestResult:  # noqa: FBT001 — passed on
        body = b"\n".join(orjson.dumps(row) for row in batch)
        headers = {"Content-Type": "application/x-ndjson"}
        if compress and len(body) >= COMPRESS_FROM:
            body, headers["Content-Encoding"] = gzip.compress(body, compresslevel=1, mtime=0), "gzip"
        request = {"content": body, "headers": headers} | ({"timeout": timeout} if timeout else {})
        answer = self._call("POST", f"/api/v1/ingest/{quote(stream, safe='')}", **request)
        return IngestResult(answer["accepted"], answer["duplicates"], tuple(answer["rejected"]))

    def _pages(self, path: str, asked: dict[str, str | int]) -> Iterator[Any]:
        while True:
            page = self._call("GET", path, params=asked)
            yield from page["items"]
            if not page["next_cursor"]:
                return
            asked["cursor"] = page["next_cursor"]

    def _post_once(self, path: str, body: Mapping[str, Any]) -> Any:  # noqa: ANN401 — JSON, typed by the caller
        """A POST that takes effect once, however often it is tried."""
        return self._post(path, body, headers={"Idempotency-Key": uuid.uuid4().hex})

    def _post(self, path: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401 — JSON, typed by the caller
        asked = {"Content-Type": "application/json"} | dict(headers or {})
        return self._call("POST", path, content=orjson.dumps(body), headers=asked)

    def _call(self, method: str, path: str, **request: Any) -> Any:  # noqa: ANN401 — JSON, typed by the caller
        return attempts(self._patience, self._closing)(self._once, method, path, **request)

    def _once(self, method: str, path: str, **request: Any) -> Any:  # noqa: ANN401 — JSON, typed by the caller
        answer = self._http.request(method, path, **request)
        if not answer.is_success:
            raise ApiError(answer)
        try:
            return orjson.loads(answer.content) if answer.content else None
        except orjson.JSONDecodeError:
            raise ApiError(answer, "no JSON: is this the address of Mission Control?") from None


def _satellite(satellite_id: str) -> str:
    return f"/api/v1/satellites/{quote(satellite_id, safe='')}"
