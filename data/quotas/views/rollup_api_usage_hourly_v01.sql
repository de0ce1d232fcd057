-- Recomputes the touched hours of providers. Grain: provider, hour (UTC), query type, simulated; days are sums of hours.
delete from rollup_api_usage_hourly r using drained_buckets z
  where z.rollup = 'api_usage' and r.provider = z.key and r.hour = z.bucket;
insert into rollup_api_usage_hourly (provider, hour, query_type, simulated, n, n_ok, n_cached, n_failed, n_throttled, credits, saved, n_latency,
  sum_latency, min_latency, max_latency, latency_le)
select z.key, z.bucket, s.* from drained_buckets z cross join lateral (
  select
    u.query_type, u.simulated, count(*), count(*) filter (where u.outcome in ('ok', 'not_found')),
    count(*) filter (where u.cached), count(*) filter (where u.outcome not in ('ok', 'not_found', 'cached')),
    count(*) filter (where u.outcome in ('throttled', 'exhausted')), sum(u.credits), sum(u.saved),
    count(u.latency_ms) filter (where not u.cached), coalesce(sum(u.latency_ms) filter (where not u.cached), 0),
    min(u.latency_ms) filter (where not u.cached), max(u.latency_ms) filter (where not u.cached),
    array[
      count(*) filter (where u.latency_ms <= 25 and not u.cached),
      count(*) filter (where u.latency_ms <= 50 and not u.cached),
      count(*) filter (where u.latency_ms <= 100 and not u.cached),
      count(*) filter (where u.latency_ms <= 200 and not u.cached),
      count(*) filter (where u.latency_ms <= 400 and not u.cached),
      count(*) filter (where u.latency_ms <= 800 and not u.cached),
      count(*) filter (where u.latency_ms <= 1600 and not u.cached),
      count(*) filter (where u.latency_ms <= 3200 and not u.cached),
      count(*) filter (where u.latency_ms <= 6400 and not u.cached),
      count(*) filter (where u.latency_ms <= 12800 and not u.cached),
      count(*) filter (where u.latency_ms <= 25600 and not u.cached)]
  from api_usage u
  where u.provider = z.key and u.at >= z.bucket and u.at < z.bucket + interval '1 hour'
  group by u.query_type, u.simulated
) s where z.rollup = 'api_usage';

delete from rollup_api_usage_daily r using drained_buckets z
  where z.rollup = 'api_usage' and r.provider = z.key and r.day = (z.bucket at time zone 'UTC')::date;
insert into rollup_api_usage_daily (provider, day, query_type, simulated, n, n_ok, n_cached, n_failed, n_throttled, credits, saved, n_latency,
  sum_latency, min_latency, max_latency, latency_le)
select z.key, z.day, s.*
from (select distinct key, (bucket at time zone 'UTC')::date as day from drained_buckets where rollup = 'api_usage') z
cross join lateral (
  select
    h.query_type, h.simulated, sum(h.n)::bigint, sum(h.n_ok)::bigint, sum(h.n_cached)::bigint, sum(h.n_failed)::bigint,
    sum(h.n_throttled)::bigint, sum(h.credits), sum(h.saved), sum(h.n_latency)::bigint, sum(h.sum_latency),
    min(h.min_latency), max(h.max_latency),
    array[sum(h.latency_le[1]), sum(h.latency_le[2]), sum(h.latency_le[3]), sum(h.latency_le[4]), sum(h.latency_le[5]), sum(h.latency_le[6]), sum(h.latency_le[7]), sum(h.latency_le[8]), sum(h.latency_le[9]), sum(h.latency_le[10]), sum(h.latency_le[11])]::bigint[]
  from rollup_api_usage_hourly h
  where h.provider = z.key and h.hour >= z.day::timestamp at time zone 'UTC'
    and h.hour < (z.day + 1)::timestamp at time zone 'UTC'
  group by h.query_type, h.simulated
) s;
