-- Adds what changed about domains to the days on which they became known. Grain: that day (UTC), availability.
-- A day is counted again only for its best authority or value, and only where that left.
create temporary table if not exists taken_domain_changes (like domain_changes) on commit delete rows;
with taken as (delete from domain_changes returning *)
insert into taken_domain_changes (sign, day, availability_status, authority, value, expires_at)
select sign, day, availability_status, authority, value, expires_at from taken;

insert into rollup_domains_daily as r (day, availability_status, n, n_opportunities, n_expired, n_authority, sum_authority, max_authority, n_valued,
  sum_value, max_value)
select day, availability_status, sum(sign),
  coalesce(sum(sign) filter (where availability_status = 'available' and value > 1000), 0),
  coalesce(sum(sign) filter (where expires_at < (day + 1)::timestamp at time zone 'UTC'), 0),
  coalesce(sum(sign) filter (where authority is not null), 0), coalesce(sum(sign * authority), 0),
  max(authority) filter (where sign > 0),
  coalesce(sum(sign) filter (where value is not null), 0), coalesce(sum(sign * value), 0), max(value) filter (where sign > 0)
from taken_domain_changes group by 1, 2
on conflict (day, availability_status) do update set n = r.n + excluded.n,
  n_opportunities = r.n_opportunities + excluded.n_opportunities, n_expired = r.n_expired + excluded.n_expired,
  n_authority = r.n_authority + excluded.n_authority, sum_authority = r.sum_authority + excluded.sum_authority,
  max_authority = greatest(r.max_authority, excluded.max_authority), n_valued = r.n_valued + excluded.n_valued,
  sum_value = r.sum_value + excluded.sum_value, max_value = greatest(r.max_value, excluded.max_value);

delete from rollup_domains_daily r using (select distinct day, availability_status from taken_domain_changes) t
where r.n = 0 and r.day = t.day and r.availability_status = t.availability_status;

update rollup_domains_daily r set max_authority = d.authority, max_value = d.value
from (
  select day, availability_status from taken_domain_changes t join rollup_domains_daily r using (day, availability_status)
  where sign < 0 and (t.authority >= r.max_authority or t.value >= r.max_value) group by 1, 2
) t cross join lateral (
  select max(d.domain_authority) as authority, max(d.estimated_value) as value from domains d
  where d.created_date >= t.day::timestamp at time zone 'UTC' and d.availability_status = t.availability_status
    and d.created_date < (t.day + 1)::timestamp at time zone 'UTC'
) d
where r.day = t.day and r.availability_status = t.availability_status;
