"""The one way to draw a panel.

    panels = Panels(blueprint, needs=…, view=ids.VIEW, question=parse, stamp=ids.STAMP, views=("mv_…",))

    @panels.figure(ids.USE)
    def draw_use(asked: Question, read: Reader) -> Draw:
        frame = read(reads.use, asked.first, asked.last)
        return lambda: figures.use(frame)

A panel is asked for when the address or one of its own views changed. The address is parsed once, by the page's own
`question`. One rule on every page: a word that cannot be taken is left out as if it were not there, the panels show
what the others ask for, and the page's notice names the word and what it should have been. Where then nothing can be
shown (the parser raises: there is no such thing) the panel says why. What was read of views is kept until they are
refreshed; the connection is let go before anything is drawn. What PostgreSQL cannot answer now leaves as 503 with its
`Retry-After`: what stood there stays, marked, and the browser asks again (`assets/js/shell/retries.js`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from dash import Input, Output, State

from callbacks import clientside
from callbacks.web.api import reading, release, services, unit
from components.kit import address, charts, notices
from components.kit.states import failed
from data import clock
from data.db import translated
from data.errors import BadInput, NotFound

if TYPE_CHECKING:
    from datetime import date

    import plotly.graph_objects as go
    from sqlalchemy import Connection

    from callbacks.blueprint import CallbackBlueprint
    from components.kit.address import Address
    from data.permissions import Permission

Draw = Callable[[], Any]
Pattern = dict[str, Any]
Check = Callable[["Address", "Reader"], Iterable[str]]
Chart = tuple["Callable[[Connection, date, date], Any]", "Callable[..., go.Figure]"]
Question = TypeVar("Question")
Panel = TypeVar("Panel", bound=Callable[..., Draw])
T = TypeVar("T")


class Reader:
    """How a panel reads."""

    def __init__(self, views: tuple[str, ...]) -> None:
        self._views = views

    def __call__(self, read: Callable[..., T], *question: Hashable) -> T:
        """What `read(connection, *question)` answers as of the newest refresh of the page's views. It is shared with
        everybody who asks the same: nobody changes it."""
        named = (read.__module__, read.__qualname__, question)
        return services().view_cache.get(unit(), self._views, named, lambda connection: read(connection, *question))

    def now(self, read: Callable[[Connection], T]) -> T:
        """What stands there this moment: where no view is read, or a click must be seen."""
        with reading() as connection:
            return read(connection)


class Panels(Generic[Question]):
    """`view` is the store of the address, `stamp` the one of the page's `views` (`components.kit.view_versions`); `of`
    is what the page is of beside its address, and the second argument of `question`. Two pages of an area that share
    a stamp wire it once (`stamped`)."""

    def __init__(  # noqa: PLR0913 — a page is its parts, each named at the call
        self,
        blueprint: CallbackBlueprint,
        *,
        needs: Permission,
        view: str,
        question: Callable[..., Question],
        views: tuple[str, ...] = (),
        stamp: str | None = None,
        of: State | None = None,
        stamped: bool = True,
    ) -> None:
        self._blueprint, self._needs, self._view = blueprint, needs, view
        self._question, self._of = question, (of,) if of else ()
        self.read = Reader(views)
        self._inputs = [Input(view, "data"), *([Input(stamp, "data")] if stamp else [])]
        if stamp and stamped:
            clientside.stamps(blueprint, stamp)

    def figure(
        self, chart: str | Pattern, *, inputs: Sequence[Input] = (), states: Sequence[State] = ()
    ) -> Callable[[Panel], Panel]:
        """The chart `chart`, or the slot that a pattern stands for: the panel draws a figure."""
        slot = charts.slot(chart) if isinstance(chart, str) else chart
        return self.outputs(Output(slot, "data"), fallback=charts.empty_figure, inputs=inputs, states=states)

    def rows(self, grid: str, *, note: str | None = None, inputs: Sequence[Input] = ()) -> Callable[[Panel], Panel]:
        """The rows of a grid; with `note`, a pair of rows and the words beside them."""
        if note is None:
            return self.outputs(Output(grid, "rowData"), fallback=lambda _: [], inputs=inputs)
        outputs = (Output(grid, "rowData"), Output(note, "children"))
        return self.outputs(*outputs, fallback=lambda _: ([], ""), inputs=inputs)

    def children(
        self,
        *places: str,
        fallback: Callable[[str], Any] | None = None,
        inputs: Sequence[Input] = (),
        states: Sequence[State] = (),
    ) -> Callable[[Panel], Panel]:
        """What stands at `places`, as many parts as there are."""
        outputs = [Output(place, "children") for place in places]
        parts = fallback or (lambda words: _failed(words) if len(places) == 1 else [_failed(words)] * len(places))
        return self.outputs(*outputs, fallback=parts, inputs=inputs, states=states)

    def outputs(
        self,
        *outputs: Output,
        fallback: Callable[[str], Any],
        inputs: Sequence[Input] = (),
        states: Sequence[State] = (),
    ) -> Callable[[Panel], Panel]:
        """Anything else. `inputs`: what the panel listens to besides; `states`: what its function takes besides;
        `fallback`: what is drawn from the words that say why nothing can be shown."""
        listened = [*self._inputs, *inputs]

        def wire(panel: Panel) -> Panel:
            def answer(view: address.Parts, *rest: object) -> Any:  # noqa: ANN401 — whatever is drawn
                unheard = rest[len(listened) - 1 :]
                of, more = unheard[: len(self._of)], unheard[len(self._of) :]
                try:
                    with translated():
                        draw = panel(self._question(address.parse(view), *of), self.read, *more)
                    release()
                except (BadInput, NotFound) as error:
                    unit().rollback()
                    return fallback(error.detail)
                return draw()

            answer.__name__ = panel.__name__
            self._blueprint.callback(*outputs, *listened, *self._of, *states, needs=self._needs)(answer)
            return panel

        return wire

    def notice(
        self,
        place: str,
        *,
        known: notices.Known | None = None,
        check: Check | None = None,
        usual: str = "the last 30 days",
        drawn: bool = False,
    ) -> None:
        """`place` says what the address asks for in vain: parts, filters that the page has not (`known` are those that
        it has), a range that is none (`usual` is shown then), a page's own faults, and what its parser refuses.
        `drawn`: the layout has said it already, and nobody asks before the address changes."""

        @self._blueprint.callback(
            Output(place, "children"), Input(self._view, "data"), needs=self._needs, prevent_initial_call=drawn
        )
        def tell_notice(view: address.Parts) -> str:
            here = address.parse(view)
            said = [*notices.filter_faults(here, known or {}), *notices.range_faults(here, clock.now(), usual)]
            try:
                with translated():
                    said += check(here, self.read) if check else ()
                    if not self._of:  # else the panels themselves say that there is no such thing
                        self._question(here)
            except (BadInput, NotFound) as error:
                said += [error.detail] if error.detail not in said else []
            return notices.sentences(said)


def _failed(words: str) -> Any:  # noqa: ANN401 — a component
    return failed("This cannot be shown.", words)


def by_day(chart: Chart, *, kept: bool = True) -> Callable[..., Draw]:
    """A chart of the catalogue over the days that a page shows; not `kept` where no view says when it is outdated."""
    read_days, figure = chart

    def draw_by_day(days: tuple[date, date], read: Reader) -> Draw:
        found = read(read_days, *days) if kept else read.now(lambda connection: read_days(connection, *days))
        return lambda: figure(found, start=days[0], end=days[1])

    return draw_by_day


def days(here: Address) -> tuple[date, date]:
    """The question of a page that shows days and nothing else: its first and its last one."""
    return notices.time_range(here, clock.now()).days
