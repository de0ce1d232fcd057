"""What is read of an entry of a feed: names in every script, dates without guessing, addresses as browsers go."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.domains.mentions.brands import fold, names
from data.domains.mentions.entries import address, cut, excerpt, mentions, plain, published_at

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("brand", "text"),
    [
        ("トヨタ", "新型トヨタ車を発表"),
        ("Sony", "新しいSonyのテレビ"),
        ("삼성", "삼성이 새 제품을"),
        ("ไทยคม", "บริษัทไทยคมจำกัด"),
        ("McDonald's", "At McDonald’s today"),
        ("L'Oréal", "L’ORE\u0301AL Paris"),
        ("Coca-Cola", "Coca\u2011Cola zero"),
        ("Acme", "ＡＣＭＥ社"),
        ("Acme", "‘Acme’"),
        ("Acme", "Ac\u00adme wins"),
        ("Straße", "STRASSE 5"),
        ("The Ex", "the\u00a0ex"),
        ("می‌خواهم", "من میخواهم"),
        ("मोदी", "मोदी जी"),
        ("Yahoo!", "Yahoo!Japan"),
        ("C++", "in C++17"),
        ("ﬁrm", "Firm up"),
    ],
)
def test_a_brand_is_found(brand: str, text: str) -> None:
    assert names([brand], fold(text))


@pytest.mark.parametrize(
    ("brand", "text"),
    [
        ("Acme", "Acmeology"),
        ("Acme", "my_acme"),
        ("Nestlé", "Nestle"),
        ("Ford", "Oxford"),
        ("Яндекс", "Яндекса"),
        ("मोद", "मोदी जी"),
        ("\u200d", "anything"),
        ("Coca Cola", "Coca\nand Cola"),
    ],
)
def test_another_word_is_no_brand(brand: str, text: str) -> None:
    assert not names([brand], fold(text))


@given(brand=st.text(min_size=1, max_size=12), before=st.text(max_size=5), after=st.text(max_size=5))
def test_a_brand_between_blanks_is_always_found(brand: str, before: str, after: str) -> None:
    if fold(brand):
        assert names([brand], fold(f"{before} {brand} {after}"))


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("2016/6/29 15:07:41", "2016-06-29T15:07:41"),
        ("2016.6.29", "2016-06-29T00:00:00"),
        ("2016-6-29T5:07Z", "2016-06-29T05:07:00"),
        ("20160629", "2016-06-29T00:00:00"),
        ("2016-06-29T15:07:41.123456789+02:00", "2016-06-29T13:07:41.123456"),
        ("2016-06-29 15:07:41 +0200", "2016-06-29T13:07:41"),
        ("Wed, 29 Jun 2016 15:07:41 GMT", "2016-06-29T15:07:41"),
        ("Wed, 29 Jun 2016 15:07:41 EST", "2016-06-29T20:07:41"),
        ("Wed, 29 Jun 2016 15:07:41 CEST", "2016-06-29T13:07:41"),
        ("Wed, 29 Jun 2016 15:07:60 GMT", "2016-06-29T15:07:59"),
        ("Wed Jun 29 15:07:41 2016", "2016-06-29T15:07:41"),
        ("29 June 2016", "2016-06-29T00:00:00"),
    ],
)
def test_a_date_that_can_mean_one_day_only_is_read(words: str, moment: str) -> None:
    assert published_at({"published": words}, NOW) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "words",
    [
        *(
            "",
            "yesterday",
            "2016",
            "2016-06",
            "29/06/2016",
            "06-29-2016",
            "1467212861",
            "2016/13/29",
            "29 Juni 2016 10:00",
        ),
        *("Wed, 29 Jun 2016 03:07:41 PM", "Wed, 29 Jun 2016 15:07:41 XYZ", "Wed, 31 Feb 2016 15:07:41 GMT"),
        *("Thu, 01 Jan 1970 00:00:00 GMT", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-05:00", "2027-01-01"),
    ],
)
def test_any_other_date_is_unknown(words: str) -> None:
    assert published_at({"published": words}, NOW) is None


def test_a_date_that_says_nothing_leaves_the_word_to_the_next_one() -> None:
    assert published_at({"published": "soon", "updated": "2016-06-29"}, NOW) == datetime(2016, 6, 29, tzinfo=UTC)


@given(words=st.text(max_size=40))
def test_no_date_raises(words: str) -> None:
    found = published_at({"published": words}, NOW)
    assert found is None or found <= NOW


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ({"link": " https://x.example/a b\n c"}, "https://x.example/a%20b%20c"),
        ({"link": "/3"}, "https://f.example/3"),
        ({"link": "//cdn.example/x"}, "https://cdn.example/x"),
        ({"link": "https://jz.example/отзыв"}, "https://jz.example/%D0%BE%D1%82%D0%B7%D1%8B%D0%B2"),
        ({"link": "http://user:pw@h.example/"}, "http://h.example/"),
        ({"link": "", "id": "https://x.example/z"}, "https://x.example/z"),
        ({"links": [{"rel": "alternate", "href": "/a"}]}, "https://f.example/a"),
        ({"links": [{"rel": "self", "href": "/s"}]}, None),
        ({"link": "javascript:alert(1)"}, None),
        ({"link": "http://exa<mple/"}, None),
        ({"id": "tag:1"}, None),
        ({}, None),
    ],
)
def test_the_address_is_where_a_browser_would_go(entry: dict[str, object], url: str | None) -> None:
    assert address(entry, "https://f.example/feed/x.xml") == url


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<b>Ac</b>me<br>wins<p>again</p>", "Acme wins again"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("AT&amp;T", "AT&T"),
        ("👨‍👩‍👧 می‌خواهم 🫨", "👨‍👩‍👧 می‌خواهم 🫨"),
        ("a\u0000b\u2028c\ud800d", "a b c d"),
        (None, ""),
    ],
)
def test_text_without_its_markup(markup: str | None, text: str) -> None:
    assert plain(markup) == text


@pytest.mark.parametrize("hostile", ["<" * 500_000, "<a " * 160_000, "&" * 500_000, "<b" * 250_000])
def test_no_text_takes_longer_than_its_length(hostile: str) -> None:
    begun = time.monotonic()
    plain(hostile)
    assert time.monotonic() - begun < 3


@given(text=st.text(max_size=60), most=st.integers(1, 50))
def test_what_is_cut_is_a_beginning_and_not_longer(text: str, most: int) -> None:
    found = cut(text, most)
    assert text.startswith(found)
    assert len(found) <= most


def test_an_excerpt_shows_where_the_brand_is_named() -> None:
    long = f"{'word ' * 2000}and then Acme came. {'word ' * 2000}"
    found = excerpt(["Nothing", long], ["Acme"])
    assert "Acme" in found
    assert len(found) <= 300


@given(
    entry=st.dictionaries(
        st.sampled_from(["title", "summary", "link", "id", "author", "published", "updated"]), st.text(max_size=400)
    ),
    source=st.text(max_size=300),
)
def test_no_entry_that_names_a_brand_is_lost_in_silence(entry: dict[str, str], source: str) -> None:
    entry["title"] = f"Acme {entry.get('title', '')}"
    told = {"base": "https://f.example/rss", "title": source, "source_kind": "news"}
    rows, dropped = mentions([entry], {"Acme": ["Acme"]}, told, NOW)
    assert len(rows) + len(dropped) == 1
    assert bool(rows) == (address(entry, "https://f.example/rss") is not None)
