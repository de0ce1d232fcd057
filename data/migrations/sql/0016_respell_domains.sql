-- Gives domains their one name. What is known under another is filled into it where it knows nothing; what was worked
-- out of it is worked out again.
create temporary table respell_first on commit drop as
select distinct on (r.new_name) r.* from respell_domains r join domains d using (domain_name)
where not exists (select from domains k where k.domain_name = r.new_name)
order by r.new_name, d.last_fetched_at desc nulls last, r.domain_name;
delete from domain_values v using respell_domains r where v.domain_name in (r.domain_name, r.new_name);
update domains d set domain_name = f.new_name, valued_version = -1 from respell_first f
where d.domain_name = f.domain_name;
update domains d set
  created_date = least(d.created_date, o.created_date),
  domain_authority = coalesce(d.domain_authority, o.domain_authority),
  availability_status = coalesce(nullif(d.availability_status, 'unknown'), o.availability_status),
  lifecycle = coalesce(nullif(d.lifecycle, 'unknown'), o.lifecycle),
  estimated_value = coalesce(d.estimated_value, o.estimated_value),
  value_source = coalesce(d.value_source, o.value_source),
  registered_at = coalesce(d.registered_at, o.registered_at), expires_at = coalesce(d.expires_at, o.expires_at),
  owner = coalesce(d.owner, o.owner), registrar = coalesce(d.registrar, o.registrar),
  spam_score = coalesce(d.spam_score, o.spam_score), asking_price = coalesce(d.asking_price, o.asking_price),
  drops_at = coalesce(d.drops_at, o.drops_at), simulated = d.simulated and o.simulated, valued_version = -1
from (select distinct on (r.new_name) r.new_name, o.* from respell_domains r join domains o using (domain_name)
      order by r.new_name, o.last_fetched_at desc nulls last) o
where d.domain_name = o.new_name;
delete from domains d using respell_domains r where d.domain_name = r.domain_name;
delete from domain_history h using respell_domains r, domain_history k
where h.domain_name = r.domain_name and k.domain_name = r.new_name and k.at = h.at;
delete from domain_history h using respell_domains r where h.domain_name = r.domain_name and exists (
  select from domain_history o join respell_domains q using (domain_name)
  where q.new_name = r.new_name and o.at = h.at and o.domain_name < h.domain_name);
update domain_history h set domain_name = r.new_name from respell_domains r where h.domain_name = r.domain_name;
with old as (delete from watched_domains w using respell_domains r where w.domain_name = r.domain_name
             returning r.new_name, w.note, w.added_by, w.added_at, w.simulated)
insert into watched_domains (domain_name, note, added_by, added_at, simulated)
select distinct on (new_name) * from old order by new_name, added_at on conflict do nothing;
with old as (delete from domain_lookups l using respell_domains r where l.domain_name = r.domain_name
             returning r.new_name, l.asked_by)
insert into domain_lookups (domain_name, asked_by)
select distinct on (new_name) * from old order by new_name on conflict do nothing;
create temporary table respell_domains_counts as
select 'domains renamed' as what, count(*) as n from respell_first
union all select 'doubled domains merged', (select count(*) from respell_domains) - (select count(*) from respell_first);
