SELECT 
    COUNT(CASE WHEN status = 'running' THEN 1 END) as active_jobs,
    COUNT(CASE WHEN status = 'queued' THEN 1 END) as queued_jobs,
    COUNT(CASE WHEN status = 'completed' THEN 1 END) as completed_jobs,
    AVG(progress_percentage) as avg_progress
FROM crawl_jobs
WHERE created_date >= NOW() - INTERVAL '24 hours';
