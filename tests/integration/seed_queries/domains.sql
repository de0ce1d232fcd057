SELECT 
    d.domain_name,
    d.domain_authority,
    d.availability_status,
    d.estimated_value,
    COUNT(b.backlink_id) as backlink_count,
    AVG(b.domain_authority) as avg_backlink_authority
FROM domains d
LEFT JOIN backlinks b ON d.domain_name = b.target_domain_name
WHERE d.availability_status = 'available'
AND d.estimated_value > 1000
GROUP BY d.domain_name
ORDER BY d.estimated_value DESC;
