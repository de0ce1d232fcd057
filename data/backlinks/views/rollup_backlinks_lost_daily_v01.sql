-- Recomputes the touched days of losses. Grain: target domain, day of the loss (UTC), reason, simulated.
delete from rollup_backlinks_lost_daily r using drained_buckets z
  where z.rollup = 'backlinks_lost' and r.target_domain_name = z.key and r.day = (z.bucket at time zone 'UTC')::date;
insert into rollup_backlinks_lost_daily (target_domain_name, day, lost_reason, simulated, n, n_high, sum_authority)
select z.key, (z.bucket at time zone 'UTC')::date, s.* from drained_buckets z cross join lateral (
  select coalesce(b.lost_reason, 'unknown'), b.simulated, count(*),
    count(*) filter (where is_high_authority(b.domain_authority)), coalesce(sum(b.domain_authority), 0)
  from backlinks b
  where b.target_domain_name = z.key and b.lost_date >= z.bucket and b.lost_date < z.bucket + interval '1 day'
  group by coalesce(b.lost_reason, 'unknown'), b.simulated
) s where z.rollup = 'backlinks_lost';
