"""From filters to SQL: the conditions that a link (alias b) has to meet, and what they bind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from data.backlinks.inputs import ANY_HUNDRED, Filters, Kind, State, whole_bands

if TYPE_CHECKING:
    from collections.abc import Sequence

ANCHOR = 200  # characters of an anchor that the sets keep
# From pairs of a text and a domain to texts. Counting pairs first spares the sort that a distinct count asks for.
TEXTS = """
select anchor, sum(links)::bigint as links, count(*) as domains, max(authority) as authority,
       count(*) filter (where toxic > 0) as toxic, min(first_seen) as first_seen, max(last_seen) as last_seen,
       sum(sum(links)) over ()::bigint as all_links, count(*) over () as texts
from ({pairs}) p group by 1 order by domains desc, links desc, anchor limit :rows"""

# LIKE, not a regular expression: it is asked of every link of a domain.
_PAID = "(b.rel like '%nofollow%' or b.rel like '%ugc%' or b.rel like '%sponsored%')"
_KINDS: dict[Kind, str] = {
    "any": "",
    "follow": f"{_PAID} is not true",
    "nofollow": "b.rel like '%nofollow%'",
    "ugc": "b.rel like '%ugc%'",
    "sponsored": "b.rel like '%sponsored%'",
}
# The same of the kind that the sets keep: `link_kind` of the database.
_BITS: dict[Kind, str] = {
    "any": "",
    "follow": "kind = 0",
    "nofollow": "kind & 1 > 0",
    "ugc": "kind & 2 > 0",
    "sponsored": "kind & 4 > 0",
}
_STATES: dict[State, str] = {
    "any": "",
    "live": "b.link_state in ('live', 'recovered')",
    "suspected": "b.link_state = 'suspected'",
    "lost": "b.link_state = 'confirmed_lost'",
    "recovered": "b.link_state = 'recovered'",
}
# The same as `link_state_number` of the database has it.
_NUMBERS: dict[State, str] = {
    "any": "",
    "live": "state in (0, 3)",
    "suspected": "state = 1",
    "lost": "state = 2",
    "recovered": "state = 3",
}


@dataclass(frozen=True, slots=True)
class Sets:
    """Where links that filters narrow are counted already: three tables or what stands in for them, the conditions for
    their rows, and what both bind."""

    days: str  # target_domain_name, day, band, n, n_high, n_spam, sum_authority
    sources: str  # target_domain_name, source_domain_name, links, first_seen, max_authority
    hours: str  # the finest grain
    wanted: str
    binds: dict[str, Any]


_HOURS = """(select {}, target_domain_name, kind, spam_band, state, authority_band(authority) as band
from backlink_hour_sources{}) s"""
_AS_DAYS = """(hour at time zone 'UTC')::date as day, links as n, toxic as n_spam,
  case when is_high_authority(authority) then links else 0 end as n_high,
  links * greatest(authority, 0) as sum_authority"""
_AS_SOURCES = "source_domain_name, links, first_seen, nullif(authority, -1) as max_authority"
_AS_HOURS = "source_domain_name, hour, anchor, authority, links, toxic, first_seen, last_seen, simulated"


def in_sets(filters: Filters) -> Sets:
    """For filters whose `ground` is the sets or the days. What days and domains do not know is read from the hours."""
    picked, values = _picked(filters)
    found = [words for words in (_BITS[filters.kind], _NUMBERS[filters.state]) if words]
    for name, column, (low, high) in (("band", "band", filters.authority), ("spam", "spam_band", filters.spam)):
        if (low, high) != ANY_HUNDRED and whole_bands(low, high):
            found.append(f"{column} between :low_{name} and :high_{name}")
            values |= {f"low_{name}": low // 10, f"high_{name}": min(high // 10, 9)}
    only = f" where {' and '.join(picked)}" if picked else ""
    days = "rollup_backlinks_states_daily s" if filters.by_state else "rollup_backlinks_kinds_daily s"
    by_both = filters.by_state and filters.kind != "any"
    return Sets(
        _HOURS.format(_AS_DAYS, only) if picked or by_both else days,
        _HOURS.format(_AS_SOURCES, only) if picked else "backlink_target_sources s",
        _HOURS.format(_AS_HOURS, only),
        " and ".join(found) or "true",
        values,
    )


def _picked(filters: Filters) -> tuple[list[str], dict[str, Any]]:
    """What the hours alone know."""
    picked, values = [], dict[str, Any]()
    if filters.anchor is not None:
        picked.append("anchor = :anchor")
        values["anchor"] = filters.anchor.strip()[:ANCHOR]
    if filters.source is not None:
        picked.append("source_domain_name = :source")
        values["source"] = filters.source
    if not whole_bands(*filters.authority):
        picked.append("authority between :low and :high")
        values |= {"low": filters.authority[0], "high": filters.authority[1]}
    return picked, values


def matching(targets: Sequence[str], filters: Filters) -> tuple[str, dict[str, Any]]:
    """Conditions for links to `targets`, to be joined to a statement's own by `and`."""
    found, values = ["b.target_domain_name = any(:targets)"], {"targets": list(targets)}
    more: dict[str, Any] = {}
    found += [words for words in (_KINDS[filters.kind], _STATES[filters.state]) if words]
    if filters.authority != ANY_HUNDRED:
        found.append("b.domain_authority between :low and :high")
        more |= {"low": filters.authority[0], "high": filters.authority[1]}
    if filters.spam != ANY_HUNDRED:
        found.append("b.spam_score between :spam_low and :spam_high")
        more |= {"spam_low": filters.spam[0], "spam_high": filters.spam[1]}
    if filters.anchor is not None:
        found.append(f"left(coalesce(b.anchor, ''), {ANCHOR}) = :anchor")
        more["anchor"] = filters.anchor.strip()[:ANCHOR]
    if filters.source is not None:
        found.append("b.source_domain_name = :source")
        more["source"] = filters.source
    return " and ".join(found), values | more
