-- Links to the domains that are watched: what is known of each, how its life went, and the sums and sets below it all.

-- From which value on a link is strong or spam: said once, the same as in the area's `rules.py`. The planner puts the
-- comparison in their place, so that they are answered from `backlinks_high` and `backlinks_toxic`, whose own conditions
-- are the same comparisons.
create function is_high_authority(authority smallint) returns boolean language sql immutable parallel safe
return authority > 70;

create function authority_tone(authority smallint) returns text language sql immutable parallel safe
return case when is_high_authority(authority) then 'high' when authority >= 35 then 'middle' else 'low' end;

create function is_toxic(spam_score smallint) returns boolean language sql immutable parallel safe
return spam_score >= 60;

-- What a page narrows links by: the words in `rel` that keep a link from passing authority, as bits (1 nofollow, 2 ugc,
-- 4 sponsored; 0 passes it), the band of authority (0 is 0–9, 9 is 90–100; -1 where it is not known), of the spam score
-- likewise, and the state (0 live, 1 suspected, 2 lost, 3 recovered).
create function link_kind(rel text) returns smallint language sql immutable parallel safe as $$
  select coalesce((rel like '%nofollow%')::int + 2 * (rel like '%ugc%')::int + 4 * (rel like '%sponsored%')::int, 0)::smallint
$$;
create function authority_band(authority smallint) returns smallint language sql immutable parallel safe as $$
  select (case when authority >= 0 then least(authority / 10, 9) else -1 end)::smallint
$$;
create function link_state_number(link_state text) returns smallint language sql immutable parallel safe as $$
  select (case link_state when 'live' then 0 when 'suspected' then 1 when 'confirmed_lost' then 2 else 3 end)::smallint
$$;

-- The first half of a link's identity is its page, so that all links of one page stand together.
create function link_hash(url_from text, url_to text) returns uuid language sql immutable parallel safe as
  $$ select (left(md5(url_from), 16) || left(md5(url_to), 16))::uuid $$;
create function page_hash_first(url_from text) returns uuid language sql immutable parallel safe as
  $$ select (left(md5(url_from), 16) || '0000000000000000')::uuid $$;
create function page_hash_last(url_from text) returns uuid language sql immutable parallel safe as
  $$ select (left(md5(url_from), 16) || 'ffffffffffffffff')::uuid $$;

create sequence backlink_ids;

-- A source that names the reason of a loss has looked (confirmed_lost); one that only misses a link makes it suspected,
-- until satellites have looked at its page.
-- What a page asks of a target's links is answered from indexes alone: its links lie scattered over the whole table, one
-- to a page of it. The primary key carries what narrows and counts them; it is no index more.
create table backlinks (
  target_domain_name text not null,
  discovered_date    timestamptz not null check (isfinite(discovered_date)),
  backlink_id        bigint not null default nextval('backlink_ids'),
  source_domain_name text not null,
  url_from           text not null,
  url_to             text not null,
  anchor             text,
  rel                text,
  domain_authority   smallint check (domain_authority between 0 and 100),
  spam_score         smallint check (spam_score between 0 and 100),
  last_seen          timestamptz not null check (isfinite(last_seen)),
  lost_date          timestamptz check (isfinite(lost_date)),
  lost_reason        text,
  http_code          smallint,
  source             text,
  job_id             text,
  last_fetched_at    timestamptz,
  simulated          boolean not null default false,
  extra              jsonb,

  -- its life
  link_state         text not null default 'live'
                     check (link_state in ('live', 'suspected', 'confirmed_lost', 'recovered')),
  suspected_at       timestamptz check (isfinite(suspected_at)),
  checked_at         timestamptz,
  checks             smallint not null default 0,
  next_check_at      timestamptz,
  recovered_at       timestamptz,
  follow_lost_at     timestamptz,  -- when a link that passed authority became nofollow, ugc or sponsored

  primary key (target_domain_name, discovered_date, backlink_id)
    include (source_domain_name, rel, domain_authority, spam_score, link_state, lost_date, lost_reason)
) partition by range (discovered_date);
-- One link is looked up by (target, date, id). Where dates seem unique, the planner takes this narrower index instead,
-- and reads sixty thousand links of one page for each of them; with the id in it, either index leads to one row.
create index backlinks_discovered on backlinks (discovered_date, backlink_id);
-- All others are partial: an ordinary new link is in none of them.
create index backlinks_job on backlinks (job_id) where job_id is not null;
create index backlinks_due on backlinks (next_check_at) where next_check_at is not null;
create index backlinks_suspected on backlinks (target_domain_name, suspected_at) where link_state = 'suspected';
-- The lost are ordered by what they are worth before any of them is looked up.
create index backlinks_lost on backlinks (target_domain_name, lost_date)
  include (discovered_date, backlink_id, source_domain_name, rel, domain_authority, spam_score, link_state, lost_reason)
  where lost_date is not null;
create index backlinks_lost_newest on backlinks (lost_date) where lost_date is not null;
create index backlinks_high on backlinks (discovered_date) where domain_authority > 70;
create index backlinks_toxic on backlinks (target_domain_name, discovered_date) where spam_score >= 60;
create index backlinks_follow_lost on backlinks (follow_lost_at) where follow_lost_at is not null;
select create_time_partitions('backlinks', (date_trunc('month', now()) - interval '12 months')::date);
select keep_visible(inhrelid) from pg_inherits where inhparent = 'backlinks'::regclass;

-- The identity of a link is (url_from, url_to), for ever: this table finds its row without knowing its month.
create table backlink_identities (
  link_hash          uuid primary key,
  target_domain_name text not null,
  discovered_date    timestamptz not null,
  backlink_id        bigint not null default nextval('backlink_ids')
);

-- Every look at a page that was to confirm or clear a suspicion; the precision of past alarms is counted from it.
create table backlink_link_checks (
  check_id           bigint generated always as identity primary key,
  target_domain_name text not null,
  discovered_date    timestamptz not null,
  backlink_id        bigint not null,
  checked_at         timestamptz not null,
  satellite_id       text,
  attempt            smallint not null,
  outcome            text not null check (outcome in ('found', 'not_found', 'redirected', 'noindex', 'not_canonical',
                       'crawl_error', 'dropped', 'link_removed', 'broken_redirect')),
  verdict            text not null check (verdict in ('suspected', 'cleared', 'confirmed', 'recovered', 'still_lost')),
  http_code          smallint,
  detail             text,
  simulated          boolean not null default false
);
create index backlink_link_checks_link on backlink_link_checks (backlink_id, checked_at);
create index backlink_link_checks_at on backlink_link_checks (checked_at);

-- Who is compared with whom.
create table competitor_sets (
  set_id     bigint generated always as identity primary key,
  name       text not null unique check (name <> ''),
  own_domain text not null,
  simulated  boolean not null default false,
  created_at timestamptz not null default now()
);
create index competitor_sets_own on competitor_sets (own_domain);
create table competitor_set_members (
  set_id      bigint not null references competitor_sets on delete cascade,
  domain_name text not null,
  primary key (set_id, domain_name)
);
create index competitor_set_members_domain on competitor_set_members (domain_name);

-- What the watch over the links has found: one row a kind, target and day, updated while that day goes on.
-- A row with muted_by stays here as history and is no signal.
create table backlink_signal_log (
  signal_id          bigint generated always as identity primary key,
  kind               text not null check (kind in ('competitor_surge', 'own_surge', 'spam_influx', 'index_update')),
  target_domain_name text not null,  -- '*' where it is about all of them
  day                date not null,
  severity           text not null check (severity in ('critical', 'warning', 'info')),
  score              float8,
  title              text not null,
  detail             text not null,
  evidence           jsonb not null,
  raised_at          timestamptz not null,
  updated_at         timestamptz not null,
  muted_by           text,
  simulated          boolean not null default false,
  unique (kind, target_domain_name, day)
);
create index backlink_signal_log_raised on backlink_signal_log (raised_at);

create table rollup_backlinks_hourly (
  target_domain_name text not null,
  hour               timestamptz not null,
  simulated          boolean not null,
  n                  bigint not null,
  n_high             bigint not null,  -- is_high_authority
  n_spam             bigint not null,  -- is_toxic
  n_lost             bigint not null,
  n_authority        bigint not null,
  sum_authority      bigint not null,
  min_authority      smallint,
  max_authority      smallint,
  n_nofollow         bigint not null default 0,
  bands              bigint[] not null default '{0,0,0,0,0,0,0,0,0,0}',  -- by authority 0–9, 10–19 … 90–100
  primary key (target_domain_name, hour, simulated)
);
create index rollup_backlinks_hourly_hour on rollup_backlinks_hourly (hour);

-- Days are sums of hours, with the count of the sets below.
create table rollup_backlinks_daily (
  target_domain_name text not null,
  day                date not null,
  n                  bigint not null,
  n_domains          bigint not null default 0,
  n_high             bigint not null,
  n_spam             bigint not null,
  n_lost             bigint not null,
  n_authority        bigint not null,
  sum_authority      bigint not null,
  min_authority      smallint,
  max_authority      smallint,
  n_nofollow         bigint not null default 0,
  bands              bigint[] not null default '{0,0,0,0,0,0,0,0,0,0}',
  primary key (target_domain_name, day)
);

-- Losses on the day of the loss. The days of a target lie scattered over this table and the next two, a page a day: their
-- indexes hold what is summed.
create table rollup_backlinks_lost_daily (
  target_domain_name text not null,
  day                date not null,
  lost_reason        text not null,  -- one of the eight, or 'unknown'
  simulated          boolean not null,
  n                  bigint not null,
  n_high             bigint not null,
  sum_authority      bigint not null,
  primary key (target_domain_name, day, lost_reason, simulated) include (n, n_high)
);
create index rollup_backlinks_lost_daily_day on rollup_backlinks_lost_daily (day);

-- Links by the day of their discovery, kind and band of authority.
create table rollup_backlinks_kinds_daily (
  target_domain_name text not null,
  day                date not null,
  kind               smallint not null,
  band               smallint not null,
  simulated          boolean not null,
  n                  bigint not null,
  n_high             bigint not null,
  n_spam             bigint not null,
  sum_authority      bigint not null,
  primary key (target_domain_name, day, kind, band, simulated) include (n, n_high, n_spam, sum_authority)
);

-- Links by the day of their discovery, band of the spam score, state and band of authority.
create table rollup_backlinks_states_daily (
  target_domain_name text not null,
  day                date not null,
  spam_band          smallint not null,
  state              smallint not null,
  band               smallint not null,
  simulated          boolean not null,
  n                  bigint not null,
  n_high             bigint not null,
  n_spam             bigint not null,
  sum_authority      bigint not null,
  primary key (target_domain_name, day, spam_band, state, band, simulated) include (n, n_high, n_spam, sum_authority)
);

-- Distinct counts do not add up, so the sets themselves are kept. The finest grain: the links that a target gained in an
-- hour from a domain, by anchor (its first 200 characters), kind, authority (-1: not known), band of the spam score and
-- state. `live` are those not lost. One index finds the hours of a target and holds what its lists of anchors show.
create table backlink_hour_sources (
  target_domain_name text not null,
  hour               timestamptz not null,
  source_domain_name text not null,
  anchor             text not null,
  kind               smallint not null,
  authority          smallint not null,
  simulated          boolean not null,
  links              integer not null,
  live               integer not null,
  toxic              integer not null,
  first_seen         timestamptz not null,
  last_seen          timestamptz not null,
  max_spam           smallint,
  spam_band          smallint not null,
  state              smallint not null,
  primary key (target_domain_name, hour, source_domain_name, anchor, kind, authority, spam_band, state, simulated)
    include (links, toxic, first_seen, last_seen)
);
create index backlink_hour_sources_source on backlink_hour_sources (target_domain_name, source_domain_name);
-- What marks the bad links is counted without looking at any other.
create index backlink_hour_sources_toxic on backlink_hour_sources (target_domain_name, hour)
  include (source_domain_name, anchor, kind, authority, spam_band, state, toxic, first_seen, simulated)
  where toxic > 0;

-- The exact set of a target's referring domains. first_seen and last_seen: the oldest and the newest discovery.
-- Who links to rivals is answered from its index alone, the number and the worth of their links included.
create table backlink_target_sources (
  target_domain_name text not null,
  source_domain_name text not null,
  kind               smallint not null,
  band               smallint not null,
  simulated          boolean not null,
  links              bigint not null,
  live               bigint not null,
  first_seen         timestamptz not null,
  last_seen          timestamptz not null,
  max_authority      smallint,
  max_spam           smallint,
  spam_band          smallint not null,
  state              smallint not null,
  primary key (target_domain_name, source_domain_name, kind, band, spam_band, state, simulated)
    include (links, first_seen, max_authority)
) with (fillfactor = 80);  -- room for the new versions of its rows on their own pages
create index backlink_target_sources_source on backlink_target_sources (source_domain_name, target_domain_name);

-- One row a target: all links, those not lost, and from how many domains.
create table backlink_target_totals (
  target_domain_name text not null,
  simulated          boolean not null,
  links              bigint not null,
  live               bigint not null,
  domains            bigint not null,
  live_domains       bigint not null,
  primary key (target_domain_name, simulated)
);

-- The hours whose sets are out of date: filled by the refresh of the hourly roll-up, emptied less often than it.
create table touched_link_hours (
  target_domain_name text not null,
  hour               timestamptz not null
);

select keep_visible(relation) from unnest('{backlink_hour_sources, backlink_target_sources, rollup_backlinks_kinds_daily,
  rollup_backlinks_states_daily, rollup_backlinks_lost_daily}'::regclass[]) relation;

create function touch_backlinks() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into touched_buckets (rollup, bucket, key)
      select distinct 'backlinks', date_trunc('hour', discovered_date, 'UTC'), target_domain_name from new_rows
      union all
      select distinct 'backlinks_lost', date_trunc('day', lost_date, 'UTC'), target_domain_name from new_rows
      where lost_date is not null;
  else
    insert into touched_buckets (rollup, bucket, key)
      select distinct 'backlinks', date_trunc('hour', discovered_date, 'UTC'), target_domain_name from old_rows
      union all
      select distinct 'backlinks_lost', date_trunc('day', lost_date, 'UTC'), target_domain_name from old_rows
      where lost_date is not null;
  end if;
  return null;
end $$;
create trigger touch_backlinks_insert after insert on backlinks
  referencing new table as new_rows for each statement execute function touch_backlinks();
create trigger touch_backlinks_delete after delete on backlinks
  referencing old table as old_rows for each statement execute function touch_backlinks();

-- Seeing a link again changes last_seen only, and no roll-up; what does change one marks its buckets.
-- A statement of a trigger is planned once a session, from as many rows as the first batch had: after a batch of one
-- link, one of ten thousand compared every old row with every new one. What it joins is only ever the batch, so it
-- hashes; and no setting of the statement above it reaches in here.
create function touch_backlinks_changed() returns trigger language plpgsql
  set enable_nestloop = off set enable_hashjoin = on as $$
begin
  insert into touched_buckets (rollup, bucket, key)
    select distinct 'backlinks', date_trunc('hour', o.discovered_date, 'UTC'), o.target_domain_name
    from old_rows o join new_rows n using (target_domain_name, discovered_date, backlink_id)
    where (o.domain_authority, o.spam_score, o.lost_date is null, o.anchor, o.rel, o.link_state)
          is distinct from (n.domain_authority, n.spam_score, n.lost_date is null, n.anchor, n.rel, n.link_state)
    union all
    select distinct 'backlinks_lost', date_trunc('day', c.lost_date, 'UTC'), o.target_domain_name
    from old_rows o join new_rows n using (target_domain_name, discovered_date, backlink_id)
    cross join lateral (values (o.lost_date), (n.lost_date)) c (lost_date)
    where c.lost_date is not null and (o.lost_date, o.lost_reason, o.domain_authority)
          is distinct from (n.lost_date, n.lost_reason, n.domain_authority);
  return null;
end $$;
create trigger touch_backlinks_update after update on backlinks
  referencing old table as old_rows new table as new_rows for each statement execute function touch_backlinks_changed();
