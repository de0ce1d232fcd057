-- Brings the links that were known before up to date with what was staged of them; the newest news counts.
-- Seen: a suspicion is cleared, a loss is recovered from. Missing without a reason: suspected. Missing with one: lost.
-- Only a first half of `news` compares times, so that what is late changes nothing but what was unknown.
-- Each link is found by its identity, its row by primary key, and every other way is forbidden: what is stored, and what
-- the planner believes of it, never makes a batch read a table.
create temporary table if not exists known_links on commit delete rows as
select s.ord, s.link_hash, s.anchor, s.rel, s.domain_authority, s.spam_score, s.last_seen, s.lost_date, s.lost_reason,
  s.http_code, s.source, s.job_id, s.last_fetched_at, i.backlink_id, i.target_domain_name as its_target,
  i.discovered_date as its_date
from stage_backlinks s join backlink_identities i using (link_hash) with no data;
select plan_through_indexes();
insert into known_links (ord, link_hash, anchor, rel, domain_authority, spam_score, last_seen, lost_date, lost_reason,
  http_code, source, job_id, last_fetched_at, backlink_id, its_target, its_date)
select distinct on (link_hash) s.ord, s.link_hash, s.anchor, s.rel, s.domain_authority, s.spam_score, s.last_seen,
  s.lost_date, s.lost_reason, s.http_code, s.source, s.job_id, s.last_fetched_at, i.backlink_id, i.target_domain_name,
  i.discovered_date
from stage_backlinks s cross join lateral (
  select n.backlink_id, n.target_domain_name, n.discovered_date from backlink_identities n
  where n.link_hash = s.link_hash offset 0) i
order by link_hash, ord desc;
with news as (
  select k.*, b.link_state as was, coalesce(b.rel ~ '\y(nofollow|ugc|sponsored)\y', false) as was_nofollow,
    coalesce(k.rel ~ '\y(nofollow|ugc|sponsored)\y', false) as is_nofollow,
    case
      when k.lost_date is null then
        case when k.last_seen >= greatest(b.last_seen, b.suspected_at, b.lost_date) then 'seen' end
      when greatest(k.last_seen, k.lost_date) < b.last_seen then null
      when k.lost_reason is not null then 'lost'
      when b.link_state in ('live', 'recovered') then 'missing'
    end as said
  from known_links k cross join lateral (
    select l.link_state, l.rel, l.last_seen, l.suspected_at, l.lost_date from backlinks l
    where l.target_domain_name = k.its_target and l.discovered_date = k.its_date and l.backlink_id = k.backlink_id
    offset 0) b
),
told as (
  insert into backlink_link_checks (target_domain_name, discovered_date, backlink_id, checked_at, attempt, outcome,
    verdict, http_code, detail, simulated)
  select its_target, its_date, backlink_id, last_seen, 0, 'found',
    case was when 'suspected' then 'cleared' else 'recovered' end, http_code, 'seen again by ' || coalesce(source, 'a source'),
    current_setting('mc.simulated')::boolean
  from news where said = 'seen' and was in ('suspected', 'confirmed_lost')
)
update backlinks b set
  last_seen = case when k.lost_date is null then greatest(b.last_seen, k.last_seen) else b.last_seen end,
  last_fetched_at = greatest(b.last_fetched_at, k.last_fetched_at),
  anchor = coalesce(k.anchor, b.anchor),
  rel = case when said = 'seen' then k.rel else b.rel end,
  domain_authority = coalesce(k.domain_authority, b.domain_authority),
  spam_score = coalesce(k.spam_score, b.spam_score),
  http_code = coalesce(k.http_code, b.http_code),
  job_id = coalesce(k.job_id, b.job_id),
  source = coalesce(k.source, b.source),
  follow_lost_at = case when said is distinct from 'seen' or k.is_nofollow = k.was_nofollow then b.follow_lost_at
                        when k.is_nofollow then k.last_seen end,
  link_state = case said when 'lost' then 'confirmed_lost' when 'missing' then 'suspected'
    when 'seen' then case was when 'suspected' then 'live' when 'confirmed_lost' then 'recovered' else was end
    else b.link_state end,
  lost_date = case said when 'lost' then k.lost_date when 'seen' then null else b.lost_date end,
  lost_reason = case said when 'lost' then k.lost_reason when 'seen' then null else b.lost_reason end,
  suspected_at = case said when 'missing' then k.lost_date when 'seen' then null else b.suspected_at end,
  next_check_at = case said when 'missing' then now() when 'seen' then null when 'lost' then null
                       else b.next_check_at end,
  checks = case said when 'missing' then 0 else b.checks end,
  recovered_at = case when said = 'seen' and was = 'confirmed_lost' then k.last_seen else b.recovered_at end
from news k
where b.target_domain_name = k.its_target and b.discovered_date = k.its_date and b.backlink_id = k.backlink_id;
select plan_freely();
