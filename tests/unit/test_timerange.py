"""One reading of `from` and `to`: what the words of a range mean, and what is refused."""

from __future__ import annotations

import calendar
import json
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from data import clock
from data.errors import BadInput
from data.timerange import EARLIEST, LONGEST, floor, midnight, moment, parse
from tests.architecture.house import ROOT
from tests.scripts import ask

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2001, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 — Hypothesis wants them naive


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("now", NOW),
        ("now-6h", NOW - timedelta(hours=6)),
        ("now-30d", NOW - timedelta(days=30)),
        ("now-1d/d+6h", datetime(2026, 11, 19, 6, tzinfo=UTC)),
        ("2026-11-01", day(2026, 11, 1)),
        ("2026-11-01T06:00:00+02:00", datetime(2026, 11, 1, 4, tzinfo=UTC)),
        ("2026-11-01 06:00", datetime(2026, 11, 1, 6, tzinfo=UTC)),
        ("1763640000000", datetime(2025, 11, 20, 12, tzinfo=UTC)),
    ],
)
def test_a_moment_is_said_in_three_ways(words: str, expected: datetime) -> None:
    assert moment(words, NOW) == expected


@pytest.mark.parametrize(
    ("words", "first", "after"),
    [
        ("2026-10-31", day(2026, 10, 31), day(2026, 11, 1)),
        ("now/m", NOW, datetime(2026, 11, 20, 12, 1, tzinfo=UTC)),
        ("now/h", NOW, datetime(2026, 11, 20, 13, tzinfo=UTC)),
        ("now/d", day(2026, 11, 20), day(2026, 11, 21)),
        ("now-1d/d", day(2026, 11, 19), day(2026, 11, 20)),
        ("now/w", day(2026, 11, 16), day(2026, 11, 23)),
        ("now/M", day(2026, 11, 1), day(2026, 12, 1)),
        ("now-1M/M", day(2026, 10, 1), day(2026, 11, 1)),
        ("now/Q", day(2026, 10, 1), day(2027, 1, 1)),
        ("now-1Q/Q", day(2026, 7, 1), day(2026, 10, 1)),
        ("now-1y/y", day(2025, 1, 1), day(2026, 1, 1)),
    ],
)
def test_a_day_and_a_rounded_unit_are_meant_whole(words: str, first: datetime, after: datetime) -> None:
    assert moment(words, NOW) == first
    assert moment(words, NOW, end=True) == after


@pytest.mark.parametrize(
    ("now", "words", "expected"),
    [
        (day(2026, 3, 31), "now-1M/M", day(2026, 2, 1)),
        (day(2026, 3, 31), "now-1M", day(2026, 2, 28)),
        (day(2024, 3, 31), "now-1M", day(2024, 2, 29)),
        (day(2024, 2, 29), "now-1y", day(2023, 2, 28)),
        (day(2026, 5, 31), "now-1Q", day(2026, 2, 28)),
        (day(2026, 12, 31), "now-10M/M", day(2026, 2, 1)),
        (day(2026, 1, 31), "now-11M/M", day(2025, 2, 1)),
    ],
)
def test_months_quarters_and_years_are_those_of_the_calendar(now: datetime, words: str, expected: datetime) -> None:
    assert moment(words, now) == expected


@given(MOMENTS, st.integers(0, 200))
def test_months_back_are_counted_on_the_calendar(now: datetime, months: int) -> None:
    index = now.year * 12 + now.month - 1 - months
    year, month = divmod(index, 12)
    first = moment(f"now-{months}M/M", now)
    assert first == datetime(year, month + 1, 1, tzinfo=UTC)
    exact = moment(f"now-{months}M", now)
    assert exact is not None
    assert exact.day == min(now.day, calendar.monthrange(year, month + 1)[1])


@given(MOMENTS, st.sampled_from("mhdwMQy"))
def test_a_unit_holds_the_moment_that_it_was_rounded_from(now: datetime, unit: str) -> None:
    first, after = moment(f"now/{unit}", now), moment(f"now/{unit}", now, end=True)
    assert first is not None
    assert after is not None
    assert first <= now < after
    assert floor(after - timedelta(microseconds=1), unit) == first


@given(st.dates(date(2001, 1, 1), date(2026, 11, 19)), st.integers(0, 400))
def test_days_of_a_range_are_those_that_were_named(first: date, more: int) -> None:
    last = min(first + timedelta(days=more), date(2026, 11, 19))
    found = parse(first.isoformat(), last.isoformat(), NOW)
    assert found.days == (first, last)
    assert (found.start, found.end) == (midnight(first), midnight(last + timedelta(days=1)))


def test_the_end_of_a_day_is_the_same_in_words_and_as_a_moment() -> None:
    whole = parse("2026-10-01", "2026-10-31", NOW)
    assert whole == parse("2026-10-01T00:00Z", "2026-11-01T00:00Z", NOW) == parse("now-1M/M", "now-1M/M", NOW)
    assert whole.days == (date(2026, 10, 1), date(2026, 10, 31))


@pytest.mark.parametrize(
    "words",
    [
        "now/x",
        "now/",
        "",
        "yesterday",
        "now-",
        "now-5x",
        "99999999999999",
        "2026-13-01",
        "now-99999d",
        "\x00",
        "2026-02-30",
        "now-1d/d/d/d/d/d/d/d",
        "٢٠٢٦-10-01",
        "now-٣d",
        "9" * 61,
    ],
)
def test_words_that_mean_no_moment_are_none(words: str) -> None:
    assert moment(words, NOW) is None


def test_a_range_without_words_is_the_last_thirty_days() -> None:
    assert (parse(None, None, NOW).start, parse(None, "", NOW).end) == (NOW - timedelta(days=30), NOW)
    assert parse(None, None, NOW, usual="now-90d").start == NOW - timedelta(days=90)


@pytest.mark.parametrize(
    ("start", "end", "field", "said"),
    [
        ("abc", None, "from", "a date"),
        (None, "2026-13-01", "to", "a date"),
        ("now", "now-7d", "from", "after the end"),
        ("2026-10-02", "2026-10-01", "from", "after the end"),
        ("2099-01-01", None, "from", "after the end"),
    ],
)
def test_a_wrong_range_is_refused_by_its_field(start: str | None, end: str | None, field: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        parse(start, end, NOW)
    assert refused.value.errors[0]["loc"] == [field]


@pytest.mark.parametrize("words", ["0001-01-01", "9999-12-31", "9999999999999", "now-9999y", "now+9999y"])
def test_a_range_beyond_all_data_is_cut(words: str) -> None:
    found = parse(words, words, NOW)
    assert EARLIEST <= found.start <= found.end <= NOW
    assert found.first_day <= found.last_day


def test_a_range_is_never_longer_than_its_newest_ten_years_and_says_so() -> None:
    found = parse("1900-01-01", "now", NOW)
    assert found.end - found.start == LONGEST
    assert found.cut
    assert not parse("now-9y", "now", NOW).cut


@given(MOMENTS, st.text(max_size=20), st.text(max_size=20))
def test_any_words_are_a_range_or_a_refusal(now: datetime, start: str, end: str) -> None:
    try:
        found = parse(start, end, now)
    except BadInput:
        return
    assert EARLIEST <= found.start <= found.end <= now


def test_a_month_back_is_what_the_calendar_library_says() -> None:
    assert moment("now-1M", NOW) == NOW - relativedelta(months=1)


TABLE = json.loads((ROOT / "tests" / "time_ranges.json").read_text(encoding="utf-8"))
TABLE_NOW = datetime.fromisoformat(TABLE["now"])


def _at(words: str | None) -> datetime | None:
    return datetime.fromisoformat(words) if words else None


@pytest.mark.parametrize(("words", "first", "after"), TABLE["moments"])
def test_a_moment_means_what_the_table_of_both_languages_says(words: str, first: str | None, after: str | None) -> None:
    assert moment(words, TABLE_NOW) == _at(first)
    assert moment(words, TABLE_NOW, end=True) == _at(after)


@pytest.mark.parametrize(("start", "end", "first", "after"), TABLE["ranges"])
def test_a_range_means_what_the_table_of_both_languages_says(
    start: str | None, end: str | None, first: str, after: str | None
) -> None:
    if after:
        found = parse(start, end, TABLE_NOW)
        assert (found.start, found.end) == (_at(first), _at(after))
    else:
        with pytest.raises(BadInput) as refused:
            parse(start, end, TABLE_NOW)
        assert refused.value.detail == first


def _some_words(random: Random) -> str:
    """Words like those that people and programs write, some of which mean nothing."""
    day = date(2000, 1, 1) + timedelta(days=random.randrange(12_000))
    week = f"{day.year}{random.choice(('', '-'))}W{random.randrange(56):02}"
    clock_words = f"{random.randrange(26):02}" + "".join(
        f"{random.choice(('', ':'))}{random.randrange(62):02}" for _ in range(random.randrange(3))
    )
    zone = random.choice(("", "Z", "+02:00", "-0530", "+14", "+2"))
    return random.choice(
        (
            "now" + "".join(random.choice("+-") + f"{random.randrange(400)}{random.choice('smhdwMQyx')}" for _ in "12"),
            f"now-{random.randrange(9)}{random.choice('dwMQy')}/{random.choice('mhdwMQys')}",
            f"{day}",
            f"{day:%Y%m%d}",
            f"{day:%Y-%m}-{random.randrange(33):02}",
            f"{week}{random.choice(('', '-'))}{random.randrange(9)}",
            week,
            f"{day}{random.choice('T _')}{clock_words}{zone}",
            f"{day:%Y%m%d}T{clock_words}.{random.randrange(999):03}{zone}",
            str(random.randrange(10 ** random.randrange(8, 15))),
        )
    )


@pytest.mark.parametrize("end", [False, True])
def test_the_browser_reads_words_as_the_server_does(end: bool) -> None:  # noqa: FBT001 — both sides of a range
    random = Random(20261127)
    words = [_some_words(random) for _ in range(4000)]
    there = ask("time-range", "moment", [(one, clock.epoch_ms(TABLE_NOW), end) for one in words])
    here = [moment(one, TABLE_NOW, end=end) for one in words]
    assert [
        one for one, at, ms in zip(words, here, there, strict=True) if ms != (at and round(at.timestamp() * 1000))
    ] == []
    assert 0.5 < sum(at is not None for at in here) / len(words) < 0.9
