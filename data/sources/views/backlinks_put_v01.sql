-- Moves the staged links into backlinks, those whose identity is new.
-- Sorted by identity, so that two overlapping batches never wait for each other in a circle.
with fresh as (
  insert into backlink_identities (link_hash, target_domain_name, discovered_date)
  select distinct on (link_hash) link_hash, target_domain_name, discovered_date
  from stage_backlinks order by link_hash, ord
  on conflict do nothing returning link_hash, backlink_id
)
insert into backlinks (target_domain_name, discovered_date, backlink_id, source_domain_name, url_from, url_to, anchor,
  rel, domain_authority, spam_score, last_seen, lost_date, lost_reason, http_code, source, job_id, last_fetched_at,
  extra, simulated)
select distinct on (s.link_hash) target_domain_name, discovered_date, f.backlink_id, source_domain_name, url_from,
  url_to, anchor, rel, domain_authority, spam_score, last_seen, lost_date, lost_reason, http_code, source, job_id,
  last_fetched_at, extra, current_setting('mc.simulated')::boolean
from stage_backlinks s join fresh f using (link_hash) order by s.link_hash, ord;
