"""Many links, and everything that stands on them, made in the database itself: a year's traffic in minutes.

200 targets. Five neighbours share part of the sites that link to them, one link in ten is lost, few words make most of
the anchors. The roll-ups and sets are filled by whole-table statements: what the refresh makes of the same links bucket
by bucket (the tests compare the two).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from data import views
from data.db import run_script, transaction

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

TARGETS = 200
DAYS = 90
CHUNK = 500_000
VIEW = "mv_daily_backlink_stats"

COLUMNS = """target_domain_name, discovered_date, source_domain_name, url_from, url_to, anchor, rel, domain_authority,
spam_score, last_seen, lost_date, lost_reason, link_state, http_code, source"""
# `h` is a hash of the link's number, `k` another one; `target` from 0, `site` its place among 3,000 that link to it.
VALUES = """'target-' || target || '.com', t, 'site-' || site || '.net', 'https://site-' || site || '.net/' || n,
'https://target-' || target || '.com/page-' || k % 30,
case when k % 5 > 0 then 'words ' || k / 5 % 40 else 'phrase ' || k / 5 % 2000 end,
case h / 11 % 10 when 0 then 'nofollow' when 1 then 'ugc nofollow' when 2 then 'sponsored' end,
site / 7 % 97, site / 5 % 63, t, lost, case when lost is not null then (array['not_found', 'redirected', 'noindex',
'not_canonical', 'crawl_error', 'dropped', 'link_removed', 'broken_redirect'])[1 + k % 8] end,
case when lost is null then 'live' else 'confirmed_lost' end, 200, 'bench'"""
SHAPE = f"""
cross join lateral (select abs(hashint8(n)::bigint) as h, abs(hashint8extended(n, 1)) % 1000003 as k) a
cross join lateral (select h % {TARGETS} as target) b
cross join lateral (
  select (target / 5 * 2500 + target % 5 * 600 + floor(3000 * pow(h / {TARGETS} % 10007 / 10007.0, 2))::bigint)
         % 100000 as site,
         case when k % 10 = 3 and t + interval '1 day' * (k % 60) < now()
           then t + interval '1 day' * (k % 60) end as lost
) c"""
LOAD = f"""
insert into backlinks ({COLUMNS}) select {VALUES}
from generate_series(cast(:first as bigint), cast(:last as bigint)) n
cross join lateral (
  select date_trunc('day', now()) - interval '1 day' * :days
         + interval '1 day' * (:days - 1) * (n - :base) / :whole as t) x {SHAPE}"""

HOURLY = (
    """
insert into rollup_backlinks_hourly (target_domain_name, hour, simulated, n, n_high, n_spam, n_lost, n_nofollow,
  n_authority, sum_authority, min_authority, max_authority, bands)
select target_domain_name, date_trunc('hour', discovered_date, 'UTC'), simulated, count(*),
  count(*) filter (where is_high_authority(domain_authority)), count(*) filter (where is_toxic(spam_score)),
  count(lost_date), count(rel), count(domain_authority), sum(domain_authority), min(domain_authority),
  max(domain_authority),
  array["""
    + ", ".join(
        f"count(*) filter (where domain_authority between {low} and {100 if low == 90 else low + 9})"
        for low in range(0, 100, 10)
    )
    + """]
from backlinks group by 1, 2, 3;
insert into rollup_backlinks_daily (target_domain_name, day, n, n_domains, n_high, n_spam, n_lost, n_nofollow,
  n_authority, sum_authority, min_authority, max_authority, bands)
select target_domain_name, (hour at time zone 'UTC')::date, sum(n), 0, sum(n_high), sum(n_spam), sum(n_lost),
  sum(n_nofollow), sum(n_authority), sum(sum_authority), min(min_authority), max(max_authority),
  array["""
    + ", ".join(f"sum(bands[{band}])::bigint" for band in range(1, 11))
    + """]
from rollup_backlinks_hourly group by 1, 2;
insert into rollup_backlinks_lost_daily
select target_domain_name, (lost_date at time zone 'UTC')::date, lost_reason, simulated, count(*),
  count(*) filter (where is_high_authority(domain_authority)), sum(domain_authority)
from backlinks where lost_date is not null group by 1, 2, 3, 4;
"""
)
SETS = """
alter table backlink_hour_sources drop constraint backlink_hour_sources_pkey;
drop index backlink_hour_sources_source, backlink_hour_sources_toxic;
insert into backlink_hour_sources (target_domain_name, hour, source_domain_name, anchor, kind, authority, spam_band,
  state, simulated, links, live, toxic, first_seen, last_seen, max_spam)
select target_domain_name, date_trunc('hour', discovered_date, 'UTC'), source_domain_name,
  coalesce(left(anchor, 200), ''), link_kind(rel), coalesce(domain_authority, -1), authority_band(spam_score),
  link_state_number(link_state), simulated, count(*), count(*) filter (where lost_date is null),
  count(*) filter (where is_toxic(spam_score)), min(discovered_date), max(discovered_date), max(spam_score)
from backlinks group by 1, 2, 3, 4, 5, 6, 7, 8, 9;
alter table backlink_hour_sources add primary key
  (target_domain_name, hour, source_domain_name, anchor, kind, authority, spam_band, state, simulated)
  include (links, toxic, first_seen, last_seen);
create index backlink_hour_sources_source on backlink_hour_sources (target_domain_name, source_domain_name);
create index backlink_hour_sources_toxic on backlink_hour_sources (target_domain_name, hour)
  include (source_domain_name, anchor, kind, authority, spam_band, state, toxic, first_seen, simulated)
  where toxic > 0;
insert into backlink_target_sources (target_domain_name, source_domain_name, kind, band, spam_band, state, simulated,
  links, live, first_seen, last_seen, max_authority, max_spam)
select target_domain_name, source_domain_name, kind, authority_band(authority), spam_band, state, simulated, sum(links),
  sum(live), min(first_seen), max(last_seen), max(authority) filter (where authority >= 0), max(max_spam)
from backlink_hour_sources group by 1, 2, 3, 4, 5, 6, 7;
insert into rollup_backlinks_states_daily
select target_domain_name, (hour at time zone 'UTC')::date, spam_band, state, authority_band(authority), simulated,
  sum(links), coalesce(sum(links) filter (where is_high_authority(authority)), 0), sum(toxic),
  coalesce(sum(links * authority) filter (where authority >= 0), 0)
from backlink_hour_sources group by 1, 2, 3, 4, 5, 6;
insert into rollup_backlinks_kinds_daily
select target_domain_name, (hour at time zone 'UTC')::date, kind, authority_band(authority), simulated, sum(links),
  coalesce(sum(links) filter (where is_high_authority(authority)), 0), sum(toxic),
  coalesce(sum(links * authority) filter (where authority >= 0), 0)
from backlink_hour_sources group by 1, 2, 3, 4, 5;
insert into backlink_target_totals
select target_domain_name, simulated, sum(links), sum(live), count(*), count(*) filter (where live > 0)
from (select target_domain_name, source_domain_name, simulated, sum(links) as links, sum(live) as live
      from backlink_target_sources group by 1, 2, 3) s group by 1, 2;
update rollup_backlinks_daily d set n_domains = s.domains from (
  select target_domain_name, (hour at time zone 'UTC')::date as day, count(distinct source_domain_name) as domains
  from backlink_hour_sources group by 1, 2) s
where s.target_domain_name = d.target_domain_name and s.day = d.day;
"""
IDENTITIES = """
truncate backlink_identities;
alter table backlink_identities drop constraint backlink_identities_pkey;
insert into backlink_identities
select link_hash(url_from, url_to), target_domain_name, discovered_date, backlink_id from backlinks;
alter table backlink_identities add primary key (link_hash);
"""
FILLED = (
    *("rollup_backlinks_hourly", "rollup_backlinks_daily", "rollup_backlinks_lost_daily", "backlink_hour_sources"),
    *("backlink_target_sources", "backlink_target_totals", "rollup_backlinks_kinds_daily"),
    "rollup_backlinks_states_daily",
)
SITES = 50_000  # that the register of domains knows
BESIDE = f"""
insert into domains (domain_name, domain_authority, availability_status, estimated_value, registered_at, expires_at,
  created_date)
select case when n <= {TARGETS} then 'target-' || n - 1 || '.com' else 'known-' || n || '.net' end, n * 7 % 97,
  (array['registered', 'registered', 'available', 'expired', 'unknown'])[1 + n % 5], n * 37 % 9000,
  now() - interval '1 day' * (n % 4000), now() + interval '1 day' * (n % 700 - 60),
  now() - interval '1 day' * (n % {DAYS})
from generate_series(1, {SITES}) n on conflict do nothing;
insert into competitor_sets (name, own_domain) select 'set ' || n, 'target-' || n * 5 || '.com'
from generate_series(0, {TARGETS // 5 - 1}) n on conflict do nothing;
insert into competitor_set_members
select set_id, 'target-' || substring(own_domain from '[0-9]+')::int + place || '.com'
from competitor_sets, generate_series(1, 4) place on conflict do nothing;
"""


def load(engine: Engine, first: int, last: int, days: int = DAYS) -> None:
    """Links `first` to `last`, and all that is counted of them."""
    insert(engine, first, last, days)
    fill(engine)


def insert(engine: Engine, first: int, last: int, days: int = DAYS) -> None:
    """Links `first` to `last`, spread evenly over the days before yesterday, in the order of time."""
    for start in range(first, last, CHUNK):
        stop = min(start + CHUNK, last)
        values = {"first": start + 1, "last": stop, "base": first, "whole": last - first, "days": days}
        with transaction(engine) as connection:
            _in_bulk(connection)
            run_script(connection, "alter table backlinks disable trigger user")
            connection.execute(text(LOAD), values)
            run_script(connection, "alter table backlinks enable trigger user")


def fill(engine: Engine) -> None:
    """Everything that is counted of the links, from the beginning."""
    for script in (f"truncate {', '.join(FILLED)}, touched_buckets, touched_link_hours", HOURLY, SETS, BESIDE):
        with transaction(engine) as connection:
            _in_bulk(connection)
            run_script(connection, script)
    with transaction(engine) as connection:
        views.refresh_view(connection, VIEW)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))


def identify(engine: Engine) -> None:
    """Every link has its identity, as if it had come by ingest."""
    with transaction(engine) as connection:
        _in_bulk(connection)
        run_script(connection, IDENTITIES)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze backlinks, backlink_identities"))


def _in_bulk(connection: Connection) -> None:
    run_script(connection, "set local work_mem = '512MB'; set local maintenance_work_mem = '1GB'")
    run_script(connection, "set local synchronous_commit = off")
