-- How many domains became known on each day, in which state, of what authority and value? Grain: day, availability.
create materialized view mv_daily_domain_stats as
select
  day,
  availability_status,
  n as total_domains,
  n_opportunities as opportunities,
  n_expired as expired_domains,
  sum_authority::float8 / nullif(n_authority, 0)::float8 as avg_authority,
  max_authority,
  n_valued as valued_domains,
  sum_value as total_value,
  sum_value / nullif(n_valued, 0) as avg_value,
  max_value
from rollup_domains_daily
with no data;
create unique index mv_daily_domain_stats_key on mv_daily_domain_stats (day, availability_status);
