"""The browser's pure functions: they say what Python says, and patch as RFC 7396 writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from components.kit import formats

if TYPE_CHECKING:
    from tests.browser.chromium import Screen

NUMBERS = [
    0,
    0.4,
    0.5,
    1,
    9.94,
    59,
    60,
    61,
    999,
    1000,
    3599,
    3600,
    86_399,
    86_400,
    183_600,
    1_843_211,
    -1,
    -1234.5,
    -0.04,
]
SAYERS = {
    "int": formats.whole,
    "decimal": formats.decimal,
    "percent": formats.percent,
    "duration": formats.duration,
    "age": formats.age,
}
PATCHES: list[tuple[Any, Any, Any]] = [  # RFC 7396, appendix A
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.fixture
def page(screen: Screen) -> Screen:
    if not screen.run("return Boolean(window.MissionControl)"):
        screen.go("/")
    return screen


def test_numbers_read_the_same_in_both_languages(page: Screen) -> None:
    for form, say in SAYERS.items():
        there = page.run("return arguments[0].map((n) => MissionControl.format(n, arguments[1]))", NUMBERS, form)
        assert dict(zip(NUMBERS, there, strict=True)) == {number: say(number) for number in NUMBERS}, form


def test_what_is_not_known_is_a_dash_and_never_nan(page: Screen) -> None:
    script = "return [undefined, null, NaN, Infinity, 'x', {}].map((v) => MissionControl.format(v, arguments[0], 0))"
    for form in (*SAYERS, "ago", "countdown", "time", "moment", "milliseconds"):
        assert set(page.run(script, form)) == {"–"}


def test_a_countdown_reads_like_one(page: Screen) -> None:
    read = "return MissionControl.format(arguments[0], 'countdown')"
    assert [page.run(read, seconds) for seconds in (192, -61, 180_000)] == ["T-00:03:12", "T+00:01:01", "T-2 d 02 h"]


def test_patches_apply_as_the_rfc_says(page: Screen) -> None:
    for target, patch, result in PATCHES:
        assert page.run("return MissionControl.merge(arguments[0], arguments[1])", target, patch) == result


def test_an_age_has_four_words(page: Screen) -> None:
    ages = [(1, True), (3, True), (7, True), (1, False)]
    read = "return MissionControl.freshness(arguments[0], 2, arguments[1])"
    assert [page.run(read, *age) for age in ages] == ["live", "late", "stale", "lost"]


def test_digits_keep_their_columns_and_group_marks_stand_tight(page: Screen) -> None:
    width = """
    const span = document.createElement('span');
    span.style.cssText = 'font: 700 100px var(--font-data); position: fixed; white-space: pre';
    document.body.append(span);
    const measure = (words) => { span.textContent = words; return span.getBoundingClientRect().width; };
    const found = [measure('1111'), measure('8888'), measure('1,247') - measure('1247'), measure('8')];
    span.remove(); return found;
    """
    page.run("return document.fonts.load(arguments[0], '1,247')", "700 100px 'B612 Data'")
    ones, eights, comma, digit = page.run(width)
    assert ones == eights
    assert comma < digit * 0.6
