-- For statements whose rows are named by a batch, each to be found by its key: whatever is stored, and whatever the
-- planner believes of it, no table is read instead, and none is kept aside to be compared with every row of the batch.
-- It believed otherwise of tables that were never analyzed, of one page with very many links, of many links of one date.
-- `plan_freely` follows, or the end of the transaction.
create function plan_through_indexes() returns void language plpgsql as $$
begin
  set local enable_seqscan = off;
  set local enable_hashjoin = off;
  set local enable_mergejoin = off;
  set local enable_material = off;
  set local enable_memoize = off;
  set local seq_page_cost = 0;
  set local random_page_cost = 0;
end $$;
create function plan_freely() returns void language plpgsql as $$
begin
  set local enable_seqscan to default;
  set local enable_hashjoin to default;
  set local enable_mergejoin to default;
  set local enable_material to default;
  set local enable_memoize to default;
  set local seq_page_cost to default;
  set local random_page_cost to default;
end $$;

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
