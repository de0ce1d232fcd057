-- Moves the staged probes into uptime_probes; a site's state is that of its newest probe.
insert into uptime_probes (site, at, up, latency_ms, simulated)
select site, at, up, latency_ms, current_setting('mc.simulated')::boolean from stage_uptime_probes order by ord;
insert into uptime_sites (site, state, probed_at, simulated)
select distinct on (site) site, case when up then 'up' else 'down' end, at, current_setting('mc.simulated')::boolean
from stage_uptime_probes order by site, at desc, ord desc
on conflict (site) do update set state = excluded.state, probed_at = excluded.probed_at
where uptime_sites.probed_at <= excluded.probed_at;
