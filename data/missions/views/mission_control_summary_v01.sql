-- How do the missions of the last 24 hours stand? Grain: one row.
create materialized view mission_control_summary as
select
  1 as id,
  count(case when status = 'running' then 1 end) as active_jobs,
  count(case when status = 'queued' then 1 end) as queued_jobs,
  count(case when status = 'completed' then 1 end) as completed_jobs,
  count(case when status = 'paused' then 1 end) as paused_jobs,
  count(case when status in ('failed', 'abnormal') then 1 end) as failed_jobs,
  avg(progress_percentage) as avg_progress,
  coalesce(sum(pages_crawled), 0)::bigint as pages_crawled
from crawl_jobs
where created_date >= now() - interval '24 hours'
with no data;
create unique index mission_control_summary_id on mission_control_summary (id);
