-- Moves the staged competitor sets into their tables: the last row of a name wins, with exactly its members.
-- A simulation changes no set that people made.
with made as (
  insert into competitor_sets as c (name, own_domain, simulated)
  select distinct on (name) name, own_domain, current_setting('mc.simulated')::boolean
  from stage_competitor_sets order by name, ord desc
  on conflict (name) do update set own_domain = excluded.own_domain, simulated = c.simulated and excluded.simulated
    where c.simulated or not excluded.simulated
  returning set_id, name
),
wanted as (
  select m.set_id, d.domain_name
  from (select distinct on (name) name, members from stage_competitor_sets order by name, ord desc) s
  join made m using (name) cross join lateral unnest(s.members) d (domain_name)
),
gone as (
  delete from competitor_set_members x using made m where x.set_id = m.set_id
    and not exists (select from wanted w where w.set_id = x.set_id and w.domain_name = x.domain_name)
)
insert into competitor_set_members (set_id, domain_name) select distinct set_id, domain_name from wanted
on conflict do nothing;
