-- Recomputes the touched hours of satellites. Grain: satellite, hour (UTC), simulated.
delete from rollup_satellite_hourly r using drained_buckets z
  where z.rollup = 'satellite_performance' and r.satellite_id = z.key and r.hour = z.bucket;
insert into rollup_satellite_hourly (satellite_id, hour, simulated, n, sum_ppm, min_ppm, max_ppm, sum_success, sum_response, min_response,
  max_response)
select z.key, z.bucket, s.* from drained_buckets z cross join lateral (
  select
    l.simulated, count(*), sum(l.pages_per_minute), min(l.pages_per_minute), max(l.pages_per_minute),
    sum(l.success_rate), sum(l.response_time_ms), min(l.response_time_ms), max(l.response_time_ms)
  from satellite_performance_logs l
  where l.satellite_id = z.key and l.created_date >= z.bucket and l.created_date < z.bucket + interval '1 hour'
  group by l.simulated
) s where z.rollup = 'satellite_performance';
