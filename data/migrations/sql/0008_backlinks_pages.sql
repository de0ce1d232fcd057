-- The Backlinks page asks for the days of a few targets; the view's own key begins with the day.
create index mv_daily_backlink_stats_target on mv_daily_backlink_stats (target_domain_name, day);
-- The links of a target that are missed and not yet looked for: few, whatever the target has grown to.
create index backlinks_suspected on backlinks (target_domain_name, suspected_at) where link_state = 'suspected';
