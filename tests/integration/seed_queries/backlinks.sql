SELECT 
    target_domain_name,
    COUNT(*) as total_backlinks,
    COUNT(DISTINCT source_domain_name) as unique_domains,
    AVG(domain_authority) as avg_authority,
    SUM(CASE WHEN discovered_date >= NOW() - INTERVAL '24 hours' THEN 1 ELSE 0 END) as discovered_last_24h
FROM backlinks 
WHERE target_domain_name IN (SELECT DISTINCT target_url FROM crawl_jobs WHERE status = 'completed')
GROUP BY target_domain_name
ORDER BY discovered_last_24h DESC;
