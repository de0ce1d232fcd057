-- What is known, and what is not: of resets, of feeds and registries, of the worth of domains.

-- The reset that a provider named: its day of the month counts, also after a month that is too short for it.
alter table api_quota_state add column reset_anchor timestamptz;

-- What the last reading of a feed had to leave out, and why.
alter table mention_feeds
  add column dropped      bigint not null default 0,
  add column dropped_why  text;

-- Where too little is known there is no value.
alter table domain_values
  alter column score drop not null,
  alter column value drop not null,
  alter column low   drop not null,
  alter column high  drop not null;

-- What asking prices say of the calculator's scores; only the newest is kept. `register` is rules.Register as JSON.
-- domains.valued_version is the calibration that a domain was valued by, so the numbers go on above those of before.
create table domain_calibrations (
  calibration     bigint generated always as identity primary key,
  weights_version bigint not null,
  register        jsonb not null,
  made_at         timestamptz not null,
  checked_at      timestamptz not null
);
select setval(pg_get_serial_sequence('domain_calibrations', 'calibration'),
  greatest(1, (select max(version) from domain_value_weights), (select max(valued_version) from domains)));
create index domains_asked on domains (simulated, last_fetched_at desc) where asking_price > 0;

-- Whether a domain fails a gate of the calculator, beside those that its source reports: sums over a million domains ask
-- one table.
alter table domains add column fails_checks boolean not null default false;
update domains d set fails_checks = true from domain_values v
  where v.domain_name = d.domain_name and cardinality(v.rejected) > 0;
