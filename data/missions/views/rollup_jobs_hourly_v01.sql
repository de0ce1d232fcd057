-- Recomputes the touched hours of jobs. Grain: job type, hour of creation (UTC), simulated.
delete from rollup_jobs_hourly r using drained_buckets z
  where z.rollup = 'jobs' and r.job_type = z.key and r.hour = z.bucket;
insert into rollup_jobs_hourly (job_type, hour, simulated, n, n_completed, n_failed, n_cancelled, n_abnormal, sum_pages, sum_links,
  n_duration, sum_duration, min_duration, max_duration, sum_progress)
select z.key, z.bucket, s.* from drained_buckets z cross join lateral (
  select
    j.simulated, count(*),
    count(*) filter (where j.status = 'completed'), count(*) filter (where j.status = 'failed'),
    count(*) filter (where j.status = 'cancelled'), count(*) filter (where j.status = 'abnormal'),
    sum(j.pages_crawled)::bigint, sum(j.links_found)::bigint,
    count(d.seconds), coalesce(sum(d.seconds), 0), min(d.seconds), max(d.seconds), sum(j.progress_percentage)
  from crawl_jobs j
  cross join lateral (
    select case when j.status = 'completed' then extract(epoch from j.completed_time - j.start_time)::float8 end as seconds
  ) d
  where j.job_type = z.key and j.created_date >= z.bucket and j.created_date < z.bucket + interval '1 hour'
  group by j.simulated
) s where z.rollup = 'jobs';
