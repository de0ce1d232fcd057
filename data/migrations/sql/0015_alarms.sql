-- Who took on what asks for a person. Grain: alarm. `raised_at` is the alarm's own time, so that one that is raised again asks again.
create table acknowledgements (
    kind text not null check (kind in ('mission', 'signal')),
    ref text not null,
    raised_at timestamptz not null,
    actor_name text not null,
    at timestamptz not null default now(),
    primary key (kind, ref)
);
