"""The Backlinks page in an analyst's hands: the address, the zoom, the clicks, the states."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text

from data.db import transaction
from data.deadline import READ_S
from data.views import refresh_view
from tasks.backlinks import bring_sets_up_to_date
from tasks.refresh import bring_up_to_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.chromium import Screen
    from tests.browser.site import Site

CARDS = ".backlinks .card-number"
NOTICE = "#backlinks-notice"
OURS = "/backlinks?from=now-30d&var-target=ours.example&var-vs=rival.example"
# Sixty days, five links a day to each; every fifth of ours is nofollow, every tenth is lost.
MAKE = """
insert into backlinks (target_domain_name, discovered_date, source_domain_name, url_from, url_to, anchor, rel,
  domain_authority, spam_score, last_seen, lost_date, lost_reason, link_state)
select t, d, 's' || i % 17 || '.example', 'https://s' || i % 17 || '.example/' || t || '/' || i, 'https://' || t || '/',
  'words ' || i % 3, case when i % 5 = 0 then 'nofollow' end, i % 100, i * 7 % 100, d,
  case when i % 10 = 0 then d + interval '1 hour' end, case when i % 10 = 0 then 'not_found' end,
  case when i % 10 = 0 then 'confirmed_lost' else 'live' end
from generate_series(0, 299) i cross join unnest(array['ours.example', 'rival.example']) t
cross join lateral (select :start + i / 5 * interval '1 day' as d) x
"""


@pytest.fixture(scope="module")
def links(site: Site) -> Iterator[None]:
    start = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=60)
    with transaction(site.services.engine) as connection:
        connection.execute(text(MAKE), {"start": start})
    refresh(site)
    yield
    with transaction(site.services.engine) as connection:
        connection.execute(text("delete from backlinks"))
    refresh(site)


def refresh(site: Site) -> None:
    while bring_up_to_date(site.services) + bring_sets_up_to_date(site.services):
        pass
    with transaction(site.services.engine) as connection:
        refresh_view(connection, "mv_daily_backlink_stats")


@pytest.fixture
def page(screen: Screen, links: None) -> Screen:
    del links
    return screen


def show(page: Screen, path: str) -> list[str]:
    """Opens it; the figures of its cards."""
    page.go(path)
    page.until(lambda: len(cards(page)) == 6)
    return cards(page)


def cards(page: Screen) -> list[str]:
    return [
        str(one) for one in page.run("return [...document.querySelectorAll(arguments[0])].map(e => e.innerText)", CARDS)
    ]


def bars(page: Screen) -> str:
    return page.text(".backlinks-head") + page.text("#panel-backlinks-intersect .filters")


def says(page: Screen) -> dict[str, str]:
    """What the address says."""
    return {name: value[-1] for name, value in parse_qs(urlsplit(page.driver.current_url).query).items()}


def span(page: Screen, chart: str) -> list[str]:
    """First and last day that a chart shows."""
    script = """const d = document.querySelector('#panel-' + arguments[0] + ' .js-plotly-plot');
      const bar = d && d._fullData && d._fullData[0]; return bar && bar.x0 ? [d.data[0].x0, bar._length] : null"""
    return [str(one) for one in page.run(script, chart) or []]


def chart_event(page: Screen, chart: str, script: str, *given: Any) -> None:
    found = f"const gd = document.querySelector('#panel-{chart} .js-plotly-plot');"
    page.until(lambda: page.run(f"{found} return gd && gd.data && gd.data.length"))
    page.run(found + script, *given)


def test_a_pasted_address_shows_the_same_to_somebody_else(page: Screen) -> None:
    everything = show(page, OURS)
    assert everything[0] == "300"
    address = f"{OURS}&var-type=nofollow&var-spam=30-59&var-state=live&var-k=1&var-platforms=show"
    mine = show(page, address)
    assert mine != everything
    page.sign_in("viewer")
    assert show(page, address) == mine
    chosen = ("ours.example", "nofollow", "30-59", "live", "≥ 1", "shown")
    page.until(lambda: all(words in bars(page) for words in chosen))
    unlike = "/api/v1/screens"  # one tab, two persons: a screen's report belongs to the first
    assert [said for said in page.complaints() if unlike not in said] == []


def test_a_zoom_on_one_chart_moves_all_and_a_double_click_takes_it_back(page: Screen) -> None:
    before = show(page, OURS)
    first, last = (datetime.now(UTC).date() - timedelta(days=back) for back in (20, 11))
    zoom = "Plotly.relayout(gd, {'xaxis.range[0]': arguments[0], 'xaxis.range[1]': arguments[1]})"
    chart_event(page, "backlinks-velocity", zoom, f"{first} 00:00", f"{last} 00:00")
    page.until(lambda: says(page).get("from") == str(first))
    page.until(lambda: span(page, "backlinks-toxic") == [str(first), "10"] == span(page, "backlinks-velocity"))
    page.until(lambda: "10 d" in page.text("#panel-backlinks-anchors .panel-note"))
    assert cards(page) != before
    chart_event(page, "backlinks-toxic", "Plotly.relayout(gd, {'xaxis.autorange': true})")
    page.until(lambda: says(page)["from"] == "now-30d" and cards(page) == before)
    assert page.complaints() == []


def test_a_click_on_a_cell_a_row_or_a_bar_filters_the_rest(page: Screen) -> None:
    before = show(page, OURS)
    cell = "gd.emit('plotly_click', {event: {}, points: [{x: '40–49', y: 'ours.example', curveNumber: 0}]})"
    chart_event(page, "backlinks-authority", cell)
    page.until(lambda: says(page).get("var-da") == "40-49" and cards(page)[0] == "30")
    page.driver.back()
    page.until(lambda: "var-da" not in says(page) and cards(page) == before)
    row = "#backlinks-lost .ag-row[row-index='0'] [col-id='reason']"
    page.until(lambda: page.all(row))
    page.one(row).click()
    page.until(lambda: says(page).get("var-reason") == "not_found" and "lost because" in page.text("#backlinks-chips"))
    page.one("#backlinks-chips a").click()
    page.until(lambda: "var-reason" not in says(page))
    bar = "gd.emit('plotly_click', {event: {}, points: [{x: arguments[0], y: 5, curveNumber: 0}]})"
    day = str(datetime.now(UTC).date() - timedelta(days=5))
    chart_event(page, "backlinks-velocity", bar, day)
    page.until(
        lambda: (
            (says(page).get("from"), says(page).get("to")) == (day, day) and "1 d" in page.text("#backlinks-lost-note")
        )
    )
    assert page.complaints() == []


def test_what_nobody_can_show_is_said_in_words_and_the_files_carry_the_filters(page: Screen) -> None:
    page.go("/backlinks?var-target=nobody.example")
    page.until(lambda: "nobody.example" in page.text(NOTICE))
    page.go("/backlinks?from=2026-03-01&to=2026-02-01")
    page.until(lambda: "is after the end date" in page.text(NOTICE))
    page.go(OURS.replace("now-30d", "2001-01-01") + "&to=2001-02-01")
    page.until(lambda: "Nothing was found or lost" in page.text(NOTICE))
    show(page, OURS.replace("now-30d", "now-10y") + "&var-type=nofollow")
    assert page.text(NOTICE) == ""
    address = page.run("""const file = document.querySelector('#panel-backlinks-lost a[data-export]');
      file.addEventListener('click', (event) => event.preventDefault()); file.click(); return file.href""")
    asked = {name: value[0] for name, value in parse_qs(urlsplit(str(address)).query).items()}
    named = {"from": "now-10y", "target": "ours.example", "vs": "rival.example", "type": "nofollow"}
    assert (asked, urlsplit(str(address)).path) == (named, "/api/v1/export/backlinks_lost.csv")
    assert page.complaints() == []


def test_an_anchor_with_joiners_narrows_the_page_and_what_cannot_is_said(page: Screen) -> None:
    show(page, OURS)
    page.run("MissionControl.address.put({'var-anchor': 'می\u200cخواهم'})")
    page.until(lambda: "خواهم" in page.text("#backlinks-chips"))
    page.until(lambda: "with these filters" in page.text(NOTICE))
    page.run("MissionControl.address.put({'var-anchor': 'x'.repeat(501), 'var-colour': 'red'})")
    page.until(lambda: "Anchor: must be at most 500 characters" in page.text(NOTICE))
    page.until(lambda: "Colour: there is no such filter" in page.text(NOTICE))
    page.go("/missions?from=abc")
    page.until(lambda: "From: must be a date" in page.text(".notice"))
    assert page.complaints() == []


def test_a_range_is_replayed_and_stands_there_again_when_it_is_stopped(page: Screen) -> None:
    whole = show(page, OURS)
    page.one("#backlinks-replay").click()
    first, today = ((datetime.now(UTC) - timedelta(days=days)).date().isoformat() for days in (30, 0))
    seen = set()

    def goes_on() -> bool:
        seen.add(tuple(cards(page)))
        return len(seen) > 3

    page.until(goes_on)
    assert says(page)["from"] == first < says(page)["to"] < today
    page.one("#backlinks-replay").click()
    page.until(lambda: cards(page) == whole)
    assert says(page)["from"] == "now-30d"
    assert "to" not in says(page)


def test_a_panel_that_is_read_for_long_says_so_until_it_stands(page: Screen, site: Site) -> None:
    reading = "return [...document.querySelectorAll('[data-reading]')].map((panel) => panel.dataset.reading)"
    with transaction(site.services.engine) as connection:
        connection.execute(text("lock table rollup_backlinks_lost_daily in access exclusive mode"))
        page.go(OURS.replace("30d", "29d"))  # a range that no cache has seen, read from the roll-ups
        page.until(lambda: "still reading…" in page.run(reading))
    page.until(lambda: len(cards(page)) == 6 and not page.run(reading))


def test_a_panel_that_could_not_be_read_in_its_time_says_why(page: Screen, site: Site) -> None:
    said = "return document.querySelector('#backlinks-cards').dataset.reading || ''"
    with transaction(site.services.engine) as connection:
        connection.execute(text("lock table rollup_backlinks_lost_daily in access exclusive mode"))
        page.go(OURS.replace("30d", "28d"))
        page.until(lambda: page.run(said).startswith("This took longer than 20 s to read"), seconds=READ_S + 10)
