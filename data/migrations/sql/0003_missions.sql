-- Missions, the satellites that work on them, and who works on what.

create sequence crawl_job_numbers start 1001;

create table crawl_jobs (
  job_id               text primary key default 'LP-' || nextval('crawl_job_numbers'),
  job_type             text not null,
  status               text not null default 'queued'
                       check (status in ('queued', 'running', 'paused', 'completed', 'failed', 'cancelled', 'abnormal')),
  target_url           text not null,
  priority             smallint not null default 5 check (priority between 1 and 10),
  config               jsonb not null default '{}',
  progress_percentage  float8 not null default 0 check (progress_percentage between 0 and 100),
  pages_crawled        bigint not null default 0 check (pages_crawled >= 0),
  pages_queued         bigint not null default 0 check (pages_queued >= 0),
  links_found          bigint not null default 0 check (links_found >= 0),
  errors_count         bigint not null default 0 check (errors_count >= 0),
  created_date         timestamptz not null default now() check (isfinite(created_date)),
  queued_at            timestamptz not null default now(),
  start_time           timestamptz check (isfinite(start_time)),
  completed_time       timestamptz check (isfinite(completed_time)),
  updated_at           timestamptz not null default now(),
  estimated_completion timestamptz,
  eta_low              timestamptz,
  eta_high             timestamptz,
  eta_note             text,
  pace                 jsonb not null default '{}',  -- what the ETA rule remembers between two progress reports
  requeue_count        int not null default 0,
  message              text,
  submitted_by         text not null default 'system',
  last_fetched_at      timestamptz,
  simulated            boolean not null default false
);
create index idx_mission_control_performance on crawl_jobs (status, created_date, progress_percentage);
create index crawl_jobs_queue on crawl_jobs (priority desc, queued_at) where status = 'queued';
create index crawl_jobs_created on crawl_jobs (created_date, job_type);
create index crawl_jobs_completed on crawl_jobs (completed_time) where completed_time is not null;

create table satellites (
  satellite_id      text primary key check (length(satellite_id) between 1 and 100),
  name              text not null,
  hostname          text not null default '',
  version           text not null default '',
  status            text not null default 'idle' check (status in ('idle', 'working', 'paused', 'stopping', 'lost')),
  max_jobs          int not null default 1,
  pages_per_minute  float8,
  cpu_percent       float8,
  memory_mb         float8,
  registered_at     timestamptz not null default now(),
  last_heartbeat_at timestamptz not null default now(),
  last_fetched_at   timestamptz not null default now(),
  simulated         boolean not null default false,
  owner_family      text  -- the family of keys that it belongs to; null until the first of them speaks for it
);

-- Who works on what now. One row per lease; ended leases move to satellite_assignment_history.
create table satellite_assignments (
  assignment_id    bigint generated always as identity primary key,
  job_id           text not null references crawl_jobs on delete cascade,
  satellite_id     text not null references satellites on delete cascade,
  assigned_at      timestamptz not null default now(),
  lease_expires_at timestamptz not null,
  leased_delay     float8,                          -- the pace the job was leased with; a later one is a directive
  was_paused       boolean not null default false,  -- after a pause, a running job is a directive to resume
  unique (job_id)
);
create index satellite_assignments_satellite on satellite_assignments (satellite_id);
create index satellite_assignments_expiry on satellite_assignments (lease_expires_at);

create table satellite_assignment_history (
  assignment_id bigint primary key,
  job_id        text not null,
  satellite_id  text not null,
  assigned_at   timestamptz not null,
  released_at   timestamptz not null,
  outcome       text not null,
  simulated     boolean not null default false
);
create index satellite_assignment_history_job on satellite_assignment_history (job_id);

-- Jobs by the hour in which they were created.
create table rollup_jobs_hourly (
  job_type      text not null,
  hour          timestamptz not null,
  simulated     boolean not null,
  n             bigint not null,
  n_completed   bigint not null,
  n_failed      bigint not null,
  n_cancelled   bigint not null,
  n_abnormal    bigint not null,
  sum_pages     bigint not null,
  sum_links     bigint not null,
  n_duration    bigint not null,
  sum_duration  float8 not null,
  min_duration  float8,
  max_duration  float8,
  sum_progress  float8 not null,
  primary key (job_type, hour, simulated)
);
create index rollup_jobs_hourly_hour on rollup_jobs_hourly (hour);

create function touch_jobs() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    insert into touched_buckets (rollup, bucket, key)
      select distinct 'jobs', date_trunc('hour', created_date, 'UTC'), job_type from old_rows;
  else
    insert into touched_buckets (rollup, bucket, key)
      select distinct 'jobs', date_trunc('hour', created_date, 'UTC'), job_type from new_rows;
  end if;
  return null;
end $$;
create trigger touch_jobs_insert after insert on crawl_jobs
  referencing new table as new_rows for each statement execute function touch_jobs();
create trigger touch_jobs_update after update on crawl_jobs
  referencing new table as new_rows for each statement execute function touch_jobs();
create trigger touch_jobs_delete after delete on crawl_jobs
  referencing old table as old_rows for each statement execute function touch_jobs();
