create table uptime_probes (
  site       text not null,
  at         timestamptz not null check (isfinite(at)),
  probe_id   bigint generated always as identity,
  up         boolean not null,
  latency_ms float8 check (latency_ms >= 0 and latency_ms < 'infinity'),
  simulated  boolean not null default false,
  primary key (site, at, probe_id)
);
create index uptime_probes_at on uptime_probes (at);

-- One row a site, as it is now.
create table uptime_sites (
  site      text primary key,
  state     text not null check (state in ('up', 'down', 'silent')),
  probed_at timestamptz not null,
  simulated boolean not null default false
);

create table rollup_uptime_hourly (
  site        text not null,
  hour        timestamptz not null,
  simulated   boolean not null,
  n           bigint not null,
  n_up        bigint not null,
  n_latency   bigint not null,
  sum_latency float8 not null,
  primary key (site, hour, simulated)
);
create index rollup_uptime_hourly_hour on rollup_uptime_hourly (hour);

-- What the job task made: one row a report that was asked for.
create table uptime_reports (
  job_id  uuid primary key,
  made_at timestamptz not null default now(),
  site    text not null,
  probes  bigint not null,
  answered bigint not null
);

-- Marks the hours that a statement touched; whoever writes never waits for the roll-up.
create function touch_uptime() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into touched_buckets (rollup, bucket, key)
      select distinct 'uptime', date_trunc('hour', at, 'UTC'), site from new_rows;
  else
    insert into touched_buckets (rollup, bucket, key)
      select distinct 'uptime', date_trunc('hour', at, 'UTC'), site from old_rows;
  end if;
  return null;
end $$;
create trigger touch_uptime_insert after insert on uptime_probes
  referencing new table as new_rows for each statement execute function touch_uptime();
create trigger touch_uptime_delete after delete on uptime_probes
  referencing old table as old_rows for each statement execute function touch_uptime();
