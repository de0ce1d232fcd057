"""What a callback's answer becomes before Dash has it."""

from __future__ import annotations

from typing import Any

import pytest
from dash import ALL, Input, Output, html, no_update
from flask import Flask, g

from callbacks.blueprint import CallbackBlueprint
from data.permissions import SYSTEM, Permission

BOX, FACE, LIST = Output("box", "children"), Output("box", "hidden"), Output({"field": ALL}, "children")
DIV = html.Div(id="inside")


def answered(answer: Any, *outputs: Output) -> Any:
    """What the wired callback gives for `answer`."""
    blueprint, wired = CallbackBlueprint("tests"), list[Any]()

    @blueprint.callback(*outputs, needs=Permission.LIVE_READ)
    def give() -> Any:
        return answer

    class App:
        def callback(self, *_: object, **__: object) -> Any:
            return wired.append

    blueprint.register(App())  # type: ignore[arg-type]
    with Flask("tests", root_path="/").test_request_context():
        g.actor = SYSTEM
        return wired[0]()


@pytest.mark.parametrize(
    ("outputs", "answer", "wanted"),
    [
        ([BOX], None, []),
        ([BOX], "", []),
        ([BOX], "words", "words"),
        ([BOX], 0, 0),
        ([BOX], DIV, DIV),
        ([BOX], no_update, no_update),
        ([FACE], None, None),
        ([BOX, FACE], (None, True), [[], True]),
        ([FACE, BOX], ["", ""], ["", []]),
        ([BOX, FACE], no_update, no_update),
        ([LIST, FACE], (["", "wrong"], None), [["", "wrong"], None]),
    ],
)
def test_children_that_are_none_are_an_empty_list_so_that_dash_forgets_what_stood_there(
    outputs: list[Output], answer: Any, wanted: Any
) -> None:
    assert answered(answer, *outputs) == wanted


def test_callbacks_of_one_name_each_keep_what_they_need() -> None:
    blueprint = CallbackBlueprint("tests")
    for box, needs in (("left", Permission.LIVE_READ), ("right", Permission.QUOTAS_READ)):

        @blueprint.callback(Output(box, "children"), Input("view", "data"), needs=needs)
        def draw(_: object) -> str:
            return ""

    assert sorted(blueprint.needs.values()) == [Permission.LIVE_READ, Permission.QUOTAS_READ]


def test_a_callback_that_is_wired_as_another_one_is_refused() -> None:
    blueprint = CallbackBlueprint("tests")
    wire = blueprint.callback(BOX, Input("view", "data"), needs=Permission.LIVE_READ)
    wire(lambda view: view)
    with pytest.raises(ValueError, match=r"two callbacks of tests are wired to box\.children view\.data"):
        wire(lambda view: view)
