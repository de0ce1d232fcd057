from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.satellite.links import Link, read

URL = "http://example.org/dir/page.html"


def urls(markup: str) -> list[str]:
    return [link.url for link in read(markup, URL).links]


def test_it_reads_address_text_and_rel() -> None:
    page = read('<p>See <a href="http://other.example/" rel="NoFollow  UGC">the\n <b>other</b>  one</a>.', URL)
    assert page.links == [Link("http://other.example/", "the other one", "nofollow ugc")]


def test_a_link_without_text_or_rel_says_so() -> None:
    assert read('<a href="/x"><img src="y.png"></a>', URL).links == [Link("http://example.org/x", None, None)]


def test_the_base_element_counts_wherever_it_stands() -> None:
    assert urls('<a href="x">1</a><base href="/deep/"><base href="/ignored/">') == ["http://example.org/deep/x"]
    assert urls('<base href="http://other.example/a/"><a href="b">1</a>') == ["http://other.example/a/b"]
    assert urls('<base href="http://[broken"><a href="b">1</a>') == ["http://example.org/dir/b"]


def test_one_address_is_one_link_as_it_stands_first() -> None:
    found = read('<a href="/x#a" rel="nofollow">first</a><a href="/x#b">second</a>', URL).links
    assert found == [Link("http://example.org/x", "first", "nofollow")]


def test_image_maps_link_too() -> None:
    assert read('<map><area href="/x" alt="there"></map>', URL).links == [Link("http://example.org/x", "there", None)]


def test_anchors_and_templates_of_scripts_are_no_links() -> None:
    assert urls('<a name="here">x</a><script>document.write("<a href=/no>")</script><!-- <a href="/no"> -->') == []


def test_broken_markup_gives_what_it_holds() -> None:
    assert urls("<html><a href=\"/1\">one<a href=/2>two<div></a></p><td><A HREF='/3'>three") == [
        "http://example.org/1",
        "http://example.org/2",
        "http://example.org/3",
    ]


def test_deep_nesting_does_not_end_the_reading() -> None:
    assert urls("<div>" * 100_000 + '<a href="/deep">x</a>') == ["http://example.org/deep"]


def test_nul_characters_are_left_out() -> None:
    assert read('<a href="/a\x00b">te\x00xt</a>', URL).links == [Link("http://example.org/ab", "text", None)]


def test_long_texts_are_cut() -> None:
    link = read(f'<a href="/x" rel="{"r" * 1000}">{"t" * 1000}</a>', URL).links[0]
    assert (len(link.anchor or ""), len(link.rel or "")) == (500, 200)


def test_a_page_can_ask_not_to_be_followed() -> None:
    assert read('<meta name="ROBOTS" content="noindex, NoFollow"><a href="/x">x</a>', URL).nofollow
    assert read('<meta name="robots" content="none">', URL).nofollow
    assert not read('<meta name="robots" content="index, follow"><meta content="nofollow">', URL).nofollow


def test_an_empty_page_links_nowhere() -> None:
    assert urls("") == urls(" \n") == urls("<!-- -->") == []


PIECES = ["<a href=", "'", '"', ">", "</a>", "<base href=", "//x.example", "http://", "[", "#", "<!--", "\x00"]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=40).map("".join))
def test_no_text_whatever_stops_it(markup: str) -> None:
    for link in read(markup, URL).links:
        assert link.url.startswith(("http://", "https://"))
        assert "#" not in link.url


X = "http://example.org/x"


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<a href=/x><div>one</div><div>two</div></a>", "one two"),
        ("<a href=/x>one<br>two<hr>three</a>", "one two three"),
        ("<a href=/x><h2>Title</h2><p>Text</p></a>", "Title Text"),
        ("<a href=/x><ul><li>1<li>2</ul></a>", "1 2"),
        ("<a href=/x><table><tr><td>1</td><td>2</td></tr></table></a>", "1 2"),
        ("<a href=/x><span style='display: block'>one</span>two</a>", "one two"),
        ("<a href=/x>f<b>o</b><i>o</i><wbr>bar</a>", "foobar"),
        ("<a href=/x>a&nbsp;&nbsp;b\u3000c</a>", "a b c"),
        ('<a href=/x><img alt="Adobe"></a>', "Adobe"),
        ('<a href=/x><img alt="Adobe">Reader</a>', "Adobe Reader"),
        ('<a href=/x><img alt=""><img src=y></a>', None),
        ('<a href=/x><img alt="" src=y>text<img alt="end"></a>', "text end"),
        ('<a href=/x><input type=image alt="Go"></a>', "Go"),
        ('<a href=/x><picture><source><img alt="Photo"></picture></a>', "Photo"),
        ("<a href=/x>vis<script>x()</script></a>", "vis"),
        ("<a href=/x>vis<style>p{}</style><template>no</template><!-- no -->ible</a>", "visible"),
        ("<a href=/x>vis<span hidden>no<b>no</b></span>ible</a>", "visible"),
        ("<a href=/x>vis<i style='color:red; DISPLAY :none'>no</i>ible</a>", "visible"),
        ("<a href=/x>vis<i style='visibility:hidden'>no</i>ible</a>", "visible"),
        ("<a href=/x>vis<textarea>no</textarea><iframe>no</iframe>ible</a>", "visible"),
        ("<a href=/x>vis<video>no</video><canvas>no</canvas><object>no</object></a>", "vis"),
        ("<a href=/x><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby></a>", "漢kan"),
        ("<div style='display:none'><a href=/x>Menu</a></div>", "Menu"),
        ("<div hidden><a href=/x>Menu</a></div>", "Menu"),
        ("<a href=/x>نمی‌خواهم 👨‍👩‍👧</a>", "نمی‌خواهم 👨‍👩‍👧"),
        ("<a href=/x></a><a href=/x>later</a>", "later"),
        ("<a href=/x> </a><a href=/x#a><img alt=later></a><a href=/x>last</a>", "later"),
        ('<a href=/x><img alt="Adobe"></a><a href=/x>Text</a>', "Adobe"),
        ("<a href=/x>first</a><a href=/x></a>", "first"),
        ("<a href=/x><div>one</a>two</div>", "one"),
        ("<a href=/x><table><tr><td>one</a>two</table>", "one"),
        ("<p><a href=/x>one</p><p>two</a></p>", "one"),
        ("<p><a href=/x></p><p>two</a></p>", "two"),
        ("<table><tr><td><a href=/x></td><td>two</table>", None),
        ("<a href=/x>one<a name=n>two</a>three", "one"),
        ("<a href=/x title='</a>'>one</a>two", "one"),
    ],
)
def test_a_link_says_what_a_person_sees(markup: str, words: str | None) -> None:
    assert [(link.url, link.anchor) for link in read(markup, URL).links] == [(X, words)]


def test_a_later_text_leaves_the_rest_of_the_link_as_it_stands_first() -> None:
    found = read("<a href=/x rel=ugc></a><a href=/x rel=nofollow>text</a>", URL).links
    assert found == [Link(X, "text", "ugc")]


@pytest.mark.parametrize(
    "dead",
    [
        "<template>{}</template>",
        "<template><div><p>{}</template>",
        "<div><template>{}</div><a href=/no>n</a></template>",
        "<template><template></template>{}</template>",
        "<svg><template>{}</template></svg>",
        "<!-- {} -->",
        "<script>'{}'</script>",
        "<style>{}</style>",
        "<textarea>{}</textarea>",
        "<title>{}</title>",
        "<iframe>{}</iframe>",
        "<xmp>{}</xmp>",
        "<noembed>{}</noembed>",
        "<noframes>{}</noframes>",
    ],
)
def test_what_is_no_live_markup_is_not_read(dead: str) -> None:
    inside = (
        "<base href=/no/><meta name=robots content='noindex,nofollow'><link rel=canonical href=/no><a href=/no>n</a>"
    )
    page = read(f"{dead.format(inside)}<a href=y>yes</a>", URL)
    assert page.links == [Link("http://example.org/dir/y", "yes", None)]
    assert (page.nofollow, page.noindex, page.canonical) == (False, False, None)


def test_noscript_is_live_for_who_runs_no_scripts() -> None:
    assert urls("<noscript><a href=/x>x</a></noscript>") == [X]


@pytest.mark.parametrize(
    ("meta", "headers", "rel"),
    [
        ("robots", [], "nofollow ugc"),
        ("MissionControlSatellite", [], "nofollow ugc"),
        ("badbot", [], "ugc"),
        ("", [b"nofollow"], "nofollow ugc"),
        ("", [b"noindex", b"NONE"], "nofollow ugc"),
        ("", [b"badbot: nofollow"], "ugc"),
        ("", [b"badbot: noindex, nofollow"], "ugc"),
        ("", [b"badbot: noindex", b"nofollow"], "nofollow ugc"),
        ("", [b"missioncontrolsatellite: nofollow"], "nofollow ugc"),
        ("", [b"badbot: noindex, MissionControlSatellite: nofollow"], "nofollow ugc"),
        ("", [b"unavailable_after: 25 Jun 2030 15:00:00 PST, nofollow"], "nofollow ugc"),
        ("", [b"max-snippet: 3, nofollow"], "nofollow ugc"),
        ("", [b"follow"], "ugc"),
    ],
)
def test_a_page_that_asks_not_to_be_followed_says_so_of_its_links(meta: str, headers: list[bytes], rel: str) -> None:
    page = read(f"<meta name='{meta}' content=nofollow><a href=/x rel=UGC>x</a>", URL, headers)
    assert page.links == [Link(X, "x", rel)]
    assert page.nofollow is (rel != "ugc")


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        ("<frameset><frame src=menu.html></frameset><noframes><a href=/x>x</a></noframes>", "frameset"),
        ("", "it is empty"),
        ("<html><body>  </body></html>", "it is empty"),
        ("<div id=app></div><script src=app.js></script>", "made by scripts, which are not run"),
        ("<script>go()</script><p>Please enable scripts", "links would be made by scripts"),
        ("<p>Only words", "text alone"),
        ("<meta http-equiv=Refresh content='0; URL=/there'>", "sends visitors on to /there by a refresh"),
        ("<a href='mailto:x@example.org'>mail</a>", "text alone"),
    ],
)
def test_a_page_that_links_nowhere_says_why(markup: str, why: str) -> None:
    assert why in (read(markup, URL).blank or "")
    assert read(f"{markup}<a href=/x>x</a>", URL).blank is None or "frameset" in why


TAGS = ["<a href=/x>", "</a>", "<div>", "</p>", "</div>", "<template>", "</template>", "<td>", "<script>", "</script>"]


@given(st.lists(st.sampled_from([*TAGS, "<b hidden>", "</b>", "text"]), max_size=15).map("".join))
def test_whatever_was_opened_is_closed_at_the_end(markup: str) -> None:
    words = read(f"{markup}</script>{'</template>' * 15}<a href=/last>seen</a>", URL).links
    assert words[-1].anchor == "seen"


def test_a_query_goes_out_in_the_encoding_of_the_page() -> None:
    markup = '<base href="/при?q=при"><a href="?q=при">1</a><a href="два">2</a>'
    assert [link.url for link in read(markup, URL, encoding="windows-1251").links] == [
        "http://example.org/%D0%BF%D1%80%D0%B8?q=%EF%F0%E8",
        "http://example.org/%D0%B4%D0%B2%D0%B0",
    ]


def test_what_no_browser_can_follow_is_refused_and_counted() -> None:
    page = read(
        '<a href="http://exam<ple.com/">1</a><a href="mailto:a@b.c">2</a><a href="http://user:pw@h/">3</a>', URL
    )
    assert ([link.url for link in page.links], page.refused) == (["http://h/"], 1)


def test_an_impossible_address_counts_once_a_page_as_any_other() -> None:
    """An open link that a cell ends is reopened behind it."""
    assert read('<td><a href="http://[bad">1</td>2<a href="http://[bad#x">3</a>', URL).refused == 1


def test_links_relative_to_another_scheme_are_no_pages() -> None:
    assert urls('<base href="ftp://example.org/"><a href="x">1</a><a href="http://h/">2</a>') == ["http://h/"]
