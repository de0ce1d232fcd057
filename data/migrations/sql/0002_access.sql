-- Who may do what, and what was done. Secrets are stored as digests only.

create table users (
  user_id       uuid primary key default gen_random_uuid(),
  email         text not null check (length(email) between 3 and 254),
  password_hash text,
  role          text not null check (role in ('viewer', 'operator', 'manager', 'admin')),
  created_at    timestamptz not null default now(),
  disabled_at   timestamptz
);
create unique index users_email on users (lower(email));

create table login_tokens (
  token_hash bytea primary key,
  user_id    uuid not null references users on delete cascade,
  expires_at timestamptz not null,
  used_at    timestamptz
);

create table user_sessions (
  session_hash bytea primary key,
  user_id      uuid not null references users on delete cascade,
  created_at   timestamptz not null default now(),
  seen_at      timestamptz not null default now(),
  expires_at   timestamptz not null,
  revoked_at   timestamptz,
  address      text,
  user_agent   text
);
create index user_sessions_user on user_sessions (user_id);

-- Keys of one family follow one another by rotation; what one of them registered, all of them speak for.
create table api_keys (
  key_id       text primary key check (key_id ~ '^[0-9a-z]{8}$'),
  name         text not null check (length(name) between 1 and 100),
  secret_hash  bytea not null,
  scopes       text[] not null check (cardinality(scopes) > 0),
  simulated    boolean not null default false,
  created_by   text not null,
  created_at   timestamptz not null default now(),
  expires_at   timestamptz,
  revoked_at   timestamptz,
  last_used_at timestamptz,
  family       text not null
);
create index api_keys_family on api_keys (family);

-- The audit. Whose it is stands in `audit_owner.sql`, which follows every migration.
create table audit_log (
  audit_id    bigint generated always as identity primary key,
  at          timestamptz not null default clock_timestamp(),
  actor_kind  text not null,
  actor_id    text not null,
  actor_name  text not null,
  action      text not null,
  object_kind text not null,
  object_id   text not null,
  outcome     text not null check (outcome in ('done', 'denied', 'refused')),
  detail      jsonb not null default '{}',
  address     text
);
create index audit_log_at on audit_log using brin (at);
create index audit_log_object on audit_log (object_kind, object_id, audit_id);

create function audit_log_is_append_only() returns trigger language plpgsql as $$
begin raise exception 'audit_log is append-only' using errcode = 'insufficient_privilege'; end $$;
create trigger audit_log_append_only before update or delete or truncate on audit_log
  for each statement execute function audit_log_is_append_only();
