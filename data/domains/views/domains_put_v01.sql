-- Moves the staged domains into domains: the last row of a batch wins, what it leaves out stays.
insert into domains as d (domain_name, domain_authority, availability_status, estimated_value, registered_at,
  expires_at, last_fetched_at, extra, simulated)
select distinct on (domain_name) domain_name, domain_authority, coalesce(availability_status, 'unknown'),
  estimated_value, registered_at, expires_at, coalesce(last_fetched_at, now()), extra,
  current_setting('mc.simulated')::boolean
from stage_domains order by domain_name, ord desc
on conflict (domain_name) do update set
  domain_authority = coalesce(excluded.domain_authority, d.domain_authority),
  availability_status = case when excluded.availability_status = 'unknown' then d.availability_status
                             else excluded.availability_status end,
  estimated_value = coalesce(excluded.estimated_value, d.estimated_value),
  registered_at = coalesce(excluded.registered_at, d.registered_at),
  expires_at = coalesce(excluded.expires_at, d.expires_at),
  last_fetched_at = greatest(excluded.last_fetched_at, d.last_fetched_at),
  extra = coalesce(d.extra, '{}') || coalesce(excluded.extra, '{}'),
  simulated = d.simulated and excluded.simulated;
