-- Gives the staged links their new spelling and merges those that become one: the earliest discovery stays, the latest
-- sighting counts, and the best state; looks at their pages follow them.
-- Links are reached by index alone, whatever the table has grown to: no join with it may read it whole.
create temporary table respell_all on commit drop as
select r.*, link_hash(r.url_from, r.url_to) as hash from respell_links r;
analyze respell_all;
-- Who stands under that identity already takes part.
create temporary table respell_new on commit drop as
select distinct on (hash) hash, url_from, url_to, source, new_target from respell_all order by hash;
analyze respell_new;
set local enable_hashjoin = off;
set local enable_mergejoin = off;
create temporary table respell_standing on commit drop as
select b.target_domain_name as target, b.discovered_date as discovered, b.backlink_id as id, n.url_from, n.url_to,
  n.source, n.new_target, b.rel, n.hash
from respell_new n join backlink_identities i on i.link_hash = n.hash
join backlinks b on b.target_domain_name = i.target_domain_name and b.discovered_date = i.discovered_date
  and b.backlink_id = i.backlink_id;
set local enable_hashjoin = on;
insert into respell_all select * from respell_standing s where not exists (select from respell_all a where a.id = s.id);
analyze respell_all;
set local enable_hashjoin = off;
create temporary table respell_members on commit drop as
select a.hash, a.url_from as new_from, a.url_to as new_to, a.source as new_source, a.new_target, a.rel as new_rel, b.*
from respell_all a join backlinks b
  on b.target_domain_name = a.target and b.discovered_date = a.discovered and b.backlink_id = a.id;
set local enable_hashjoin = on;
analyze respell_members;

create temporary table respell_keepers on commit drop as
select distinct on (hash) hash, target_domain_name as target, discovered_date as discovered, backlink_id as id,
  new_target, new_source, new_from, new_to
from respell_members order by hash, discovered_date, backlink_id;
create temporary table respell_state on commit drop as
select distinct on (hash) hash, link_state, lost_date, lost_reason, suspected_at, checked_at, checks, next_check_at,
  recovered_at, follow_lost_at
from respell_members
order by hash, array_position(array['live', 'recovered', 'suspected', 'confirmed_lost'], link_state), last_seen desc;
create temporary table respell_news on commit drop as
select hash, count(*) as n, max(last_seen) as last_seen, max(last_fetched_at) as last_fetched_at,
  bool_and(simulated) as simulated,
  (array_agg(new_rel order by last_seen desc))[1] as rel,
  (array_agg(anchor order by last_seen desc) filter (where anchor is not null))[1] as anchor,
  (array_agg(domain_authority order by last_seen desc) filter (where domain_authority is not null))[1] as authority,
  (array_agg(spam_score order by last_seen desc) filter (where spam_score is not null))[1] as spam,
  (array_agg(http_code order by last_seen desc) filter (where http_code is not null))[1] as http_code,
  (array_agg(source order by last_seen desc) filter (where source is not null))[1] as source,
  (array_agg(job_id order by last_seen desc) filter (where job_id is not null))[1] as job_id,
  (array_agg(extra order by last_seen desc) filter (where extra is not null))[1] as extra
from respell_members group by hash;
create temporary table respell_final on commit drop as
select * from respell_keepers join respell_state using (hash) join respell_news using (hash);
create temporary table respell_gone on commit drop as
select m.target_domain_name as target, m.discovered_date as discovered, m.backlink_id as id, k.new_target,
  k.discovered as new_discovered, k.id as new_id, m.backlink_id <> k.id as doubled,
  link_hash(m.url_from, m.url_to) as hash
from respell_members m join respell_keepers k using (hash);
analyze respell_final;
analyze respell_gone;

set local enable_hashjoin = off;
delete from backlink_identities i using respell_gone g where i.link_hash = g.hash and i.backlink_id = g.id;
insert into backlink_identities as i (link_hash, target_domain_name, discovered_date, backlink_id)
select hash, new_target, discovered, id from respell_final
on conflict (link_hash) do update set target_domain_name = excluded.target_domain_name,
  discovered_date = excluded.discovered_date, backlink_id = excluded.backlink_id;
update backlink_link_checks c set target_domain_name = g.new_target, discovered_date = g.new_discovered,
  backlink_id = g.new_id
from respell_gone g
where c.backlink_id = g.id and c.target_domain_name = g.target and c.discovered_date = g.discovered
  and (g.doubled or g.target <> g.new_target);
delete from backlinks b using respell_gone g
where g.doubled and b.target_domain_name = g.target and b.discovered_date = g.discovered and b.backlink_id = g.id;
update backlinks b set target_domain_name = f.new_target, source_domain_name = f.new_source, url_from = f.new_from,
  url_to = f.new_to, rel = f.rel, anchor = f.anchor, domain_authority = f.authority, spam_score = f.spam,
  http_code = f.http_code, source = f.source, job_id = f.job_id, last_seen = f.last_seen,
  last_fetched_at = f.last_fetched_at, extra = f.extra, simulated = f.simulated, link_state = f.link_state,
  lost_date = f.lost_date, lost_reason = f.lost_reason, suspected_at = f.suspected_at, checked_at = f.checked_at,
  checks = f.checks, next_check_at = f.next_check_at, recovered_at = f.recovered_at, follow_lost_at = f.follow_lost_at
from respell_final f
where b.target_domain_name = f.target and b.discovered_date = f.discovered and b.backlink_id = f.id;
set local enable_hashjoin = on;

-- Every number that counts one of them is made again: under its old name and under its new one.
insert into touched_buckets
select 'backlinks', date_trunc('hour', discovered_date, 'UTC'), target_domain_name from respell_members
union select 'backlinks', date_trunc('hour', discovered_date, 'UTC'), new_target from respell_members
union select 'backlinks_lost', date_trunc('day', lost_date, 'UTC'), target_domain_name from respell_members
  where lost_date is not null
union select 'backlinks_lost', date_trunc('day', lost_date, 'UTC'), new_target from respell_members
  where lost_date is not null;
create temporary table respell_links_counts as
select 'links written anew' as what, count(*) as n from respell_links
union all select 'doubled links merged', count(*) from respell_gone where doubled;
