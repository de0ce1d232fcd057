SELECT 
    satellite_id,
    AVG(pages_per_minute) as avg_speed,
    AVG(success_rate) as success_rate,
    COUNT(*) as jobs_completed,
    AVG(response_time_ms) as avg_response_time
FROM satellite_performance_logs
WHERE created_date >= NOW() - INTERVAL '7 days'
GROUP BY satellite_id
ORDER BY avg_speed DESC;
