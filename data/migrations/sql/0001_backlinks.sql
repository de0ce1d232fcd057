create sequence backlink_ids;

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
  primary key (target_domain_name, discovered_date, backlink_id)
) partition by range (discovered_date);
create index backlinks_discovered on backlinks (discovered_date);
create index backlinks_job on backlinks (job_id) where job_id is not null;
select create_time_partitions('backlinks', (date_trunc('month', now()) - interval '12 months')::date);

-- The identity of a link is (url_from, url_to), for ever: this table finds its row without knowing its month.
create table backlink_identities (
  link_hash          uuid primary key,
  target_domain_name text not null,
  discovered_date    timestamptz not null,
  backlink_id        bigint not null default nextval('backlink_ids')
);

create table domains (
  domain_name         text primary key,
  domain_authority    smallint check (domain_authority between 0 and 100),
  availability_status text not null default 'unknown'
                      check (availability_status in ('available', 'registered', 'expired', 'unknown')),
  estimated_value     numeric(14, 2) check (estimated_value >= 0),
  registered_at       timestamptz check (isfinite(registered_at)),
  expires_at          timestamptz check (isfinite(expires_at)),
  created_date        timestamptz not null default now(),
  last_fetched_at     timestamptz,
  simulated           boolean not null default false,
  extra               jsonb
);
create index domains_available on domains (estimated_value desc) where availability_status = 'available';

create table rollup_backlinks_hourly (
  target_domain_name text not null,
  hour               timestamptz not null,
  simulated          boolean not null,
  n                  bigint not null,
  n_high             bigint not null,  -- authority above 70
  n_spam             bigint not null,  -- spam score of 60 and more
  n_lost             bigint not null,
  n_authority        bigint not null,
  sum_authority      bigint not null,
  min_authority      smallint,
  max_authority      smallint,
  primary key (target_domain_name, hour, simulated)
);
create index rollup_backlinks_hourly_hour on rollup_backlinks_hourly (hour);

-- Exact referring domains per day: distinct counts do not add up, so the set itself is kept.
create table backlink_day_sources (
  target_domain_name text not null,
  day                date not null,
  source_domain_name text not null,
  simulated          boolean not null,
  primary key (target_domain_name, day, source_domain_name, simulated)
);

-- Days are sums of hours, with the count of that set; made again for a target's day when one of its hours was touched.
create table rollup_backlinks_daily (
  target_domain_name text not null,
  day                date not null,
  n                  bigint not null,
  n_domains          bigint not null,
  n_high             bigint not null,
  n_spam             bigint not null,
  n_lost             bigint not null,
  n_authority        bigint not null,
  sum_authority      bigint not null,
  min_authority      smallint,
  max_authority      smallint,
  primary key (target_domain_name, day)
);

create function touch_backlinks() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into touched_buckets
      select distinct 'backlinks', date_trunc('hour', discovered_date, 'UTC'), target_domain_name from new_rows;
  else
    insert into touched_buckets
      select distinct t.rollup, date_trunc('hour', discovered_date, 'UTC'), target_domain_name
      from old_rows, (values ('backlinks'), ('backlinks_removed')) t (rollup);
  end if;
  return null;
end $$;
create trigger touch_backlinks_insert after insert on backlinks
  referencing new table as new_rows for each statement execute function touch_backlinks();
create trigger touch_backlinks_delete after delete on backlinks
  referencing old table as old_rows for each statement execute function touch_backlinks();

-- Seeing a link again changes last_seen only, and no roll-up; what does change one marks its bucket.
create function touch_backlinks_changed() returns trigger language plpgsql as $$
begin
  insert into touched_buckets
    select distinct 'backlinks', date_trunc('hour', o.discovered_date, 'UTC'), o.target_domain_name
    from old_rows o join new_rows n using (target_domain_name, discovered_date, backlink_id)
    where (o.domain_authority, o.spam_score, o.lost_date) is distinct from (n.domain_authority, n.spam_score, n.lost_date);
  return null;
end $$;
create trigger touch_backlinks_update after update on backlinks
  referencing old table as old_rows new table as new_rows for each statement execute function touch_backlinks_changed();
