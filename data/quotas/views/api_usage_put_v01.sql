-- Moves the staged calls into api_usage, and counts those of the current window in the purse of their provider.
-- A purse that is made later counts them itself: it begins with the sum of its window.
insert into api_usage (provider, at, query_type, credits, saved, latency_ms, outcome, status_code, cached, priority,
  last_fetched_at, extra, simulated)
select provider, at, query_type, credits, saved, latency_ms, outcome, status_code, cached, priority, last_fetched_at,
  extra, current_setting('mc.simulated')::boolean
from stage_api_usage;
with held as materialized (
  select s.provider, s.simulated, s.window_start from api_quota_state s
  where s.simulated = current_setting('mc.simulated')::boolean
    and s.provider in (select provider from stage_api_usage where credits > 0)
  order by s.provider for update
), spent as (
  select h.provider, h.simulated, sum(g.credits) filter (where g.at >= h.window_start) as in_window,
    sum(g.credits) filter (where g.at >= date_trunc('day', now(), 'UTC')) as today
  from held h join stage_api_usage g using (provider) group by h.provider, h.simulated
)
update api_quota_state s set used = s.used + coalesce(p.in_window, 0),
  used_today = case when s.day = (now() at time zone 'UTC')::date then s.used_today else 0 end + coalesce(p.today, 0),
  day = (now() at time zone 'UTC')::date
from spent p where s.provider = p.provider and s.simulated = p.simulated;
