-- What is known of a link's life. A source that names the reason of a loss has looked (confirmed_lost); one that only
-- misses a link makes it suspected, until satellites have looked at its page.
alter table backlinks
  add column link_state text not null default 'live'
    check (link_state in ('live', 'suspected', 'confirmed_lost', 'recovered')),
  add column suspected_at   timestamptz check (isfinite(suspected_at)),
  add column checked_at     timestamptz,
  add column checks         smallint not null default 0,
  add column next_check_at  timestamptz,
  add column recovered_at   timestamptz,
  add column follow_lost_at timestamptz;  -- when a link that passed authority became nofollow, ugc or sponsored
update backlinks set link_state = 'confirmed_lost' where lost_date is not null;

-- All partial: an ordinary new link is in none of them.
create index backlinks_due on backlinks (next_check_at) where next_check_at is not null;
create index backlinks_lost on backlinks (target_domain_name, lost_date) where lost_date is not null;
create index backlinks_lost_newest on backlinks (lost_date) where lost_date is not null;
create index backlinks_high on backlinks (discovered_date) where domain_authority > 70;
create index backlinks_follow_lost on backlinks (follow_lost_at) where follow_lost_at is not null;

-- The first half of a link's identity is its page, so that all links of one page stand together.
create function link_hash(url_from text, url_to text) returns uuid language sql immutable parallel safe as
  $$ select (left(md5(url_from), 16) || left(md5(url_to), 16))::uuid $$;
create function page_hash_first(url_from text) returns uuid language sql immutable parallel safe as
  $$ select (left(md5(url_from), 16) || '0000000000000000')::uuid $$;
create function page_hash_last(url_from text) returns uuid language sql immutable parallel safe as
  $$ select (left(md5(url_from), 16) || 'ffffffffffffffff')::uuid $$;
update backlink_identities i set link_hash = link_hash(b.url_from, b.url_to) from backlinks b
  where b.target_domain_name = i.target_domain_name and b.discovered_date = i.discovered_date
    and b.backlink_id = i.backlink_id;

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

alter table rollup_backlinks_hourly
  add column n_nofollow bigint not null default 0,
  add column bands      bigint[] not null default '{0,0,0,0,0,0,0,0,0,0}';  -- by authority 0–9, 10–19 … 90–100
alter table rollup_backlinks_daily
  alter column n_domains set default 0,
  add column n_nofollow bigint not null default 0,
  add column bands      bigint[] not null default '{0,0,0,0,0,0,0,0,0,0}';

-- Losses on the day of the loss.
create table rollup_backlinks_lost_daily (
  target_domain_name text not null,
  day                date not null,
  lost_reason        text not null,  -- one of the eight, or 'unknown'
  simulated          boolean not null,
  n                  bigint not null,
  n_high             bigint not null,
  sum_authority      bigint not null,
  primary key (target_domain_name, day, lost_reason, simulated)
);
create index rollup_backlinks_lost_daily_day on rollup_backlinks_lost_daily (day);

-- Distinct counts do not add up, so the sets themselves are kept. The finest grain: the links that a target gained in
-- an hour from a domain with an anchor (its first 200 characters). `live` counts those that are not lost.
create table backlink_hour_sources (
  target_domain_name text not null,
  source_domain_name text not null,
  hour               timestamptz not null,
  anchor             text not null,
  simulated          boolean not null,
  links              integer not null,
  live               integer not null,
  first_seen         timestamptz not null,
  last_seen          timestamptz not null,
  max_authority      smallint,
  max_spam           smallint,
  primary key (target_domain_name, source_domain_name, hour, anchor, simulated)
);
create index backlink_hour_sources_hour on backlink_hour_sources (target_domain_name, hour, source_domain_name);
drop table backlink_day_sources;

-- The exact set of a target's referring domains. first_seen and last_seen: its oldest and its newest discovery.
create table backlink_target_sources (
  target_domain_name text not null,
  source_domain_name text not null,
  simulated          boolean not null,
  links              bigint not null,
  live               bigint not null,
  first_seen         timestamptz not null,
  last_seen          timestamptz not null,
  max_authority      smallint,
  max_spam           smallint,
  primary key (target_domain_name, source_domain_name, simulated)
);
create index backlink_target_sources_source on backlink_target_sources (source_domain_name, target_domain_name);

create table backlink_target_anchors (
  target_domain_name text not null,
  anchor             text not null,
  simulated          boolean not null,
  links              bigint not null,
  domains            bigint not null,
  primary key (target_domain_name, anchor, simulated)
);
create index backlink_target_anchors_links on backlink_target_anchors (target_domain_name, links desc);

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

create or replace function touch_backlinks() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into touched_buckets
      select distinct 'backlinks', date_trunc('hour', discovered_date, 'UTC'), target_domain_name from new_rows
      union all
      select distinct 'backlinks_lost', date_trunc('day', lost_date, 'UTC'), target_domain_name from new_rows
      where lost_date is not null;
  else
    insert into touched_buckets
      select distinct 'backlinks', date_trunc('hour', discovered_date, 'UTC'), target_domain_name from old_rows
      union all
      select distinct 'backlinks_lost', date_trunc('day', lost_date, 'UTC'), target_domain_name from old_rows
      where lost_date is not null;
  end if;
  return null;
end $$;

-- Seeing a link again changes last_seen only, and no roll-up; what does change one marks its buckets.
create or replace function touch_backlinks_changed() returns trigger language plpgsql as $$
begin
  insert into touched_buckets
    select distinct 'backlinks', date_trunc('hour', o.discovered_date, 'UTC'), o.target_domain_name
    from old_rows o join new_rows n using (target_domain_name, discovered_date, backlink_id)
    where (o.domain_authority, o.spam_score, o.lost_date is null, o.anchor, o.rel)
          is distinct from (n.domain_authority, n.spam_score, n.lost_date is null, n.anchor, n.rel)
    union all
    select distinct 'backlinks_lost', date_trunc('day', c.lost_date, 'UTC'), o.target_domain_name
    from old_rows o join new_rows n using (target_domain_name, discovered_date, backlink_id)
    cross join lateral (values (o.lost_date), (n.lost_date)) c (lost_date)
    where c.lost_date is not null and (o.lost_date, o.lost_reason, o.domain_authority)
          is distinct from (n.lost_date, n.lost_reason, n.domain_authority);
  return null;
end $$;

-- Domains per day on which they became known, and what they are worth.
create table rollup_domains_daily (
  day                 date not null,
  availability_status text not null,
  n                   bigint not null,
  n_opportunities     bigint not null,  -- available and worth more than 1,000
  n_expired           bigint not null,  -- past their expiry date
  n_authority         bigint not null,
  sum_authority       bigint not null,
  max_authority       smallint,
  n_valued            bigint not null,
  sum_value           numeric not null,
  max_value           numeric,
  primary key (day, availability_status)
);
create index domains_created on domains (created_date);

create function touch_domains() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    insert into touched_buckets
      select distinct 'domains', date_trunc('day', c.created_date, 'UTC'), ''
      from old_rows o join new_rows n using (domain_name)
      cross join lateral (values (o.created_date), (n.created_date)) c (created_date)
      where (o.availability_status, o.domain_authority, o.estimated_value, o.expires_at, o.created_date)
            is distinct from (n.availability_status, n.domain_authority, n.estimated_value, n.expires_at, n.created_date);
  elsif tg_op = 'INSERT' then
    insert into touched_buckets select distinct 'domains', date_trunc('day', created_date, 'UTC'), '' from new_rows;
  else
    insert into touched_buckets select distinct 'domains', date_trunc('day', created_date, 'UTC'), '' from old_rows;
  end if;
  return null;
end $$;
create trigger touch_domains_insert after insert on domains
  referencing new table as new_rows for each statement execute function touch_domains();
create trigger touch_domains_update after update on domains
  referencing old table as old_rows new table as new_rows for each statement execute function touch_domains();
create trigger touch_domains_delete after delete on domains
  referencing old table as old_rows for each statement execute function touch_domains();

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

-- Everything there is gets its sets and its new columns by the refresh, in the background.
insert into touched_buckets
  select distinct 'backlinks', hour, target_domain_name from rollup_backlinks_hourly
  union all
  select distinct 'backlinks_lost', date_trunc('day', lost_date, 'UTC'), target_domain_name from backlinks
  where lost_date is not null
  union all
  select distinct 'domains', date_trunc('day', created_date, 'UTC'), '' from domains;
