"""The Screens page: who watches and how they are, playlists, and links for screens without a keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import ALL, Input, Output, State, ctx
from dash.exceptions import PreventUpdate
from flask import g, request
from pydantic import ValidationError

from callbacks import clientside
from callbacks.actions import perform
from callbacks.blueprint import CallbackBlueprint
from callbacks.panels import Panels
from callbacks.web.api import db, services
from callbacks.web.guard import deny
from components.kit.states import freshness_at
from components.kit.toasts import refused
from components.screens import ids, tables
from components.screens.layout import OVERVIEW, REFRESH_S
from data import clock
from data.access import keys as access_keys
from data.access import reads as access_reads
from data.errors import BadInput, NotFound
from data.permissions import Permission, Scope
from data.quantities import count
from data.screens import reads, writes
from data.screens.inputs import NewPlaylist, read_items, write_items

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from callbacks.panels import Draw, Reader
    from components.kit.toasts import Toast

blueprint = CallbackBlueprint("screens")
panels = Panels(blueprint, needs=Permission.SCREENS_READ, view=ids.VIEW, question=lambda _: None)
CHANGED = Input(ids.CHANGED, "data")


@panels.children(ids.LIST, ids.AGE, inputs=[Input(ids.TICK, "n_intervals"), CHANGED])
def list_screens(_: None, read: Reader) -> Draw:
    now = clock.now()
    rows = read.now(lambda connection: reads.screens(connection, now))
    return lambda: (tables.screens(rows), freshness_at(clock.epoch_ms(now), REFRESH_S + 1))


@panels.outputs(
    Output(ids.PLAYLISTS, "children"),
    Output(ids.KIOSK_SHOWS, "options"),
    fallback=lambda words: (words, []),
    inputs=[CHANGED],
)
def list_playlists(_: None, read: Reader) -> Draw:
    rows = read.now(reads.playlists)
    options = [{"label": "Overview", "value": OVERVIEW}]
    options += [{"label": row["name"], "value": f"/?kiosk&playlist={row['playlist_id']}"} for row in rows]
    return lambda: (tables.playlists(rows), options)


@panels.children(ids.KIOSKS, inputs=[CHANGED])
def list_kiosks(_: None, read: Reader) -> Draw:
    """Administrators alone learn which links there are."""
    if not g.actor.may(Permission.ACCESS_MANAGE):
        return lambda: tables.kiosks([])
    keys = read.now(access_reads.keys)
    return lambda: tables.kiosks([key for key in keys if Scope.KIOSK in key["scopes"] and key["revoked_at"] is None])


@blueprint.callback(
    Output(ids.TOAST, "data"),
    Output(ids.CHANGED, "data"),
    Output(ids.EDITED, "data"),
    Input(ids.action(ALL, ALL), "n_clicks"),
    needs=Permission.SCREENS_MANAGE,
    prevent_initial_call=True,
)
def press(clicks: list[int | None]) -> tuple[Toast | None, str, str | None]:
    if not any(clicks):
        raise PreventUpdate  # the buttons were drawn, nobody pressed one
    verb, of = str(ctx.triggered_id["verb"]), str(ctx.triggered_id["of"])
    if verb == "edit":
        return None, clock.now().isoformat(), of
    toast, _ = perform(lambda: tell(verb, of), lambda words: words)
    return toast, clock.now().isoformat(), None


def tell(verb: str, of: str) -> str:
    """Do what was pressed; the words that say so."""
    if verb == "revoke" and not g.actor.may(Permission.ACCESS_MANAGE):
        raise deny(Permission.ACCESS_MANAGE)
    if verb == "reload":
        writes.ask_to_reload(db(), g.actor, of, clock.now())
        return "The screen will reload with its next report"
    if verb == "forget":
        writes.forget(db(), g.actor, of)
        return "The screen is removed from the list"
    if verb == "forget-closed":
        return f"{count(writes.forget_closed(db(), g.actor), 'closed screen')} removed from the list"
    if verb == "delete":
        writes.delete_playlist(db(), g.actor, of)
        return "The playlist is deleted"
    if verb == "revoke":
        access_keys.revoke_key(db(), g.actor, of)
        return "The kiosk link is revoked"
    raise BadInput.field("verb", msg="must be reload, forget, forget-closed, edit, delete or revoke")


@blueprint.callback(
    Output(ids.NAME, "value"),
    Output(ids.ITEMS, "value"),
    Output(ids.HOLD, "value"),
    Input(ids.EDITED, "data"),
    needs=Permission.SCREENS_READ,
    prevent_initial_call=True,
)
def edit(playlist_id: str | None) -> tuple[str, str, int]:
    if not playlist_id:
        raise PreventUpdate
    try:
        found = reads.playlist(db(), playlist_id)
    except NotFound:
        raise PreventUpdate from None  # deleted meanwhile
    return found["name"], write_items(found["items"]), found["hold_seconds"]


@blueprint.callback(
    Output(ids.TOAST, "data", allow_duplicate=True),
    Output(ids.CHANGED, "data", allow_duplicate=True),
    Output(ids.EDITED, "data", allow_duplicate=True),
    Output(ids.ERROR, "children"),
    Input(ids.SAVE, "n_clicks"),
    State(ids.NAME, "value"),
    State(ids.ITEMS, "value"),
    State(ids.HOLD, "value"),
    State(ids.EDITED, "data"),
    needs=Permission.SCREENS_MANAGE,
    prevent_initial_call=True,
)
def save(
    clicks: int | None, name: str | None, items: str | None, hold: float | None, playlist_id: str | None
) -> tuple[Toast, str, str | None, str]:
    if not clicks:
        raise PreventUpdate
    given: dict[str, Any] = {"name": name or "", "items": read_items(items or ""), "hold_seconds": hold}
    now = clock.now().isoformat()
    try:
        wanted = NewPlaylist.model_validate(given)
    except ValidationError as error:
        return refused("The playlist was not saved: see the form"), now, playlist_id, _first(error)
    toast, saved = perform(
        lambda: writes.save_playlist(db(), g.actor, wanted, playlist_id), lambda _: f"{wanted.name} is saved"
    )
    return (toast, now, None, "") if saved else (toast, now, playlist_id, toast["words"])


def _first(error: ValidationError) -> str:
    """The first thing that is wrong, with its line where there is one."""
    found = error.errors()[0]
    place = list(found["loc"])
    said = found["msg"].removeprefix("Value error, ")
    if len(place) > 2:
        return f"line {int(place[1]) + 1}, {str(place[2]).replace('_', ' ')}: {said}"
    return f"{str(place[0]).replace('_', ' ')}: {said}"


@blueprint.callback(
    Output(ids.KIOSK_LINK, "children"),
    Output(ids.CHANGED, "data", allow_duplicate=True),
    Input(ids.KIOSK_MAKE, "n_clicks"),
    State(ids.KIOSK_NAME, "value"),
    State(ids.KIOSK_SHOWS, "value"),
    needs=Permission.ACCESS_MANAGE,
    prevent_initial_call=True,
)
def make_kiosk(clicks: int | None, name: str | None, shows: str | None) -> tuple[Component, str]:
    if not clicks:
        raise PreventUpdate
    called = (name or "").strip()[:100].replace("\x00", "") or "kiosk"
    _, key = access_keys.create_key(db(), g.actor, services().pepper, called, [Scope.KIOSK])
    origin = services().settings.public_url or request.host_url.rstrip("/")
    return tables.kiosk_link(origin, key, shows or OVERVIEW), clock.now().isoformat()


panels.notice(ids.NOTICE)
clientside.toasts(blueprint, ids.TOAST)
