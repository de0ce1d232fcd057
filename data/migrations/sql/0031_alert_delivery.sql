-- Who is told of an alert, by which way, when, and why not.
create table alert_channels (
  channel_id bigint generated always as identity primary key,
  name text not null unique,
  kind text not null check (kind in ('slack', 'email', 'sms', 'telegram', 'webhook', 'canary')),
  fields jsonb not null,
  usual boolean not null default true,
  allow_private boolean not null default false,
  fallback text,
  quiet jsonb,
  digest_minutes smallint check (digest_minutes between 5 and 1440),
  per_minute smallint not null default 5 check (per_minute between 3 and 60),
  from_settings boolean not null default false,
  enabled boolean not null default true,
  disabled_because text,
  failures smallint not null default 0,
  relay_token uuid,
  relay_until timestamptz not null default now(),
  paused_until timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- What delivery knows of an alert, of the transitions that it was given.
create table alert_subjects (
  alert_id bigint primary key,
  rule text not null,
  severity text not null,
  labels jsonb not null,
  fingerprint text not null,
  group_key text not null,
  state text not null,
  value float8,
  message text not null,
  channels text[] not null,
  started_at timestamptz,
  changed_at timestamptz not null,
  ended_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text
);
create index alert_subjects_fingerprint on alert_subjects (fingerprint, changed_at);
create index alert_subjects_changed on alert_subjects (changed_at);
create index alert_subjects_open on alert_subjects (alert_id) where ended_at is null;

-- The outbox: one row for each transition and channel, written in the transition's own transaction.
create table alert_notifications (
  notification_id bigint generated always as identity primary key,
  alert_id bigint,
  kind text not null check (kind in ('firing', 'resolved', 'nodata', 'error', 'escalated', 'notice', 'test')),
  channel text not null,
  route_reason text not null,
  rule text not null,
  severity text not null,
  fingerprint text not null,
  group_key text not null,
  message text not null,
  value float8,
  happened_at timestamptz not null,
  state text not null default 'queued'
    check (state in ('queued', 'held', 'composed', 'sent', 'muted', 'failed')),
  reason text not null default 'queued',
  stages jsonb not null default '[]',
  next_at timestamptz not null default now(),
  message_id uuid,
  created_at timestamptz not null default now(),
  ended_at timestamptz
);
create index alert_notifications_due on alert_notifications (channel, (severity = 'critical'), next_at)
  where state in ('queued', 'held');
create index alert_notifications_alert on alert_notifications (alert_id);
create index alert_notifications_message on alert_notifications (message_id) where message_id is not null;
create index alert_notifications_created on alert_notifications (created_at);

-- What goes out: its id is the idempotency key, the same at every try.
create table alert_messages (
  message_id uuid primary key default gen_random_uuid(),
  number bigint generated always as identity,
  channel text not null,
  group_key text,
  critical boolean not null,
  content jsonb not null,
  state text not null default 'ready' check (state in ('ready', 'sending', 'sent', 'failed')),
  attempts smallint not null default 0,
  next_at timestamptz not null default now(),
  in_place boolean not null default false,
  error text,
  fallback_sent boolean not null default false,
  fallback_of uuid,
  created_at timestamptz not null default now(),
  sent_at timestamptz
);
create index alert_messages_due on alert_messages (channel, next_at) where state in ('ready', 'sending');
create index alert_messages_sent on alert_messages (channel, created_at);

-- What each channel was told of each alert last: whoever heard of it hears its end.
create table alert_announcements (
  channel text not null,
  fingerprint text not null,
  alert_id bigint not null,
  group_key text not null,
  states text[] not null,
  open boolean not null,
  flapping boolean not null default false,
  announced_at timestamptz not null default now(),
  primary key (channel, fingerprint)
);
create index alert_announcements_open on alert_announcements (channel, group_key) where open;
create index alert_announcements_announced on alert_announcements (announced_at);

-- The message of a group that is changed in place, where a channel can do that.
create table alert_threads (
  channel text not null,
  group_key text not null,
  reference jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (channel, group_key)
);

create table alert_silences (
  silence_id bigint generated always as identity primary key,
  matchers jsonb not null,
  reason text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  created_by text not null,
  created_at timestamptz not null default now(),
  noticed_at timestamptz
);
create index alert_silences_ends on alert_silences (ends_at);

-- Wall-clock times of a zone: `starts` has none of its own.
create table alert_maintenance (
  window_id bigint generated always as identity primary key,
  title text not null,
  matchers jsonb not null,
  starts timestamp not null,
  minutes integer not null check (minutes between 1 and 44640),
  rrule text,
  zone text not null,
  created_by text not null,
  created_at timestamptz not null default now()
);

-- "A explains B": while a source fires, its targets with the same values of the labels `equal` are held back.
create table alert_dependencies (
  name text primary key,
  kind text not null check (kind in ('dependency', 'inhibit')),
  source jsonb not null,
  target jsonb not null,
  equal text[] not null default '{}'
);

create table alert_policies (
  name text primary key,
  policy jsonb not null,
  updated_at timestamptz not null default now()
);
create table alert_schedules (
  name text primary key,
  schedule jsonb not null,
  updated_at timestamptz not null default now()
);
-- An escalation under way: `policy` as it stood when the alert began, `token` names the step that is next.
create table alert_escalations (
  alert_id bigint primary key,
  name text not null,
  policy jsonb not null,
  step smallint not null default 0,
  round smallint not null default 0,
  token uuid not null default gen_random_uuid(),
  due_at timestamptz,
  ended_because text,
  started_at timestamptz not null default now(),
  ended_at timestamptz
);
create index alert_escalations_due on alert_escalations (due_at) where ended_at is null;

-- A signed link works once.
create table alert_links (
  link_digest bytea primary key,
  alert_id bigint not null,
  verb text not null,
  used_at timestamptz not null default now()
);

-- What the auditor found: an alert that nobody was told of, a row that stood still.
create table alert_findings (
  finding_id bigint generated always as identity primary key,
  kind text not null,
  subject text not null,
  detail text not null,
  at timestamptz not null default now()
);
create index alert_findings_at on alert_findings (at);
