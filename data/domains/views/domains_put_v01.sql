-- Moves the staged domains into domains: the newest fetch wins, what it leaves out stays. Every change into the history.
-- Every domain and what is known of it is found through an index, and every other way is forbidden: what is stored never
-- makes a batch read a table, nor does a batch read itself once for each of its rows.
create temporary table if not exists put_domains (like domain_history) on commit delete rows;
create index if not exists put_domains_at on put_domains (domain_name, at);
select plan_through_indexes();
insert into put_domains (domain_name, at, availability_status, lifecycle, domain_authority, estimated_value, expires_at, owner, source,
  simulated)
select distinct on (s.domain_name, at) s.domain_name, at,
  coalesce(nullif(s.availability_status, 'unknown'), d.availability_status, 'unknown'),
  coalesce(nullif(s.lifecycle, 'unknown'), d.lifecycle, 'unknown'),
  coalesce(s.domain_authority, d.domain_authority), coalesce(s.estimated_value, d.estimated_value),
  coalesce(s.expires_at, d.expires_at), coalesce(s.owner, d.owner), coalesce(s.source, 'ingest'),
  current_setting('mc.simulated')::boolean
from stage_domains s left join domains d using (domain_name)
cross join lateral (select coalesce(s.last_fetched_at, now()) as at) t
order by s.domain_name, at, s.ord desc;
insert into domain_history (domain_name, at, availability_status, lifecycle, domain_authority, estimated_value, expires_at, owner, source,
  simulated)
select p.* from put_domains p
left join lateral (
  select h.* from (
    select * from domain_history h where h.domain_name = p.domain_name and h.at < p.at
    union all select * from put_domains e where e.domain_name = p.domain_name and e.at < p.at
  ) h order by h.at desc limit 1
) before on true
where before.domain_name is null
   or (p.availability_status, p.lifecycle, p.domain_authority, p.estimated_value, p.expires_at, p.owner)
      is distinct from (before.availability_status, before.lifecycle, before.domain_authority, before.estimated_value,
                        before.expires_at, before.owner)
on conflict (domain_name, at) do update set
  availability_status = excluded.availability_status, lifecycle = excluded.lifecycle,
  domain_authority = excluded.domain_authority, estimated_value = excluded.estimated_value,
  expires_at = excluded.expires_at, owner = excluded.owner, source = excluded.source;
select plan_freely();
insert into domains as d (domain_name, domain_authority, availability_status, estimated_value, value_source,
  registered_at, expires_at, lifecycle, owner, registrar, spam_score, asking_price, drops_at, concerns,
  last_fetched_at, extra, simulated)
select distinct on (domain_name) domain_name, domain_authority, coalesce(availability_status, 'unknown'),
  estimated_value, case when estimated_value is not null then 'reported' end, registered_at, expires_at,
  coalesce(lifecycle, 'unknown'), owner, registrar, spam_score, asking_price, drops_at, coalesce(concerns, '{}'),
  coalesce(last_fetched_at, now()), extra, current_setting('mc.simulated')::boolean
from stage_domains order by domain_name, coalesce(last_fetched_at, now()) desc, ord desc
on conflict (domain_name) do update set
  domain_authority = coalesce(excluded.domain_authority, d.domain_authority),
  availability_status = coalesce(nullif(excluded.availability_status, 'unknown'), d.availability_status),
  estimated_value = coalesce(excluded.estimated_value, d.estimated_value),
  value_source = coalesce(excluded.value_source, d.value_source),
  registered_at = coalesce(excluded.registered_at, d.registered_at),
  expires_at = coalesce(excluded.expires_at, d.expires_at),
  lifecycle = coalesce(nullif(excluded.lifecycle, 'unknown'), d.lifecycle),
  owner = coalesce(excluded.owner, d.owner),
  registrar = coalesce(excluded.registrar, d.registrar),
  spam_score = coalesce(excluded.spam_score, d.spam_score),
  asking_price = coalesce(excluded.asking_price, d.asking_price),
  drops_at = coalesce(excluded.drops_at, d.drops_at),
  concerns = case when excluded.concerns = '{}' then d.concerns else excluded.concerns end,
  last_fetched_at = greatest(excluded.last_fetched_at, d.last_fetched_at),
  extra = coalesce(d.extra, '{}') || coalesce(excluded.extra, '{}'),
  simulated = d.simulated and excluded.simulated
where excluded.last_fetched_at >= d.last_fetched_at or d.last_fetched_at is null;
