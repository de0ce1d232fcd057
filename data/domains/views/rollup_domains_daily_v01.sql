-- Recomputes the touched days of domains. Grain: day on which a domain became known (UTC), availability.
delete from rollup_domains_daily r using drained_buckets z
  where z.rollup = 'domains' and r.day = (z.bucket at time zone 'UTC')::date;
insert into rollup_domains_daily
select (z.bucket at time zone 'UTC')::date, s.* from drained_buckets z cross join lateral (
  select d.availability_status, count(*),
    count(*) filter (where d.availability_status = 'available' and d.estimated_value > 1000),
    count(*) filter (where d.expires_at < z.bucket + interval '1 day'),
    count(d.domain_authority), coalesce(sum(d.domain_authority), 0), max(d.domain_authority),
    count(d.estimated_value), coalesce(sum(d.estimated_value), 0), max(d.estimated_value)
  from domains d where d.created_date >= z.bucket and d.created_date < z.bucket + interval '1 day'
  group by d.availability_status
) s where z.rollup = 'domains';
