-- Which model a forecast is of, what both were worth, and what the router's reserve makes of it.

alter table api_forecasts
  add column model          text not null default 'simple' check (model in ('simple', 'library')),
  add column spent          float8,                -- of what is asked for by ends_at, what limit and reserve let through
  add column spent_low      float8,
  add column spent_high     float8,
  add column ordinary_dry_at timestamptz,          -- only the reserve is left; null: not before the reset
  add column urgent_dry_at  timestamptz;           -- the reserve is spent too

-- trials, coverage and error are those of the model in use; library_* on the trials that both models made.
alter table api_forecast_scores
  add column model            text not null default 'simple' check (model in ('simple', 'library')),
  add column urgent           float8 not null default 1 check (urgent between 0 and 1),
  add column simple_coverage  float8,
  add column simple_error     float8,
  add column library_trials   int not null default 0,
  add column library_coverage float8,
  add column library_error    float8;

-- The library's forecast of each purse that it is in use for: day by day from made_at on.
create table api_forecast_curves (
  provider   text not null,
  simulated  boolean not null,
  made_at    timestamptz not null,
  daily      float8[] not null,                    -- credits asked for
  deviations float8[] not null,                    -- of their sums from the first day to each
  width      float8 not null,                      -- how many times wider intervals have to be, from the back-test
  primary key (provider, simulated)
);
