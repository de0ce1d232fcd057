-- Moves the staged links into backlinks, those whose identity is new.
-- Sorted by identity, so that two overlapping batches never wait for each other in a circle. A loss without a reason is
-- a report that satellites are to look into: until then the link counts as there.
with fresh as (
  insert into backlink_identities (link_hash, target_domain_name, discovered_date)
  select distinct on (link_hash) link_hash, target_domain_name, discovered_date
  from stage_backlinks order by link_hash, ord
  on conflict do nothing returning link_hash, backlink_id
)
insert into backlinks (target_domain_name, discovered_date, backlink_id, source_domain_name, url_from, url_to, anchor,
  rel, domain_authority, spam_score, last_seen, lost_date, lost_reason, http_code, source, job_id, last_fetched_at,
  extra, simulated, link_state, suspected_at, next_check_at)
select distinct on (s.link_hash) target_domain_name, discovered_date, f.backlink_id, source_domain_name, url_from,
  url_to, anchor, rel, domain_authority, spam_score, last_seen, case when lost_reason is not null then lost_date end,
  lost_reason, http_code, source, job_id, last_fetched_at, extra, current_setting('mc.simulated')::boolean,
  case when lost_date is null then 'live' when lost_reason is null then 'suspected' else 'confirmed_lost' end,
  case when lost_reason is null then lost_date end,
  case when lost_reason is null and lost_date is not null then now() end
from stage_backlinks s join fresh f using (link_hash) order by s.link_hash, ord;
