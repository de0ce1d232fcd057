-- A page was fetched, and all of its links were sent: those that are known from it and were not among them are suspected.
-- The links of a page stand together in the order of identities, so this is one short index range a page; each link that
-- is found there is looked at by its key, and what is missing is changed by its key. Nothing else is ever read: each
-- step depends on the one before, and the last names rows by nothing but their keys, so that no guess at how many links
-- are live makes another order look cheaper.
create temporary table if not exists missed_links (target_domain_name text, discovered_date timestamptz,
  backlink_id bigint, fetched_at timestamptz) on commit delete rows;
select plan_through_indexes();
insert into missed_links (target_domain_name, discovered_date, backlink_id, fetched_at)
select m.target_domain_name, m.discovered_date, m.backlink_id, v.fetched_at
from (select url, max(fetched_at) as fetched_at from stage_page_visits group by url) v
cross join lateral (
  select i.target_domain_name, i.discovered_date, i.backlink_id from backlink_identities i
  where i.link_hash >= page_hash_first(v.url) and i.link_hash <= page_hash_last(v.url) offset 0) i
cross join lateral (
  select b.target_domain_name, b.discovered_date, b.backlink_id from backlinks b
  where b.target_domain_name = i.target_domain_name and b.discovered_date = i.discovered_date
    and b.backlink_id = i.backlink_id and b.url_from = v.url and b.last_seen < v.fetched_at
    and b.link_state in ('live', 'recovered') and b.simulated = current_setting('mc.simulated')::boolean
  for update) m;
update backlinks b set link_state = 'suspected', suspected_at = m.fetched_at, next_check_at = now(), checks = 0
from missed_links m
where b.target_domain_name = m.target_domain_name and b.discovered_date = m.discovered_date
  and b.backlink_id = m.backlink_id;
select plan_freely();
