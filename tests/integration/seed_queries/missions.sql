SELECT 
    cj.job_id,
    cj.job_type,
    cj.status,
    cj.target_url,
    cj.progress_percentage,
    cj.start_time,
    cj.estimated_completion,
    COUNT(s.satellite_id) as active_satellites
FROM crawl_jobs cj
LEFT JOIN satellite_assignments sa ON cj.job_id = sa.job_id
LEFT JOIN satellites s ON sa.satellite_id = s.satellite_id
WHERE cj.status IN ('running', 'queued', 'paused')
GROUP BY cj.job_id;
