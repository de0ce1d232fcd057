-- How many links to each target were found on each day, from how many domains, of what authority? Grain: day, target.
create materialized view mv_daily_backlink_stats as
select
  day,
  target_domain_name,
  n as new_backlinks,
  n_domains as unique_domains,
  sum_authority::float8 / nullif(n_authority, 0)::float8 as avg_authority,
  min_authority,
  max_authority,
  n_high as high_authority_backlinks,
  n_spam as spam_backlinks,
  n_lost as lost_backlinks
from rollup_backlinks_daily
with no data;
create unique index mv_daily_backlink_stats_key on mv_daily_backlink_stats (day, target_domain_name);
