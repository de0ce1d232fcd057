-- How fast and how reliably did each satellite crawl on each day? Grain: day, satellite.
create materialized view mv_daily_satellite_performance as
select
  (hour at time zone 'UTC')::date as day,
  satellite_id,
  sum(n)::bigint as samples,
  sum(sum_ppm) / sum(n)::float8 as avg_speed,
  min(min_ppm) as min_speed,
  max(max_ppm) as max_speed,
  sum(sum_success) / sum(n)::float8 as success_rate,
  sum(sum_response) / sum(n)::float8 as avg_response_time,
  max(max_response) as max_response_time
from rollup_satellite_hourly
group by 1, 2
with no data;
create unique index mv_daily_satellite_performance_key on mv_daily_satellite_performance (day, satellite_id);
