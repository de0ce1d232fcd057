-- What is known of a domain, how it came to be so, what it is worth to us, and who talks about us.

-- What a mention's tone is: said once, the same as in the area's `rules.py`.
create function sentiment_tone(sentiment float8) returns text language sql immutable parallel safe
return case when sentiment >= 0.05 then 'positive' when sentiment <= -0.05 then 'negative'
            when sentiment is not null then 'neutral' end;

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
  extra               jsonb,

  -- what registries and markets say
  owner               text,
  registrar           text,
  lifecycle           text not null default 'unknown' check (lifecycle in
                      ('unknown', 'active', 'grace', 'redemption', 'pending_delete', 'dropped')),
  spam_score          smallint check (spam_score between 0 and 100),
  asking_price        numeric(14, 2) check (asking_price >= 0),
  drops_at            timestamptz check (isfinite(drops_at)),
  concerns            text[] not null default '{}',  -- gates that it failed, as its source reports
  value_source        text check (value_source in ('reported', 'calculated')),

  -- what the value calculator says; it stands here so that lists and sums over a million domains ask one table
  score               float8,                        -- what the list is sorted by
  valued_version      bigint not null default -1,    -- the calibration; -1 where what is known changed since
  fails_checks        boolean not null default false -- fails a gate of the calculator, beside the `concerns`
);
create index domains_created on domains (created_date);
create index domains_owner on domains (owner) where owner is not null;
create index domains_available on domains (estimated_value desc) where availability_status = 'available';
create index domains_asked on domains (simulated, last_fetched_at desc) where asking_price > 0;
create index domains_unvalued on domains (valued_version, estimated_value desc nulls last)
  where availability_status in ('available', 'expired');
-- Lists of a million domains are read by index.
create index domains_by_value on domains
  (availability_status, coalesce(estimated_value, -1) desc, domain_name);
create index domains_by_score on domains
  (availability_status, coalesce(score, -1) desc, domain_name);
create index domains_by_authority on domains
  (availability_status, coalesce(domain_authority, -1) desc, domain_name);
create index domains_by_end on domains
  (availability_status, coalesce(drops_at, expires_at, 'infinity'), domain_name);
create index domains_by_name on domains (availability_status, domain_name);
create index domains_by_ending on domains (availability_status, reverse(domain_name) text_pattern_ops);

-- Only what changed is valued again.
create function value_domain_again() returns trigger language plpgsql as $$
begin
  new.valued_version := -1;
  return new;
end $$;
create trigger value_domain_again before update on domains for each row
  when ((old.availability_status, old.domain_authority, old.spam_score, old.registered_at, old.concerns)
        is distinct from
        (new.availability_status, new.domain_authority, new.spam_score, new.registered_at, new.concerns))
  execute function value_domain_again();

-- One row for every change; a fetch that finds nothing new leaves none.
create table domain_history (
  domain_name         text not null,
  at                  timestamptz not null check (isfinite(at)),
  availability_status text not null,
  lifecycle           text not null,
  domain_authority    smallint,
  estimated_value     numeric(14, 2),
  expires_at          timestamptz,
  owner               text,
  source              text not null,
  simulated           boolean not null default false,
  primary key (domain_name, at)
);
create index domain_history_owner on domain_history (owner, domain_name) where owner is not null;

-- The weights of the value calculator: the newest row counts, the older ones are their history.
create table domain_value_weights (
  version    bigint generated always as identity primary key,
  weights    jsonb not null,
  changed_by text not null,
  changed_at timestamptz not null default now()
);

-- What asking prices say of the calculator's scores; only the newest is kept. `register` is rules.Register as JSON.
create table domain_calibrations (
  calibration     bigint generated always as identity primary key,
  weights_version bigint not null,
  register        jsonb not null,
  made_at         timestamptz not null,
  checked_at      timestamptz not null
);

-- Where too little is known there is no value.
create table domain_values (
  domain_name text primary key,
  version     bigint not null,  -- of the weights; 0 are the usual ones
  score       float8 check (score between 0 and 100),
  value       numeric(14, 2),
  low         numeric(14, 2),
  high        numeric(14, 2),
  rejected    text[] not null,  -- the gates it failed
  factors     jsonb not null,
  valued_at   timestamptz not null,
  simulated   boolean not null
);

create table watched_domains (
  domain_name text primary key,
  note        text not null default '',
  added_by    text not null,
  added_at    timestamptz not null default now(),
  simulated   boolean not null default false  -- who watches for show goes with the simulator
);

-- What is asked of registries: when next, and what they last said.
create table domain_lookups (
  domain_name     text primary key,
  due_at          timestamptz not null default now(),
  asked_by        text not null,
  tries           smallint not null default 0,
  last_fetched_at timestamptz,
  outcome         text check (outcome in ('registered', 'available', 'unsupported', 'failed')),
  detail          text
);
create index domain_lookups_due on domain_lookups (due_at);

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

-- What came to a day of domains (1) and what left it (-1). Append-only and without a key, as touched_buckets is; filled in
-- the writing transaction, emptied by the refresh: a change of one domain costs no count of all that became known with it.
create table domain_changes (
  sign                smallint not null,
  day                 date not null,
  availability_status text not null,
  authority           smallint,
  value               numeric,
  expires_at          timestamptz
);

-- Planned as `touch_backlinks_changed` is: what it joins is only ever the batch.
create function touch_domains() returns trigger language plpgsql
  set enable_nestloop = off set enable_hashjoin = on as $$
begin
  if tg_op = 'UPDATE' then
    insert into domain_changes (sign, day, availability_status, authority, value, expires_at)
      select c.sign, (c.created_date at time zone 'UTC')::date, c.status, c.authority, c.value, c.expires_at
      from old_rows o join new_rows n using (domain_name)
      cross join lateral (values
        (-1, o.created_date, o.availability_status, o.domain_authority, o.estimated_value, o.expires_at),
        (1, n.created_date, n.availability_status, n.domain_authority, n.estimated_value, n.expires_at)
      ) c (sign, created_date, status, authority, value, expires_at)
      where (o.availability_status, o.domain_authority, o.estimated_value, o.expires_at, o.created_date)
            is distinct from (n.availability_status, n.domain_authority, n.estimated_value, n.expires_at, n.created_date);
  elsif tg_op = 'INSERT' then
    insert into domain_changes (sign, day, availability_status, authority, value, expires_at)
      select 1, (created_date at time zone 'UTC')::date, availability_status, domain_authority, estimated_value, expires_at
      from new_rows;
  else
    insert into domain_changes (sign, day, availability_status, authority, value, expires_at)
      select -1, (created_date at time zone 'UTC')::date, availability_status, domain_authority, estimated_value, expires_at
      from old_rows;
  end if;
  if found then
    insert into touched_buckets (rollup, bucket, key) values ('domains', date_trunc('hour', now(), 'UTC'), '');
  end if;
  return null;
end $$;
create trigger touch_domains_insert after insert on domains
  referencing new table as new_rows for each statement execute function touch_domains();
create trigger touch_domains_update after update on domains
  referencing old table as old_rows new table as new_rows for each statement execute function touch_domains();
create trigger touch_domains_delete after delete on domains
  referencing old table as old_rows for each statement execute function touch_domains();

create table watched_brands (
  brand       text primary key,
  words       text[] not null check (cardinality(words) > 0),
  domain_name text,
  added_by    text not null,
  added_at    timestamptz not null default now()
);

create table mention_feeds (
  feed_id         bigint generated always as identity primary key,
  url             text not null unique,
  source_kind     text not null,
  added_by        text not null,
  added_at        timestamptz not null default now(),
  due_at          timestamptz not null default now(),
  failures        smallint not null default 0,
  etag            text,
  modified        text,
  last_fetched_at timestamptz,
  outcome         text check (outcome in ('new', 'unchanged', 'failed')),
  detail          text,
  entries         bigint not null default 0,
  mentions        bigint not null default 0,
  dropped         bigint not null default 0,  -- what its last reading had to leave out, and why
  dropped_why     text
);
create index mention_feeds_due on mention_feeds (due_at);

create sequence mention_ids;

create table brand_mentions (
  brand           text not null,
  published_at    timestamptz not null check (isfinite(published_at)),
  mention_id      bigint not null default nextval('mention_ids'),
  url             text not null,
  domain_name     text not null,
  title           text not null,
  excerpt         text,
  author          text,
  source          text not null,
  source_kind     text not null check (source_kind in ('news', 'blog', 'forum', 'social', 'review', 'web')),
  sentiment       float8 check (sentiment between -1 and 1),
  reach           bigint check (reach >= 0),
  language        text,
  last_fetched_at timestamptz,
  simulated       boolean not null default false,
  extra           jsonb,
  primary key (brand, published_at, mention_id)
) partition by range (published_at);
create index brand_mentions_published on brand_mentions (published_at desc, mention_id desc);
create index brand_mentions_domain on brand_mentions (domain_name, published_at desc);
select create_time_partitions('brand_mentions', (date_trunc('month', now()) - interval '12 months')::date);

-- A mention is (brand, url), for ever: told twice it is one, whoever tells it.
create table brand_mention_identities (
  mention_hash uuid primary key,
  simulated    boolean not null
);

create table rollup_mentions_daily (
  brand       text not null,
  day         date not null,
  source_kind text not null,
  simulated   boolean not null,
  n           bigint not null,
  n_positive  bigint not null,  -- sentiment of 0.05 and more
  n_negative  bigint not null,  -- of -0.05 and less
  n_sentiment bigint not null,
  sum_sentiment float8 not null,
  sum_reach   bigint not null,
  primary key (brand, day, source_kind, simulated)
);
create index rollup_mentions_daily_day on rollup_mentions_daily (day);

create function touch_mentions() returns trigger language plpgsql as $$
begin
  insert into touched_buckets (rollup, bucket, key)
    select distinct 'mentions', date_trunc('day', published_at, 'UTC'), brand from changed_rows;
  return null;
end $$;
create trigger touch_mentions_insert after insert on brand_mentions
  referencing new table as changed_rows for each statement execute function touch_mentions();
create trigger touch_mentions_delete after delete on brand_mentions
  referencing old table as changed_rows for each statement execute function touch_mentions();
