-- Who watches: each open tab is a screen that reports its health; playlists tell a wall what to show in turn.
create table screens (
  screen_id    text primary key check (screen_id ~ '^[A-Za-z0-9_-]{8,40}$'),
  actor_id     text not null,
  actor_name   text not null,
  name         text not null check (length(name) between 1 and 100),
  address      text not null check (length(address) between 1 and 500),
  kiosk        boolean not null,
  visible      boolean not null,
  link         text not null check (link in ('waiting', 'live', 'polling', 'silent', 'lost')),
  width        int not null,
  height       int not null,
  fps          real,
  heap_bytes   bigint,
  heap_limit_bytes bigint,
  data_age_s   real,
  opened_at    timestamptz not null,
  reported_at  timestamptz not null default now(),
  closed_at    timestamptz,
  reload_asked_at timestamptz
);
create index screens_actor on screens (actor_id, reported_at);

create table playlists (
  playlist_id text primary key check (playlist_id ~ '^[0-9a-z]{8}$'),
  name        text not null check (length(name) between 1 and 100),
  items       jsonb not null,
  hold_seconds int not null check (hold_seconds between 5 and 3600),
  updated_by  text not null,
  updated_at  timestamptz not null default now()
);
create unique index playlists_name on playlists (lower(name));
