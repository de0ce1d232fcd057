-- A page was fetched, and all of its links were sent: those that are known from it and were not among them are suspected.
-- The links of a page stand together in the order of identities, so this is one short index range a page; what is found
-- there is looked up by primary key. Two steps, and every other way forbidden: the planner knows nothing of the shape of
-- pages, and in one statement it came to read all identities, and to compare each link with each page.
create temporary table if not exists visited_links (target_domain_name text, discovered_date timestamptz,
  backlink_id bigint, url text, fetched_at timestamptz) on commit delete rows;
set local enable_seqscan = off;
set local enable_hashjoin = off;
set local enable_mergejoin = off;
insert into visited_links (target_domain_name, discovered_date, backlink_id, url, fetched_at)
select i.target_domain_name, i.discovered_date, i.backlink_id, v.url, v.fetched_at
from (select url, max(fetched_at) as fetched_at from stage_page_visits group by url) v
cross join lateral (
  select * from backlink_identities i
  where i.link_hash >= page_hash_first(v.url) and i.link_hash <= page_hash_last(v.url)) i;
analyze visited_links;
update backlinks b set link_state = 'suspected', suspected_at = v.fetched_at, next_check_at = now(), checks = 0
from visited_links v
where b.target_domain_name = v.target_domain_name and b.discovered_date = v.discovered_date
  and b.backlink_id = v.backlink_id and b.url_from = v.url and b.last_seen < v.fetched_at
  and b.link_state in ('live', 'recovered') and b.simulated = current_setting('mc.simulated')::boolean;
set local enable_seqscan = on;
set local enable_hashjoin = on;
set local enable_mergejoin = on;
