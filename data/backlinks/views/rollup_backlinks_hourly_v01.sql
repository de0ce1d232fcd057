-- Recomputes the touched hours of targets. Grain: target domain, hour of discovery (UTC), simulated.
-- The lateral joins hold the planner to one index range a bucket, whatever the table has grown to.
delete from rollup_backlinks_hourly r using drained_buckets z
  where z.rollup = 'backlinks' and r.target_domain_name = z.key and r.hour = z.bucket;
insert into rollup_backlinks_hourly (target_domain_name, hour, simulated, n, n_high, n_spam, n_lost, n_authority, sum_authority, min_authority,
  max_authority, n_nofollow, bands)
select z.key, z.bucket, s.* from drained_buckets z cross join lateral (
  select
    b.simulated, count(*),
    count(*) filter (where b.domain_authority > 70), count(*) filter (where b.spam_score >= 60),
    count(b.lost_date), count(b.domain_authority), coalesce(sum(b.domain_authority), 0),
    min(b.domain_authority), max(b.domain_authority)
  from backlinks b
  where b.target_domain_name = z.key
    and b.discovered_date >= z.bucket and b.discovered_date < z.bucket + interval '1 hour'
  group by b.simulated
) s where z.rollup = 'backlinks';

delete from backlink_day_sources s
using (select distinct key, (bucket at time zone 'UTC')::date as day from drained_buckets where rollup = 'backlinks_removed') z
where s.target_domain_name = z.key and s.day = z.day and not exists (
  select from backlinks b
  where b.target_domain_name = s.target_domain_name and b.source_domain_name = s.source_domain_name
    and b.simulated = s.simulated and b.discovered_date >= s.day::timestamp at time zone 'UTC'
    and b.discovered_date < (s.day + 1)::timestamp at time zone 'UTC');
insert into backlink_day_sources
select z.key, (z.bucket at time zone 'UTC')::date, s.* from drained_buckets z cross join lateral (
  select distinct b.source_domain_name, b.simulated
  from backlinks b
  where b.target_domain_name = z.key
    and b.discovered_date >= z.bucket and b.discovered_date < z.bucket + interval '1 hour'
) s where z.rollup = 'backlinks'
on conflict do nothing;

delete from rollup_backlinks_daily r using drained_buckets z
  where z.rollup = 'backlinks' and r.target_domain_name = z.key and r.day = (z.bucket at time zone 'UTC')::date;
insert into rollup_backlinks_daily (target_domain_name, day, n, n_domains, n_high, n_spam, n_lost, n_authority, sum_authority, min_authority,
  max_authority, n_nofollow, bands)
select z.key, z.day, s.n, k.n_domains, s.n_high, s.n_spam, s.n_lost, s.n_authority, s.sum_authority,
  s.min_authority, s.max_authority
from (select distinct key, (bucket at time zone 'UTC')::date as day from drained_buckets where rollup = 'backlinks') z
cross join lateral (
  select sum(h.n)::bigint as n, sum(h.n_high)::bigint as n_high, sum(h.n_spam)::bigint as n_spam,
    sum(h.n_lost)::bigint as n_lost, sum(h.n_authority)::bigint as n_authority,
    sum(h.sum_authority)::bigint as sum_authority, min(h.min_authority) as min_authority,
    max(h.max_authority) as max_authority
  from rollup_backlinks_hourly h
  where h.target_domain_name = z.key and h.hour >= z.day::timestamp at time zone 'UTC'
    and h.hour < (z.day + 1)::timestamp at time zone 'UTC'
) s
cross join lateral (
  select count(distinct d.source_domain_name) as n_domains from backlink_day_sources d
  where d.target_domain_name = z.key and d.day = z.day
) k
where s.n is not null;
