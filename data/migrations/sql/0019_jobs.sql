-- Background work that was asked for, written in the asker's own transaction.
create table background_jobs (
  job_id uuid primary key default gen_random_uuid(),
  task text not null,
  payload jsonb not null default '{}',
  state text not null default 'queued' check (state in ('queued', 'sent', 'running', 'done', 'failed')),
  tries smallint not null default 0,
  reason text,
  created_at timestamptz not null default now(),
  due_at timestamptz not null default now(),
  ended_at timestamptz
);
create index background_jobs_due on background_jobs (due_at) where state in ('queued', 'sent', 'running');
create index background_jobs_ended on background_jobs (ended_at) where ended_at is not null;
