-- Paid APIs: what they allow, what was spent, what is in flight, what was decided and why.
-- A provider has two purses, the real one and the simulator's; they never mix.

create table api_providers (
  provider      text primary key check (provider ~ '^[a-z0-9_]{1,40}$'),
  title         text not null,
  position      smallint not null default 100,
  unit          text not null,
  quota         numeric(14, 2) check (quota >= 0),       -- allowance of one window, in units; null: none is known
  quota_window  text not null check (quota_window in ('monthly', 'daily', 'trial', 'none')),
  reset_rule    text not null check (reset_rule in ('calendar', 'anniversary', 'unix', 'none')),
  reset_day     smallint check (reset_day between 1 and 28),  -- of an anniversary
  cost          jsonb not null,                          -- {"base": 1, "rules": [{"when": {"js": true}, "cost": 5}]}
  billed_on     text not null check (billed_on in ('success', 'all')),
  truth         text not null check (truth in ('account_api', 'response_body', 'header', 'ledger')),
  query_types   text[] not null check (cardinality(query_types) > 0),
  quality       float8 not null check (quality between 0 and 1),
  cache_seconds bigint not null check (cache_seconds >= 0),
  concurrency   int not null check (concurrency > 0),
  per_second    float8 check (per_second > 0),
  timeout_s     float8 not null check (timeout_s > 0),
  unit_price    numeric(12, 6) check (unit_price >= 0),  -- USD for a unit beyond the free allowance; null: not known
  state         text not null default 'active' check (state in ('active', 'disabled', 'retired')),  -- as configured
  drill_until   timestamptz,                             -- played dead until then
  edited_at     timestamptz,
  edited_by     text
);

-- One row a purse: what the reservation reads and changes in one statement.
create table api_quota_state (
  provider           text not null,
  simulated          boolean not null,
  window_start       timestamptz not null,
  window_end         timestamptz,                        -- the reset; null: never
  used               numeric(14, 2) not null default 0 check (used >= 0),
  reserved           numeric(14, 2) not null default 0 check (reserved >= 0),
  unmetered          numeric(14, 2) not null default 0 check (unmetered >= 0),  -- the provider counted it, we did not
  in_flight          int not null default 0 check (in_flight >= 0),
  day                date not null,
  used_today         numeric(14, 2) not null default 0,
  next_at            timestamptz not null default '-infinity',  -- when the rate limit lets the next call through
  reported_used      numeric(14, 2),
  reported_limit     numeric(14, 2),
  remaining_reported numeric(14, 2),
  reported_at        timestamptz,
  state              text not null default 'active' check (state in ('active', 'cooldown', 'exhausted', 'disabled', 'retired')),
  state_reason       text,
  until              timestamptz,                        -- when cooldown or exhaustion ends; null: when somebody acts
  changed_at         timestamptz not null default now(),
  key_mark           text,                               -- of the key that was refused: another one is tried again
  failures           int not null default 0,             -- in a row
  success            float8 not null default 1,          -- decaying share of calls that succeeded
  latency_ms         float8,                             -- decaying mean of those
  measured_at        timestamptz,
  reset_anchor       timestamptz,                        -- the reset that a provider named: its day of the month counts,
                                                         -- also after a month that is too short for it
  primary key (provider, simulated)
);

-- Every change of a provider's state, for people and for alerts.
create table api_state_changes (
  change_id bigint generated always as identity primary key,
  at        timestamptz not null default clock_timestamp(),
  provider  text not null,
  simulated boolean not null,
  was       text not null,
  state     text not null,
  reason    text,
  until     timestamptz
);
create index api_state_changes_at on api_state_changes (at);

-- Credits in flight: they come back when the lease runs out, whoever died.
create table api_reservations (
  reservation_id   uuid primary key,
  provider         text not null,
  simulated        boolean not null,
  decision_id      uuid not null,
  query_type       text not null,
  priority         text not null,
  credits          numeric(14, 2) not null check (credits >= 0),
  window_start     timestamptz not null,
  reserved_at      timestamptz not null default clock_timestamp(),
  lease_expires_at timestamptz not null
);
create index api_reservations_lease on api_reservations (lease_expires_at);

create table api_usage (
  provider        text not null,
  at              timestamptz not null check (isfinite(at)),
  usage_id        bigint generated always as identity,
  query_type      text not null,
  credits         numeric(14, 2) not null default 0 check (credits >= 0 and credits < 1e12),
  saved           numeric(14, 2) not null default 0 check (saved >= 0 and saved < 1e12),  -- what the cache spared us
  latency_ms      float8 check (latency_ms >= 0 and latency_ms < 'infinity'),
  outcome         text not null check (outcome in ('ok', 'not_found', 'cached', 'failed', 'timeout', 'unreachable',
                    'bad_answer', 'bad_request', 'throttled', 'exhausted', 'unauthorised', 'abandoned')),
  status_code     smallint,
  cached          boolean not null default false,
  priority        text not null default 'normal' check (priority in ('low', 'normal', 'high', 'critical')),
  decision_id     uuid,
  simulated       boolean not null default false,
  last_fetched_at timestamptz,
  extra           jsonb,
  primary key (provider, at, usage_id)
) partition by range (at);
create index api_usage_at on api_usage (at);
select create_time_partitions('api_usage', (date_trunc('month', now()) - interval '12 months')::date);

-- latency_le: calls that took at most 25, 50, 100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600 ms (each includes the
-- ones before it), so that percentiles can be read from sums of hours.
create table rollup_api_usage_hourly (
  provider     text not null,
  hour         timestamptz not null,
  query_type   text not null,
  simulated    boolean not null,
  n            bigint not null,          -- all, the cached included
  n_ok         bigint not null,          -- answered by the provider
  n_cached     bigint not null,
  n_failed     bigint not null,          -- asked and not answered
  n_throttled  bigint not null,          -- of those: throttled or exhausted
  credits      numeric(14, 2) not null,
  saved        numeric(14, 2) not null,
  n_latency    bigint not null,
  sum_latency  float8 not null,
  min_latency  float8,
  max_latency  float8,
  latency_le   bigint[] not null,
  primary key (provider, hour, query_type, simulated)
);
create index rollup_api_usage_hourly_hour on rollup_api_usage_hourly (hour);

create table rollup_api_usage_daily (
  provider     text not null,
  day          date not null,
  query_type   text not null,
  simulated    boolean not null,
  n            bigint not null,
  n_ok         bigint not null,
  n_cached     bigint not null,
  n_failed     bigint not null,
  n_throttled  bigint not null,
  credits      numeric(14, 2) not null,
  saved        numeric(14, 2) not null,
  n_latency    bigint not null,
  sum_latency  float8 not null,
  min_latency  float8,
  max_latency  float8,
  latency_le   bigint[] not null,
  primary key (provider, day, query_type, simulated)
);
create index rollup_api_usage_daily_day on rollup_api_usage_daily (day);

create function touch_api_usage() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into touched_buckets (rollup, bucket, key)
      select distinct 'api_usage', date_trunc('hour', at, 'UTC'), provider from new_rows;
  else
    insert into touched_buckets (rollup, bucket, key)
      select distinct 'api_usage', date_trunc('hour', at, 'UTC'), provider from old_rows;
  end if;
  return null;
end $$;
create trigger touch_api_usage_insert after insert on api_usage
  referencing new table as new_rows for each statement execute function touch_api_usage();
create trigger touch_api_usage_delete after delete on api_usage
  referencing old table as old_rows for each statement execute function touch_api_usage();

-- Answers by query, whoever gave them. After expires_at an answer is stale, after kept_until it is forgotten.
create table api_cache (
  query_hash      uuid not null,
  simulated       boolean not null,
  query_type      text not null,
  params          jsonb not null,
  provider        text not null,
  answer          jsonb,                 -- null: the provider knows that there is nothing
  credits         numeric(14, 2) not null,  -- what it cost
  last_fetched_at timestamptz not null,
  expires_at      timestamptz not null,
  kept_until      timestamptz not null,
  hits            bigint not null default 0,
  saved           numeric(14, 2) not null default 0,
  primary key (query_hash, simulated)
);
create index api_cache_kept on api_cache (kept_until);

-- Why which provider: candidates and scores as they were, and the sentence that says it.
create table api_decisions (
  decision_id uuid primary key,
  at          timestamptz not null default clock_timestamp(),
  query_type  text not null,
  priority    text not null,
  provider    text,                      -- null: refused by all
  outcome     text not null check (outcome in ('routed', 'calling', 'answered', 'cached', 'refused')),
  sentence    text not null,
  candidates  jsonb not null,            -- [{provider, score, quality, health, cost, remaining, ration, refused, …}]
  attempts    jsonb not null default '[]',  -- [{provider, outcome, reason, status_code, latency_ms}]
  credits     numeric(14, 2) not null default 0,
  asked_by    text not null,
  simulated   boolean not null default false
);
create index api_decisions_at on api_decisions (at desc, decision_id);

-- What becomes of each purse: one row an hour and purse, made anew until the hour is over, so that where it led can be
-- told afterwards.
create table api_forecasts (
  provider     text not null,
  simulated    boolean not null,
  hour         timestamptz not null,
  made_at      timestamptz not null,
  ends_at      timestamptz not null,          -- the reset; the end of the month where nothing is reset
  state        text not null,                 -- of the purse, as it was
  reason       text,
  quota_window text not null,
  reset_at     timestamptz,                   -- null: never
  used         float8 not null,
  quota        float8,
  expected     float8 not null,               -- used by ends_at, with the edges of the 80 % interval
  low          float8 not null,
  high         float8 not null,
  risk         float8 check (risk between 0 and 1),
  dry_at       timestamptz,                   -- null: not before the reset, or not within a year
  dry_early_at timestamptz,
  dry_late_at  timestamptz,
  ration       float8,                        -- credits a day that last until the reset
  burn_day     float8 not null,               -- credits of the last 24 hours
  burn_week    float8 not null,               -- credits a day of the last seven
  status       text not null check (status in ('normal', 'caution', 'serious', 'critical', 'standby', 'off')),
  note         text not null,
  clock        text not null,
  advice       text not null,
  path         jsonb not null,                -- [{at (ms), expected, low, high}], a point a day
  model        text not null default 'simple' check (model in ('simple', 'library')),
  spent        float8,                        -- of what is asked for by ends_at, what limit and reserve let through
  spent_low    float8,
  spent_high   float8,
  ordinary_dry_at timestamptz,                -- only the reserve is left; null: not before the reset
  urgent_dry_at   timestamptz,                -- the reserve is spent too
  primary key (provider, simulated, hour)
);
create index api_forecasts_hour on api_forecasts (hour);

-- What forecasts of the past were worth on this purse's own history, beside a straight line through the month, and what
-- the router's reserve makes of it. trials, coverage and error are those of the model in use; library_* on the trials
-- that both models made.
create table api_forecast_scores (
  provider         text not null,
  simulated        boolean not null,
  scored_at        timestamptz not null,
  trials           int not null,
  coverage         float8,                    -- share of trials inside the 80 % interval
  error            float8,                    -- mean, relative to what was spent by the month's end
  line_error       float8,
  model            text not null default 'simple' check (model in ('simple', 'library')),
  urgent           float8 not null default 1 check (urgent between 0 and 1),
  simple_coverage  float8,
  simple_error     float8,
  library_trials   int not null default 0,
  library_coverage float8,
  library_error    float8,
  primary key (provider, simulated)
);

-- The library's forecast of each purse that it is in use for: day by day from made_at on.
create table api_forecast_curves (
  provider   text not null,
  simulated  boolean not null,
  made_at    timestamptz not null,
  daily      float8[] not null,               -- credits asked for
  deviations float8[] not null,               -- of their sums from the first day to each
  width      float8 not null,                 -- how many times wider intervals have to be, from the back-test
  primary key (provider, simulated)
);

-- One row a check: our ledger against the provider's own number.
create table api_reconciliations (
  reconciliation_id bigint generated always as identity primary key,
  provider          text not null,
  simulated         boolean not null,
  checked_at        timestamptz not null,
  source            text not null check (source in ('account_api', 'response_body', 'header')),
  ledger            float8 not null,
  reported          float8,                   -- null: the check failed
  drift             float8,                   -- (reported − ledger) ÷ the greater of the two
  alarm             boolean not null,
  reason            text
);
create index api_reconciliations_latest on api_reconciliations (provider, simulated, checked_at desc);
create index api_reconciliations_at on api_reconciliations (checked_at);
