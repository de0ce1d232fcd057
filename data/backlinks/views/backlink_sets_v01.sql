-- Brings the sets of the taken hours up to date: the finest grain is recomputed and compared with what stands, and only
-- what differs is written. Sources of a target are recomputed; anchors and totals take the difference, in the same
-- transaction, of which there is one at a time.
insert into link_changes
select coalesce(n.target, o.target_domain_name), coalesce(n.source, o.source_domain_name), coalesce(n.hour, o.hour),
  coalesce(n.anchor, o.anchor), coalesce(n.simulated, o.simulated), n.links, n.live, n.first_seen, n.last_seen,
  n.max_authority, n.max_spam
from (
  select z.target, z.hour, s.* from taken_link_hours z cross join lateral (
    select b.source_domain_name as source, coalesce(left(b.anchor, 200), '') as anchor, b.simulated,
      count(*)::int as links, count(*) filter (where b.lost_date is null)::int as live,
      min(b.discovered_date) as first_seen, max(b.discovered_date) as last_seen,
      max(b.domain_authority) as max_authority, max(b.spam_score) as max_spam
    from backlinks b
    where b.target_domain_name = z.target and b.discovered_date >= z.hour
      and b.discovered_date < z.hour + interval '1 hour'
    group by 1, 2, 3
  ) s
) n
full join (
  select f.* from taken_link_hours z
  join backlink_hour_sources f on f.target_domain_name = z.target and f.hour = z.hour
) o on n.target = o.target_domain_name and n.hour = o.hour and n.source = o.source_domain_name
  and n.anchor = o.anchor and n.simulated = o.simulated
where (n.links, n.live, n.first_seen, n.last_seen, n.max_authority, n.max_spam)
      is distinct from (o.links, o.live, o.first_seen, o.last_seen, o.max_authority, o.max_spam);

insert into links_before
select f.target_domain_name, f.source_domain_name, f.anchor, f.simulated, sum(f.links), sum(f.live)
from (select distinct target, source from link_changes) c cross join lateral (
  select * from backlink_hour_sources f where f.target_domain_name = c.target and f.source_domain_name = c.source) f
group by 1, 2, 3, 4;

delete from backlink_hour_sources f using link_changes c
where c.links is null and f.target_domain_name = c.target and f.source_domain_name = c.source and f.hour = c.hour
  and f.anchor = c.anchor and f.simulated = c.simulated;
insert into backlink_hour_sources as f
select target, source, hour, anchor, simulated, links, live, first_seen, last_seen, max_authority, max_spam
from link_changes where links is not null
on conflict (target_domain_name, source_domain_name, hour, anchor, simulated) do update set
  links = excluded.links, live = excluded.live, first_seen = excluded.first_seen, last_seen = excluded.last_seen,
  max_authority = excluded.max_authority, max_spam = excluded.max_spam;

insert into links_after
select f.target_domain_name, f.source_domain_name, f.anchor, f.simulated, sum(f.links), sum(f.live),
  min(f.first_seen), max(f.last_seen), max(f.max_authority), max(f.max_spam)
from (select distinct target, source from link_changes) c cross join lateral (
  select * from backlink_hour_sources f where f.target_domain_name = c.target and f.source_domain_name = c.source) f
group by 1, 2, 3, 4;

insert into backlink_target_totals as t (target_domain_name, simulated, links, live, domains, live_domains)
select target, simulated, sum(links), sum(live), sum(domains), sum(live_domains) from (
  select target, simulated, sum(links) as links, sum(live) as live, 1 as domains, (sum(live) > 0)::int as live_domains
  from links_after group by target, source, simulated
  union all
  select target, simulated, -sum(links), -sum(live), -1, -(sum(live) > 0)::int
  from links_before group by target, source, simulated
) d group by 1, 2
on conflict (target_domain_name, simulated) do update set links = t.links + excluded.links,
  live = t.live + excluded.live, domains = t.domains + excluded.domains,
  live_domains = t.live_domains + excluded.live_domains;
delete from backlink_target_totals t using (select distinct target from link_changes) c
  where t.target_domain_name = c.target and t.links = 0;

insert into backlink_target_anchors as a (target_domain_name, anchor, simulated, links, domains)
select target, anchor, simulated, sum(links), sum(domains) from (
  select target, anchor, simulated, links, 1 as domains from links_after
  union all select target, anchor, simulated, -links, -1 from links_before
) d group by 1, 2, 3 having sum(links) <> 0 or sum(domains) <> 0
on conflict (target_domain_name, anchor, simulated) do update set
  links = a.links + excluded.links, domains = a.domains + excluded.domains;
delete from backlink_target_anchors a using (select distinct target, anchor from links_before) c
  where a.target_domain_name = c.target and a.anchor = c.anchor and a.links = 0;

delete from backlink_target_sources s using (select distinct target, source, simulated from links_before) c
where s.target_domain_name = c.target and s.source_domain_name = c.source and s.simulated = c.simulated
  and not exists (select from links_after a
                  where a.target = c.target and a.source = c.source and a.simulated = c.simulated);
insert into backlink_target_sources
select target, source, simulated, sum(links), sum(live), min(first_seen), max(last_seen), max(max_authority),
  max(max_spam)
from links_after group by target, source, simulated
on conflict (target_domain_name, source_domain_name, simulated) do update set
  links = excluded.links, live = excluded.live, first_seen = excluded.first_seen, last_seen = excluded.last_seen,
  max_authority = excluded.max_authority, max_spam = excluded.max_spam;

update rollup_backlinks_daily d set n_domains = (
  select count(distinct f.source_domain_name) from backlink_hour_sources f
  where f.target_domain_name = z.target and f.hour >= z.day::timestamp at time zone 'UTC'
    and f.hour < (z.day + 1)::timestamp at time zone 'UTC')
from (select distinct target, (hour at time zone 'UTC')::date as day from taken_link_hours) z
where d.target_domain_name = z.target and d.day = z.day;
