-- The sets know two things more that a page narrows links by: the band of the spam score (as authority_band has it, -1
-- where there is none) and the state (0 live, 1 suspected, 2 lost, 3 recovered; -1 of hours that were counted before they
-- knew). Such hours are counted again in the background, and until then whoever narrows by either reads links.
create function link_state_number(link_state text) returns smallint language sql immutable parallel safe as $$
  select (case link_state when 'live' then 0 when 'suspected' then 1 when 'confirmed_lost' then 2 else 3 end)::smallint
$$;

set local maintenance_work_mem = '256MB';
alter table backlink_hour_sources
  add column spam_band smallint not null default -1,
  add column state     smallint not null default -1;
alter table backlink_hour_sources drop constraint backlink_hour_sources_pkey;
alter table backlink_hour_sources add primary key
  (target_domain_name, hour, source_domain_name, anchor, kind, authority, spam_band, state, simulated)
  include (links, toxic, first_seen, last_seen);
-- What marks the bad links is counted without looking at any other.
create index backlink_hour_sources_toxic on backlink_hour_sources (target_domain_name, hour)
  include (source_domain_name, anchor, kind, authority, spam_band, state, toxic, first_seen, simulated)
  where toxic > 0;
create index backlink_hour_sources_uncounted on backlink_hour_sources (target_domain_name, hour) where state = -1;

-- Who links to rivals is answered from this index alone, the number and the worth of their links included.
alter table backlink_target_sources
  add column spam_band smallint not null default -1,
  add column state     smallint not null default -1;
alter table backlink_target_sources drop constraint backlink_target_sources_pkey;
alter table backlink_target_sources add primary key
  (target_domain_name, source_domain_name, kind, band, spam_band, state, simulated)
  include (links, first_seen, max_authority);

-- Links by the day of their discovery, band of the spam score, state and band of authority.
create table rollup_backlinks_states_daily (
  target_domain_name text not null,
  day                date not null,
  spam_band          smallint not null,
  state              smallint not null,
  band               smallint not null,
  simulated          boolean not null,
  n                  bigint not null,
  n_high             bigint not null,
  n_spam             bigint not null,
  sum_authority      bigint not null,
  primary key (target_domain_name, day, spam_band, state, band, simulated) include (n, n_high, n_spam, sum_authority)
);

-- The days of a target lie scattered over these tables, a page a day: their indexes hold what is summed.
alter table rollup_backlinks_kinds_daily drop constraint rollup_backlinks_kinds_daily_pkey;
alter table rollup_backlinks_kinds_daily add primary key (target_domain_name, day, kind, band, simulated)
  include (n, n_high, n_spam, sum_authority);
alter table rollup_backlinks_lost_daily drop constraint rollup_backlinks_lost_daily_pkey;
alter table rollup_backlinks_lost_daily add primary key (target_domain_name, day, lost_reason, simulated)
  include (n, n_high);
drop index mv_daily_backlink_stats_target;
create index mv_daily_backlink_stats_target on mv_daily_backlink_stats (target_domain_name, day)
  include (new_backlinks, lost_backlinks, avg_authority, high_authority_backlinks, spam_backlinks, authority_bands);

-- An index answers alone where the table's pages are known to be seen by all: looked through after so many new rows,
-- not after a fifth of all. Only the new pages are read.
create function keep_visible(relation regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s set (autovacuum_vacuum_insert_scale_factor = 0.01,
    autovacuum_vacuum_insert_threshold = 50000, autovacuum_vacuum_scale_factor = 0.05)', relation);
end $$;
select keep_visible(c.oid) from pg_class c
where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
  and (c.oid in (select inhrelid from pg_inherits where inhparent = 'backlinks'::regclass)
       or c.relname in ('backlink_hour_sources', 'backlink_target_sources', 'rollup_backlinks_kinds_daily',
                        'rollup_backlinks_states_daily', 'rollup_backlinks_lost_daily'));

create or replace function ensure_month_partitions(parent text, first_month date, last_month date) returns int
language plpgsql as $$
declare
  month date := date_trunc('month', first_month);
  child text;
  made  int := 0;
begin
  while month <= last_month loop
    child := format('%s_%s', parent, to_char(month, 'YYYYMM'));
    if to_regclass(child) is null then
      execute format('create table %I partition of %I for values from (%L) to (%L)',
                     child, parent, month::timestamp at time zone 'UTC',
                     (month + interval '1 month')::timestamp at time zone 'UTC');
      if parent = 'backlinks' then
        perform keep_visible(child::regclass);
      end if;
      made := made + 1;
    end if;
    month := month + interval '1 month';
  end loop;
  return made;
end $$;

-- Another state counts a link elsewhere. With the settings of migration 0020, which a function that is made anew would lose.
create or replace function touch_backlinks_changed() returns trigger language plpgsql
  set enable_nestloop = off set enable_hashjoin = on as $$
begin
  insert into touched_buckets
    select distinct 'backlinks', date_trunc('hour', o.discovered_date, 'UTC'), o.target_domain_name
    from old_rows o join new_rows n using (target_domain_name, discovered_date, backlink_id)
    where (o.domain_authority, o.spam_score, o.lost_date is null, o.anchor, o.rel, o.link_state)
          is distinct from (n.domain_authority, n.spam_score, n.lost_date is null, n.anchor, n.rel, n.link_state)
    union all
    select distinct 'backlinks_lost', date_trunc('day', c.lost_date, 'UTC'), o.target_domain_name
    from old_rows o join new_rows n using (target_domain_name, discovered_date, backlink_id)
    cross join lateral (values (o.lost_date), (n.lost_date)) c (lost_date)
    where c.lost_date is not null and (o.lost_date, o.lost_reason, o.domain_authority)
          is distinct from (n.lost_date, n.lost_reason, n.domain_authority);
  return null;
end $$;

insert into touched_link_hours
select distinct target_domain_name, hour from rollup_backlinks_hourly
where hour >= coalesce((select floor from rollup_floors where rollup = 'backlinks'), '-infinity');
