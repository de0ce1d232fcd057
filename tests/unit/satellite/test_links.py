from __future__ import annotations

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


def test_a_query_goes_out_in_the_encoding_of_the_page() -> None:
    markup = '<base href="/при?q=при"><a href="?q=при">1</a><a href="два">2</a>'
    assert [link.url for link in read(markup, URL, "windows-1251").links] == [
        "http://example.org/%D0%BF%D1%80%D0%B8?q=%EF%F0%E8",
        "http://example.org/%D0%B4%D0%B2%D0%B0",
    ]


def test_what_no_browser_can_follow_is_refused_and_counted() -> None:
    page = read(
        '<a href="http://exam<ple.com/">1</a><a href="mailto:a@b.c">2</a><a href="http://user:pw@h/">3</a>', URL
    )
    assert ([link.url for link in page.links], page.refused) == (["http://h/"], 1)


def test_links_relative_to_another_scheme_are_no_pages() -> None:
    assert urls('<base href="ftp://example.org/"><a href="x">1</a><a href="http://h/">2</a>') == ["http://h/"]
