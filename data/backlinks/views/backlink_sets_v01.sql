-- Brings the sets of the taken hours up to date: the finest grain is recomputed and compared with what stands, and only
-- the difference goes on, into everything that stands on it. What is older than those hours is read only where something
-- went away that may have been a domain's first or last, best or worst.
-- The lateral join holds the planner to one index range an hour, whatever the tables have grown to; what is written is
-- written in the order of the indexes, so that each page of them is fetched once.
insert into link_changes (target, hour, source, anchor, kind, authority, spam_band, state, simulated, links, live, toxic,
  first_seen, last_seen, max_spam, more_links, more_live, more_toxic, oldest, newest, shrunk)
select z.target, z.hour, s.* from taken_link_hours z cross join lateral (
  select source, anchor, kind, authority, spam_band, state, simulated, n.links, n.live, n.toxic, n.first_seen,
    n.last_seen, n.max_spam,
    coalesce(n.links, 0) - coalesce(o.links, 0), coalesce(n.live, 0) - coalesce(o.live, 0),
    coalesce(n.toxic, 0) - coalesce(o.toxic, 0), coalesce(n.first_seen, o.first_seen), coalesce(n.last_seen, o.last_seen),
    o.links is not null and (n.links is null or n.first_seen > o.first_seen or n.last_seen < o.last_seen
                             or coalesce(n.max_spam, -1) < coalesce(o.max_spam, -1))
  from (
    select b.source_domain_name as source, coalesce(left(b.anchor, 200), '') as anchor, link_kind(b.rel) as kind,
      coalesce(b.domain_authority, -1::smallint) as authority, authority_band(b.spam_score) as spam_band,
      link_state_number(b.link_state) as state, b.simulated, count(*)::int as links,
      count(*) filter (where b.lost_date is null)::int as live, count(*) filter (where is_toxic(b.spam_score))::int as toxic,
      min(b.discovered_date) as first_seen, max(b.discovered_date) as last_seen, max(b.spam_score) as max_spam
    from backlinks b
    where b.target_domain_name = z.target and b.discovered_date >= z.hour
      and b.discovered_date < z.hour + interval '1 hour'
    group by 1, 2, 3, 4, 5, 6, 7
  ) n
  full join (
    select f.source_domain_name as source, f.anchor, f.kind, f.authority, f.spam_band, f.state, f.simulated, f.links,
      f.live, f.toxic, f.first_seen, f.last_seen, f.max_spam
    from backlink_hour_sources f where f.target_domain_name = z.target and f.hour = z.hour
  ) o using (source, anchor, kind, authority, spam_band, state, simulated)
  where (n.links, n.live, n.toxic, n.first_seen, n.last_seen, n.max_spam)
        is distinct from (o.links, o.live, o.toxic, o.first_seen, o.last_seen, o.max_spam)
) s;

delete from backlink_hour_sources f using link_changes c
where c.links is null and f.target_domain_name = c.target and f.hour = c.hour and f.source_domain_name = c.source
  and f.anchor = c.anchor and f.kind = c.kind and f.authority = c.authority and f.spam_band = c.spam_band
  and f.state = c.state and f.simulated = c.simulated;
insert into backlink_hour_sources (target_domain_name, hour, source_domain_name, anchor, kind, authority, spam_band,
  state, simulated, links, live, toxic, first_seen, last_seen, max_spam)
select target, hour, source, anchor, kind, authority, spam_band, state, simulated, links, live, toxic, first_seen,
  last_seen, max_spam
from link_changes where links is not null order by target, hour, source
on conflict (target_domain_name, hour, source_domain_name, anchor, kind, authority, spam_band, state, simulated)
do update set
  links = excluded.links, live = excluded.live, toxic = excluded.toxic, first_seen = excluded.first_seen,
  last_seen = excluded.last_seen, max_spam = excluded.max_spam;

insert into source_changes (target, source, kind, band, spam_band, state, simulated, links, live, first_seen, last_seen,
  max_authority, max_spam, shrunk)
select target, source, kind, authority_band(authority), spam_band, state, simulated, sum(more_links), sum(more_live),
  min(oldest), max(newest), max(authority) filter (where authority >= 0), max(max_spam), bool_or(shrunk)
from link_changes group by 1, 2, 3, 4, 5, 6, 7;

-- Counted before the sources are brought up to date: a domain is new where none of its links stood, gone where none is
-- left. Only a loss asks how many there were.
insert into backlink_target_totals as t (target_domain_name, simulated, links, live, domains, live_domains)
select c.target, c.simulated, sum(c.links), sum(c.live),
  sum((case when c.links < 0 then c.links + (
    select sum(s.links) from backlink_target_sources s
    where s.target_domain_name = c.target and s.source_domain_name = c.source and s.simulated = c.simulated
  ) > 0 else b.known or c.links > 0 end)::int - b.known::int),
  sum((case when c.live < 0 then c.live + (
    select sum(s.live) from backlink_target_sources s
    where s.target_domain_name = c.target and s.source_domain_name = c.source and s.simulated = c.simulated
  ) > 0 else b.living or c.live > 0 end)::int - b.living::int)
from (
  select target, source, simulated, sum(links) as links, sum(live) as live
  from source_changes group by 1, 2, 3 order by 1, 2
) c cross join lateral (
  select
    (select count(*) > 0 from (
      select from backlink_target_sources s
      where s.target_domain_name = c.target and s.source_domain_name = c.source and s.simulated = c.simulated limit 1
    ) s) as known,
    (select count(*) > 0 from (
      select from backlink_target_sources s
      where s.target_domain_name = c.target and s.source_domain_name = c.source and s.simulated = c.simulated
        and s.live > 0 limit 1
    ) s) as living
  offset 0
) b
group by 1, 2
on conflict (target_domain_name, simulated) do update set links = t.links + excluded.links,
  live = t.live + excluded.live, domains = t.domains + excluded.domains,
  live_domains = t.live_domains + excluded.live_domains;
delete from backlink_target_totals t using (select distinct target from source_changes) c
  where t.target_domain_name = c.target and t.links = 0;

insert into backlink_target_sources as s (target_domain_name, source_domain_name, kind, band, spam_band, state,
  simulated, links, live, first_seen, last_seen, max_authority, max_spam)
select target, source, kind, band, spam_band, state, simulated, links, live, first_seen, last_seen, max_authority,
  max_spam
from source_changes order by target, source
on conflict (target_domain_name, source_domain_name, kind, band, spam_band, state, simulated) do update set
  links = s.links + excluded.links, live = s.live + excluded.live,
  first_seen = least(s.first_seen, excluded.first_seen), last_seen = greatest(s.last_seen, excluded.last_seen),
  max_authority = greatest(s.max_authority, excluded.max_authority), max_spam = greatest(s.max_spam, excluded.max_spam);
delete from backlink_target_sources s using source_changes c
where c.shrunk and s.links = 0 and s.target_domain_name = c.target and s.source_domain_name = c.source
  and s.kind = c.kind and s.band = c.band and s.spam_band = c.spam_band and s.state = c.state
  and s.simulated = c.simulated;
update backlink_target_sources s
set first_seen = f.first_seen, last_seen = f.last_seen, max_authority = f.max_authority, max_spam = f.max_spam
from source_changes c cross join lateral (
  select min(f.first_seen) as first_seen, max(f.last_seen) as last_seen,
    max(f.authority) filter (where f.authority >= 0) as max_authority, max(f.max_spam) as max_spam
  from backlink_hour_sources f where f.target_domain_name = c.target and f.source_domain_name = c.source
    and f.kind = c.kind and authority_band(f.authority) = c.band and f.spam_band = c.spam_band
    and f.state = c.state and f.simulated = c.simulated
) f
where c.shrunk and s.target_domain_name = c.target and s.source_domain_name = c.source
  and s.kind = c.kind and s.band = c.band and s.spam_band = c.spam_band and s.state = c.state
  and s.simulated = c.simulated;

insert into rollup_backlinks_kinds_daily as d (target_domain_name, day, kind, band, simulated, n, n_high, n_spam,
  sum_authority)
select target, (hour at time zone 'UTC')::date, kind, authority_band(authority), simulated, sum(more_links),
  coalesce(sum(more_links) filter (where is_high_authority(authority)), 0), sum(more_toxic),
  coalesce(sum(more_links * authority) filter (where authority >= 0), 0)
from link_changes group by 1, 2, 3, 4, 5 having sum(more_links) <> 0 or sum(more_toxic) <> 0
  or sum(more_links * authority) <> 0 order by 1, 2
on conflict (target_domain_name, day, kind, band, simulated) do update set n = d.n + excluded.n,
  n_high = d.n_high + excluded.n_high, n_spam = d.n_spam + excluded.n_spam,
  sum_authority = d.sum_authority + excluded.sum_authority;
delete from rollup_backlinks_kinds_daily d
using (select distinct target, (hour at time zone 'UTC')::date as day from link_changes where links is null) c
where d.n = 0 and d.target_domain_name = c.target and d.day = c.day;

insert into rollup_backlinks_states_daily as d (target_domain_name, day, spam_band, state, band, simulated, n, n_high,
  n_spam, sum_authority)
select target, (hour at time zone 'UTC')::date, spam_band, state, authority_band(authority), simulated, sum(more_links),
  coalesce(sum(more_links) filter (where is_high_authority(authority)), 0), sum(more_toxic),
  coalesce(sum(more_links * authority) filter (where authority >= 0), 0)
from link_changes group by 1, 2, 3, 4, 5, 6 having sum(more_links) <> 0 or sum(more_toxic) <> 0
  or sum(more_links * authority) <> 0 order by 1, 2
on conflict (target_domain_name, day, spam_band, state, band, simulated) do update set n = d.n + excluded.n,
  n_high = d.n_high + excluded.n_high, n_spam = d.n_spam + excluded.n_spam,
  sum_authority = d.sum_authority + excluded.sum_authority;
delete from rollup_backlinks_states_daily d
using (select distinct target, (hour at time zone 'UTC')::date as day from link_changes where links is null) c
where d.n = 0 and d.target_domain_name = c.target and d.day = c.day;

update rollup_backlinks_daily d set n_domains = (
  select count(distinct f.source_domain_name) from backlink_hour_sources f
  where f.target_domain_name = z.target and f.hour >= z.day::timestamp at time zone 'UTC'
    and f.hour < (z.day + 1)::timestamp at time zone 'UTC')
from (select distinct target, (hour at time zone 'UTC')::date as day from taken_link_hours) z
where d.target_domain_name = z.target and d.day = z.day;
