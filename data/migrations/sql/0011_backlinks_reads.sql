-- What the Backlinks page asks of a target's links is answered from indexes alone: its links lie scattered over the
-- whole table, one to a page of it. The primary key carries what narrows and counts them; it is no index more.
alter table backlinks drop constraint backlinks_pkey;
alter table backlinks add primary key (target_domain_name, discovered_date, backlink_id)
  include (source_domain_name, rel, domain_authority, spam_score, link_state, lost_date, lost_reason);

-- The lost are ordered by what they are worth before any of them is looked up. Both partial: an ordinary new link is in
-- neither.
drop index backlinks_lost;
create index backlinks_lost on backlinks (target_domain_name, lost_date)
  include (discovered_date, backlink_id, source_domain_name, rel, domain_authority, spam_score, link_state, lost_reason)
  where lost_date is not null;
create index backlinks_toxic on backlinks (target_domain_name, discovered_date) where spam_score >= 60;

-- A refresh sums all the hours of each domain that a new link came from.
alter table backlink_hour_sources drop constraint backlink_hour_sources_pkey;
alter table backlink_hour_sources add primary key (target_domain_name, source_domain_name, hour, anchor, simulated)
  include (links, live, first_seen, last_seen, max_authority, max_spam);
drop index backlink_hour_sources_hour;
create index backlink_hour_sources_hour on backlink_hour_sources (target_domain_name, hour, source_domain_name)
  include (anchor, links, first_seen, last_seen, max_authority, max_spam);

-- Whose domains they are is compared between rivals; when a domain was first seen hardly ever changes.
alter table backlink_target_sources drop constraint backlink_target_sources_pkey;
alter table backlink_target_sources add primary key (target_domain_name, source_domain_name, simulated)
  include (first_seen);
