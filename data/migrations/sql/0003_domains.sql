-- What is known of a domain, how it came to be so, what it is worth to us, and who talks about us.
alter table domains
  add column owner          text,
  add column registrar      text,
  add column lifecycle      text not null default 'unknown' check (lifecycle in
                            ('unknown', 'active', 'grace', 'redemption', 'pending_delete', 'dropped')),
  add column spam_score     smallint check (spam_score between 0 and 100),
  add column asking_price   numeric(14, 2) check (asking_price >= 0),
  add column drops_at       timestamptz check (isfinite(drops_at)),
  add column concerns       text[] not null default '{}',  -- gates that it failed, as its source reports
  add column value_source   text check (value_source in ('reported', 'calculated'));
update domains set value_source = 'reported' where estimated_value is not null;
create index domains_candidates on domains (estimated_value desc nulls last, domain_name)
  where availability_status in ('available', 'expired');
create index domains_owner on domains (owner) where owner is not null;

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
insert into domain_history (domain_name, at, availability_status, lifecycle, domain_authority, estimated_value,
  expires_at, source, simulated)
select domain_name, coalesce(last_fetched_at, created_date), availability_status, lifecycle, domain_authority,
  estimated_value, expires_at, 'ingest', simulated from domains;

-- The weights of the value calculator: the newest row counts, the older ones are their history.
create table domain_value_weights (
  version    bigint generated always as identity primary key,
  weights    jsonb not null,
  changed_by text not null,
  changed_at timestamptz not null default now()
);

create table domain_values (
  domain_name text primary key,
  version     bigint not null,  -- of the weights; 0 are the usual ones
  score       float8 not null check (score between 0 and 100),
  value       numeric(14, 2) not null,
  low         numeric(14, 2) not null,
  high        numeric(14, 2) not null,
  rejected    text[] not null,  -- the gates it failed
  factors     jsonb not null,
  valued_at   timestamptz not null,
  simulated   boolean not null
);

create table watched_domains (
  domain_name text primary key,
  note        text not null default '',
  added_by    text not null,
  added_at    timestamptz not null default now()
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
  mentions        bigint not null default 0
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
  insert into touched_buckets
    select distinct 'mentions', date_trunc('day', published_at, 'UTC'), brand from changed_rows;
  return null;
end $$;
create trigger touch_mentions_insert after insert on brand_mentions
  referencing new table as changed_rows for each statement execute function touch_mentions();
create trigger touch_mentions_delete after delete on brand_mentions
  referencing old table as changed_rows for each statement execute function touch_mentions();
