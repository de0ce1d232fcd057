-- How many jobs of each type were created on each day, how did they end, how long did they take? Grain: day, job type.
create materialized view mv_daily_job_stats as
select
  (hour at time zone 'UTC')::date as day,
  job_type,
  sum(n)::bigint as total_jobs,
  sum(n_completed)::bigint as completed_jobs,
  sum(n_failed)::bigint as failed_jobs,
  sum(n_cancelled)::bigint as cancelled_jobs,
  sum(n_abnormal)::bigint as abnormal_jobs,
  sum(sum_pages)::bigint as pages_crawled,
  sum(sum_links)::bigint as links_found,
  sum(sum_duration) / nullif(sum(n_duration), 0)::float8 as avg_duration_seconds,
  min(min_duration) as min_duration_seconds,
  max(max_duration) as max_duration_seconds,
  sum(sum_progress) / nullif(sum(n), 0)::float8 as avg_progress
from rollup_jobs_hourly
group by 1, 2
with no data;
create unique index mv_daily_job_stats_key on mv_daily_job_stats (day, job_type);
