-- The machinery that every area stands on: partitions, roll-ups, ingest, the live state, work that was asked for.

-- An index answers alone where the table's pages are known to be seen by all: looked through after so many new rows,
-- not after a fifth of all. Only the new pages are read.
create function keep_visible(relation regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s set (autovacuum_vacuum_insert_scale_factor = 0.01,
    autovacuum_vacuum_insert_threshold = 50000, autovacuum_vacuum_scale_factor = 0.05)', relation);
end $$;

-- Partition DDL in one place: raw time tables are cut by month, with one partition for all that is older and a
-- default partition that must stay empty (a row in it means that the months ahead were not made in time).
create function ensure_month_partitions(parent text, first_month date, last_month date) returns int
language plpgsql as $$
declare
  month date := date_trunc('month', first_month);
  child text;
  made  int := 0;
begin
  while month <= last_month loop
    child := format('%s_%s', parent, to_char(month, 'YYYYMM'));
    if to_regclass(child) is null then
      execute format('create table %I partition of %I for values from (%L) to (%L)',
                     child, parent, month::timestamp at time zone 'UTC',
                     (month + interval '1 month')::timestamp at time zone 'UTC');
      if parent = 'backlinks' then
        perform keep_visible(child::regclass);
      end if;
      made := made + 1;
    end if;
    month := month + interval '1 month';
  end loop;
  return made;
end $$;

create function create_time_partitions(parent text, first_month date) returns void
language plpgsql as $$
begin
  execute format('create table %I partition of %I for values from (minvalue) to (%L)',
                 parent || '_older', parent, first_month::timestamp at time zone 'UTC');
  execute format('create table %I partition of %I default', parent || '_default', parent);
  perform ensure_month_partitions(parent, first_month, (now() + interval '3 months')::date);
end $$;

-- For statements whose rows are named by a batch, each to be found by its key: whatever is stored, and whatever the
-- planner believes of it, no table is read instead, and none is kept aside to be compared with every row of the batch.
-- It believed otherwise of tables that were never analyzed, of one page with very many links, of many links of one date.
-- `plan_freely` follows, or the end of the transaction.
create function plan_through_indexes() returns void language plpgsql as $$
begin
  set local enable_seqscan = off;
  set local enable_hashjoin = off;
  set local enable_mergejoin = off;
  set local enable_material = off;
  set local enable_memoize = off;
  set local seq_page_cost = 0;
  set local random_page_cost = 0;
end $$;
create function plan_freely() returns void language plpgsql as $$
begin
  set local enable_seqscan to default;
  set local enable_hashjoin to default;
  set local enable_mergejoin to default;
  set local enable_material to default;
  set local enable_memoize to default;
  set local seq_page_cost to default;
  set local random_page_cost to default;
end $$;

-- Buckets whose roll-up is out of date. Append-only and without a unique key, so that writers never wait on each other;
-- filled by the areas' triggers in the writing transaction, emptied by the refresh.
create table touched_buckets (
  rollup text not null,
  bucket timestamptz not null,
  key    text not null
);

-- Hours before the floor are final: the raw rows that they were made of are past their retention and gone.
create table rollup_floors (
  rollup text primary key,
  floor  timestamptz not null
);

-- Which state of which view readers see: raised in the refresh's own transaction.
create table view_stamps (
  view         text primary key,
  version      bigint not null default 0,
  refreshed_at timestamptz,
  duration_ms  float8 not null default 0,
  due_at       timestamptz not null default '-infinity'
);

-- Replays: an event_id seen from one source is known for as long as the receipt is kept.
create table ingest_receipts (
  stream      text not null,
  event_hash  uuid not null,
  received_at timestamptz not null default now(),
  simulated   boolean not null default false,
  primary key (stream, event_hash)
);
create index ingest_receipts_received on ingest_receipts using brin (received_at);

-- One answer per Idempotency-Key and caller, so that a repeated POST does not act twice.
create table idempotency_keys (
  actor_id       text not null,
  idem_key       text not null,
  request_digest bytea not null,
  status         int,
  body           bytea,
  created_at     timestamptz not null default now(),
  primary key (actor_id, idem_key)
);
create index idempotency_keys_created on idempotency_keys using brin (created_at);

-- Background work that was asked for, written in the asker's own transaction.
create table background_jobs (
  job_id     uuid primary key default gen_random_uuid(),
  task       text not null,
  payload    jsonb not null default '{}',
  state      text not null default 'queued' check (state in ('queued', 'sent', 'running', 'done', 'failed')),
  tries      smallint not null default 0,
  reason     text,
  created_at timestamptz not null default now(),
  due_at     timestamptz not null default now(),
  ended_at   timestamptz
);
create index background_jobs_due on background_jobs (due_at) where state in ('queued', 'sent', 'running');
create index background_jobs_ended on background_jobs (ended_at) where ended_at is not null;

-- One row a minute for the sparklines, written by the live publisher.
create table live_minutes (
  minute            timestamptz primary key,
  active_jobs       int not null,
  satellites_active int not null,
  queue_depth       int not null,
  pages_per_minute  float8  -- null: nobody measured it
);

-- Who took on what asks for a person. Grain: alarm. `raised_at` is the alarm's own time, so that one that is raised
-- again asks again.
create table acknowledgements (
  kind       text not null check (kind in ('mission', 'signal')),
  ref        text not null,
  raised_at  timestamptz not null,
  actor_name text not null,
  at         timestamptz not null default now(),
  primary key (kind, ref)
);
