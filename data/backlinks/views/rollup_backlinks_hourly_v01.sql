-- Recomputes the touched hours of targets. Grain: target domain, hour of discovery (UTC), simulated.
delete from rollup_backlinks_hourly r using drained_buckets z
  where z.rollup = 'backlinks' and r.target_domain_name = z.key and r.hour = z.bucket;
insert into rollup_backlinks_hourly
select
  b.target_domain_name, z.bucket, b.simulated, count(*),
  count(*) filter (where b.domain_authority > 70), count(*) filter (where b.spam_score >= 60),
  count(b.lost_date), count(b.domain_authority), coalesce(sum(b.domain_authority), 0),
  min(b.domain_authority), max(b.domain_authority)
from drained_buckets z
join backlinks b
  on b.target_domain_name = z.key and b.discovered_date >= z.bucket and b.discovered_date < z.bucket + interval '1 hour'
where z.rollup = 'backlinks'
group by b.target_domain_name, z.bucket, b.simulated;

delete from backlink_day_sources s
using (select distinct key, (bucket at time zone 'UTC')::date as day from drained_buckets where rollup = 'backlinks_removed') z
where s.target_domain_name = z.key and s.day = z.day and not exists (
  select from backlinks b
  where b.target_domain_name = s.target_domain_name and b.source_domain_name = s.source_domain_name
    and b.simulated = s.simulated and b.discovered_date >= s.day::timestamp at time zone 'UTC'
    and b.discovered_date < (s.day + 1)::timestamp at time zone 'UTC');
insert into backlink_day_sources
select distinct b.target_domain_name, (z.bucket at time zone 'UTC')::date, b.source_domain_name, b.simulated
from drained_buckets z
join backlinks b
  on b.target_domain_name = z.key and b.discovered_date >= z.bucket and b.discovered_date < z.bucket + interval '1 hour'
where z.rollup = 'backlinks'
on conflict do nothing;
