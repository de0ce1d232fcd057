-- Keys of one family follow one another by rotation; what one of them registered, all of them speak for.
alter table api_keys add column family text;
update api_keys set family = key_id;
alter table api_keys alter column family set not null;
create index api_keys_family on api_keys (family);

-- The family of keys that a satellite belongs to; null until the first of them speaks for it.
alter table satellites add column owner_family text;

-- Answers that were kept with a key in them.
delete from idempotency_keys where encode(body, 'escape') ~ 'mc_[0-9a-z]{8}_[0-9A-Za-z_-]{43}';
