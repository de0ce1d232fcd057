-- Brings the links that were known before up to date with what was staged of them; the newest sighting counts.
with known as (
  select distinct on (link_hash) s.*, i.backlink_id, i.target_domain_name as its_target, i.discovered_date as its_date
  from stage_backlinks s join backlink_identities i using (link_hash) order by link_hash, ord desc
)
update backlinks b set
  last_seen = greatest(b.last_seen, k.last_seen),
  last_fetched_at = greatest(b.last_fetched_at, k.last_fetched_at),
  anchor = coalesce(k.anchor, b.anchor),
  rel = case when k.last_seen >= b.last_seen then k.rel else b.rel end,
  domain_authority = coalesce(k.domain_authority, b.domain_authority),
  spam_score = coalesce(k.spam_score, b.spam_score),
  http_code = coalesce(k.http_code, b.http_code),
  lost_date = case when k.last_seen >= b.last_seen then k.lost_date else b.lost_date end,
  lost_reason = case when k.last_seen >= b.last_seen then k.lost_reason else b.lost_reason end,
  job_id = coalesce(k.job_id, b.job_id),
  source = coalesce(k.source, b.source)
from known k
where b.target_domain_name = k.its_target and b.discovered_date = k.its_date and b.backlink_id = k.backlink_id;
