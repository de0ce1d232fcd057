-- Recomputes the touched hours of targets. Grain: target domain, hour of discovery (UTC), simulated.
-- The lateral joins hold the planner to one index range a bucket, whatever the table has grown to; what is summed is
-- first counted by authority, so that a link is looked at once.
delete from rollup_backlinks_hourly r using drained_buckets z
  where z.rollup = 'backlinks' and r.target_domain_name = z.key and r.hour = z.bucket;
insert into rollup_backlinks_hourly (target_domain_name, hour, simulated, n, n_high, n_spam, n_lost, n_nofollow,
  n_authority, sum_authority, min_authority, max_authority, bands)
select z.key, z.bucket, s.* from drained_buckets z cross join lateral (
  select a.simulated, sum(a.n)::bigint, coalesce(sum(a.n) filter (where is_high_authority(a.authority)), 0)::bigint,
    sum(a.n_spam)::bigint, sum(a.n_lost)::bigint, sum(a.n_nofollow)::bigint,
    coalesce(sum(a.n) filter (where a.authority is not null), 0)::bigint,
    coalesce(sum(a.n * a.authority), 0)::bigint, min(a.authority), max(a.authority),
    array[
      coalesce(sum(a.n) filter (where a.authority < 10), 0)::bigint,
      coalesce(sum(a.n) filter (where a.authority between 10 and 19), 0)::bigint,
      coalesce(sum(a.n) filter (where a.authority between 20 and 29), 0)::bigint,
      coalesce(sum(a.n) filter (where a.authority between 30 and 39), 0)::bigint,
      coalesce(sum(a.n) filter (where a.authority between 40 and 49), 0)::bigint,
      coalesce(sum(a.n) filter (where a.authority between 50 and 59), 0)::bigint,
      coalesce(sum(a.n) filter (where a.authority between 60 and 69), 0)::bigint,
      coalesce(sum(a.n) filter (where a.authority between 70 and 79), 0)::bigint,
      coalesce(sum(a.n) filter (where a.authority between 80 and 89), 0)::bigint,
      coalesce(sum(a.n) filter (where a.authority >= 90), 0)::bigint]
  from (
    select b.simulated, b.domain_authority as authority, count(*) as n,
      count(*) filter (where is_toxic(b.spam_score)) as n_spam, count(b.lost_date) as n_lost,
      count(*) filter (where b.rel ~ '\y(nofollow|ugc|sponsored)\y') as n_nofollow
    from backlinks b
    where b.target_domain_name = z.key
      and b.discovered_date >= z.bucket and b.discovered_date < z.bucket + interval '1 hour'
    group by b.simulated, b.domain_authority
  ) a group by a.simulated
) s where z.rollup = 'backlinks';

-- Days are sums of hours. The number of their domains comes from the sets, which are brought up to date less often.
delete from rollup_backlinks_daily r
using (select distinct key, (bucket at time zone 'UTC')::date as day from drained_buckets where rollup = 'backlinks') z
where r.target_domain_name = z.key and r.day = z.day and not exists (
  select from rollup_backlinks_hourly h
  where h.target_domain_name = z.key and h.hour >= z.day::timestamp at time zone 'UTC'
    and h.hour < (z.day + 1)::timestamp at time zone 'UTC');
insert into rollup_backlinks_daily as d (target_domain_name, day, n, n_high, n_spam, n_lost, n_nofollow, n_authority,
  sum_authority, min_authority, max_authority, bands)
select z.key, z.day, s.*
from (select distinct key, (bucket at time zone 'UTC')::date as day from drained_buckets where rollup = 'backlinks') z
cross join lateral (
  select sum(h.n)::bigint as n, sum(h.n_high)::bigint, sum(h.n_spam)::bigint, sum(h.n_lost)::bigint,
    sum(h.n_nofollow)::bigint, sum(h.n_authority)::bigint, sum(h.sum_authority)::bigint, min(h.min_authority),
    max(h.max_authority),
    array[sum(h.bands[1])::bigint, sum(h.bands[2])::bigint, sum(h.bands[3])::bigint, sum(h.bands[4])::bigint,
      sum(h.bands[5])::bigint, sum(h.bands[6])::bigint, sum(h.bands[7])::bigint, sum(h.bands[8])::bigint,
      sum(h.bands[9])::bigint, sum(h.bands[10])::bigint]
  from rollup_backlinks_hourly h
  where h.target_domain_name = z.key and h.hour >= z.day::timestamp at time zone 'UTC'
    and h.hour < (z.day + 1)::timestamp at time zone 'UTC'
) s
where s.n is not null
on conflict (target_domain_name, day) do update set
  n = excluded.n, n_high = excluded.n_high, n_spam = excluded.n_spam, n_lost = excluded.n_lost,
  n_nofollow = excluded.n_nofollow, n_authority = excluded.n_authority, sum_authority = excluded.sum_authority,
  min_authority = excluded.min_authority, max_authority = excluded.max_authority, bands = excluded.bands;

insert into touched_link_hours (target_domain_name, hour) select key, bucket from drained_buckets where rollup = 'backlinks';
