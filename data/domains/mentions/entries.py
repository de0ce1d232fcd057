"""What one entry of a feed says: its words, its address, its date. Pure; what cannot be kept is named, not lost."""

from __future__ import annotations

import html
import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from data import urls
from data.domains.mentions import brands
from data.domains.streams import BrandMentionRow
from data.hosts import host_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Entry = dict[str, Any]
LONGEST_TEXT = 500_000  # a whole feed is 4 MB at most
LONGEST_NAME, LONGEST_ADDRESS, EXCERPT = 128, 2048, 300
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # nobody published on the web before: a clock that was never set
TOLERANCE = timedelta(days=1)  # for zones that were left out; a date further ahead is a mistake
NO_ADDRESS, LONG_ADDRESS, REFUSED = "without a web address", "with an address that is too long", "with a value refused"

# A tag ends before the next one begins, so that no text takes longer than its length. An inline one parts no words.
_INLINE = re.compile(
    r"</?(?:a|abbr|acronym|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strike|strong|sub"
    r"|sup|time|tt|u|var|wbr)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[/!?a-z][^<>]*>", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # what is only not seen, such as a joiner, is kept
_NUMBERS = re.compile(
    r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:(?:T|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?\s*(.*)")
_MAIL = frozenset({"ut", "utc", "gmt", "z", "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt"})
# Names of zones that mail does not know, in hours; those with two meanings are left out.
_ZONES = {"wet": 0, "west": 1, "bst": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2, "eet": 2, "eest": 3, "msk": 3}
_ZONES |= {"hkt": 8, "sgt": 8, "awst": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13}


def mentions(
    entries: Iterable[Entry], watched: Mapping[str, Sequence[str]], told: Mapping[str, str | None], now: datetime
) -> tuple[list[BrandMentionRow], list[str]]:
    """A mention for each entry and each brand that it names; and why each other one that names a brand has none.

    `told` are `base`, the address of the feed, its `title` and its `source_kind`."""
    rows: list[BrandMentionRow] = []
    dropped: list[str] = []
    for entry in entries:
        texts = [plain(entry.get("title")), *bodies(entry)]
        folded = "\n".join(map(brands.fold, texts))
        named = {brand: words for brand, words in watched.items() if brands.names(words, folded)}
        if not named:
            continue
        url = address(entry, told["base"] or "")
        if url is None or len(url) > LONGEST_ADDRESS:
            dropped.append(NO_ADDRESS if url is None else LONG_ADDRESS)
            continue
        try:
            rows += [_row(entry, url, texts, brand, words, told, now) for brand, words in named.items()]
        except ValidationError:
            dropped.append(REFUSED)
    return rows, dropped


def _row(
    entry: Entry,
    url: str,
    texts: list[str],
    brand: str,
    words: Sequence[str],
    told: Mapping[str, str | None],
    now: datetime,
) -> BrandMentionRow:
    title, found = texts[0], excerpt(texts[1:], words)
    published = published_at(entry, now)
    given = {
        "brand": brand,
        "url": url,
        "title": cut(title or found, EXCERPT),
        "excerpt": found or None,
        "published_at": published or now,
        "author": cut(plain(entry.get("author")), LONGEST_NAME) or None,
        "source": cut(plain(told["title"]), LONGEST_NAME)
        or cut(host_of(told["base"] or "") or "", LONGEST_NAME)
        or None,
        "source_kind": told["source_kind"],
        "sentiment": tone(f"{title}. {found}"),
        "last_fetched_at": now,
    }
    return BrandMentionRow.model_validate(given if published else given | {"date_unknown": True})


def bodies(entry: Entry) -> list[str]:
    """Every text that an entry brings beside its title: the summary, the whole article, what media say."""
    contents = [each.get("value") for each in entry.get("content") or [] if isinstance(each, dict)]
    texts = [plain(value) for value in (entry.get("summary"), entry.get("subtitle"), *contents)]
    return [text for text in dict.fromkeys(texts) if text]


def excerpt(texts: Sequence[str], words: Sequence[str]) -> str:
    """The part of the first text that names the brand; the beginning of the first where none does."""
    for text in texts:
        if brands.names(words, brands.fold(text)):
            parts = (text[start : start + EXCERPT] for start in range(0, len(text), EXCERPT // 2))
            return cut(next((part for part in parts if brands.names(words, brands.fold(part))), text).strip(), EXCERPT)
    return cut(texts[0], EXCERPT) if texts else ""


def plain(value: object) -> str:
    """Text without its markup, on one line."""
    text = _TAG.sub(" ", _INLINE.sub("", str(value or "")[:LONGEST_TEXT]))
    return " ".join(_CONTROL.sub(" ", html.unescape(text)).split())


def cut(text: str, most: int) -> str:
    """The beginning of a text, never amid a sign that is put together from several."""
    end = most
    while 0 < end < len(text) and (_joined(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    return text[: end or most].rstrip()


def _joined(sign: str) -> bool:
    """Whether it belongs to the sign before it: an accent, a joiner, a variation, the colour of a skin."""
    return sign == "\u200d" or unicodedata.category(sign).startswith("M") or "\U0001f3fb" <= sign <= "\U0001f3ff"


def address(entry: Entry, base: str) -> str | None:
    """Where the entry is to be read, as a browser would go there; None where it names no page of the web."""
    links = [each for each in entry.get("links") or [] if isinstance(each, dict)]
    others = [each.get("href") for each in links if each.get("rel") == "alternate"]
    for link in (entry.get("link"), *others, entry.get("id")):
        if not isinstance(link, str) or not link.strip():
            continue
        try:  # an id is an address only where it says so itself
            return urls.parse(link, base if link != entry.get("id") else None, fragment=True)
        except ValueError:
            continue
    return None


def published_at(entry: Entry, now: datetime) -> datetime | None:
    """When it was published; None where no date of it can be read without guessing."""
    for name in ("published", "created", "updated"):
        # Asked of the dictionary itself: the parser's own `get` answers for one date with another.
        moment = _moment(str(dict.get(entry, name) or "").strip())
        if moment is not None and EARLIEST <= moment <= now + TOLERANCE:
            return min(moment, now)
    return None


def _moment(words: str) -> datetime | None:
    for read in (_by_iso, _by_numbers, _by_mail):
        try:
            moment = read(words)
            if moment is not None:
                return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None


def _by_iso(words: str) -> datetime | None:
    return datetime.fromisoformat(words)


def _by_numbers(words: str) -> datetime | None:
    """The year first, then month and day, as `2016/6/29 15:07:41`: nothing else can be meant."""
    if not (match := _NUMBERS.fullmatch(words)):
        return None
    year, _, month, day, hour, minute, second, zone = match.groups()
    return datetime(*(int(part or 0) for part in (year, month, day, hour, minute, second)), tzinfo=_zone(zone or "z"))  # type: ignore[misc, arg-type]


def _by_mail(words: str) -> datetime | None:
    """As RFC 822 and asctime write it. A zone that is not known, or half a day, makes the date unknown."""
    parts = parsedate_tz(words if ":" in words else f"{words} 00:00:00")
    if parts is None:
        return None
    after = _TIME.search(words)
    rest = (after[1].partition("(")[0].lower() if after else "").split()
    zones = [each for each in rest if not re.fullmatch(r"\d{4}", each)]  # asctime has its year there
    known = not zones or zones[0] in _MAIL or re.fullmatch(r"[+-]\d{4}", zones[0])
    zone = timezone(timedelta(seconds=parts[9] or 0)) if known else _zone(zones[0])
    return datetime(*parts[:5], min(parts[5], 59), tzinfo=zone)


def _zone(name: str) -> timezone:
    """Raises ValueError for one that is not known."""
    name = name.lower()
    if name in ("z", "utc", "gmt"):
        return UTC
    if match := re.fullmatch(r"([+-])(\d{2}):?(\d{2})", name):
        ahead = timedelta(hours=int(match[2]), minutes=int(match[3]))
        return timezone(ahead if match[1] == "+" else -ahead)
    if name not in _ZONES:
        raise ValueError(f"{name} is no zone that is known")
    return timezone(timedelta(hours=_ZONES[name]))


def tone(words: str) -> float:
    """-1 to 1, by a dictionary of English words: good enough to sort, not to quote."""
    return float(_judge().polarity_scores(words[:2000])["compound"])


@cache
def _judge() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()
