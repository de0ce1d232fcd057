-- How often did each site answer on each day, and how fast? Grain: day (UTC), site.
create materialized view mv_daily_uptime as
select
  (hour at time zone 'UTC')::date as day,
  site,
  sum(n)::bigint as probes,
  sum(n_up)::bigint as answered,
  sum(sum_latency) / nullif(sum(n_latency), 0)::float8 as mean_latency_ms,
  bool_or(simulated) as simulated
from rollup_uptime_hourly
group by 1, 2
with no data;
create unique index mv_daily_uptime_key on mv_daily_uptime (day, site);
