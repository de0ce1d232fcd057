-- A statement of a trigger is planned once a session, from as many rows as the first batch had: after a batch of one
-- link, one of ten thousand compared every old row with every new one. What it joins is only ever the batch, so it
-- hashes; and no setting of the statement above it reaches in here.
alter function touch_backlinks_changed() set enable_nestloop = off;
alter function touch_backlinks_changed() set enable_hashjoin = on;
alter function touch_domains() set enable_nestloop = off;
alter function touch_domains() set enable_hashjoin = on;

-- One link is looked up by (target, date, id). Where dates seem unique, the planner takes this narrower index instead,
-- and reads sixty thousand links of one page for each of them; with the id in it, either index leads to one row.
drop index backlinks_discovered;
create index backlinks_discovered on backlinks (discovered_date, backlink_id);
