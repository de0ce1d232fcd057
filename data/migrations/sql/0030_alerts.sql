-- Alerts: the rules of each version, what the signals said, and what became of it.

-- One row a version of one's own rules; the newest is in force, beside the shipped ones that it does not replace.
create table alert_rules (
  version    bigint primary key check (version > 0),
  document   text not null,
  actor_name text not null,
  at         timestamptz not null default now()
);

-- The newest reading of each series of a signal. `key` are the values of its labels, in the signal's order.
create table alert_series (
  series_id bigint generated always as identity primary key,
  signal    text not null,
  key       text[] not null,
  labels    jsonb not null,
  value     float8 check (value > '-infinity' and value < 'infinity'),
  word      text,
  note      text not null default '',
  at        timestamptz not null check (isfinite(at)),
  gone      boolean not null default false,
  simulated boolean not null default false,
  unique (signal, key)
);

-- What was read before: each reading of what a rule asks a window of, else one a minute. Grain: series and moment.
create table alert_samples (
  series_id bigint not null references alert_series on delete cascade,
  at        timestamptz not null check (isfinite(at)),
  value     float8 not null check (value > '-infinity' and value < 'infinity'),
  primary key (series_id, at)
);
create index alert_samples_at on alert_samples (at);

-- One row while an alert lives, and after it: a recurrence is a new row. `subject` are the labels that the condition
-- was asked of. `held`: a person resolved it, and its condition has held ever since; it opens no other.
create table alerts (
  id                bigint generated always as identity primary key,
  rule              text not null,
  fingerprint       text not null,
  labels            jsonb not null,
  subject           jsonb not null,
  group_key         text not null,
  severity          text not null check (severity in ('info', 'warning', 'critical')),
  state             text not null
                    check (state in ('inactive', 'pending', 'firing', 'recovering', 'resolved', 'nodata', 'error')),
  value             float8 check (value > '-infinity' and value < 'infinity'),
  message           text not null,
  channels          text[] not null default '{}',
  escalation        text,
  actions           jsonb not null default '[]',
  started_at        timestamptz not null,
  fired_at          timestamptz,
  quiet_since       timestamptz,
  missing_since     timestamptz,
  resolved_at       timestamptz,
  resolved_by       text,
  last_evaluated_at timestamptz not null,
  acknowledged_at   timestamptz,
  acknowledged_by   text,
  held              boolean not null default false,
  simulated         boolean not null default false
);
create unique index alerts_live on alerts (rule, fingerprint) where resolved_at is null or held;
create index alerts_open on alerts (group_key, id) where resolved_at is null;
create index alerts_started on alerts (started_at);
create index alerts_ended on alerts (resolved_at) where resolved_at is not null;

-- An alert's timeline: every change of its state, and every hand that touched it.
create table alert_events (
  event_id bigint generated always as identity primary key,
  alert_id bigint not null references alerts on delete cascade,
  at       timestamptz not null,
  kind     text not null,
  by       text not null,
  detail   jsonb not null default '{}'
);
create index alert_events_alert on alert_events (alert_id, at);

-- Which tick each rule was evaluated for last, and how that went. A tick is evaluated once, however many beats there are.
create table alert_evaluations (
  rule    text primary key,
  tick    bigint not null,
  at      timestamptz not null,
  took_ms float8 not null default 0,
  asked   int not null default 0,
  missing int not null default 0,
  error   text
);
