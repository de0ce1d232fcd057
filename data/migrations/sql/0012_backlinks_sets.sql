-- What a page narrows links by: the words in `rel` that keep a link from passing authority, as bits (1 nofollow, 2 ugc,
-- 4 sponsored; 0 passes it), and the band of authority (0 is 0–9, 9 is 90–100; -1 where it is not known).
create function link_kind(rel text) returns smallint language sql immutable parallel safe as $$
  select coalesce((rel like '%nofollow%')::int + 2 * (rel like '%ugc%')::int + 4 * (rel like '%sponsored%')::int, 0)::smallint
$$;
create function authority_band(authority smallint) returns smallint language sql immutable parallel safe as $$
  select (case when authority >= 0 then least(authority / 10, 9) else -1 end)::smallint
$$;

-- The sets carry both from now on, so that a narrowed page reads them instead of links. Everything that is there is
-- filled again by the refresh, in the background.
drop table backlink_hour_sources, backlink_target_sources, backlink_target_anchors;
truncate backlink_target_totals, touched_link_hours;

-- The finest grain: the links that a target gained in an hour from a domain, by anchor (its first 200 characters), kind
-- and authority (-1: not known). `live` are those not lost, `toxic` those with a spam score of 60 and more.
-- One index finds the hours of a target and holds what its lists of anchors show.
create table backlink_hour_sources (
  target_domain_name text not null,
  hour               timestamptz not null,
  source_domain_name text not null,
  anchor             text not null,
  kind               smallint not null,
  authority          smallint not null,
  simulated          boolean not null,
  links              integer not null,
  live               integer not null,
  toxic              integer not null,
  first_seen         timestamptz not null,
  last_seen          timestamptz not null,
  max_spam           smallint,
  primary key (target_domain_name, hour, source_domain_name, anchor, kind, authority, simulated)
    include (links, toxic, first_seen, last_seen)
);
create index backlink_hour_sources_source on backlink_hour_sources (target_domain_name, source_domain_name);

-- The exact set of a target's referring domains. first_seen and last_seen: the oldest and the newest discovery.
create table backlink_target_sources (
  target_domain_name text not null,
  source_domain_name text not null,
  kind               smallint not null,
  band               smallint not null,
  simulated          boolean not null,
  links              bigint not null,
  live               bigint not null,
  first_seen         timestamptz not null,
  last_seen          timestamptz not null,
  max_authority      smallint,
  max_spam           smallint,
  primary key (target_domain_name, source_domain_name, kind, band, simulated) include (first_seen)
) with (fillfactor = 80);  -- one more link from a known domain changes no index
create index backlink_target_sources_source on backlink_target_sources (source_domain_name, target_domain_name);

-- Links by the day of their discovery, kind and band.
create table rollup_backlinks_kinds_daily (
  target_domain_name text not null,
  day                date not null,
  kind               smallint not null,
  band               smallint not null,
  simulated          boolean not null,
  n                  bigint not null,
  n_high             bigint not null,
  n_spam             bigint not null,
  sum_authority      bigint not null,
  primary key (target_domain_name, day, kind, band, simulated)
);

insert into touched_link_hours select distinct target_domain_name, hour from rollup_backlinks_hourly;
