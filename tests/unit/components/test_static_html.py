"""Components written as HTML: as Dash would draw them, and nothing that somebody wrote becomes a part of the page."""

from __future__ import annotations

import pytest
from dash import dcc, html
from hypothesis import given
from hypothesis import strategies as st

from components.kit import live
from components.kit.states import badge, link, symbol
from components.kit.static_html import press, render
from components.kit.tables import Column, table
from tests.drawn import unfolded


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, ""),
        (0, "0"),
        (["a", html.Br(), 7], "a<br>7"),
        (html.Td("x", className="number"), '<td class="number">x</td>'),
        (html.Th("x", scope="col", colSpan=2), '<th colspan="2" scope="col">x</th>'),
        (html.Button("x", disabled=True, hidden=False), '<button disabled="disabled">x</button>'),
        (symbol("normal"), '<span aria-label="normal" class="symbol" data-status="normal" role="img"></span>'),
        (badge("a & b"), '<span class="badge badge-plain">a &amp; b</span>'),
        (link("x", "/domains/a?b=1&c=2"), '<a data-nav="" href="/domains/a?b=1&amp;c=2">x</a>'),
        (html.I(**live.attrs(**press("s", '"'))), '<i data-press="s" data-press-value="&#34;"></i>'),
    ],
)
def test_components_are_written_as_dash_draws_them(content: object, said: str) -> None:
    assert render(content) == said


@pytest.mark.parametrize(
    "content", [dcc.Store(id="x"), html.Div(id={"type": "x", "n": 1}), html.I(style={"color": "red"}), object()]
)
def test_what_needs_dash_is_refused(content: object) -> None:
    with pytest.raises(TypeError):
        render(content)


@given(st.text(min_size=1).filter(lambda words: "\r" not in words and "\0" not in words))
def test_whatever_somebody_wrote_is_read_as_words(words: str) -> None:
    drawn = table("x", [Column("x", lambda row: html.A(row["x"], title=row["x"]))], [{"x": words}], nothing=("", ""))
    [whole] = unfolded(drawn.to_plotly_json())["props"]["children"]
    cell = whole["props"]["children"][1]["props"]["children"][0]["props"]["children"][0]
    [found] = cell["props"]["children"]
    assert "".join(found["props"]["children"]) == found["props"]["title"] == words
