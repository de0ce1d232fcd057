-- What becomes of each purse, and what the provider itself says of it.

-- One row an hour and purse, made anew until the hour is over: where it led can be told afterwards.
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
  primary key (provider, simulated, hour)
);
create index api_forecasts_hour on api_forecasts (hour);

-- What forecasts of the past were worth on this purse's own history, beside a straight line through the month.
create table api_forecast_scores (
  provider   text not null,
  simulated  boolean not null,
  scored_at  timestamptz not null,
  trials     int not null,
  coverage   float8,                          -- share of trials inside the 80 % interval
  error      float8,                          -- mean, relative to what was spent by the month's end
  line_error float8,
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
