"""The address is the state of a page: what is not in it is as the page comes by itself; a pasted link shows the same.

    ?from=now-6h&to=now&refresh=30s&kiosk&theme=day&view=k3f9x2ab&var-target=acme.io&var-target=globex.net

| part           | what it says                               | words                                            |
|----------------|--------------------------------------------|--------------------------------------------------|
| `from`, `to`   | the range of everything that has one       | `now-6h`, `now/d`, `now-1d/d`, ISO, milliseconds |
| `refresh`      | how often the page paints what is new      | `1s` … `60s`, `1m` … `60m`, `off`                |
| `kiosk`        | without frame                              | there or not                                     |
| `theme`        | colours                                    | one of THEMES                                    |
| `view`         | an arrangement of panels                   | the view's id                                    |
| `var-<name>`   | what the page is filtered by               | anything; there may be several of one name       |

How a page uses it (nothing here asks anybody or fails; words that mean nothing are as if they were not there, and
`Address.refused` says why, for the page's notice):

- `pages/x.py`: `def layout(**parts): return x.layout(address.parse(parts))`: Dash hands the parts over.
- components: draw from the `Address`: `.values("target")`, `.value("target")`, `.start`, `.end`; put the store that
  callbacks listen to with `address.store(ids.VIEW, here)`; write links as `link("7 d", address.link(start="now-7d"),
  within=True)`: a link within a page changes the parts that it names, `None` takes one out, the rest stays.
- callbacks: `Input(ids.VIEW, "data")` with the type `address.Parts`; `here = address.parse(view)`, and
  `components.kit.notices.time_range(here, now)` makes a range of the words.
- a control that filters: give it the id `{"type": "<area>-filter", "var": "target"}` and wire it once for the area:
  `clientside.filters(blueprint, ids.filter(ALL))`. What a person picks then stands in the address, the store follows,
  back and forward bring it back.
- scripts: `MissionControl.address.read()`, `.put({from: "now-7d", "var-target": ["acme.io"]})`, and the event
  `mc:address` on `window` whenever the address changed (`assets/js/shell/address.js`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args
from urllib.parse import urlencode

from dash import dcc, html

from components.kit import live
from data.timerange import LONGEST_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dash.development.base_component import Component

Parts = dict[str, str | list[str] | None]  # as a store holds them, and as Dash hands them to a page
Theme = Literal["night", "day", "contrast"]
THEMES: tuple[Theme, ...] = get_args(Theme)
LONGEST_WORD, MOST_VALUES = 500, 50
_REFRESH = re.compile(r"([1-9]\d?)([sm])|off")
_VIEW = re.compile(r"[a-z0-9]{1,40}")
_NAMES = {"start": "from", "end": "to"}  # what Python calls otherwise
# Joiners, marks of direction and line breaks stand in real texts; NUL, other control characters and halves of
# surrogate pairs do not, and PostgreSQL takes none of the latter.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


_LOOKS = ("refresh", "theme", "view")
_PARTS = ("from", "to", *_LOOKS)
_SHAPES = {
    "refresh": (_REFRESH, "seconds or minutes, such as 30s or 5m, or off"),
    "theme": (re.compile("|".join(THEMES)), f"one of {', '.join(THEMES)}"),
    "view": (_VIEW, "the name of a saved view"),
}


@dataclass(frozen=True, slots=True)
class Address:
    """What an address says. `start` and `end` are words as they stand there; `refresh` is in seconds, 0 for "off"."""

    start: str | None = None
    end: str | None = None
    refresh: int | None = None
    kiosk: bool = False
    theme: Theme | None = None
    view: str | None = None
    variables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict, compare=False)  # by part, why it was not taken

    def values(self, name: str) -> tuple[str, ...]:
        """All that `var-<name>` says; empty when nothing."""
        return self.variables.get(name, ())

    def value(self, name: str) -> str | None:
        return next(iter(self.values(name)), None)


BARE = Address()


def parse(parts: Mapping[str, object]) -> Address:
    """The address that these parts make. Whatever they are, this does not fail."""
    kept = {part: _words(part, value) for part, value in parts.items() if part in _PARTS or part[:4] == "var-"}
    last = {part: words[-1] for part, words in kept.items() if words}
    refresh = _REFRESH.fullmatch(last.get("refresh", ""))
    view, theme = last.get("view", ""), last.get("theme")
    return Address(
        start=last.get("from"),
        end=last.get("to"),
        refresh=_seconds(refresh),
        kiosk=parts.get("kiosk") is not None,
        theme=next((known for known in THEMES if known == theme), None),
        view=view if _VIEW.fullmatch(view) else None,
        variables={part[4:]: words for part, words in kept.items() if part[:4] == "var-" and words},
        refused=_told(parts) | {part: why for part in kept if (why := _refusal(part, parts[part]))},
    )


def parts(here: Address) -> Parts:
    """The same as parts; `parse(parts(here)) == here`."""
    known: Parts = {"from": here.start, "to": here.end, "theme": here.theme, "view": here.view}
    known["refresh"] = None if here.refresh is None else _every(here.refresh)
    known["kiosk"] = "" if here.kiosk else None
    variables: Parts = {f"var-{name}": one(words) for name, words in here.variables.items()}
    told: dict[str, Any] = {"refused": dict(here.refused)} if here.refused else {}
    return {name: value for name, value in (known | variables).items() if value is not None} | told


def one(words: tuple[str, ...]) -> str | list[str]:
    return words[0] if len(words) == 1 else list(words)


def link(**changes: str | list[str] | None) -> str:
    """The address of a link within a page: `link(start="now-7d", var_target=["acme.io"], view=None)`.

    `start` and `end` are `from` and `to`, `var_…` is `var-…`, None takes a part out.
    """
    named = {_NAMES.get(name, re.sub(r"^var_", "var-", name)): value for name, value in changes.items()}
    return "?" + urlencode({name: "" if value is None else value for name, value in named.items()}, doseq=True)


def store(name: str, here: Address, **defaults: str | None) -> html.Div:
    """The store `name` that holds the parts of the address and follows it; `defaults` are parts it starts with."""
    marked = html.Div(hidden=True, **live.attrs(data_view_store=name))
    data: dict[str, Any] = {_NAMES.get(key, key): value for key, value in defaults.items()} | parts(here)
    children: list[Component] = [dcc.Store(id=name, data=data), marked]
    return html.Div(children, hidden=True)


def _seconds(refresh: re.Match[str] | None) -> int | None:
    if not refresh:
        return None
    return min(int(refresh[1]), 60) * (60 if refresh[2] == "m" else 1) if refresh[1] else 0


def _every(seconds: int) -> str:
    if not seconds:
        return "off"
    return f"{seconds // 60}m" if seconds % 60 == 0 else f"{seconds}s"


def _words(part: str, value: object) -> tuple[str, ...]:
    kept = dict.fromkeys(word for word in _given(value) if len(word) <= _most(part) and not _UNREADABLE.search(word))
    return tuple(kept)[:MOST_VALUES]


def _most(part: str) -> int:
    return LONGEST_WORDS if part in _PARTS else LONGEST_WORD


def _told(parts: Mapping[str, object]) -> dict[str, str]:
    """What a store keeps of an address that was read before."""
    told = parts.get("refused")
    kept = told.items() if isinstance(told, dict) else ()
    return {part: why for part, why in kept if isinstance(part, str) and isinstance(why, str)}


def _given(value: object) -> list[str]:
    return [word for word in (value if isinstance(value, list | tuple) else (value,)) if isinstance(word, str) and word]


def _refusal(part: str, value: object) -> str | None:
    """Why a part, or some of it, was not taken; None where all of it was."""
    given = _given(value)
    if any(len(word) > _most(part) for word in given):
        return f"must be at most {_most(part)} characters"
    if any(_UNREADABLE.search(word) for word in given):
        return "holds control characters"
    if len(set(given)) > MOST_VALUES:
        return f"must be at most {MOST_VALUES} values"
    shape, wanted = _SHAPES.get(part, (None, ""))
    return f"must be {wanted}" if shape and given and not shape.fullmatch(given[-1]) else None
