-- Recomputes the touched hours of sites. Grain: site, hour (UTC), simulated.
delete from rollup_uptime_hourly r using drained_buckets z
  where z.rollup = 'uptime' and r.site = z.key and r.hour = z.bucket;
insert into rollup_uptime_hourly (site, hour, simulated, n, n_up, n_latency, sum_latency)
select z.key, z.bucket, s.* from drained_buckets z cross join lateral (
  select p.simulated, count(*), count(*) filter (where p.up), count(p.latency_ms), coalesce(sum(p.latency_ms), 0)
  from uptime_probes p
  where p.site = z.key and p.at >= z.bucket and p.at < z.bucket + interval '1 hour'
  group by p.simulated
) s where z.rollup = 'uptime';
