-- Which purse of a provider people look at. Grain: provider. The real one, unless only the simulation ever used it.
create view api_shown_purses as
select p.provider,
       not exists(select from api_quota_state s where s.provider = p.provider and not s.simulated
                    and (s.used > 0 or s.unmetered > 0 or s.measured_at is not null))
       and not exists(select from rollup_api_usage_daily d where d.provider = p.provider and not d.simulated)
       and (exists(select from api_quota_state s where s.provider = p.provider and s.simulated
                     and (s.used > 0 or s.measured_at is not null))
            or exists(select from rollup_api_usage_daily d where d.provider = p.provider and d.simulated)) as simulated
from api_providers p;
