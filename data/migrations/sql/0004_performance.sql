-- What satellites report of their work, and its hours.

create table satellite_performance_logs (
  satellite_id     text not null,
  created_date     timestamptz not null check (isfinite(created_date)),
  log_id           bigint generated always as identity,
  job_id           text,
  pages_per_minute float8 not null check (pages_per_minute >= 0 and pages_per_minute < 'infinity'),
  success_rate     float8 not null check (success_rate between 0 and 1),
  response_time_ms float8 not null check (response_time_ms >= 0 and response_time_ms < 'infinity'),
  pages_crawled    bigint,
  errors_count     bigint,
  cpu_percent      float8,
  memory_mb        float8,
  last_fetched_at  timestamptz,
  simulated        boolean not null default false,
  extra            jsonb,
  primary key (satellite_id, created_date, log_id)
) partition by range (created_date);
create index satellite_performance_logs_created on satellite_performance_logs
  using brin (created_date timestamptz_minmax_multi_ops) with (pages_per_range = 32);
select create_time_partitions('satellite_performance_logs', (date_trunc('month', now()) - interval '12 months')::date);

create table rollup_satellite_hourly (
  satellite_id text not null,
  hour         timestamptz not null,
  simulated    boolean not null,
  n            bigint not null,
  sum_ppm      float8 not null,
  min_ppm      float8 not null,
  max_ppm      float8 not null,
  sum_success  float8 not null,
  sum_response float8 not null,
  min_response float8 not null,
  max_response float8 not null,
  primary key (satellite_id, hour, simulated)
);
create index rollup_satellite_hourly_hour on rollup_satellite_hourly (hour);

create function touch_satellite_performance() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into touched_buckets (rollup, bucket, key)
      select distinct 'satellite_performance', date_trunc('hour', created_date, 'UTC'), satellite_id from new_rows;
  else
    insert into touched_buckets (rollup, bucket, key)
      select distinct 'satellite_performance', date_trunc('hour', created_date, 'UTC'), satellite_id from old_rows;
  end if;
  return null;
end $$;
create trigger touch_satellite_performance_insert after insert on satellite_performance_logs
  referencing new table as new_rows for each statement execute function touch_satellite_performance();
create trigger touch_satellite_performance_delete after delete on satellite_performance_logs
  referencing old table as old_rows for each statement execute function touch_satellite_performance();
