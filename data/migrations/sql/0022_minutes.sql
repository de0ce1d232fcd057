-- A rate that nobody measured in a minute is not known.
alter table live_minutes alter column pages_per_minute drop not null;
