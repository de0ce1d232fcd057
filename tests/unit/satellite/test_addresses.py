from __future__ import annotations

import pytest

from clients.satellite import addresses

PAGE = "http://example.org/docs/index.html"


@pytest.mark.parametrize(
    ("href", "meaning"),
    [
        ("guide.html", "http://example.org/docs/guide.html"),
        ("/top", "http://example.org/top"),
        ("../up", "http://example.org/up"),
        ("//other.example/x", "http://other.example/x"),
        ("https://Other.example/", "https://other.example/"),
        ("  padded \n", "http://example.org/docs/padded"),
        ("two words", "http://example.org/docs/two%20words"),
        ("page#part", "http://example.org/docs/page"),
        ("#part", PAGE),
        ("", PAGE),
        (r"\ws\ok3.html", "http://example.org/ws/ok3.html"),
        ("\\", "http://example.org/"),
        (r"\\other.example\x", "http://other.example/x"),
        ("ht\ntp://other.example\t/x", "http://other.example/x"),
        ("http:guide.html", "http://example.org/docs/guide.html"),
        ("https:guide.html", "https://guide.html/"),
        ("?q=1", "http://example.org/docs/index.html?q=1"),
        ("http://[::1]:8000/x", "http://[::1]:8000/x"),
    ],
)
def test_a_link_means_an_address(href: str, meaning: str) -> None:
    assert addresses.absolute(PAGE, href) == meaning


@pytest.mark.parametrize(
    "href",
    [
        "mailto:a@b.c",
        "javascript:void(0)",
        "tel:1",
        "ftp://x/y",
        "data:,x",
        "https://",
        "http://[broken",
        "http://a:b/",
    ],
)
def test_other_links_mean_none(href: str) -> None:
    assert addresses.absolute(PAGE, href) is None


def test_the_same_page_has_one_form() -> None:
    forms = ["http://Example.ORG", "http://example.org:80/", "http://example.org/#top"]
    assert {addresses.page(form) for form in forms} == {"http://example.org/"}


def test_a_site_is_a_host_with_its_port_unless_that_is_the_schemes_own() -> None:
    assert addresses.named_site("https://Example.org:443/x") == addresses.site("http://example.org/") == "example.org"
    assert addresses.site("http://example.org:8080/") == "example.org:8080"
    assert addresses.site("http://[::1]:8080/") == "[::1]:8080"


@pytest.mark.parametrize("name", ["Example.org", "http://example.org/start", "example.org:80"])
def test_a_person_may_name_a_site_in_any_way(name: str) -> None:
    assert addresses.named_site(name) == "example.org"


def test_www_makes_no_other_site() -> None:
    assert addresses.same_but_www("www.example.org", "example.org")
    assert not addresses.same_but_www("shop.example.org", "example.org")


@pytest.mark.parametrize(
    ("element", "base"),
    [
        (None, PAGE),
        ("", PAGE),
        ("/deep/", "http://example.org/deep/"),
        ("//other.example", "http://other.example/"),
        ("http://[broken", PAGE),
        ("data:text/html,x", PAGE),
        ("javascript:0", PAGE),
        ("ftp://example.org/x/", "ftp://example.org/x/"),
    ],
)
def test_a_base_element_counts_where_browsers_heed_it(element: str | None, base: str) -> None:
    assert addresses.base_of(PAGE, element) == base
