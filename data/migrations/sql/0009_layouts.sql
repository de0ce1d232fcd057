-- How people arrange their screens. A view is an arrangement of a page's panels, one layout a screen; the one without
-- a name is what a person's page stands in by itself.
create table layout_views (
  view_id      text primary key check (view_id ~ '^[a-z0-9]{1,40}$'),
  page         text not null,
  name         text not null check (length(name) <= 60),
  user_id      uuid not null references users on delete cascade,
  published_at timestamptz check (published_at is null or name <> ''),
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now()
);
create unique index layout_views_own on layout_views (user_id, page, lower(name));
create unique index layout_views_published on layout_views (page, lower(name)) where published_at is not null;

create table layouts (
  view_id text not null references layout_views on delete cascade,
  screen  text not null check (screen in ('wall', 'desk', 'laptop', 'phone')),
  panels  jsonb not null check (jsonb_typeof(panels) = 'array'),
  primary key (view_id, screen)
);

create table preferences (
  user_id    uuid primary key references users on delete cascade,
  chosen     jsonb not null check (jsonb_typeof(chosen) = 'object'),
  updated_at timestamptz not null default now()
);
