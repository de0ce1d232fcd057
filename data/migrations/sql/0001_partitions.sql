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

-- Buckets whose roll-up is out of date. Append-only and without a unique key, so that writers never wait on each other;
-- filled by the triggers below in the writing transaction, emptied by the refresh.
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

-- Replays: an event_id seen from one source is known for as long as the receipt is kept.
create table ingest_receipts (
  stream      text not null,
  event_hash  uuid not null,
  received_at timestamptz not null default now(),
  simulated   boolean not null default false,
  primary key (stream, event_hash)
);
create index ingest_receipts_received on ingest_receipts using brin (received_at);

-- Which state of which view readers see: raised in the refresh's own transaction.
create table view_stamps (
  view         text primary key,
  version      bigint not null default 0,
  refreshed_at timestamptz,
  duration_ms  float8 not null default 0,
  due_at       timestamptz not null default '-infinity'
);
