-- What about the links deserves attention now? One row a signal, the newest of each kind; `evidence` is JSON.
-- Kinds: high_authority_link, lost_high_authority_link, competitor_surge, own_surge, spam_influx, index_update.
create view backlink_signals as
select
  'S' || signal_id as id, kind, target_domain_name as target, raised_at as at, day, severity, score, title, detail,
  evidence, simulated
from backlink_signal_log where muted_by is null
union all
(select
  'H' || backlink_id, 'high_authority_link', target_domain_name, discovered_date,
  (discovered_date at time zone 'UTC')::date, 'info', domain_authority,
  'New link of authority ' || domain_authority, source_domain_name || ' links to ' || target_domain_name,
  jsonb_build_object('source', source_domain_name, 'url_from', url_from, 'url_to', url_to, 'anchor', anchor,
    'rel', rel, 'authority', domain_authority, 'spam', spam_score, 'provider', source),
  simulated
from backlinks where is_high_authority(domain_authority) and discovered_date <= now() + interval '10 minutes'
order by discovered_date desc limit 100)
union all
(select
  'L' || backlink_id, 'lost_high_authority_link', target_domain_name, lost_date,
  (lost_date at time zone 'UTC')::date, 'warning', domain_authority,
  'Lost a link of authority ' || domain_authority,
  source_domain_name || ' no longer links to ' || target_domain_name || ': ' || coalesce(lost_reason, 'unknown'),
  jsonb_build_object('source', source_domain_name, 'url_from', url_from, 'url_to', url_to, 'anchor', anchor,
    'authority', domain_authority, 'reason', lost_reason, 'http_code', http_code, 'checks', checks),
  simulated
from backlinks where lost_date is not null and is_high_authority(domain_authority) and lost_date <= now() + interval '10 minutes'
order by lost_date desc limit 100)
union all
(select
  'F' || backlink_id, 'lost_high_authority_link', target_domain_name, follow_lost_at,
  (follow_lost_at at time zone 'UTC')::date, 'warning', domain_authority,
  'A link of authority ' || domain_authority || ' became nofollow',
  source_domain_name || ' still links to ' || target_domain_name || ', as ' || coalesce(rel, ''),
  jsonb_build_object('source', source_domain_name, 'url_from', url_from, 'url_to', url_to, 'anchor', anchor,
    'authority', domain_authority, 'reason', 'nofollow', 'rel', rel),
  simulated
from backlinks where follow_lost_at is not null and is_high_authority(domain_authority)
order by follow_lost_at desc limit 100);
