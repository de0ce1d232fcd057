-- How many links did each target gain and lose on each day, from how many domains, of what kind? Grain: day, target.
-- What is new counts on the day of its discovery, what is lost on the day of its loss.
create materialized view mv_daily_backlink_stats as
select
  day,
  target_domain_name,
  coalesce(n.n, 0) as new_backlinks,
  coalesce(n.n_domains, 0) as unique_domains,
  n.sum_authority::float8 / nullif(n.n_authority, 0)::float8 as avg_authority,
  n.min_authority,
  n.max_authority,
  coalesce(n.n_high, 0) as high_authority_backlinks,
  coalesce(n.n_spam, 0) as spam_backlinks,
  coalesce(l.n, 0) as lost_backlinks,
  coalesce(n.n_nofollow, 0) as nofollow_backlinks,
  coalesce(n.bands, '{0,0,0,0,0,0,0,0,0,0}') as authority_bands
from rollup_backlinks_daily n
full join (
  select target_domain_name, day, sum(n)::bigint as n from rollup_backlinks_lost_daily group by 1, 2
) l using (day, target_domain_name)
with no data;
create unique index mv_daily_backlink_stats_key on mv_daily_backlink_stats (day, target_domain_name);
-- Pages ask for the days of a few targets, and sum them from this index alone: a target's days lie scattered, a page a day.
create index mv_daily_backlink_stats_target on mv_daily_backlink_stats (target_domain_name, day)
  include (new_backlinks, lost_backlinks, avg_authority, high_authority_backlinks, spam_backlinks, authority_bands);
