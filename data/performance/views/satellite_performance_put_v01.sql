-- Moves the staged samples into satellite_performance_logs.
insert into satellite_performance_logs (satellite_id, created_date, job_id, pages_per_minute, success_rate,
  response_time_ms, pages_crawled, errors_count, cpu_percent, memory_mb, last_fetched_at, extra, simulated)
select satellite_id, created_date, job_id, pages_per_minute, success_rate, response_time_ms, pages_crawled,
  errors_count, cpu_percent, memory_mb, last_fetched_at, extra, current_setting('mc.simulated')::boolean
from stage_satellite_performance;
