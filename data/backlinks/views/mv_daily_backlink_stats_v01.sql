-- How many links to each target were found on each day, from how many domains, of what authority? Grain: day, target.
create materialized view mv_daily_backlink_stats as
select
  (r.hour at time zone 'UTC')::date as day,
  r.target_domain_name,
  sum(r.n)::bigint as new_backlinks,
  max(s.unique_domains)::bigint as unique_domains,
  sum(r.sum_authority)::float8 / nullif(sum(r.n_authority), 0)::float8 as avg_authority,
  min(r.min_authority) as min_authority,
  max(r.max_authority) as max_authority,
  sum(r.n_high)::bigint as high_authority_backlinks,
  sum(r.n_spam)::bigint as spam_backlinks,
  sum(r.n_lost)::bigint as lost_backlinks
from rollup_backlinks_hourly r
left join (
  select target_domain_name, day, count(distinct source_domain_name) as unique_domains
  from backlink_day_sources group by 1, 2
) s on s.target_domain_name = r.target_domain_name and s.day = (r.hour at time zone 'UTC')::date
group by 1, 2
with no data;
create unique index mv_daily_backlink_stats_key on mv_daily_backlink_stats (day, target_domain_name);
