"""What a page may run and whom it may talk to, as the browser understands it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.browser.chromium import Screen

TRY = """
window.ran = [];
const add = (kind, fields) => document.body.append(Object.assign(document.createElement(kind), fields));
add('script', {textContent: 'window.ran.push("inline")'});
add('script', {src: 'data:text/javascript,window.ran.push("data")'});
add('div', {innerHTML: '<img src="x:" onerror="window.ran.push(1)"><a href="javascript:window.ran.push(2)">x</a>'});
document.body.lastChild.querySelector('a').click();
"""
CALL_OUT = """
const done = arguments[arguments.length - 1];
fetch('http://127.0.0.1:9/').then(() => done('went out'), (e) => done(e.message));
"""


@pytest.mark.parametrize("path", ["/", "/missions"])
def test_a_script_that_somebody_slips_in_does_not_run(screen: Screen, path: str) -> None:
    screen.go(path)
    screen.run(TRY)
    screen.until(lambda: any("Content Security Policy" in said for said in screen.complaints()))
    assert screen.run("return window.ran") == []


def test_a_page_talks_to_us_alone(screen: Screen) -> None:
    screen.go("/")
    assert "Failed to fetch" in screen.driver.execute_async_script(CALL_OUT)
    screen.until(lambda: any("connect-src" in said for said in screen.complaints()))
