"""Open pages that report how they are, and the playlists they show."""

from __future__ import annotations

from data.area import Area, Finder, Table
from data.permissions import Permission

SCREENS = Area(
    "screens",
    "Screens",
    "/screens",
    tables=(
        Table(
            "screens",
            expires="reported_at < now() - interval '7 days' or closed_at < now() - interval '1 day'",
        ),
    ),
    finders=(
        Finder(
            "screen",
            Permission.SCREENS_READ,
            "/screens",
            """select screen_id as key, name as title, address as detail from screens
               where name ilike :like and closed_at is null order by reported_at desc limit :each""",
        ),
        Finder(
            "playlist",
            Permission.SCREENS_READ,
            "/?kiosk&playlist={}",
            """select playlist_id as key, name as title, jsonb_array_length(items) || ' pages' as detail from playlists
               where name ilike :like order by name limit :each""",
        ),
    ),
)
