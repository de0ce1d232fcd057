-- A page was fetched, and all of its links were sent: those that are known from it and were not among them are suspected.
-- The links of a page stand together in the order of identities, so this is one short index range a page.
set local enable_hashjoin = off;
set local enable_mergejoin = off;
update backlinks b set link_state = 'suspected', suspected_at = v.fetched_at, next_check_at = now(), checks = 0
from (select url, max(fetched_at) as fetched_at from stage_page_visits group by url) v
cross join lateral (
  select i.* from backlink_identities i
  where i.link_hash >= page_hash_first(v.url) and i.link_hash <= page_hash_last(v.url)) i
where b.target_domain_name = i.target_domain_name and b.discovered_date = i.discovered_date
  and b.backlink_id = i.backlink_id and b.url_from = v.url and b.last_seen < v.fetched_at
  and b.link_state in ('live', 'recovered') and b.simulated = current_setting('mc.simulated')::boolean;
set local enable_hashjoin = on;
set local enable_mergejoin = on;
