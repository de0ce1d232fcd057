-- Lists of a million domains are read by index, and only what changed is valued again.
alter table domains
  add column score          float8,                      -- by the value calculator; what the list is sorted by
  add column valued_version bigint not null default -1;  -- of the weights; -1 where what is known changed since
update domains d set score = v.score, valued_version = v.version from domain_values v
  where v.domain_name = d.domain_name and v.valued_at >= d.last_fetched_at;
drop index domains_candidates;
create index domains_by_value on domains
  (availability_status, coalesce(estimated_value, -1) desc, domain_name);
create index domains_by_score on domains
  (availability_status, coalesce(score, -1) desc, domain_name);
create index domains_by_authority on domains
  (availability_status, coalesce(domain_authority, -1) desc, domain_name);
create index domains_by_end on domains
  (availability_status, coalesce(drops_at, expires_at, 'infinity'), domain_name);
create index domains_by_name on domains (availability_status, domain_name);
create index domains_by_ending on domains (availability_status, reverse(domain_name) text_pattern_ops);
create index domains_unvalued on domains (valued_version, estimated_value desc nulls last)
  where availability_status in ('available', 'expired');

create function value_domain_again() returns trigger language plpgsql as $$
begin
  new.valued_version := -1;
  return new;
end $$;
create trigger value_domain_again before update on domains for each row
  when ((old.availability_status, old.domain_authority, old.spam_score, old.registered_at, old.concerns)
        is distinct from
        (new.availability_status, new.domain_authority, new.spam_score, new.registered_at, new.concerns))
  execute function value_domain_again();

-- Who watches for show: the simulator's entries go when it goes.
alter table watched_domains add column simulated boolean not null default false;
