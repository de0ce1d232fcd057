-- Moves the staged history into crawl_jobs: a job that is known stays as it is. New numbers start above imported ones.
insert into crawl_jobs (job_id, job_type, status, target_url, created_date, queued_at, start_time, completed_time,
  priority, config, progress_percentage, pages_crawled, links_found, errors_count, message, updated_at, submitted_by,
  requeue_count, simulated)
select distinct on (job_id) job_id, job_type, status, target_url, created_date, created_date, start_time,
  completed_time, priority, config, progress_percentage, pages_crawled, links_found, errors_count, message,
  coalesce(completed_time, created_date), 'import', 1, current_setting('mc.simulated')::boolean
from stage_missions order by job_id, ord
on conflict (job_id) do nothing;
select setval('crawl_job_numbers', wanted, false)
from (select max(substring(job_id from 4)::bigint) + 1 as wanted from stage_missions where job_id ~ '^LP-[0-9]{1,15}$')
where wanted > (select last_value from crawl_job_numbers);
